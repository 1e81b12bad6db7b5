"""The photos at a path: one folder walk for every command, which reports the files that it leaves out."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.errors import DataUnusable
from acnelib.folders.structure import check_level, is_about_photos
from acnelib.folders.walk import LeftOut, LeftOutKind, Walk
from acnelib.label_aliases import LabelAliases, renaming
from acnelib.labels import normalised_label
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = [
    "LICENCE_FILES",
    "FoundFiles",
    "LabelledPhoto",
    "LabelledPhotos",
    "LeftOut",
    "LeftOutKind",
    "Merged",
    "background_photos",
    "find_photo_files",
    "labelled_photos",
]

LICENCE_FILES = ("licence.txt", "license.txt")
"""A file of this name beside the class folders states the licence of all photos; it is no photo without a class."""
NAMED = 5
"""Things left out that are named one by one; the rest is counted."""


@dataclass(frozen=True, kw_only=True)
class FoundFiles:
    """Files that were found.

    Attributes:
        files: Those that were named, and those below the folders that were named; in the order of the names.
        left_out: What was met below the folders and is no file to read, and folders that hold none; each path as it was
            named, or joined to the folder's name.
        hidden: Hidden files and folders, and those of file managers, that were passed over.
    """

    files: tuple[Path, ...]
    left_out: tuple[LeftOut, ...] = ()
    hidden: int = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """The left-out files as sentences without full stops, the most important first."""
        return tuple(map(str, by_weight(self.left_out)))


@dataclass(frozen=True)
class LabelledPhoto:
    """A file that may be a photo, in a class folder.

    Attributes:
        path: The folder of class folders, joined with the file's path below it.
        label: Class label that the name of the class folder gives, or the one that this is an alias of.
    """

    path: Path
    label: str


@dataclass(frozen=True)
class Merged:
    """Class folders whose names are one label.

    Attributes:
        label: The label.
        folders: Their names, in order.
    """

    label: str
    folders: tuple[str, ...]

    def __str__(self) -> str:
        """Return what happened in one sentence."""
        same_looks = len({unicodedata.normalize("NFC", name) for name in self.folders}) < len(self.folders)
        names = ", ".join(map(ascii if same_looks else visible, self.folders))
        return f"the folders {names} are one class, {self.label}: rename them if they are not"


@dataclass(frozen=True, kw_only=True)
class LabelledPhotos:
    """The photos of a folder of class folders.

    Attributes:
        photos: Every file that may be a photo, ordered by its path below the folder.
        left_out: What is none, or lies in no class folder, and class folders without photos; each path relative to
            the folder.
        merged: Class folders that became one class.
        renamed: A sentence for each class whose name is an alias.
        hidden: Hidden files and folders, and those of file managers, that were passed over.
    """

    photos: tuple[LabelledPhoto, ...]
    left_out: tuple[LeftOut, ...] = ()
    merged: tuple[Merged, ...] = ()
    renamed: tuple[str, ...] = ()
    hidden: int = 0


def find_photo_files(paths: Iterable[str | Path]) -> FoundFiles:
    """Find the files that paths mean; takes as long as the file system does.

    A path that is no folder is always kept; its faults are reported when it is read. A folder means every
    file that :class:`acnelib.folders.walk.Walk` finds below it, sorted.
    """
    files: list[Path] = []
    left_out: list[LeftOut] = []
    hidden = 0
    for path in map(Path, paths):
        if not _is_folder(path):
            files.append(path)
            continue
        walk = Walk(path)
        found = sorted(path / relative for relative in walk.files())
        files += found
        left_out += [each.below(path) for each in walk.left_out]
        hidden += walk.hidden
        if not found and not walk.left_out:
            reason = "holds no file that is not hidden: name a folder of photos"
            left_out.append(LeftOut(str(path), reason, kind=LeftOutKind.EMPTY))
    return FoundFiles(files=tuple(files), left_out=tuple(left_out), hidden=hidden)


def labelled_photos(
    folder: Path, *, known: Collection[str] | None = None, aliases: LabelAliases | None = None
) -> LabelledPhotos:
    """Find the photos below a folder; the folder just below it that contains a photo is its class.

    Every file that :class:`acnelib.folders.walk.Walk` finds counts, with any ending: whether it is a picture is for
    its reader to judge.

    Args:
        folder: Folder with one folder per class.
        known: The labels of the model that is to be measured; None for training.
        aliases: Other names of labels; None: every name is a label of its own.

    Raises:
        DataUnusable: It is no folder, cannot be read, has no class folders, none with a photo, or one without a word.
        UsageError: The classes lie at another level.
    """
    if not _is_folder(folder):
        raise DataUnusable(f"{folder} is no folder: name a folder with one sub-folder of photos per class")
    aliases = aliases or LabelAliases()
    check_level(folder, known=None if known is None else aliases.names_of(known))
    walk = Walk(folder)
    names = [relative.parts for relative in walk.files()]
    classes = walk.folders_at_top
    if not classes:
        raise DataUnusable(f"{folder} {_nothing(walk, [parts[0] for parts in names])}")
    labels = {name: normalised_label(name) for name in classes}
    taken = {
        label: aliases.label(label) if known is None else aliases.label_among(label, known) for label in labels.values()
    }
    photos = sorted((Path(*parts) for parts in names if len(parts) > 1), key=lambda path: path.as_posix())
    if not photos:
        first = f" ({by_weight(walk.left_out)[0]})" if walk.left_out else ""
        raise DataUnusable(
            f"{folder} has no photo in its class folders{first}: put the photos of each class into its own"
        )
    strays = [parts[0] for parts in names if len(parts) == 1 and parts[0].casefold() not in LICENCE_FILES]
    reported = {each.path for each in walk.left_out}
    filled = {path.parts[0] for path in photos}
    empty = [name for name in classes if name not in filled and name not in reported]
    return LabelledPhotos(
        photos=tuple(LabelledPhoto(folder / path, taken[labels[path.parts[0]]]) for path in photos),
        left_out=(
            *walk.left_out,
            *(LeftOut(name, "lies in no class folder", kind=LeftOutKind.MISPLACED) for name in sorted(strays)),
            *(LeftOut(name, "is a class folder without photos", kind=LeftOutKind.EMPTY) for name in empty),
        ),
        merged=_merged(labels),
        renamed=tuple(renaming(name, label) for name, label in sorted(taken.items()) if name != label),
        hidden=walk.hidden,
    )


def background_photos(folder: Path, *, aliases: LabelAliases | None = None) -> LabelledPhotos:
    """Find the background photos below a folder: one sub-folder per condition, or photos without one.

    Photos directly in the folder show one condition, named after it.

    Args:
        folder: Folder of photos that show none of the classes.
        aliases: Other names of labels; None: every name is a label of its own.

    Raises:
        DataUnusable: It is no folder, cannot be read, holds no photo, or a folder's name has no word.
        UsageError: The conditions lie at another level.
    """
    if not _is_folder(folder):
        raise DataUnusable(f"{folder} is no folder: name a folder of background photos")
    check_level(folder, option="--background")
    walk = Walk(folder)
    paths = sorted(map(Path, walk.files()), key=lambda path: path.as_posix())
    about = [path.name for path in paths if len(path.parts) == 1 and is_about_photos(path.name)]
    photos = [path for path in paths if len(path.parts) > 1 or path.name not in about]
    if not photos:
        first = f" ({by_weight(walk.left_out)[0]})" if walk.left_out else ""
        raise DataUnusable(
            f"{folder} holds no photo{first}: put background photos into it, in one sub-folder per condition"
        )
    names = {path: path.parts[0] if len(path.parts) > 1 else folder.resolve().name for path in photos}
    aliases = aliases or LabelAliases()
    taken = {name: normalised_label(name) for name in dict.fromkeys(names.values())}
    labels = {name: aliases.label(label) for name, label in taken.items()}
    strays = [name for name in about if name.casefold() not in LICENCE_FILES]
    return LabelledPhotos(
        photos=tuple(LabelledPhoto(folder / path, labels[name]) for path, name in names.items()),
        left_out=(
            *walk.left_out,
            *(LeftOut(name, "is a text beside the photos", kind=LeftOutKind.MISPLACED) for name in strays),
        ),
        merged=_merged(labels),
        renamed=tuple(renaming(taken[name], label) for name, label in labels.items() if taken[name] != label),
        hidden=walk.hidden,
    )


def by_weight(left_out: Sequence[LeftOut]) -> list[LeftOut]:
    """Return what was left out with what matters most first, for those that name the first ones only."""
    return sorted(left_out, key=lambda each: list(LeftOutKind).index(each.kind))


def noted(*, hidden: int = 0, merged: Sequence[Merged] = (), renamed: Sequence[str] = ()) -> tuple[str, ...]:
    """Return what else is to be known of a walk: classes that became one or were renamed, and what was passed over."""
    number = f"{hidden} hidden or system {'entry' if hidden == 1 else 'entries'}"
    return (*map(str, merged), *renamed, *((f"{number} passed over",) if hidden else ()))


def left_out_lines(
    left_out: Sequence[LeftOut], *, hidden: int = 0, merged: Sequence[Merged] = (), renamed: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return what was left out in a few lines: what matters most by name, the rest as a number of each kind."""
    first = by_weight(left_out)
    lines = [f"left out: {each}" for each in first[:NAMED]]
    if rest := first[NAMED:]:
        kinds = ", ".join(f"{number} {kind}" for kind, number in Counter(each.kind for each in rest).items())
        lines.append(f"left out: {len(rest)} more ({kinds})")
    return (*lines, *noted(hidden=hidden, merged=merged, renamed=renamed))


def _merged(labels: dict[str, str]) -> tuple[Merged, ...]:
    folders = defaultdict(list)
    for name, label in labels.items():
        folders[label].append(name)
    return tuple(Merged(label, tuple(names)) for label, names in sorted(folders.items()) if len(names) > 1)


def _nothing(walk: Walk, files: list[str]) -> str:
    """Return why a folder has no class folders."""
    remedy = "put the photos of each class into a sub-folder of its name"
    if files:
        return f"has no class folders, only {len(files)} file{'s' if len(files) > 1 else ''} like {files[0]}: {remedy}"
    if walk.left_out:
        return f"has no class folders that can be read ({walk.left_out[0]}): {remedy}"
    return f"is empty, it has no class folders: {remedy}"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # its status cannot be read; reading it will report the reason
        return False
