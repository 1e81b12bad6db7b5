"""From a folder with one folder per class to image records."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.config.settings import home_of
from acnelib.errors import DataUnusable
from acnelib.folders.photo_files import LICENCE_FILES, background_photos, by_weight, labelled_photos, noted
from acnelib.folders.walk import Walk
from acnelib.imaging import FILE_SIZE_LIMIT
from acnelib.label_aliases import LabelAliases
from acnelib.progress import no_progress
from acnelib.scraping.collected import Collected, Failure, FailureKind
from acnelib.scraping.memory import SourceMemory
from acnelib.storage.files import sha256_of, write_text
from acnelib.storage.manifest import ImageRecord, PhotoRole
from acnelib.storage.withdrawals import withdrawal_notice
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from acnelib.progress import Progress
    from acnelib.storage.workspace import ImageStore

LONGEST_LICENCE = 200
"""Characters of it."""

NOT_FILED = "not-filed"
"""Label of a photo that lies in no class folder, until reviews name its class."""


@dataclass(frozen=True, kw_only=True)
class FileRecord:
    """The memory entry of a file: a file with the same size and times is not read again.

    Attributes:
        key: Its path relative to the folder.
        size: Bytes.
        modified_ns: When its content was last changed.
        changed_ns: When its content or its entry was last changed; a replaced file of the same size and age shows here.
        sha256: The bytes it held.
    """

    key: str
    size: int
    modified_ns: int
    changed_ns: int
    sha256: str

    def fits(self, state: os.stat_result) -> bool:
        """Return whether the file still has the same size and times."""
        return (self.size, self.modified_ns, self.changed_ns) == (
            state.st_size,
            state.st_mtime_ns,
            state.st_ctime_ns,
        )


def read_folder(
    folder: Path,
    *,
    images: ImageStore,
    memory: Path,
    role: PhotoRole = PhotoRole.CLASS,
    aliases: LabelAliases | None = None,
    reviewed: Collection[str] = (),
    progress: Progress = no_progress,
) -> Collected:
    """Read the photos below a folder; the folder just below it that contains a photo is its class, or its condition.

    Where a folder has no folder below it, its reviewed photos are read, whose class the reviews name.

    The files are those that :func:`acnelib.folders.photo_files.labelled_photos` or
    :func:`acnelib.folders.photo_files.background_photos` finds; curation decides which of them are pictures. A file
    ``licence.txt`` beside the class folders states the licence of the photos in its first line.

    Args:
        folder: Folder with one folder per class; names and aliases that are one label are one class, which is noted.
        images: Where the photos' bytes are copied to.
        memory: File of this source's memory.
        role: Whether the photos show classes, or are background.
        aliases: Other names of class labels; default: those of this process's home.
        reviewed: Photos (their hashes) that were reviewed.
        progress: Called with done, total and ``files``; an exception from it ends the reading.

    Raises:
        DataUnusable: The folder cannot be read, has no class folders, or no photo in them.
        UsageError: The classes lie at another level.
    """
    reading = _Reading(folder, images=images, aliases=aliases or LabelAliases.load(home_of(os.environ)))
    is_flat = bool(reviewed) and role == PhotoRole.CLASS and _has_no_folder(folder)
    entries = reading.files_at_top() if is_flat else reading.entries(role)
    licence = _licence(folder)
    with SourceMemory(memory, FileRecord) as known_files:
        records = []
        for number, (label, path) in enumerate(entries):
            progress(number, len(entries), "files")
            sha256 = reading.read(path, known_files, wanted=reviewed if is_flat else None)
            if sha256 is not None:
                records.append(ImageRecord(sha256=sha256, label=label, path=path, licence=licence, role=role))
        progress(len(entries), len(entries), "files")
        known_files.settle()
    if not records:
        first = f": {reading.failures[0]}" if reading.failures else ""
        raise DataUnusable(f"no photo below {folder} can be read{first}")
    return Collected(
        records=tuple(records),
        failures=tuple(reading.failures),
        notes=reading.notes,
        downloaded=reading.read_count,
        unchanged=len(records) - reading.read_count,
    )


def remembered_files(memory: Path, photos: Collection[str]) -> tuple[str, ...]:
    """Return the paths, relative to the folder, of the files that held some photos when they were last read."""
    known_files = map(_file_record, _lines(memory))
    return tuple(record.key for record in known_files if record is not None and record.sha256 in photos)


def forget_files(memory: Path, photos: Collection[str]) -> bool:
    """Forget the files that hold some photos, whose names may identify people; return False when there are none.

    What is remembered of a site stays: a picture whose address is known as withdrawn is not requested again.
    """
    if not remembered_files(memory, photos):
        return False
    kept = (line for line in _lines(memory) if (record := _file_record(line)) is None or record.sha256 not in photos)
    write_text(memory, "".join(f"{line}\n" for line in kept))
    return True


def _licence(folder: Path) -> str | None:
    """Return the licence that a folder states for its photos; None where it states none."""
    for path in sorted(folder.iterdir()):
        if path.name.casefold() in LICENCE_FILES and path.is_file():
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            return next((line.strip()[:LONGEST_LICENCE] for line in lines if line.strip()), None)
    return None


def _lines(memory: Path) -> list[str]:
    return memory.read_text(encoding="ascii", errors="replace").splitlines() if memory.is_file() else []


def _file_record(line: str) -> FileRecord | None:
    """Return the record in a line of a memory; None where the line holds another kind of entry."""
    try:
        return FileRecord(**{name: value for name, value in json.loads(line).items() if name != "settled"})
    except (ValueError, TypeError, AttributeError):
        return None


class _Reading:
    """One pass over a folder."""

    def __init__(self, folder: Path, *, images: ImageStore, aliases: LabelAliases) -> None:
        self.folder = folder
        self.images = images
        self.aliases = aliases
        self.failures: list[Failure] = []
        self.notes: tuple[str, ...] = ()
        self.read_count = 0

    def entries(self, role: PhotoRole) -> list[tuple[str, str]]:
        """Return the label and relative path of every file that may be a photo, ordered by path."""
        if self.folder.is_dir() and self.images.root.resolve().is_relative_to(self.folder.resolve()):
            raise DataUnusable(
                f"the working folder's {self.images.root} lies in the folder of photos {self.folder}: "
                "work elsewhere (--workdir)"
            )
        of_role = labelled_photos if role == PhotoRole.CLASS else background_photos
        found = of_role(self.folder, aliases=self.aliases)
        self.failures += [Failure(visible(each.path), each.reason, each.kind) for each in by_weight(found.left_out)]
        self.notes = noted(hidden=found.hidden, merged=found.merged, renamed=found.renamed)
        return [(photo.label, photo.path.relative_to(self.folder).as_posix()) for photo in found.photos]

    def files_at_top(self) -> list[tuple[str, str]]:
        """Return the files of a folder without folders, which have no label yet."""
        walk = Walk(self.folder)
        names = sorted(path.as_posix() for path in walk.files())
        self.failures += [Failure(visible(each.path), each.reason, each.kind) for each in by_weight(walk.left_out)]
        self.notes = noted(hidden=walk.hidden)
        return [(NOT_FILED, name) for name in names]

    def read(
        self, path: str, known_files: SourceMemory[FileRecord], *, wanted: Collection[str] | None = None
    ) -> str | None:
        """Return the SHA-256 of a file, which is read only if it has changed; None: it failed, or is not wanted.

        Args:
            path: The file, relative to the folder.
            known_files: What is remembered of it.
            wanted: Hashes of the files to take; None: all.
        """
        file = self.folder / path
        try:
            state, known = file.stat(), known_files.get(path)
            if known and known.fits(state) and known.sha256 in self.images:
                return known.sha256 if wanted is None or known.sha256 in wanted else None
            if not 0 < state.st_size <= FILE_SIZE_LIMIT:
                self.failures.append(
                    Failure(path, f"has {state.st_size} bytes, more than any photo", FailureKind.TOO_LARGE)
                    if state.st_size
                    else Failure(path, "is empty", FailureKind.NO_PICTURE)
                )
                return None
            content = file.read_bytes()
        except OSError as error:
            self.failures.append(Failure(path, _reason(error), FailureKind.UNREADABLE))
            return None
        sha256 = sha256_of(content)
        if wanted is not None and sha256 not in wanted:
            self.failures.append(Failure(path, "lies in no class folder and is not reviewed", FailureKind.MISPLACED))
            return None
        if sha256 in self.images.withdrawn:  # nor is its path remembered
            self.failures.append(Failure(*withdrawal_notice(sha256), FailureKind.WITHDRAWN))
            return None
        self.images.add(content)
        known_files.put(
            FileRecord(
                key=path,
                size=state.st_size,
                modified_ns=state.st_mtime_ns,
                changed_ns=state.st_ctime_ns,
                sha256=sha256,
            )
        )
        self.read_count += 1
        return sha256


def _has_no_folder(folder: Path) -> bool:
    walk = Walk(folder)
    return folder.is_dir() and any(True for _ in walk.files()) and not walk.folders_at_top


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
