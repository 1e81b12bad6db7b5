"""What the window shows and what the model sees are the same pixels, whatever the file is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from acnelib.imaging import read_picture
from gui.work import PICTURE_SIDE, read_photo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    Rgb = npt.NDArray[np.uint8]

ORIENTATION = 0x0112


@pytest.fixture(scope="module")
def drawn() -> Image.Image:
    """A picture of which no turn or mirror image looks like another."""
    across, along = np.meshgrid(np.arange(48), np.arange(32))
    return Image.fromarray(np.stack([across * 5, along * 7, (across + along) * 3], axis=2).astype(np.uint8))


def shown(path: Path) -> Rgb:
    image = read_photo(path).pixels.levels[0].convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(bytes(image.constBits()), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def seen(path: Path) -> Rgb:
    return np.asarray(read_picture(path).image)


def heic(image: Image.Image, path: Path, **options: object) -> None:
    import pillow_heif

    pillow_heif.from_pillow(image).save(path, quality=95, **options)


def deep_png(image: Image.Image, path: Path) -> None:
    """Write 16 bits per channel, which Pillow cannot."""
    wide = QImage(image.tobytes(), *image.size, 3 * image.width, QImage.Format.Format_RGB888)
    assert wide.convertToFormat(QImage.Format.Format_RGBX64).save(str(path))


def deep_grey(image: Image.Image, path: Path) -> None:
    Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257).save(path)


def half_clear(image: Image.Image) -> Image.Image:
    alpha = Image.linear_gradient("L").resize(image.size)
    alpha.paste(0, (0, 0, image.width, 1))
    clear = image.convert("RGBA")
    clear.putalpha(alpha)
    return clear


FILES: dict[str, Callable[[Image.Image, Path], None]] = {
    "photo.heic": heic,
    "photo.webp": lambda image, path: image.save(path, quality=80),
    "lossless.webp": lambda image, path: image.save(path, lossless=True),
    "photo.tiff": lambda image, path: image.save(path, compression="tiff_lzw"),
    "photo.png": lambda image, path: image.save(path),
    "photo.jpg": lambda image, path: image.save(path, quality=85),
    "progressive.jpg": lambda image, path: image.save(path, quality=85, progressive=True),
    "cmyk.jpg": lambda image, path: image.convert("CMYK").save(path),
    "grey.jpg": lambda image, path: image.convert("L").save(path),
    "deep.png": deep_png,
    "deep-grey.png": deep_grey,
    "deep-grey.tiff": deep_grey,
    "alpha.png": lambda image, path: half_clear(image).save(path),
    "alpha.webp": lambda image, path: half_clear(image).save(path, lossless=True),
    "alpha.tiff": lambda image, path: half_clear(image).save(path),
    "palette.png": lambda image, path: image.quantize(64).save(path),
    "palette.gif": lambda image, path: image.quantize(64).save(path),
    "clear-palette.png": lambda image, path: image.quantize(64).save(path, transparency=3),
    "two-colours.png": lambda image, path: image.convert("1").save(path),
}


@pytest.mark.parametrize("name", FILES)
def test_the_window_shows_what_the_model_sees(name: str, drawn: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / name
    FILES[name](drawn, path)
    assert shown(path).shape == (32, 48, 3)
    np.testing.assert_array_equal(shown(path), seen(path))


@pytest.mark.parametrize("name", ["lossless.webp", "photo.tiff", "photo.png", "deep.png"])
def test_a_file_that_loses_nothing_shows_what_was_drawn(name: str, drawn: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / name
    FILES[name](drawn, path)
    np.testing.assert_array_equal(shown(path), np.asarray(drawn))


@pytest.mark.parametrize("name", ["deep-grey.png", "deep-grey.tiff"])
def test_sixteen_bits_are_made_eight_and_not_cut_off(name: str, drawn: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / name
    FILES[name](drawn, path)
    np.testing.assert_array_equal(shown(path), np.asarray(drawn.convert("L").convert("RGB")))


def test_what_is_transparent_lies_on_white(drawn: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / "alpha.png"
    FILES[path.name](drawn, path)
    np.testing.assert_array_equal(shown(path)[0], 255)


LAID = {
    1: lambda image: image,
    2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
    4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
    6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
    7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
    8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
}
"""How a camera that says so stores an upright picture."""


@pytest.mark.parametrize("orientation", LAID)
@pytest.mark.parametrize("ending", ["png", "tiff", "webp"])
def test_every_orientation_is_shown_upright(orientation: int, ending: str, drawn: Image.Image, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    path = tmp_path / f"turned.{ending}"
    LAID[orientation](drawn).save(path, exif=exif, lossless=True)
    np.testing.assert_array_equal(shown(path), np.asarray(drawn))
    np.testing.assert_array_equal(seen(path), np.asarray(drawn))


@pytest.mark.parametrize("orientation", LAID)
def test_every_orientation_of_a_jpeg_is_the_same_for_both(orientation: int, drawn: Image.Image, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    path = tmp_path / "turned.jpg"
    LAID[orientation](drawn).save(path, exif=exif, quality=95, subsampling=0)
    np.testing.assert_array_equal(shown(path), seen(path))
    np.testing.assert_allclose(shown(path).astype(int), np.asarray(drawn), atol=12)


@pytest.mark.parametrize("orientation", LAID)
def test_every_orientation_of_a_heic_is_the_same_for_both(orientation: int, drawn: Image.Image, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    path = tmp_path / "turned.heic"
    heic(LAID[orientation](drawn), path, exif=exif.tobytes())
    assert shown(path).shape[:2] == (32, 48)
    np.testing.assert_array_equal(shown(path), seen(path))


def test_a_huge_photo_is_shown_smaller_and_classified_whole(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    Image.new("RGB", (PICTURE_SIDE + 100, 10), (200, 120, 90)).save(path)
    photo = read_photo(path)
    assert photo.pixels.size[0] == PICTURE_SIDE
    assert photo.size == (PICTURE_SIDE + 100, 10)
    assert seen(path).shape == (10, PICTURE_SIDE + 100, 3)
