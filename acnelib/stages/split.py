"""Split: train, validation and test, going on from the source's previous split."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from acnelib.dataset import splitting
from acnelib.dataset.curation import GROUPED_BY
from acnelib.dataset.splitting import Split
from acnelib.files import digest_of, write_json
from acnelib.settings import Settings
from acnelib.stages.curate import read_curated
from acnelib.stages.keeping import kept_folder
from acnelib.stages.results import Curated, Splitted
from acnelib.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

RECIPE = 1
"""To be counted up when splits are made otherwise."""


def split(curated: Curated, *, settings: Settings | None = None) -> Splitted:
    """Give every photo a subset; photos keep the one that the source's previous split gave them.

    Args:
        curated: The photos.
        settings: Where the working folder is.

    Raises:
        DataUnusable: Fewer than two classes have photos to learn from.
    """
    settings = settings or Settings.load()
    workspace = Workspace(settings.workdir)
    latest = workspace.source(curated.scraped.source) / "latest_split.json"
    path = _latest(latest, curated.digest)
    if path is None:
        before = _latest(latest)
        previous = Split.read(before).subsets_seen if before else {}
        digest = digest_of("split", RECIPE, curated.digest, sorted(previous.items()))
        path = workspace.result("split", digest) / "split.json"
        finished = splitting.split(read_curated(curated.photos), previous=previous, grouped_by=GROUPED_BY)
        kept_folder(path.parent, lambda folder: finished.write(folder / "split.json"))
        write_json(latest, {"curated": curated.digest, "split": str(path.relative_to(workspace.root))})
    result = Split.read(path)
    return Splitted(
        curated=curated,
        split=path,
        digest=result.digest,
        test_sha256=result.test_sha256,
        counts=dict(Counter(str(photo.subset) for photo in result.photos.values())),
    )


def _latest(pointer: Path, curated: str | None = None) -> Path | None:
    """Return the source's latest split, or None when there is none, or none of these curated photos."""
    try:
        values = json.loads(pointer.read_text())
    except FileNotFoundError:
        return None
    path: Path = pointer.parent.parent / values["split"]
    return path if path.is_file() and curated in {None, values["curated"]} else None
