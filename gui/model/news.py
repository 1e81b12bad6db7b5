"""The news about the model: not production, drawn pictures only, a new version, a change under way; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gui.state.session import ModelReady

if TYPE_CHECKING:
    from acnelib.models import FoundModel
    from gui.state.session import ModelState

_STAGE_OF_PRODUCTION = "Production"


@dataclass(frozen=True, kw_only=True)
class NewVersion:
    """A version that now has the name of the one in use; it is on this computer already.

    Attributes:
        name: What the user asked for: ``production``, ``staging`` or a number.
        version: The version that has that name now.
        used: The version in use.
        since: When it was promoted (ISO 8601, UTC); None where that is unknown.
        found: Where it lies.
    """

    name: str
    version: str
    used: str
    since: str | None
    found: FoundModel


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A model that the user chose and that is not in use yet.

    Attributes:
        name: What was chosen: ``production``, ``staging``, a number or a bundle's folder.
        version: Its version, where that is known.
        after_batch: Whether it waits for the end of the batch; otherwise it is being fetched or loaded.
    """

    name: str
    version: str | None = None
    after_batch: bool = False


class BannerKind(StrEnum):
    """The subject of the banner; each has a shape of its own."""

    OTHER = "not production"
    NEW = "new version"
    DRAWN = "drawn pictures"
    PENDING = "on its way"


def is_production(model: ModelReady) -> bool:
    """Return whether a model is the one in production, as far as is known."""
    return model.stage == _STAGE_OF_PRODUCTION


def kind_of(model: ModelState, *, new: NewVersion | None, pending: Pending | None) -> BannerKind | None:
    """Return the subject of the banner; None: there is no banner."""
    if pending is not None:
        return BannerKind.PENDING
    if not isinstance(model, ModelReady):
        return None
    if new is not None:
        return BannerKind.NEW
    if not is_production(model):
        return BannerKind.OTHER
    return BannerKind.DRAWN if model.identity.drawn else None
