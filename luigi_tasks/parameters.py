"""Parameters that show a name to luigid and the logs in place of a path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import luigi

from acnelib.scraping.sources import Source
from acnelib.training.networks.weights_files import IMAGENET, STARTER, public_name


class SourceParameter(luigi.Parameter):
    """A source of photos; luigid shows only its name."""

    def parse(self, value: str) -> Source:
        """Return the source that a text names."""
        return Source.parse(value)

    def normalize(self, value: Source | str) -> Source:
        """Accept a source given as text in code."""
        return Source.parse(value) if isinstance(value, str) else value

    def serialize(self, value: Source) -> str:
        """Return the source's name, never its path."""
        return value.name


class WeightsParameter(luigi.Parameter):
    """Pretrained weights: ``imagenet``, ``starter``, a file or a folder; empty for the source's default."""

    def normalize(self, value: str) -> str:
        """Make paths absolute, so that a task is the same in every current folder."""
        return value if value in {"", IMAGENET, STARTER} else str(Path(value).expanduser().absolute())

    def serialize(self, value: str) -> str:
        """Return a name without path."""
        return public_name(value) if value else ""


class FolderParameter(luigi.Parameter):
    """A folder of this machine; not significant, and not shown to luigid."""

    def __init__(self, **options: Any) -> None:
        super().__init__(significant=False, visibility=luigi.parameter.ParameterVisibility.PRIVATE, **options)
