"""Pictures: bytes in, upright 8-bit RGB pixels out, the same at every door."""

from acnelib.imaging.content import FILE_SIZE_LIMIT, check_size
from acnelib.imaging.failures import PIXEL_LIMIT
from acnelib.imaging.opening import open_image
from acnelib.imaging.reading import Picture, PictureSource, read_picture, reading, resized

__all__ = [
    "FILE_SIZE_LIMIT",
    "PIXEL_LIMIT",
    "Picture",
    "PictureSource",
    "check_size",
    "open_image",
    "read_picture",
    "reading",
    "resized",
]
