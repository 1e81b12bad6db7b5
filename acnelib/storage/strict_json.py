"""JSON from elsewhere, read strictly: bounded in size and depth, real numbers only, every failure a ValueError."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEEPEST = 32
"""Levels of lists and objects within each other; nothing that this program writes has more than eight."""


def read_json(path: Path, *, largest: int, constant: Callable[[str], Any] | None = None) -> Any:
    """Return the content of a file.

    Args:
        path: The file.
        largest: Most bytes that it may have.
        constant: Returns the value of ``NaN``, ``Infinity`` or ``-Infinity``; without it they are refused.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is too large, or not such JSON.
    """
    with path.open("rb") as stream:
        content = stream.read(largest + 1)
    return parse_json(content, largest=largest, constant=constant)


def parse_json(content: bytes, *, largest: int, constant: Callable[[str], Any] | None = None) -> Any:
    """Return what some bytes of UTF-8 mean; see :func:`read_json`."""
    if len(content) > largest:
        raise ValueError(f"it has more than the {largest} bytes that are accepted")
    try:
        value = json.loads(content.decode("utf-8"), parse_constant=constant or _refuse)
    except RecursionError:
        raise ValueError(f"it is nested deeper than {DEEPEST} levels") from None
    _check_depth(value)
    return value


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level := [each for one in level for each in _members(one)]:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"it is nested deeper than {DEEPEST} levels")


def _members(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
