"""Trust in files that steer the program: they count only where this user or root alone can have written them.

As with OpenSSH's ``StrictModes``, the file counts and every folder and link on the way to it: each belongs to this user
or to root, and no one else may write it. A folder with the sticky bit, such as ``/tmp``, may be writable by all, since
only owners replace files in it. A group may write where it is the owner's private one, as with the umask 002 of many
distributions. ``ACNE_TRUST_FOLDER`` names folders that count all the same. On Windows every file counts.
"""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.errors import SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

logger = logging.getLogger(__name__)

VARIABLE = "ACNE_TRUST_FOLDER"
"""Folders, separated as in ``PATH``, whose files count no matter who owns or may write them."""

_MOST_LINKS = 40  # as in the kernel
_ROOT = 0
_ACL = "system.posix_acl_access"
_reported: set[tuple[Path, str]] = set()


def check_trusted(path: Path, *, environ: Mapping[str, str] | None = None) -> None:
    """Check that a file or folder that steers the program is trusted; one that does not exist is.

    Args:
        path: The file or folder.
        environ: Environment variables; default those of this process.

    Raises:
        SettingsInvalid: It is not; the message has the reason and the remedy.
    """
    if reason := distrust(path, environ=environ):
        raise SettingsInvalid(f"{path} is not used, for {reason}")


def is_trusted(path: Path, *, environ: Mapping[str, str] | None = None) -> bool:
    """Return whether a file is trusted, and log a warning where it is not.

    For files that are looked for and that the program does without; others are checked by :func:`check_trusted`.
    """
    if reason := distrust(path, environ=environ):
        if (path, reason) not in _reported:  # a command reads its settings several times
            logger.warning("%s is not read, for %s", path, reason)
            _reported.add((path, reason))
        return False
    return True


def distrust(path: Path, *, environ: Mapping[str, str] | None = None) -> str | None:
    """Return why a file or folder is not trusted, and what to do, as the end of a sentence; None: it is trusted."""
    if not hasattr(os, "geteuid"):
        return None
    trusted = _trusted_folders(os.environ if environ is None else environ)
    path = Path(os.path.abspath(path)) if ".." not in path.parts else Path.cwd() / path  # noqa: PTH100 - no link is followed
    places = list(_places(path))
    holding = [folder for folder in trusted if places[-1][0].is_relative_to(folder)]
    for place, status in places:
        if any(place.is_relative_to(folder) or folder.is_relative_to(place) for folder in holding):
            continue
        if reason := _reason(place, status):
            folder = path if path.is_dir() else path.parent
            return f"{reason}, or set {VARIABLE}={folder} if you trust all who can write there"
    return None


def _trusted_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    named = environ.get(VARIABLE, "").split(os.pathsep)
    return tuple(Path(os.path.realpath(Path(name).expanduser())) for name in named if name.strip())


def _places(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield every folder and link on the way to a path, and what it leads to at last, as far as they exist."""
    place, left, links = Path(path.anchor), list(reversed(path.parts[1:])), 0
    yield place, place.lstat()
    while left:
        name = left.pop()
        if name == "..":
            place = place.parent
            continue
        try:
            status = (place / name).lstat()
            target = Path((place / name).readlink()) if stat.S_ISLNK(status.st_mode) else None
        except OSError:
            return
        yield place / name, status
        if target is None:
            place /= name
            continue
        links += 1
        if links > _MOST_LINKS:
            return
        if target.is_absolute():
            place = Path(target.anchor)
        left.extend(reversed(target.parts[1:] if target.is_absolute() else target.parts))


def _reason(place: Path, status: os.stat_result) -> str | None:
    owner = _owner_of(status)
    if owner not in {os.geteuid(), _ROOT}:
        return f"{place} belongs to another user ({_name_of(owner)}): copy it into a folder of your own"
    if stat.S_ISLNK(status.st_mode):  # the mode of a link has no meaning
        return None
    if stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX:
        return None
    others = status.st_mode & stat.S_IWOTH
    group = status.st_mode & stat.S_IWGRP and not _is_private_group(place, status)
    return f"others may write {place}: change that (chmod go-w {place})" if others or group else None


def _owner_of(status: os.stat_result) -> int:
    return status.st_uid


def _is_private_group(place: Path, status: os.stat_result) -> bool:
    """Return whether the group of a file is its owner's alone; an access list may name others."""
    import grp
    import pwd

    try:
        user, group = pwd.getpwuid(status.st_uid).pw_name, grp.getgrgid(status.st_gid)
    except KeyError:
        return False
    return group.gr_name == user and set(group.gr_mem) <= {user} and not _has_access_list(place)


def _has_access_list(place: Path) -> bool:
    try:
        return _ACL in os.listxattr(place) if hasattr(os, "listxattr") else False
    except OSError:
        return False


def _name_of(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
