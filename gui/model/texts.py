"""The texts about the model: the one in use, new versions, the model server and the model's details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.registry.names import ALIASES
from acnelib.text.visible import visible
from gui.state.session import ModelReady
from gui.state.wording import (
    capitalized,
    date_and_time,
    decimal,
    error_text,
    stage_name,
)
from gui.translation import translate

if TYPE_CHECKING:
    from datetime import tzinfo

    from acnelib.models import Listing
    from gui.model.news import NewVersion, Pending
    from gui.state.session import ModelState

NOTICE = translate("model", "Notice about the model")
USE_PRODUCTION = translate("model", "Use production model")
DRAWN = translate(
    "model",
    "This model was trained on drawn pictures only, so it calls no answer confident. "
    "Train one on photos: acne pipeline --source FOLDER",
)
CHOOSE_MODEL = translate("model", "Choose model")
COLUMNS = (
    translate("model", "Model"),
    translate("model", "Stage"),
    translate("model", "Macro-F1"),
    translate("model", "Sources"),
    translate("model", "Created"),
    "",
)
IN_USE = translate("model", "In use")
ON_THIS_COMPUTER = translate("model", "On this computer")
DRAWN_ONLY = translate("model", "Drawn pictures only")
USE = translate("model", "&Use this model")
FOLDER = translate("model", "Choose bundle &folder…")
FOLDER_TITLE = translate("model", "Choose bundle folder")
REFRESH = translate("model", "&Refresh")
LOADING_VERSIONS = translate("model", "Asking the server for its versions…")
NO_VERSIONS = translate("model", "The server has no version of this model yet.")
PICKER_EXPLAINED = translate("model", "Your choice applies to this app only. The registry is not changed.")

SERVER_TITLE = translate("model", "Model server")
FIRST_RUN_TITLE = translate("model", "Set up a model")
FIRST_RUN = translate(
    "model",
    "This app has no model yet. Connect to a tracking server (MLflow), or choose the folder of a model bundle on this "
    "computer.",
)
SERVER = translate("model", "Tracking server")
ADDRESS = translate("model", "A&ddress")
ADDRESS_EXAMPLE = "https://mlflow.example.org"
LOGIN = translate("model", "Lo&gin")
LOGIN_STORED = translate("model", "Stored login")
LOGIN_NONE = translate("model", "None")
LOGIN_PASSWORD = translate("model", "User name and password")
LOGIN_TOKEN = translate("model", "Token")
USERNAME = translate("model", "User &name")
PASSWORD = translate("model", "&Password")
TOKEN = translate("model", "T&oken")
TEST = translate("model", "&Test connection")
USE_SERVER = translate("model", "&Use this server")
TESTING = translate("model", "Contacting the server…")
STORED = translate("model", "The server is saved.")
STORED_LOGIN = translate(
    "model",
    "The token or password is stored in a file that only you can read. It is sent to this address only, and is not "
    "shown again.",
)
BUNDLE = translate("model", "Model bundle")
BUNDLE_EXPLAINED = translate("model", "A bundle is a folder that contains bundle.json and SHA256SUMS.")
CHOOSE_BUNDLE = translate("model", "Choose &bundle folder…")
PLAIN_HTTP = translate(
    "model",
    "This address starts with http:// and is on another computer, so others on the network could read your login. Ask "
    "the server’s administrator for an https:// address.",
)

ABOUT_MODEL = translate("model", "About this model")
NO_CARD = translate("model", "This model has no model card.")


_CALLED = {
    "production": translate("model", "the production model"),
    "staging": translate("model", "the staging model"),
}
_CALLED_WITH_VERSION = {
    "production": translate("model", "version {version} (production)"),
    "staging": translate("model", "version {version} (staging)"),
}
_NOW_IN = {
    "production": translate("model", "Version {version} is now in production. You are using version {used}."),
    "staging": translate("model", "Version {version} is now in staging. You are using version {used}."),
}
_IN_SINCE = {
    "production": translate(
        "model", "Version {version} has been in production since {since}. You are using version {used}."
    ),
    "staging": translate("model", "Version {version} has been in staging since {since}. You are using version {used}."),
}
_STILL = {
    "production": translate("model", "There is no new version: version {version} is still in production."),
    "staging": translate("model", "There is no new version: version {version} is still in staging."),
}
_ALIAS_ROWS = {
    "production": (translate("model", "Production"), translate("model", "Production (version {version})")),
    "staging": (translate("model", "Staging"), translate("model", "Staging (version {version})")),
}


def called(name: str, version: str | None = None) -> str:
    """Return a model's name or alias in words, within a sentence."""
    if name.isdecimal():
        return translate("model", "version {version}").format(version=name)
    if name not in ALIASES:
        return translate("model", "the model from a folder")
    return _CALLED[name] if version is None else _CALLED_WITH_VERSION[name].format(version=version)


def other_than_production(model: ModelReady) -> str:
    """Return that a model is not the one in production, and which it is."""
    identity = model.identity
    if identity.version is None:
        name = identity.name if len(identity.name) < 40 else f"{identity.name[:12]}…"
        text = translate("model", "You are using a model from a folder ({name}), not the production model.")
        return text.format(name=name)
    if not model.stage:
        text = translate("model", "You are using version {version}, not the production model.")
        return text.format(version=identity.version)
    text = translate("model", "You are using version {version} ({stage}), not the production model.")
    return text.format(version=identity.version, stage=stage_name(model.stage))


def new_version(new: NewVersion, *, zone: tzinfo | None = None) -> str:
    """Return that there is another version, since when, and which one is in use; ``zone`` is the reader's."""
    if new.name.isdecimal():
        return translate(
            "model",
            "Version {version} on the server is a different model now. You are still using the previous one.",
        ).format(version=new.version)
    if new.since is None:
        return _NOW_IN[new.name].format(version=new.version, used=new.used)
    since = date_and_time(new.since, zone=zone)
    return _IN_SINCE[new.name].format(version=new.version, used=new.used, since=since)


def switch(new: NewVersion) -> str:
    """Return the text of the button that takes the new version."""
    return translate("model", "Switch to version {version}").format(version=new.version)


def dismiss(new: NewVersion) -> str:
    """Return the text of the button that keeps the version in use."""
    return translate("model", "Keep version {version}").format(version=new.used)


def pending(pending: Pending) -> str:
    """Return that another model is about to be used."""
    if pending.version:
        what = translate("model", "version {version}").format(version=pending.version)
    else:
        what = called(pending.name)
    if pending.after_batch:
        text = translate("model", "{model} will be used after this batch.")
    else:
        text = translate("model", "Loading {model}…")
    return capitalized(text.format(model=what))


def check_result(model: ModelState, *, new: NewVersion | None, offline: str | None, refused: bool = False) -> str:
    """Return the result of a check for a new version.

    Args:
        model: The model in use.
        new: The new version; None without one.
        offline: Why the server's version is not used; None if it is.
        refused: Whether the server was reached, but its version is no usable model.
    """
    if offline is not None:
        if refused:
            return translate("model", "The new version cannot be used. {reason}.").format(reason=error_text(offline))
        return translate("model", "The server cannot be reached. {reason}.").format(reason=error_text(offline))
    if new is not None:
        return new_version(new)
    version = model.identity.version if isinstance(model, ModelReady) else None
    text = _STILL.get(model.name) or translate(
        "model", "There is no new version: version {version} is still the one on the server."
    )
    return text.format(version=version)


def not_taken(name: str, why: str) -> str:
    """Return why a chosen model is not used."""
    text = translate("model", "{model} cannot be used, so the current model stays. {reason}.")
    return text.format(model=capitalized(called(name)), reason=error_text(why))


def alias_row(name: str, version: str | None) -> str:
    """Return production or staging as a row of the list."""
    alone, with_version = _ALIAS_ROWS[name]
    return alone if version is None else with_version.format(version=version)


def stage(of: str | None) -> str:
    """Return the stage of a version; empty when it has none."""
    return stage_name(of) if of else ""


def version_row(version: str) -> str:
    """Return a version as a row of the list."""
    return translate("model", "Version {version}").format(version=version)


def version_note(*, in_use: bool, cached: bool, drawn: bool) -> str:
    """Return what else the list shows about a version; empty when there is nothing."""
    place = IN_USE if in_use else ON_THIS_COMPUTER if cached else ""
    return " · ".join(filter(None, (DRAWN_ONLY if drawn else "", place)))


def macro_f1(value: float | None) -> str:
    """Return the macro-F1 of a version; empty when that is unknown."""
    return "" if value is None else decimal(value, digits=2)


def sources(names: str | None) -> str:
    """Return the sources of a version; empty when they are unknown."""
    return visible(names) if names else ""


def created(at: str | None, *, zone: tzinfo | None = None) -> str:
    """Return when a version was created; empty when that is unknown."""
    return date_and_time(at, zone=zone) if at else ""


def listing(listing: Listing) -> str:
    """Return the text above a list of versions."""
    if listing.offline is not None:
        return translate(
            "model", "The server cannot be reached, so only models on this computer are listed. {reason}."
        ).format(reason=error_text(listing.offline))
    return PICKER_EXPLAINED if listing.versions else NO_VERSIONS


def no_listing(why: str) -> str:
    """Return why there is no list of versions."""
    return translate("model", "The versions cannot be listed. {reason}.").format(reason=error_text(why))


def found_in_production(name: str, version: str) -> str:
    """Return that a server has a model in production."""
    return translate("model", "Found {name} version {version} in production.").format(name=name, version=version)


def nothing_to_use(why: str) -> str:
    """Return that a server answers but has no model to use."""
    text = translate("model", "The server answers, but it has no model to use yet. {reason}.")
    return text.format(reason=error_text(why))


def not_reached(why: str) -> str:
    """Return why a server cannot be used."""
    return f"{error_text(why)}."


def environment_wins(variable: str, address: str) -> str:
    """Return that an environment variable overrides the stored address."""
    return translate(
        "model",
        "The environment variable {variable} is set to {address} and overrides the address stored here. Start the app "
        "without {variable} to use the stored address.",
    ).format(variable=variable, address=address)


def environment_login_wins(variable: str) -> str:
    """Return that an environment variable overrides the stored login."""
    return translate("model", "The environment variable {variable} is set and overrides the login stored here.").format(
        variable=variable
    )
