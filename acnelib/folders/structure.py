"""The level of the class folders: directly below the given folder, or elsewhere in the data set."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from acnelib.errors import DataUnusable, UsageError
from acnelib.folders.walk import is_litter
from acnelib.labels import normalised_label
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

_NUMBER = r"(?:\d+[-_. ]+)?"
_PART = re.compile(
    rf"{_NUMBER}(?:train(?:ing)?|trn|val|valid|validate|validation|dev|test(?:ing)?|tst|eval|evaluation|hold[-_ ]?out)"
    r"(?:[-_. ]*(?:sets?|data|dataset|images?|imgs?|photos?|pictures?|split|samples?|\d+))*"
    r"|(?:fold|split|part|subset|partition|shard|cv)s?[-_. ]*(?:\d+|[a-e])"
)
_LEARN = re.compile(rf"{_NUMBER}(?:train|trn).*")
_MEASURE = re.compile(rf"{_NUMBER}(?:test|tst|hold|eval).*")
_SURE = re.compile(rf"{_NUMBER}(?:train|trn|val|test|tst|hold[-_ ]?out).*")
"""Beginnings that no class has."""
_PICTURES = re.compile(r"(?:images?|imgs?|photos?|pictures?|jpe?g_?images|rgb|raw|original(?:s|_images)?)")
_NOTES = re.compile(
    r"(?:labels?|masks?|annotations?|annots?|ground[-_ ]?truth|gt|bbox(?:es)?|boxes|segmentations?|"
    r"segmentation_?(?:class|object)|imagesets|meta_?data|json|xmls?|csvs?|txt)"
)
_WRAPPER = re.compile(
    r"(?:my[-_ ]?)?(?:data|data[-_ ]?sets?|images?|imgs?|photos?|pictures?|all|download(?:s|ed)?|archive|input|source|"
    r"src|raw|original|files|export|backup|main|master|class(?:es|_folders)?|categor(?:y|ies)|labell?ed|sorted)"
    r"(?:[-_ ]?(?:all|v?\d+))?"
)
_PERSON = re.compile(
    r".*\d.*|(?:patient|subject|person|case|visit|session|series|left|right|front|side|before|after|male|female).*"
)
"""Names of folders inside a class, one for each patient, visit or view."""
_ABOUT = re.compile(
    r"(?:readme|licen[cs]e|citation|copying)(?:\..*)?|"
    r".*\.(?:txt|md|rst|csv|tsv|xlsx?|ods|json|jsonl|ya?ml|xml|html?|pdf|docx?|zip|py|ipynb|sha256|md5)"
)
"""Names of files about photos."""
_DEEPEST = 8
"""Folders around the classes that are looked into."""


def check_level(folder: Path, *, known: Collection[str] | None = None, option: str = "--source") -> None:
    """Refuse a folder whose sub-folders are no classes but parts of a data set, or one that merely holds it.

    Only names of folders are looked at, two or three levels deep. Classes with a sub-folder for each patient are right.

    Args:
        folder: Folder that should have one sub-folder per class.
        known: The labels of the model that is to be measured; None for training.
        option: The option that names the folder on the command line.

    Raises:
        UsageError: The classes lie elsewhere; the message says where.
    """
    if reason := _misplaced(folder, known):
        raise UsageError(f"{visible(str(folder))} {reason}{_remedy(folder, known, option)}")


def _misplaced(folder: Path, known: Collection[str] | None, *, depth: int = _DEEPEST) -> str | None:
    """Return what is wrong with a folder's sub-folders as classes; None: nothing."""
    below = _folders(folder)
    if known is not None and below and _labels(below) <= set(known):
        return None
    parts = [name for name in below if _PART.fullmatch(name.casefold())]
    if _are_parts(folder, below, parts):
        return f"holds parts of a data set ({_listed(parts)}), not classes"
    notes = [name for name in below if _NOTES.fullmatch(name.casefold())]
    pictures = [name for name in below if _PICTURES.fullmatch(name.casefold())]
    if pictures and notes and len(pictures) + len(notes) == len(below):
        return f"holds pictures beside notes on them ({_listed(below)}), not classes"
    filled = [name for name in below if _folders(folder / name) or _has_photos(folder / name)]
    alone = filled if len(below) == 1 or (filled and _WRAPPER.fullmatch(filled[0].casefold())) else []
    if len(alone) == 1 and depth and _only_wraps(folder, alone[0], known, depth=depth):
        return f"holds one folder of photos, {visible(alone[0])}, and the classes in that"
    return None


def _are_parts(folder: Path, below: list[str], parts: list[str]) -> bool:
    """Say whether folders that are named like parts of a data set are that, not classes of such a name."""
    inside = {name: _labels(_folders(folder / name)) for name in parts}
    if len(parts) > 1:
        filled = [labels for labels in inside.values() if labels]
        if any(one & other for place, one in enumerate(filled) for other in filled[:place]):
            return True
        sure = [name for name in parts if _SURE.fullmatch(name.casefold())]
        rest = [name.casefold() for name in below if name not in parts]
        return len(sure) > 1 and all(
            any(kind.fullmatch(name) for kind in (_NOTES, _PICTURES, _WRAPPER)) for name in rest
        )
    if not parts:
        return False
    others = _labels(name for name in below if name not in parts)
    (labels,) = inside.values()
    if labels & others:  # the classes once more, inside of one that is named like a part
        return len(labels & others) > 1 or labels <= others
    return len(labels) > 1 and (
        not others or (_LEARN.fullmatch(parts[0].casefold()) is not None and _are_classes(labels))
    )


def _are_classes(names: Iterable[str]) -> bool:
    """Say whether names of folders are those of classes rather than of patients, visits or views."""
    return not all(_PERSON.fullmatch(name.casefold()) for name in names)


def _only_wraps(folder: Path, name: str, known: Collection[str] | None, *, depth: int) -> bool:
    """Say whether a folder's only sub-folder is no class, but holds the classes."""
    inside = folder / name
    below = _folders(inside)
    if not below or _has_photos(inside):
        return False
    if known is not None and _labels(below) & set(known):
        return True
    if known is not None and _labels([name]) <= set(known):
        return False
    if _misplaced(inside, known, depth=depth - 1):
        return True
    named = _WRAPPER.fullmatch(name.casefold()) is not None or name.casefold() == folder.resolve().name.casefold()
    if len(below) == 1:
        return False
    return named or _are_classes(below)


def _remedy(folder: Path, known: Collection[str] | None, option: str) -> str:
    """Return what to do: the folder that was meant, as it would be named on the command line."""
    meant = _meant(folder, known)
    if meant is None:
        return ": sort the photos into one sub-folder per class, and name the folder that holds these"
    if known is not None:
        return f": name the folder that holds the classes, {meant}"
    several = len([name for name in _folders(meant.parent) if _PART.fullmatch(name.casefold())]) > 1
    merge = "; to use all parts, merge them class by class, as photos are split here anyway" if several else ""
    return f": name the folder that holds the classes, {option} {meant}{merge}"


def _meant(folder: Path, known: Collection[str] | None, *, depth: int = _DEEPEST) -> Path | None:
    """Return the folder below whose sub-folders look like the classes."""
    below = _folders(folder)
    if not depth or not below:
        return None
    if not _misplaced(folder, known):
        return folder
    preferred = _LEARN if known is None else _MEASURE

    def rank(name: str) -> tuple[bool, bool, str]:
        plain = name.casefold()
        return not preferred.match(plain), not (_PART.fullmatch(plain) or _PICTURES.fullmatch(plain)), name

    candidates = [name for name in below if not _NOTES.fullmatch(name.casefold())]
    found = (_meant(folder / name, known, depth=depth - 1) for name in sorted(candidates, key=rank))
    return next((path for path in found if path is not None), None)


def _folders(folder: Path) -> list[str]:
    """Return the names of the sub-folders that a walk would enter, sorted; none where they cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if not is_litter(entry.name) and _is_folder(entry))
    except OSError:  # the walk will say so
        return []


def is_about_photos(name: str) -> bool:
    """Return whether a file's name is that of a text or table about photos."""
    return _ABOUT.fullmatch(name.casefold()) is not None


def _has_photos(folder: Path) -> bool:
    """Say whether files lie in a folder itself that are no texts or tables about it."""
    try:
        with os.scandir(folder) as entries:
            files = [entry.name for entry in entries if not is_litter(entry.name) and not _is_folder(entry)]
    except OSError:
        return False
    return any(not is_about_photos(name) for name in files)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _labels(names: Iterable[str]) -> set[str]:
    found = set()
    for name in names:
        try:
            found.add(normalised_label(name))
        except DataUnusable:  # the walk will say so
            found.add(name)
    return found


def _listed(names: list[str], most: int = 5) -> str:
    shown = ", ".join(map(visible, names[:most]))
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
