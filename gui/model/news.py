"""What there is to say about the model: not production, a new version, of drawn pictures; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gui.state.session import ModelReady

if TYPE_CHECKING:
    from acnelib.models import FoundModel
    from gui.state.session import ModelState

PRODUCTION = "production"
_STAGE_OF_PRODUCTION = "Production"


@dataclass(frozen=True, kw_only=True)
class NewVersion:
    """Another version than the one in use has the name that the user asked for; it is on this machine already.

    Attributes:
        name: What the user asked for: ``production``, ``staging`` or a number.
        version: The version that has that name now.
        used: The version in use.
        since: When it was promoted (ISO 8601, UTC); None where nobody says.
        found: Where it lies.
    """

    name: str
    version: str
    used: str
    since: str | None
    found: FoundModel


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A model that the user chose and that does not answer yet.

    Attributes:
        name: What was chosen: ``production``, ``staging``, a number or a bundle's folder.
        version: Its version, where that is known.
        after_batch: Whether it waits for the end of the batch; else it is being fetched or loaded.
    """

    name: str
    version: str | None = None
    after_batch: bool = False


class BannerKind(StrEnum):
    """What a banner is about; each has a shape of its own."""

    OTHER = "not production"
    NEW = "new version"
    DRAWN = "drawn pictures"
    PENDING = "on its way"


def is_production(model: ModelReady) -> bool:
    """Return whether a model is the one in production, as far as is known."""
    return model.stage == _STAGE_OF_PRODUCTION


def kind_of(model: ModelState, *, new: NewVersion | None, pending: Pending | None) -> BannerKind | None:
    """Return what is to be said; None: nothing."""
    if pending is not None:
        return BannerKind.PENDING
    if not isinstance(model, ModelReady):
        return None
    if new is not None:
        return BannerKind.NEW
    if not is_production(model):
        return BannerKind.OTHER
    return BannerKind.DRAWN if model.identity.drawn else None
