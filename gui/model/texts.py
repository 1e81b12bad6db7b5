"""The texts about the model: the one in use, new versions, the model server and the model's details."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from acnelib.registry.names import ALIASES
from acnelib.text.visible import visible
from acnelib.verdicts import ThresholdOrigin
from gui.state.session import ModelReady
from gui.state.wording import NO_BREAK_SPACE, capitalized, class_name, date_and_time, error_text, model_name, share

if TYPE_CHECKING:
    from datetime import tzinfo

    from acnelib.evaluation_record import Metrics
    from acnelib.models import Listing
    from gui.model.news import NewVersion, Pending
    from gui.state.model_facts import ModelFacts
    from gui.state.session import ModelState

NOTICE = "Notice about the model"
USE_PRODUCTION = "Use production model"
DRAWN = (
    "This model was trained on drawn pictures only, so it calls no answer confident. "
    "Train one on photos: acne pipeline --source FOLDER"
)
CHOOSE_MODEL = "Choose model"
COLUMNS = ("Model", "Stage", "Macro-F1", "Sources", "Created", "")
IN_USE = "In use"
ON_THIS_COMPUTER = "On this computer"
DRAWN_ONLY = "Drawn pictures only"
USE = "&Use this model"
FOLDER = "Choose bundle &folder…"
FOLDER_TITLE = "Choose bundle folder"
REFRESH = "&Refresh"
LOADING_VERSIONS = "Asking the server for its versions…"
NO_VERSIONS = "The server has no version of this model yet."
PICKER_EXPLAINED = "Your choice applies to this app only. The registry is not changed."

SERVER_TITLE = "Model server"
FIRST_RUN_TITLE = "Set up a model"
FIRST_RUN = (
    "This app has no model yet. Connect to a tracking server (MLflow), or choose the folder of a model bundle on this "
    "computer."
)
SERVER = "Tracking server"
ADDRESS = "A&ddress"
ADDRESS_EXAMPLE = "https://mlflow.example.org"
LOGIN = "Lo&gin"
LOGIN_STORED = "Stored login"
LOGIN_NONE = "None"
LOGIN_PASSWORD = "User name and password"  # noqa: S105 a label
LOGIN_TOKEN = "Token"  # noqa: S105 a label
USERNAME = "User &name"
PASSWORD = "&Password"  # noqa: S105 a label
TOKEN = "T&oken"  # noqa: S105 a label
TEST = "&Test connection"
USE_SERVER = "&Use this server"
TESTING = "Contacting the server…"
STORED = "The server is saved."
STORED_LOGIN = (
    "The token or password is stored in a file that only you can read. It is sent to this address only, and is not "
    "shown again."
)
BUNDLE = "Model bundle"
BUNDLE_EXPLAINED = "A bundle is a folder that contains bundle.json and SHA256SUMS."
CHOOSE_BUNDLE = "Choose &bundle folder…"
PLAIN_HTTP = (
    "This address starts with http:// and is on another computer, so others on the network could read your login. Ask "
    "the server’s administrator for an https:// address."
)

ABOUT_MODEL = "About this model"
NO_CARD = "This model has no model card."


def called(name: str, version: str | None = None) -> str:
    """Return a model's name or alias in words, within a sentence."""
    if name.isdecimal():
        return f"version {name}"
    if name in ALIASES:
        return f"the {name} model" if version is None else f"version {version} ({name})"
    return "the model from a folder"


def other_than_production(model: ModelReady) -> str:
    """Return that a model is not the one in production, and which it is."""
    identity = model.identity
    if identity.version is None:
        name = identity.name if len(identity.name) < 40 else f"{identity.name[:12]}…"
        return f"You are using a model from a folder ({name}), not the production model."
    stage = f" ({model.stage})" if model.stage else ""
    return f"You are using version {identity.version}{stage}, not the production model."


def new_version(new: NewVersion, *, zone: tzinfo | None = None) -> str:
    """Return that there is another version, since when, and which one is in use; ``zone`` is the reader's."""
    if new.name.isdecimal():
        return f"Version {new.version} on the server is a different model now. You are still using the previous one."
    if new.since is None:
        return f"Version {new.version} is now in {new.name}. You are using version {new.used}."
    since = date_and_time(new.since, zone=zone)
    return f"Version {new.version} has been in {new.name} since {since}. You are using version {new.used}."


def switch(new: NewVersion) -> str:
    """Return the text of the button that takes the new version."""
    return f"Switch to version {new.version}"


def dismiss(new: NewVersion) -> str:
    """Return the text of the button that keeps the version in use."""
    return f"Keep version {new.used}"


def pending(pending: Pending) -> str:
    """Return that another model is about to be used."""
    what = f"version {pending.version}" if pending.version else called(pending.name)
    if pending.after_batch:
        return f"{capitalized(what)} will be used after this batch."
    return f"Loading {what}…"


def check_result(model: ModelState, *, new: NewVersion | None, offline: str | None, refused: bool = False) -> str:
    """Return the result of a check for a new version.

    Args:
        model: The model in use.
        new: The new version; None without one.
        offline: Why the server's version is not used; None if it is.
        refused: Whether the server was reached, but its version is no usable model.
    """
    if offline is not None:
        why = "The new version cannot be used" if refused else "The server cannot be reached"
        return f"{why}. {error_text(offline)}."
    if new is not None:
        return new_version(new)
    version = model.identity.version if isinstance(model, ModelReady) else None
    return f"There is no new version: version {version} is still {_current(model)}."


def not_taken(name: str, why: str) -> str:
    """Return why a chosen model is not used."""
    return f"{capitalized(called(name))} cannot be used, so the current model stays. {error_text(why)}."


def alias_row(name: str, version: str | None) -> str:
    """Return production or staging as a row of the list."""
    return name.capitalize() if version is None else f"{name.capitalize()} (version {version})"


def version_row(version: str) -> str:
    """Return a version as a row of the list."""
    return f"Version {version}"


def version_note(*, in_use: bool, cached: bool, drawn: bool) -> str:
    """Return what else the list shows about a version; empty when there is nothing."""
    place = IN_USE if in_use else ON_THIS_COMPUTER if cached else ""
    return " · ".join(filter(None, (DRAWN_ONLY if drawn else "", place)))


def macro_f1(value: float | None) -> str:
    """Return the macro-F1 of a version; empty when that is unknown."""
    return "" if value is None else f"{value:.2f}"


def sources(names: str | None) -> str:
    """Return the sources of a version; empty when they are unknown."""
    return visible(names) if names else ""


def created(at: str | None, *, zone: tzinfo | None = None) -> str:
    """Return when a version was created; empty when that is unknown."""
    return date_and_time(at, zone=zone) if at else ""


def listing(listing: Listing) -> str:
    """Return the text above a list of versions."""
    if listing.offline is not None:
        return (
            f"The server cannot be reached, so only models on this computer are listed. {error_text(listing.offline)}."
        )
    return PICKER_EXPLAINED if listing.versions else NO_VERSIONS


def no_listing(why: str) -> str:
    """Return why there is no list of versions."""
    return f"The versions cannot be listed. {error_text(why)}."


def found_in_production(name: str, version: str) -> str:
    """Return that a server has a model in production."""
    return f"Found {name} version {version} in production."


def nothing_to_use(why: str) -> str:
    """Return that a server answers but has no model to use."""
    return f"The server answers, but it has no model to use yet. {error_text(why)}."


def not_reached(why: str) -> str:
    """Return why a server cannot be used."""
    return f"{error_text(why)}."


def environment_wins(variable: str, address: str) -> str:
    """Return that an environment variable overrides the stored address."""
    return (
        f"The environment variable {variable} is set to {address} and overrides the address stored here. Start the app "
        f"without {variable} to use the stored address."
    )


def environment_login_wins(variable: str) -> str:
    """Return that an environment variable overrides the stored login."""
    return f"The environment variable {variable} is set and overrides the login stored here."


def model_title(facts: ModelFacts) -> str:
    """Return the heading of a model's details."""
    return model_name(facts.identity)


def model_facts(facts: ModelFacts) -> tuple[tuple[str, str], ...]:
    """Return a model's details, each with its name."""
    origin = facts.provenance
    created_at = datetime.fromisoformat(origin.created_at)
    photos = ", ".join(f"{count} {subset}" for subset, count in origin.photos.items() if count)
    licences = "; ".join(f"{licence} ({count})" for licence, count in origin.licences.items())
    return (
        ("Classes", ", ".join(class_name(label) for label in facts.labels)),
        ("Created", f"{created_at:%Y-%m-%d %H:%M} UTC by acnelib {origin.code}"),
        ("Network", f"{origin.backbone}, weights {origin.weights}"),
        ("Drawn pictures" if facts.identity.drawn else "Photos", f"{photos}, from {origin.source}"),
        ("Licences", licences or "None stated"),
        ("Test" if facts.tested else "Measured", _measured(facts.metrics, tested=facts.tested)),
        *((("Confident", _confident(facts)),) if not facts.identity.drawn else ()),
        ("Bundle", facts.identity.sha256),
    )


def licence_warning(facts: ModelFacts) -> str:
    """Return what to know before a model is published or sold; empty when there is nothing."""
    if not facts.licence_warnings:
        return ""
    return f"Before you publish or sell this model: {'; '.join(facts.licence_warnings)}."


def _measured(metrics: Metrics | None, *, tested: bool) -> str:
    if metrics is None:
        return "No evaluation in this bundle"
    low, high = metrics.macro_f1_interval
    interval = f"95{NO_BREAK_SPACE}% interval {low:.2f}–{high:.2f}" if low < high else "no interval: all photos alike"
    photos = f"{metrics.n} test photos" if tested else f"{metrics.n} photos that it never saw"
    return f"macro-F1 {metrics.macro_f1:.2f} ({interval}), accuracy {metrics.accuracy:.2f}, on {photos}"


def _confident(facts: ModelFacts) -> str:
    """Return from which score an answer is confident, by whose threshold, and where that was measured."""
    if facts.threshold is None:
        return "Unknown"
    site = facts.threshold.origin is ThresholdOrigin.SITE
    whose = "this site’s threshold" if site else "the model’s threshold"
    value = facts.threshold.value
    start = f"No answer ({whose})" if value >= 1 else f"From {share(value)} ({whose})"
    return f"{start}. {facts.measured}" if facts.measured else start


def _current(model: ModelState) -> str:
    return f"in {model.name}" if model.name in ALIASES else "the one on the server"
