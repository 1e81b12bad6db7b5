"""Metadata that pixels need to be shown correctly: orientation, colour space, depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class CodedColour(NamedTuple):
    """A colour space by its numbers in ITU-T H.273, as HEIC, AVIF (``nclx``) and PNG (``cICP``) note it."""

    primaries: int
    transfer: int


@dataclass(frozen=True, kw_only=True)
class PixelMetadata:
    """The metadata of a picture that decide how its pixels are read.

    Attributes:
        orientation: EXIF's 1–8; 1 is upright.
        profile: ICC profile; None where there is none.
        coded: Colour space by its numbers, where there is no profile.
        bits: Bits of a sample that the file declares; 0 where its kind leaves no doubt.
        white: Declared value of the whitest sample; 0 where there is none.
        inverted: Whether 0 is white, and Pillow does not turn it round.
    """

    orientation: int = 1
    profile: bytes | None = None
    coded: CodedColour | None = None
    bits: int = 0
    white: int = 0
    inverted: bool = False
