"""Parameters that show a name to luigid and the logs in place of a path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import luigi

from acnelib.dataset.test_part import check_test_share
from acnelib.errors import UsageError
from acnelib.scraping.sources import Source, Sources, held_out_folder, review_file
from acnelib.storage.files import digest_of
from acnelib.training.networks.weights_files import IMAGENET, STARTER, public_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acnelib.scraping.sources import SomeSources


class SourcesParameter(luigi.Parameter):
    """Sources of photos: a bare name or path, or a JSON list of them in any order; luigid shows only their names."""

    def parse(self, value: str) -> tuple[Source, ...]:
        """Return the sources that a text names, ordered by name; none for an empty text."""
        return self.normalize(_texts(value))

    def normalize(self, value: SomeSources) -> tuple[Source, ...]:
        """Accept sources given in code, each as such or as text.

        A folder that is not there fails in Scrape, which may be allowed to go on without it.
        """
        some = [value] if isinstance(value, Source) else list(_texts(value) if isinstance(value, str) else value)
        return Sources.parse(some, missing_folder=True).classes if some else ()

    def serialize(self, value: tuple[Source, ...]) -> str:
        """Return the names of the sources, never a path."""
        names = [source.name for source in value]
        return names[0] if len(names) == 1 else json.dumps(names)


class HeldOutFolderParameter(luigi.Parameter):
    """A test folder, by its path; empty for none. luigid shows only its name."""

    def parse(self, value: str) -> Source | None:
        """Return the folder that a text names; None for an empty text."""
        return self.normalize(value)

    def normalize(self, value: Source | str | None) -> Source | None:
        """Accept a folder given in code, as such or as text; one that is not there fails in Scrape."""
        return (held_out_folder(value, missing_folder=True) if value else None) if isinstance(value, str) else value

    def serialize(self, value: Source | None) -> str:
        """Return the name of the folder, never its path."""
        return value.name if value else ""


class ReviewFilesParameter(luigi.Parameter):
    """Files of reviews: a path, or a JSON list of them in any order; luigid shows only their number and a digest."""

    def parse(self, value: str) -> tuple[str, ...]:
        """Return the absolute paths that a text names; none for an empty text."""
        return self.normalize(_texts(value))

    def normalize(self, value: str | Path | Iterable[str | Path]) -> tuple[str, ...]:
        """Accept paths given in code."""
        some = _texts(value) if isinstance(value, str) else [value] if isinstance(value, Path) else list(value)
        return tuple(sorted({str(review_file(one)) for one in some}))

    def serialize(self, value: tuple[str, ...]) -> str:
        """Return how many files there are and a digest of their paths, never a path."""
        return f"{len(value)}-{digest_of(*value)[:8]}" if value else "[]"


class ShareParameter(luigi.FloatParameter):
    """A share of the photos of each class; 0 for none."""

    def normalize(self, value: float) -> float:
        """Check the range."""
        return check_test_share(value or None, test_folder=False)


class WeightsParameter(luigi.Parameter):
    """Pretrained weights: ``imagenet``, ``starter``, a file or a folder; empty for the default of the sources."""

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


def _texts(value: str) -> list[str]:
    """Return the texts of a JSON list, or the only text; an existing folder wins."""
    text = value.strip()
    if not text.startswith("[") or Path(value).is_dir():
        return [value] if text else []
    try:
        texts = json.loads(text)
    except ValueError:
        texts = None
    if not isinstance(texts, list) or not all(isinstance(one, str) and one for one in texts):
        raise UsageError(f'{value} is no list of sources: write it like ["sample", "photos/"]')
    return texts
