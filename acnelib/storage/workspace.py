"""The working folder: an image store, results kept by the digest of their inputs, and the targets of runs.

::

    WORKDIR/images/ab/abcd…              photos by the SHA-256 of their bytes
    WORKDIR/results/<stage>/<digest>/    what a stage made of inputs with that digest, whole or not there
    WORKDIR/embeddings/<network digest>/ embeddings by photo
    WORKDIR/<source>/<at>/<stage>.json   one run's targets: small files that point at results
    WORKDIR/withdrawn.jsonl              photos that must never be used again
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from acnelib.errors import DataUnusable
from acnelib.storage.files import PART_SUFFIX, PRIVATE, private_folder, remove_unfinished, sha256_of, write_bytes
from acnelib.storage.trust import check_trusted
from acnelib.storage.withdrawals import Withdrawals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


RESULTS, EMBEDDINGS, MEMORY = "results", "embeddings", "seen.jsonl"


@dataclass(frozen=True)
class ImageStore:
    """Photos kept by the SHA-256 of their bytes, each once, never changed.

    Attributes:
        root: Its folder.
        withdrawn: Photos that it does not take in.
    """

    root: Path
    withdrawn: frozenset[str] = frozenset()

    def add(self, content: bytes) -> str:
        """Keep a photo's bytes; return their SHA-256, its name from now on.

        Raises:
            DataUnusable: The photo was withdrawn.
        """
        sha256 = sha256_of(content)
        if sha256 in self.withdrawn:
            raise DataUnusable(f"photo {sha256} was withdrawn: leave it out")
        path = self.path(sha256)
        if not path.exists():
            write_bytes(path, content)
        return sha256

    def path(self, sha256: str) -> Path:
        """Return where a photo is, or would be, kept."""
        return self.root / sha256[:2] / sha256

    @property
    def to_be_removed(self) -> list[str]:
        """Withdrawn photos whose bytes are still here, since their removal was killed."""
        return sorted(sha256 for sha256 in self.withdrawn if self.path(sha256).exists())

    def remove(self, sha256: str) -> bool:
        """Remove a photo's bytes; return False when they were not there."""
        path = self.path(sha256)
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    def __contains__(self, sha256: object) -> bool:
        return isinstance(sha256, str) and sha256 not in self.withdrawn and self.path(sha256).is_file()

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in sorted(self.root.glob("??/*")) if not path.name.endswith(PART_SUFFIX))


@dataclass(frozen=True)
class Workspace:
    """One working folder and the names of its contents."""

    root: Path

    @property
    def images(self) -> ImageStore:
        """The image store, as the withdrawals are now."""
        return ImageStore(self.root / "images", self.withdrawals.photos)

    @property
    def withdrawals(self) -> Withdrawals:
        """The record of withdrawn photos."""
        return Withdrawals(self.root / "withdrawn.jsonl")

    def result(self, stage: str, digest: str) -> Path:
        """Return the folder of what a stage made of inputs with this digest."""
        return self.root / RESULTS / stage / digest[:16]

    def embeddings(self, network_digest: str) -> Path:
        """Return the folder of the embeddings of one network."""
        return self.root / EMBEDDINGS / network_digest[:16]

    def results(self, *stages: str) -> list[Path]:
        """Return the folders of all results of some stages; default: of all stages."""
        found = [path for stage in stages or ("*",) for path in (self.root / RESULTS).glob(f"{stage}/[!.]*")]
        return sorted(path for path in found if path.is_dir())

    def networks(self) -> list[Path]:
        """Return the folders of the embeddings of all networks."""
        return sorted(path for path in self.root.glob(f"{EMBEDDINGS}/[!.]*") if path.is_dir())

    def record(self, stage: str, digest: str, place: str) -> Path:
        """Return the file that says what a stage logged to one tracking server for inputs of this digest."""
        return self.root / RESULTS / stage / f"{digest[:16]}-{place[:8]}.json"

    def records(self, stage: str) -> list[Path]:
        """Return the files that say what a stage logged, to any tracking server."""
        return sorted((self.root / RESULTS / stage).glob("[!.]*-*.json"))

    def memories(self) -> list[Path]:
        """Return the files of what is remembered of each source."""
        return sorted(self.root.glob(f"*/{MEMORY}"))

    def name_of(self, folder: Path) -> str:
        """Return the name by which records refer to a folder: its path relative to the working folder."""
        return folder.relative_to(self.root).as_posix()

    def source(self, name: str) -> Path:
        """Return the folder of one source: its runs and what is remembered of it."""
        return self.root / name

    def run(self, source: str, at: str) -> Path:
        """Return the folder of one run's targets."""
        return self.source(source) / at

    @contextlib.contextmanager
    def alone(self, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold the working folder; other processes wait, and the kernel lets go when a holder dies.

        Args:
            waiting: Called once when another process holds it.

        Raises:
            SettingsInvalid: Another user may write in it.
        """
        check_trusted(self.root)
        private_folder(self.root)
        lock = FileLock(self.root / ".lock", mode=PRIVATE)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            waiting()
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    @contextlib.contextmanager
    def temporary_files(self) -> Iterator[None]:
        """Let every library put its temporary files where those of killed runs are removed."""
        before, folder = tempfile.tempdir, self.root / f".temporary{PART_SUFFIX}"
        private_folder(folder)
        tempfile.tempdir = str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = before
            shutil.rmtree(folder, ignore_errors=True)

    def remove_unfinished(self) -> int:
        """Remove what killed runs left unfinished; return how many entries."""
        return remove_unfinished(self.root) if self.root.is_dir() else 0
