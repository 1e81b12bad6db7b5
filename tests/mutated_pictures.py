"""Damaged pictures of every kind, each made of a seed and a number alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from picture_kinds import PictureKind, picture_kinds

NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
HEADER = 600  # bytes in which most formats keep sizes and counts


@cache
def kinds() -> tuple[PictureKind, ...]:
    """Return the kinds of picture; those of twelve megapixels cost too much to be damaged thousands of times."""
    return tuple(kind for kind in picture_kinds() if "4000" not in kind.name)


@cache
def whole(index: int) -> bytes:
    return kinds()[index].content()


@dataclass(frozen=True)
class Mutated:
    """A damaged file: what it was, what was done to it, and its bytes."""

    kind: PictureKind
    damages: tuple[str, ...]
    content: bytes


def mutated(seed: int, number: int) -> Mutated:
    """Make the file of a number; the same each time."""
    chance = random.Random(f"{seed}:{number}")
    index = chance.randrange(len(kinds()))
    content, damages = bytearray(whole(index)), []
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        damage = chance.choice((flip, flip_in_header, cut, drop, splice, put_number, put_number, repeat))
        damage(content, chance)
        damages.append(damage.__name__)
    return Mutated(kinds()[index], tuple(damages), bytes(content))


def flip(content: bytearray, chance: random.Random, within: int | None = None) -> None:
    for _ in range(chance.choice((1, 1, 4, 32))):
        if content:
            content[chance.randrange(min(within or len(content), len(content)))] ^= 1 << chance.randrange(8)


def flip_in_header(content: bytearray, chance: random.Random) -> None:
    flip(content, chance, HEADER)


def cut(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content) + 1) :]


def drop(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content) + 1)
    del content[start : start + chance.choice((1, 2, 16, 1000))]


def splice(content: bytearray, chance: random.Random) -> None:
    other = whole(chance.randrange(len(kinds())))
    place, start = chance.randrange(len(content) + 1), chance.randrange(len(other))
    piece = other[start : start + chance.choice((4, 64, 5000, len(other)))]
    content[place : place + chance.choice((0, len(piece)))] = piece


def put_number(content: bytearray, chance: random.Random) -> None:
    width, order = chance.choice((1, 2, 4, 8)), chance.choice(("big", "little"))
    value = chance.choice((*NUMBERS, chance.getrandbits(64))) % (1 << 8 * width)
    place = chance.randrange(min(HEADER, len(content)) + 1)
    content[place : place + width] = value.to_bytes(width, order)


def repeat(content: bytearray, chance: random.Random) -> None:
    start, length = chance.randrange(len(content) + 1), chance.choice((8, 500, 20_000))
    content[start:start] = content[start : start + length] * chance.choice((1, 20, 400))
