"""The words about the model: which one is used, what is new, which can be chosen, and where its server is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gui.state.session import ModelMissing, ModelReady
from gui.window.texts import reason

if TYPE_CHECKING:
    from datetime import tzinfo

    from acnelib.models import Listing
    from gui.model.news import NewVersion, Pending
    from gui.state.session import ModelState

_NO_BREAK_SPACE = "\u00a0"

NOTICE = "About the model"
USE_PRODUCTION = "Use production"
DRAWN = (
    "This model learnt from drawn pictures only, so it calls no answer confident. "
    "Train one on photos: acne pipeline --source FOLDER"
)
DRAWN_ONLY = "drawn pictures only"
CHOOSE_MODEL = "Choose a model"
COLUMNS = ("Model", "Stage", "Made", "")
IN_USE = "in use"
ON_THIS_MACHINE = "on this machine"
USE = "&Use this model"
FOLDER = "A bundle’s &folder…"
FOLDER_TITLE = "Choose a bundle’s folder"
ASK_AGAIN = "&Ask again"
ASKING_VERSIONS = "Asking the server which versions there are…"
NO_VERSIONS = "The server has no version of this model yet."
PICKER_EXPLAINED = "Only this app changes to the model: the registry stays as it is."

SERVER_TITLE = "Model server"
FIRST_RUN_TITLE = "Where is the model?"
FIRST_RUN = (
    "This app has no model yet. It takes one from a tracking server (MLflow), or from the folder of a model bundle "
    "that somebody gave you."
)
SERVER = "A tracking server"
ADDRESS = "A&ddress"
ADDRESS_EXAMPLE = "https://mlflow.example.org"
LOGIN = "Lo&gin"
LOGIN_STORED = "As stored on this machine"
LOGIN_NONE = "None"
LOGIN_PASSWORD = "User name and password"  # noqa: S105 a label
LOGIN_TOKEN = "Token"  # noqa: S105 a label
USERNAME = "User &name"
PASSWORD = "&Password"  # noqa: S105 a label
TOKEN = "T&oken"  # noqa: S105 a label
TEST = "&Test"
USE_SERVER = "&Use this server"
TESTING = "Asking the server…"
STORED = "The server is stored."
KEPT_LOGIN = (
    "A token or password is kept in a file that only you can read, is sent to this address only, "
    "and is not shown again."
)
BUNDLE = "A model bundle"
BUNDLE_EXPLAINED = "A bundle is a folder with bundle.json and SHA256SUMS in it."
CHOOSE_BUNDLE = "Choose a &bundle’s folder…"
PLAIN_HTTP = (
    "This address begins with http:// and is on another machine: others on the network could read the login on its "
    "way. Ask whoever runs the server for an https:// address."
)


def called(name: str, version: str | None = None) -> str:
    """Return what a name means in words, within a sentence."""
    if name.isdecimal():
        return f"version {name}"
    if name in {"production", "staging"}:
        return f"the {name} model" if version is None else f"version {version} ({name})"
    return "the model of a folder"


def other_than_production(model: ModelReady) -> str:
    """Return that a model is not the one in production, and which it is."""
    identity = model.identity
    if identity.version is None:
        name = identity.name if len(identity.name) < 40 else f"{identity.name[:12]}…"
        return f"You are using a model from a folder ({name}), not the production model."
    stage = f" ({model.stage})" if model.stage else ""
    return f"You are using version {identity.version}{stage}, not the production model."


def new_version(new: NewVersion, *, zone: tzinfo | None = None) -> str:
    """Return that there is another version, since when, and which one is used; ``zone``: that of the reader."""
    since = f" since {_time(new.since, zone)}" if new.since else ""
    if new.name.isdecimal():
        return f"The server has another model as version {new.version} now. You are using the one from before."
    return f"Version {new.version} is in {new.name}{since or ' now'}. You are using version {new.used}."


def switch(new: NewVersion) -> str:
    """Return what switching does."""
    return f"Switch to version {new.version}"


def stay(new: NewVersion) -> str:
    """Return what staying does."""
    return f"Stay with version {new.used}"


def pending(pending: Pending) -> str:
    """Return that a model is on its way."""
    what = f"version {pending.version}" if pending.version else called(pending.name)
    if pending.after_batch:
        return f"{_capital(what)} will be used after this batch."
    return f"Getting {what} ready…"


def looked(model: ModelState, *, new: NewVersion | None, offline: str | None) -> str:
    """Return what came of looking for a new version."""
    if offline is not None:
        return f"The server cannot be asked just now. {reason(offline)}."
    if new is not None:
        return new_version(new)
    version = model.identity.version if isinstance(model, ModelReady) else None
    return f"There is no new version: version {version} is still {_is_what(model)}."


def not_taken(name: str, why: str) -> str:
    """Return why a chosen model is not used."""
    return f"{_capital(called(name))} cannot be used, so the model stays as it is. {reason(why)}."


def alias_row(name: str, version: str | None) -> str:
    """Return how a list calls production or staging."""
    return name.capitalize() if version is None else f"{name.capitalize()} (version {version})"


def version_row(version: str) -> str:
    """Return how a list calls a version."""
    return f"Version {version}"


def note_on(*, in_use: bool, cached: bool, drawn: bool) -> str:
    """Return what else a list says of a version; empty where there is nothing."""
    here = IN_USE if in_use else ON_THIS_MACHINE if cached else ""
    return ", ".join(filter(None, (DRAWN_ONLY if drawn else "", here)))


def made(at: str | None, *, zone: tzinfo | None = None) -> str:
    """Return when a version was made; empty where nobody says."""
    return _time(at, zone) if at else ""


def listing(listing: Listing) -> str:
    """Return what a list shows."""
    if listing.offline is not None:
        return f"The server cannot be asked, so only models on this machine are listed. {reason(listing.offline)}."
    return PICKER_EXPLAINED if listing.versions else NO_VERSIONS


def no_listing(why: str) -> str:
    """Return why there is no list."""
    return f"No versions can be listed. {reason(why)}."


def found_in_production(name: str, version: str) -> str:
    """Return that a server has a model in production."""
    return f"Found {name} version {version} in production."


def answers_but(why: str) -> str:
    """Return that a server answers, and what it lacks."""
    return f"The server answers, but there is nothing to use yet. {reason(why)}."


def not_reached(why: str) -> str:
    """Return why a server is of no use."""
    return f"{reason(why)}."


def environment_wins(variable: str, address: str) -> str:
    """Return that an environment variable goes before whatever is stored."""
    return (
        f"{variable} is set to {address} where this app was started, and goes before the address that is stored here. "
        f"Start the app without {variable} to use this one."
    )


def login_of_environment(variable: str) -> str:
    """Return that an environment variable goes before a stored login."""
    return f"{variable} is set where this app was started, and goes before the login that is stored here."


def no_model(state: ModelState) -> str:
    """Return why there is no model; empty where there is or may be one."""
    return f"{reason(state.reason)}." if isinstance(state, ModelMissing) else ""


def _is_what(model: ModelState) -> str:
    return f"in {model.name}" if model.name in {"production", "staging"} else "what the server has"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _time(at: str, zone: tzinfo | None) -> str:
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M}".replace(" ", _NO_BREAK_SPACE)
