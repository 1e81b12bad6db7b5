"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PART_SUFFIX = ".part"
"""Ending of whatever is not finished yet; :func:`sweep` removes it at the next start."""


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


@contextlib.contextmanager
def written_whole(path: Path, *, mode: int = 0o666) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that takes its name only when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART_SUFFIX}")
    try:
        part.touch(mode=mode)
        yield part
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file at once: a reader, or a crash, sees the old content or the new, never a part."""
    with written_whole(path, mode=mode) as part:
        part.write_bytes(content)


def write_text(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Write UTF-8 text like :func:`write_bytes`."""
    write_bytes(path, text.encode(), mode=mode)


def write_json(path: Path, value: Any, *, mode: int = 0o666) -> None:
    """Write readable JSON like :func:`write_bytes`."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n", mode=mode)


def sweep(directory: Path) -> int:
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
