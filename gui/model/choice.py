"""The choice of a model: its name, and what a server has under that name; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.registry.names import ALIASES
from gui.model.news import NewVersion, Pending

if TYPE_CHECKING:
    from acnelib.models import FoundModel
    from gui.state.session import ModelReady


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice:
    """One choice of a model, compared by identity: the same name may be chosen again.

    Attributes:
        name: ``production``, ``staging``, a number or a bundle's folder.
        found: What the server has under that name; None before it was asked.
        by_user: Whether the user gets a message about the outcome.
    """

    name: str
    found: FoundModel | None = None
    by_user: bool = False

    @property
    def means_latest(self) -> bool:
        """Whether the server has to be asked which version this is now."""
        return self.found is None and self.name in ALIASES

    def pending(self, *, after_batch: bool) -> Pending:
        """Return the news that this model is about to be used."""
        version = None if self.found is None else self.found.identity.version
        return Pending(name=self.name, version=version, after_batch=after_batch)


def version_key(found: FoundModel) -> tuple[str | None, str]:
    """Return what identifies a version of a model."""
    return found.identity.version, found.identity.sha256


def new_version(name: str, found: FoundModel, *, used: ModelReady) -> NewVersion:
    """Return the news that a name means another version than the one in use."""
    return NewVersion(
        name=name,
        version=str(found.identity.version),
        used=str(used.identity.version),
        since=found.promoted_at,
        found=found,
    )
