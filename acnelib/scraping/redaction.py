"""The redaction of messages about the sources of a run that leave the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.folders.file_names import file_names_below
from acnelib.text.redaction import Redaction

if TYPE_CHECKING:
    from acnelib.config.settings import Settings
    from acnelib.scraping.sources import Sources


def redaction_of(sources: Sources, settings: Settings) -> Redaction:
    """Return the redaction of messages about runs of these sources: no folder or file of any of them is left."""
    reviews = dict.fromkeys(sources.reviews, "the reviews")
    below = [file_names_below(folder) for folder in sources.folders]
    return Redaction(
        folders={settings.workdir: "the working folder", settings.home: "the home", **sources.folders, **reviews},
        file_names=lambda: frozenset[str]().union(*(names() for names in below)),
    )
