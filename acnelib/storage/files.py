"""Atomic writes of files and folders, for their owner alone by default, and clear errors of the file system."""

from __future__ import annotations

import contextlib
import errno
import glob
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acnelib.errors import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

PART_SUFFIX = ".part"
"""Ending of unfinished files and folders; :func:`remove_unfinished` removes them at the next start."""

PRIVATE = 0o600
"""Mode of the program's own files, which tell of photos: no one else may read them."""

SHARED = 0o666
"""Mode of files that a user asks for in a place of their own: the umask decides who may read them."""

_FOLDER_SUFFIX = ".unfinished"
_DAY = 86_400.0
_LONGEST = 200  # bytes; file systems take names of 255


def sha256_of(content: bytes) -> str:
    """Return the hexadecimal SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_of(*parts: object) -> str:
    """Return one hexadecimal digest of JSON-able values, the same on every machine."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256_of(text.encode())


def private_folder(path: Path) -> Path:
    """Make a folder of the program, and the missing ones above it, which no one else may enter from the first moment.

    A folder that exists stays as it is.
    """
    return _folder(path, mode=0o700)


def _folder(path: Path, *, mode: int) -> Path:
    missing = []
    while not os.path.isdir(path) and path != path.parent:  # noqa: PTH112 - False where it may not be looked at
        missing.append(path)
        path = path.parent
    for one in reversed(missing):
        one.mkdir(mode=mode, exist_ok=True)
    return missing[0] if missing else path


def make_private(folder: Path) -> None:
    """Take the rights of all others from what libraries wrote into a private folder."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)


@contextlib.contextmanager
def atomic_write(path: Path, *, mode: int = PRIVATE) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that takes its name only when the block ends well.

    Args:
        path: The file.
        mode: Its mode, :data:`PRIVATE` or :data:`SHARED`; missing folders are made for the same people.
    """
    _folder(path.parent, mode=0o700 if mode == PRIVATE else 0o777)
    part = path.with_name(f".{_beginning(path.name)}.{secrets.token_hex(4)}{PART_SUFFIX}")
    try:
        with errors_with_path(path):
            part.touch(mode=mode)
            yield part
            with part.open("rb+") as stream:
                os.fsync(stream.fileno())
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _beginning(name: str) -> str:
    """Return a name, shortened so that a temporary name made of it is not too long for any file system."""
    return os.fsdecode(os.fsencode(name)[:_LONGEST]) if len(os.fsencode(name)) > _LONGEST else name


def check_writable(folder: Path) -> None:
    """Check that files can be written in a folder; one that is missing could be made, and stays missing.

    Raises:
        StorageFailed: They cannot.
    """
    missing = [one for one in (folder, *folder.parents) if not os.path.exists(one)]  # noqa: PTH110 - False where a name is too long
    try:
        with errors_with_path(folder):
            private_folder(folder)
            tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        error.filename, error.filename2 = str(folder), None  # not the temporary file
        raise storage_failure(error) from error
    finally:
        for one in missing:
            with contextlib.suppress(OSError):  # in use by now, or never made
                one.rmdir()


def write_bytes(path: Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """Write a file at once: a reader, or a crash, sees the old content or the new, never a part."""
    with atomic_write(path, mode=mode) as part:
        part.write_bytes(content)


def write_text(path: Path, text: str, *, mode: int = PRIVATE) -> None:
    """Write UTF-8 text like :func:`write_bytes`."""
    write_bytes(path, text.encode(), mode=mode)


def write_json(path: Path, value: Any, *, mode: int = PRIVATE) -> None:
    """Write readable JSON like :func:`write_bytes`."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n", mode=mode)


@contextlib.contextmanager
def atomic_folder(folder: Path) -> Iterator[Path]:
    """Yield a path beside ``folder``, for a new folder that takes its name only when the block ends well.

    What had the name before is there until then, and again when the name cannot be taken. The folder may be anywhere,
    in a working folder too, so :func:`remove_unfinished` must not remove a folder that is being written. What a killed
    process left is removed a day later, when the same folder is written again.
    """
    _remove_left(folder)
    part, before = (
        folder.with_name(f".{_beginning(folder.name)}.{secrets.token_hex(4)}{_FOLDER_SUFFIX}") for _ in range(2)
    )
    try:
        with errors_with_path(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            yield part
            if folder.is_dir():
                folder.replace(before)
            try:
                part.replace(folder)
            except OSError:
                if before.is_dir():
                    before.replace(folder)
                raise
            shutil.rmtree(before, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _remove_left(folder: Path) -> None:
    for left in folder.parent.glob(f".{glob.escape(_beginning(folder.name))}.????????{_FOLDER_SUFFIX}"):
        if time.time() - left.stat().st_mtime > _DAY:
            shutil.rmtree(left, ignore_errors=True)


def remove_unfinished(directory: Path) -> int:
    """Remove what killed processes left unfinished below ``directory``; return how many entries."""
    parts = [path for path in directory.rglob(f"*{PART_SUFFIX}") if path.name.startswith(".")]
    for path in parts:
        if path.is_dir():
            for child in sorted(path.rglob("*"), reverse=True):
                child.rmdir() if child.is_dir() else child.unlink(missing_ok=True)
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
    return len(parts)


@contextlib.contextmanager
def errors_with_path(path: Path) -> Iterator[None]:
    """Add this path to an error of the file system that names none, such as a full disk's."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(path)
        raise


_ELSEWHERE = "or name another folder (--workdir, ACNE_HOME, ACNE_STACK)"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_IN_THE_WAY = {errno.ENOTDIR, errno.EEXIST}


def storage_failure(error: OSError) -> StorageFailed:
    """Return what a failure of the file system means: which path, why, and what to do."""
    path, number, reason = _parts(error)
    if number in _FULL:
        where = "" if path is None else f" of {path.parent}"
        return StorageFailed(f"the disk{where} is full: free some space, {_ELSEWHERE}; what was finished is kept")
    if path is None:
        return StorageFailed(f"the system refuses ({reason}): see to that, and run again (--debug shows where)")
    if number in _FORBIDDEN:
        return StorageFailed(f"{path} may not be read or written ({reason}): change its permissions, {_ELSEWHERE}")
    if number == errno.ENAMETOOLONG:
        longest = max(path.parts, key=len)
        return StorageFailed(
            f"{_shortened(str(path))} has a name of {len(longest)} characters, which the file system does not take: "
            "choose a shorter name"
        )
    if number in _IN_THE_WAY and (obstacle := _obstacle(path)):
        return StorageFailed(f"{obstacle} is a file, and a folder is needed there: move it away, {_ELSEWHERE}")
    return StorageFailed(f"{path} cannot be read or written ({reason}): check the path, {_ELSEWHERE}")


def _shortened(path: str) -> str:
    return path if len(path) <= _LONGEST else f"{path[: _LONGEST // 2]}…{path[-_LONGEST // 4 :]}"


def _parts(error: OSError) -> tuple[Path | None, int | None, str]:
    """Return the path, the number and the reason of an error."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        _, target, reason = error.args[0][0]  # a folder was copied: the first of its failures
        return Path(target), errno.ENOSPC if os.strerror(errno.ENOSPC) in str(reason) else None, str(reason)
    named = error.filename2 or error.filename
    path = Path(os.fsdecode(named)) if isinstance(named, str | bytes | os.PathLike) else None
    return path, error.errno, error.strerror or " ".join(str(error).split()) or type(error).__name__


def _obstacle(path: Path) -> Path | None:
    """Return what is no folder on the way to a path."""
    return next((part for part in (*reversed(path.parents), path) if part.exists() and not part.is_dir()), None)
