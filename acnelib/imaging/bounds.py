"""Bounds of decoding: the memory and time that one picture may cost, and the number of parts of its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from acnelib.imaging.failures import PIXEL_LIMIT, too_costly, too_many_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEMORY_LIMIT = 1_000_000_000
"""Bytes that the decoding of one picture may need at the same time, the bytes of its file included."""

SECONDS_LIMIT = 10.0
"""Seconds of one core that the decoding of one picture may take, as estimated before it begins."""

Part = TypeVar("Part")


@dataclass(frozen=True, kw_only=True)
class DecodingCost:
    """What a decoding needs, estimated from above.

    Attributes:
        memory: Bytes at the same time.
        seconds: Seconds of one core.
    """

    memory: int = 0
    seconds: float = 0.0

    def __add__(self, other: DecodingCost) -> DecodingCost:
        """Return the cost of both."""
        return DecodingCost(memory=self.memory + other.memory, seconds=self.seconds + other.seconds)


@dataclass(frozen=True, kw_only=True)
class DecodingLimits:
    """What one picture may have and cost.

    Attributes:
        pixels: Width times height.
        memory: Bytes at the same time.
        seconds: Seconds of one core.
    """

    pixels: int = PIXEL_LIMIT
    memory: int = MEMORY_LIMIT
    seconds: float = SECONDS_LIMIT


LIMITS = DecodingLimits()
"""The limits of every picture."""


def check_cost(cost: DecodingCost, name: str, *, limits: DecodingLimits = LIMITS) -> None:
    """Refuse a picture that costs more than one picture may.

    Args:
        cost: Its cost.
        name: What messages call it.
        limits: How much it may cost.

    Raises:
        ImageTooCostly: It exceeds the limits.
    """
    if cost.memory > limits.memory:
        raise too_costly(name, f"{-(-cost.memory // 1_000_000)} MB of memory", f"{limits.memory // 1_000_000} MB")
    if cost.seconds > limits.seconds:
        raise too_costly(name, f"{cost.seconds:.0f} s of computing", f"{limits.seconds:.0f} s")


def counted(parts: Iterable[Part], *, most: int, kind: str, name: str) -> Iterator[Part]:
    """Yield the parts of a file one by one, and refuse the file once there are more than any program writes.

    Args:
        parts: Segments, chunks, boxes, tiles and the like.
        most: How many there may be.
        kind: What messages call them.
        name: What messages call the picture.

    Raises:
        ImageUnreadable: There are more.
    """
    for number, part in enumerate(parts):
        if number >= most:
            raise too_many_parts(name, f"{most} {kind}")
        yield part
