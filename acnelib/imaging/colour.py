"""Colours that are meant in another space than sRGB, made sRGB by LittleCMS."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from acnelib.imaging.profiles import profile_of
from acnelib.storage.files import sha256_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from acnelib.imaging.pixel_metadata import CodedColour

_SRGB = frozenset({
    "2b3aa1645779a9e634744faf9b01e9102b0c9b88fd6deced7934df86b949af7e",
})  # fmt: skip
"""SHA-256 of the profile that nearly all sRGB files carry (HP's, of 1998), so that nothing is loaded for it."""

_LARGEST = 4_000_000  # bytes; a printer's profile has up to 3 MB
_SAME = 2  # levels by which variants of sRGB differ among themselves
_KEPT = 16
_SPACES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def in_srgb(image: Image.Image, *, profile: bytes | None, coded: CodedColour | None = None) -> Image.Image:
    """Return a picture in sRGB; the same object where its colours are sRGB already or nothing is known of them.

    A profile that is damaged, or of another kind of colours than the picture has, is taken for sRGB.

    Args:
        image: 8 bits a channel: RGB, RGBA, L, LA or CMYK.
        profile: ICC profile.
        coded: A space's numbers, which go before the profile.
    """
    conversion = _conversion_of(image.mode, profile=profile, coded=coded)
    return image if conversion is None else conversion.apply(image)


def is_converted(mode: str, *, profile: bytes | None, coded: CodedColour | None = None) -> bool:
    """Return whether :func:`in_srgb` would change a picture of a mode."""
    return _conversion_of(mode, profile=profile, coded=coded) is not None


class _Conversion:
    """A way from one space to sRGB, which any number of threads may take at once.

    LittleCMS keeps the last colour of a transformation on the stack of the call, so that calls do not see each other.
    """

    def __init__(self, colours: str, transformation: Any) -> None:
        self.colours = colours
        self._transformation = transformation
        self._greys: list[int] = []
        if colours == "L":
            ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[np.newaxis])
            self._greys = [int(value) for value in np.asarray(self._applied(ramp))[0, :, 1]]

    def apply(self, image: Image.Image) -> Image.Image:
        """Return a picture in sRGB, transparency as it is; grey stays grey."""
        if image.mode in {"RGBA", "LA"}:
            alpha = image.getchannel("A")
            converted = self.apply(image.convert(self.colours))
            converted.putalpha(alpha)
            return converted
        return image.point(self._greys) if self.colours == "L" else self._applied(image)

    def is_nothing(self) -> bool:
        """Return whether colours stay what they are, but for rounding."""
        if self.colours == "L":
            return max(abs(grey - value) for value, grey in enumerate(self._greys)) <= _SAME
        if self.colours != "RGB":
            return False
        before = _samples()
        after = np.asarray(self._applied(Image.fromarray(before)))
        return bool(np.abs(after.astype(int) - before).max() <= _SAME)

    def _applied(self, image: Image.Image) -> Image.Image:
        from PIL import ImageCms

        converted = ImageCms.applyTransform(image, self._transformation)
        if converted is None:
            raise ValueError("the colours could not be converted")
        return converted


def _conversion_of(mode: str, *, profile: bytes | None, coded: CodedColour | None) -> _Conversion | None:
    profile = (profile_of(coded) if coded is not None else None) or profile
    if not profile or len(profile) > _LARGEST:
        return None
    colours = {"RGBA": "RGB", "RGBX": "RGB", "LA": "L"}.get(mode, mode)
    conversion = _conversion(profile)
    return None if conversion is None or conversion.colours != colours else conversion


def _conversion(profile: bytes) -> _Conversion | None:
    """Return the way from a profile to sRGB; None where there is none to go."""
    return None if sha256_of(profile) in _SRGB else _made(profile)


@lru_cache(maxsize=_KEPT)
def _made(profile: bytes) -> _Conversion | None:
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        colours = _SPACES.get(source.profile.xcolor_space.ljust(4))
        if colours is None:
            return None
        transformation = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            colours,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        made = _Conversion(colours, transformation)
        return None if made.is_nothing() else made
    except Exception:  # noqa: BLE001 - a damaged profile is no reason to refuse pixels; LittleCMS fails in many ways
        return None


@lru_cache(maxsize=1)
def _samples() -> npt.NDArray[np.uint8]:
    """Return colours from all over the space, dark ones and greys above all: [1, N, 3]."""
    levels = np.array([0, 8, 16, 32, 64, 96, 128, 160, 192, 224, 255], dtype=np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3)
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, np.newaxis], 3, axis=1)
    return np.concatenate([cube, greys])[np.newaxis]
