"""One drawn picture as every kind of file that people have: what the doors are compared on."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from colour_spaces import SPACES, grey_profile, press_profile, stored_in
from PIL import Image, ImageCms

from acnelib.atlas.drawing import draw_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

SEED = 1
_ORIENTATION = 0x0112
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera that notes an orientation has stored the upright picture."""


@dataclass(frozen=True)
class PictureKind:
    """One kind of file.

    Attributes:
        name: What tables call it.
        ending: Ending of its file.
        content: Returns the file.
        like: Returns the picture that must come out, RGB; None where the format keeps other colours.
    """

    name: str
    ending: str
    content: Callable[[], bytes]
    like: Callable[[], Image.Image] | None

    @property
    def file_name(self) -> str:
        """Return a name that is fit for a file."""
        return f"{''.join(letter if letter.isalnum() else '-' for letter in self.name)}.{self.ending}"


def picture_kinds() -> tuple[PictureKind, ...]:
    """Return all kinds; nothing is drawn or written until a kind's content is asked for."""
    plain = (*_jpegs(), *_turned(), *_pngs(), *_webps_and_gifs(), *_phones(), *_tiffs_and_bitmaps())
    return (*plain, *_coloured(), *_deep(), *_oddly_described())


@cache
def _drawn(index: int = 0) -> Image.Image:
    """Return a picture between two classes: where a model is not sure, small differences are seen in its scores."""
    first, second = (draw_picture(number, seed=SEED).image for number in (index, index + 1))
    return Image.blend(first, second, 0.5).resize((640, 480), Image.Resampling.LANCZOS)


@cache
def _camera() -> Image.Image:
    """Return the picture at twelve megapixels, with the noise of a sensor in every pixel."""
    pixels = np.asarray(_drawn().resize((4000, 3000), Image.Resampling.BICUBIC), dtype=np.int16)
    noise = np.random.default_rng(SEED).integers(-12, 13, pixels.shape, dtype=np.int8)
    return Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))


def _kind(
    name: str,
    form: str,
    make: Callable[[], Image.Image],
    *,
    ending: str | None = None,
    like: Callable[[], Image.Image] | None = _drawn,
    then: Callable[[bytes], bytes] | None = None,
    second: bool = False,
    **options: Any,
) -> PictureKind:
    def content() -> bytes:
        more = {"save_all": True, "append_images": [_drawn(2).copy()]} if second else {}
        written = _encoded(make(), form, **options, **more)
        return written if then is None else then(written)

    return PictureKind(name, ending or form.lower(), content, like)


def _encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    if form in {"HEIF", "AVIF"}:
        import pillow_heif

        pillow_heif.register_heif_opener()
    stream = io.BytesIO()
    image.copy().save(stream, form, **options)  # an image remembers how it was saved last
    return stream.getvalue()


def _jpegs() -> Iterator[PictureKind]:
    for size in ((16, 16), (100, 1000), (640, 480), (641, 479)):
        resized = lambda size=size: _drawn().resize(size, Image.Resampling.LANCZOS)  # noqa: E731
        yield _kind(f"JPEG {size[0]}×{size[1]}", "JPEG", resized, ending="jpg", like=resized, quality=92)
    yield _kind("JPEG 4000×3000", "JPEG", _camera, ending="jpg", like=_camera, quality=92)
    yield _kind("JPEG 4000×3000, progressive", "JPEG", _camera, ending="jpg", like=_camera, progressive=1)
    yield _kind("JPEG progressive", "JPEG", _drawn, ending="jpg", progressive=True, quality=92)
    yield _kind("JPEG without chroma subsampling", "JPEG", _drawn, ending="jpg", subsampling=0, quality=92)
    yield _kind("JPEG of poor quality", "JPEG", _drawn, ending="jpg", like=None, quality=10)
    yield _kind("JPEG grey", "JPEG", _grey, ending="jpg", like=_grey, quality=92)
    yield _kind("JPEG CMYK, Adobe marker", "JPEG", lambda: _drawn().convert("CMYK"), ending="jpg", quality=95)
    yield _kind(
        "JPEG CMYK, no marker",
        "JPEG",
        lambda: _drawn().convert("CMYK"),  # written inverted, as Adobe does; Pillow reads every such file so
        ending="jpg",
        then=_without_adobe_marker,
        quality=95,
    )
    yield _kind("JPEG with an ICC profile", "JPEG", _drawn, ending="jpg", icc_profile=_profile("sRGB"), quality=92)
    yield _kind("JPEG with a Lab profile", "JPEG", _drawn, ending="jpg", icc_profile=_profile("LAB"), quality=92)
    yield _kind("JPEG of two pictures (MPO)", "MPO", _drawn, ending="jpg", second=True, quality=92)


def _turned() -> Iterator[PictureKind]:
    for orientation in range(1, 9):
        yield _kind(
            f"JPEG, orientation {orientation}",
            "JPEG",
            lambda orientation=orientation: _stored(_drawn(), orientation),
            ending="jpg",
            exif=_exif(orientation),
            quality=92,
        )
    yield _kind(
        "JPEG 4000×3000, orientation 6",
        "JPEG",
        lambda: _stored(_camera(), 6),
        ending="jpg",
        like=_camera,
        exif=_exif(6),
    )
    for form, options in (("PNG", {}), ("TIFF", {}), ("WEBP", {"quality": 95})):
        yield _kind(f"{form}, orientation 6", form, lambda: _stored(_drawn(), 6), exif=_exif(6), **options)


def _pngs() -> Iterator[PictureKind]:
    yield _kind("PNG", "PNG", _drawn)
    yield _kind("PNG grey", "PNG", _grey, like=_grey)
    yield _kind("PNG grey, 16 bits", "PNG", _deep_grey, like=_grey)
    yield PictureKind("PNG RGB, 16 bits", "png", _deep_png, _drawn)
    yield _kind("PNG with alpha", "PNG", _half_clear, like=_on_white)
    yield _kind(
        "PNG grey with alpha", "PNG", lambda: _half_clear().convert("LA"), like=lambda: _on_white().convert("L")
    )
    yield _kind("PNG palette", "PNG", lambda: _drawn().quantize(256))
    yield _kind("PNG palette, transparent", "PNG", lambda: _drawn().quantize(64), like=None, transparency=b"\x00\x80")
    yield _kind("PNG RGB, one colour transparent", "PNG", _colour_keyed)
    yield _kind("PNG, 1 bit", "PNG", lambda: _drawn().convert("1"), like=lambda: _drawn().convert("1"))
    yield _kind("PNG, animated", "PNG", _drawn, second=True)


def _webps_and_gifs() -> Iterator[PictureKind]:
    yield _kind("WebP, lossy", "WEBP", _drawn, quality=92)
    yield _kind("WebP, lossless", "WEBP", _drawn, lossless=True)
    yield _kind("WebP with alpha", "WEBP", _half_clear, like=_on_white, lossless=True)
    yield _kind("WebP, animated", "WEBP", _drawn, second=True, lossless=True)
    yield _kind("GIF", "GIF", _drawn)
    yield _kind("GIF, animated", "GIF", _drawn, second=True)
    yield _kind("GIF, transparent", "GIF", lambda: _drawn().quantize(64), like=None, transparency=0)


def _phones() -> Iterator[PictureKind]:
    small = {"ending": "heic", "like": _small, "quality": 95}  # the encoder takes its time
    yield _kind("HEIC", "HEIF", _small, **small)
    for orientation in (3, 6):  # written into the HEIC's own record of the turn, too
        turned = lambda orientation=orientation: _stored(_small(), orientation)  # noqa: E731
        yield _kind(f"HEIC, orientation {orientation}", "HEIF", turned, exif=_exif(orientation), **small)
    yield _kind("HEIC with alpha", "HEIF", _half_clear, ending="heic", like=_on_white, quality=95)
    yield _kind("AVIF", "AVIF", _small, like=_small, quality=95)


def _tiffs_and_bitmaps() -> Iterator[PictureKind]:
    yield _kind("TIFF", "TIFF", _drawn)
    yield _kind("TIFF, LZW", "TIFF", _drawn, compression="tiff_lzw")
    yield _kind("TIFF, JPEG inside", "TIFF", _drawn, compression="jpeg", quality=92)
    yield _kind("TIFF of two pages", "TIFF", _drawn, second=True)
    yield _kind("TIFF grey, 16 bits", "TIFF", _deep_grey, like=_grey)
    yield _kind("TIFF grey, 16 bits, big-endian", "TIFF", lambda: _deep_grey(">u2", "I;16B"), like=_grey)
    yield _kind("TIFF CMYK", "TIFF", lambda: _drawn().convert("CMYK"))
    yield _kind("TIFF with alpha", "TIFF", _half_clear, like=_on_white)
    yield _kind("BMP", "BMP", _drawn)
    yield _kind("BMP, 256 colours", "BMP", lambda: _drawn().quantize(256))
    yield _kind("JPEG 2000", "JPEG2000", _drawn, ending="jp2")


def _coloured() -> Iterator[PictureKind]:
    def stored(space: str) -> Callable[[], Image.Image]:
        return lambda: stored_in(_drawn(), SPACES[space])

    for space in ("Display P3", "Adobe RGB", "wide gamut"):
        yield _kind(f"JPEG, {space}", "JPEG", stored(space), ending="jpg", icc_profile=SPACES[space], quality=95)
    yield _kind("PNG, Display P3", "PNG", stored("Display P3"), icc_profile=SPACES["Display P3"])
    yield _kind("TIFF, wide gamut", "TIFF", stored("wide gamut"), icc_profile=SPACES["wide gamut"])
    yield _kind("JPEG grey with a profile", "JPEG", _grey, ending="jpg", like=None, icc_profile=grey_profile(1.8))
    for form, ending in (("JPEG", "jpg"), ("TIFF", "tiff")):
        cmyk = lambda: _drawn().convert("CMYK")  # noqa: E731
        yield _kind(f"{form} CMYK with a profile", form, cmyk, ending=ending, like=None, icc_profile=press_profile())
    yield _kind(
        "PNG, Display P3 by numbers",
        "PNG",
        stored("Display P3"),
        then=lambda png: _with_chunk(png, _chunk(b"cICP", bytes([*_NUMBERS["Display P3"], 0, 1]))),
    )
    for form, ending, space in (("HEIF", "heic", "Display P3"), ("AVIF", "avif", "BT.2020")):
        small = lambda space=space: stored_in(_small(), SPACES[space])  # noqa: E731
        numbered = lambda content, space=space: _numbered(content, *_NUMBERS[space])  # noqa: E731
        name = f"{'HEIC' if form == 'HEIF' else form}, {space} by numbers"
        yield _kind(name, form, small, ending=ending, like=_small, then=numbered, quality=95)


_NUMBERS = {"Display P3": (12, 13), "BT.2020": (9, 14)}
"""Primaries and transfer function, as ITU-T H.273 numbers them."""


def _numbered(content: bytes, primaries: int, transfer: int) -> bytes:
    place = content.index(b"colrnclx") + 8
    return content[:place] + struct.pack(">HH", primaries, transfer) + content[place + 4 :]


def _deep() -> Iterator[PictureKind]:
    def ramp(bits: int, *, white_is_zero: bool) -> npt.NDArray[np.int64]:
        grey = np.asarray(_grey()).astype(np.int64) * (2**bits - 1) // 255
        return 2**bits - 1 - grey if white_is_zero else grey

    for used, stored, white_is_zero in ((8, 8, True), (16, 16, True), (12, 16, False), (12, 16, True), (32, 32, False)):
        name = f"TIFF grey, {used} of {stored} bits{', white is zero' * white_is_zero}"
        content = lambda used=used, stored=stored, zero=white_is_zero: _grey_tiff(  # noqa: E731
            ramp(used, white_is_zero=zero), bits=stored, white=2**used - 1, white_is_zero=zero
        )
        yield PictureKind(name, "tiff", content, _grey)
    levels = lambda: b"P5 640 480 4095\n" + ramp(12, white_is_zero=False).astype(">u2").tobytes()  # noqa: E731
    yield PictureKind("PGM, 12 bits", "pgm", levels, _grey)
    yield _kind("JPEG 2000 grey, 16 bits", "JPEG2000", _deep_grey, ending="jp2", like=_grey)


def _grey_tiff(samples: npt.NDArray[np.int64], *, bits: int, white: int, white_is_zero: bool) -> bytes:
    height, width = samples.shape
    data = samples.astype(f"<u{bits // 8}").tobytes()
    tags = {256: width, 257: height, 258: bits, 259: 1, 262: 0 if white_is_zero else 1, 273: 8, 277: 1, 278: height}
    tags |= {279: len(data)} | ({} if white == 2**bits - 1 else {281: white})
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(tags)) + rows + bytes(4)


def _oddly_described() -> Iterator[PictureKind]:
    """Yield pictures whose pixels are whole, and a piece of whose metadata is not."""
    chunks = {
        "eXIf without a heading": _chunk(b"eXIf", b"b'Exif'-text"),
        "iCCP of 1.5 MB": _chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(1_500_000))),
        "zTXt of 1.5 MB": _chunk(b"zTXt", b"c\0\0" + zlib.compress(b"x" * 1_500_000)),
        "tEXt with a bad checksum": _chunk(b"tEXt", b"c\0hello")[:-1] + b"\0",
    }
    for name, chunk in chunks.items():
        yield _kind(f"PNG, {name}", "PNG", _drawn, then=lambda png, chunk=chunk: _with_chunk(png, chunk))
    yield _kind(
        "JPEG, orientation 6, GPS fields of the wrong type",
        "JPEG",
        lambda: _stored(_drawn(), 6),
        ending="jpg",
        exif=b"Exif\0\0" + _exif_with_bad_gps(6),
        quality=92,
    )


def _exif_with_bad_gps(orientation: int) -> bytes:
    row = lambda tag, kind, value: struct.pack("<HHII", tag, kind, 1, value)  # noqa: E731
    first = struct.pack("<H", 2) + row(_ORIENTATION, 3, orientation) + row(0x8825, 4, 38) + bytes(4)
    gps = struct.pack("<H", 2) + row(6, 1, 5) + row(5, 5, 68) + bytes(4)
    return b"II*\0\x08\0\0\0" + first + gps + struct.pack("<2I", 22, 10)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _with_chunk(png: bytes, chunk: bytes) -> bytes:
    return png[:33] + chunk + png[33:]


def _small() -> Image.Image:
    return _drawn().resize((320, 240))


def _grey() -> Image.Image:
    return _drawn().convert("L")


def _deep_grey(kind: str = "<u2", mode: str = "I;16") -> Image.Image:
    pixels = (np.asarray(_grey()).astype(np.uint16) * 257).astype(kind)
    return Image.frombytes(mode, _drawn().size, pixels.tobytes())


def _half_clear() -> Image.Image:
    """Return the picture with transparency that grows from left to right."""
    image = _drawn().copy()
    image.putalpha(Image.linear_gradient("L").rotate(90).resize(image.size))
    return image


def _colour_keyed() -> Image.Image:
    image = _drawn().copy()
    image.info["transparency"] = image.getpixel((320, 240))
    return image


def _on_white() -> Image.Image:
    layers = _half_clear()
    return Image.alpha_composite(Image.new("RGBA", layers.size, "white"), layers).convert("RGB")


def _stored(upright: Image.Image, orientation: int) -> Image.Image:
    return upright.transpose(_TURNED[orientation]) if orientation in _TURNED else upright


def _exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    return exif.tobytes()


def _profile(space: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()


def _without_adobe_marker(jpeg: bytes) -> bytes:
    start = jpeg.index(b"\xff\xee\x00\x0eAdobe")
    return jpeg[:start] + jpeg[start + 16 :]


def _deep_png() -> bytes:
    """Return an RGB PNG of 16 bits a channel, which Pillow reads but does not write."""
    pixels = np.asarray(_drawn()).astype(">u2") * 257
    height, width, _ = pixels.shape
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in pixels)
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0),
        b"IDAT": zlib.compress(lines),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks.items())
