"""The comparison of a site's photos with each other and with the photos that a model learnt from."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from acnelib.bundle import TrainingHashes
from acnelib.dataset.appearance.facts import FactStore
from acnelib.dataset.duplicates.detection import connected, find_pairs
from acnelib.dataset.duplicates.pairs import PairKind
from acnelib.dataset.training_photos import measure_photos
from acnelib.progress import Progress, no_progress
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from acnelib.dataset.appearance.facts import PhotoFacts
    from acnelib.dataset.appearance.keypoints import KeyPoints
    from acnelib.dataset.duplicates.pairs import Pair

_COPIES = {PairKind.EQUAL, PairKind.NEAR_EQUAL}


def can_find_copies() -> bool:
    """Return whether this installation can compare pictures; without the training extras it cannot."""
    return all(find_spec(name) is not None for name in ("cv2", "threadpoolctl"))


class PhotoComparison:
    """Grows with the photos of a site: each is measured and compared once, however often it is asked about.

    Nothing about the photos is stored.

    Attributes:
        knows_training: Whether the bundle lists the photos that its model learnt from.
        finds_copies: Whether pictures are compared; else only equal files are known as the same photo.
    """

    def __init__(self, bundle: Path, *, workdir: Path, finds_copies: bool = True) -> None:
        """Begin without a photo.

        Args:
            bundle: Folder of the model.
            workdir: The working folder, which may hold the appearance of the training photos.
            finds_copies: Whether pictures are compared; see :func:`can_find_copies`.

        Raises:
            BundleInvalid: The list of training photos is malformed.
        """
        self._hashes = TrainingHashes.read(bundle)
        self._store = FactStore(Workspace(workdir).root / "facts")
        self._facts: dict[str, PhotoFacts] = {}
        self._points: dict[str, KeyPoints] = {}
        self._training: dict[str, PhotoFacts] | None = None
        self._pairs: dict[tuple[str, str], Pair] = {}
        self._photos: set[str] = set()
        self.knows_training = self._hashes is not None
        self.finds_copies = finds_copies

    @property
    def compared(self) -> int:
        """How many training photos the photos were compared with; with 0, edited copies of these were not found."""
        return len(self._training or ())

    def add(self, photos: Mapping[str, Path], *, progress: Progress = no_progress) -> None:
        """Compare further photos (by the SHA-256 of their files) with all others; those known already cost nothing."""
        new = {sha256: path for sha256, path in photos.items() if sha256 not in self._photos}
        self._photos |= new.keys()
        if not new or not self.finds_copies:
            return
        measured = measure_photos(new, progress=lambda done, total: progress(done, total, "photos measured"))
        self._read_training()
        self._facts |= measured.facts
        self._points |= measured.points
        found = find_pairs(
            self._facts,
            self._points,
            about=measured.facts.keys(),
            progress=lambda done, total: progress(done, total, "photos compared with each other"),
        )
        self._pairs |= {(pair.one, pair.other): pair for pair in found}

    def groups(self, names: Collection[str]) -> dict[str, str]:
        """Return the group of each photo: copies of one picture and shots of one scene share a group."""
        wanted = set(names)
        pairs = ((pair.one, pair.other) for pair in self._pairs.values() if pair.one in wanted and pair.other in wanted)
        return connected(wanted, pairs)

    def learnt_from(self, names: Collection[str]) -> frozenset[str] | None:
        """Return which photos the model learnt from, copies included; None where the bundle does not list them."""
        if self._hashes is None:
            return None
        exact = {sha256 for sha256 in names if sha256 in self._hashes}
        others, training = set(names) - exact, set(self._training or ())
        nodes = training | others
        pairs = (
            (pair.one, pair.other)
            for pair in self._pairs.values()
            if pair.kind in _COPIES and pair.one in nodes and pair.other in nodes
        )
        groups = connected(nodes, pairs)
        learnt = {groups[sha256] for sha256 in training}
        return frozenset(exact | {sha256 for sha256 in others if groups[sha256] in learnt})

    def _read_training(self) -> None:
        """Read the appearance of the training photos that the working folder knows, once."""
        if self._training is not None:
            return
        hashes = self._hashes or ()
        kept = (fact for fact in self._store.kept() if fact.sha256 in hashes and fact.error is None)
        self._training = {fact.sha256: fact for fact in kept}
        self._facts |= self._training
        self._points |= self._store.key_points(self._training)
