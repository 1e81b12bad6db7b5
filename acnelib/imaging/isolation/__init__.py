"""Decoding of pictures from strangers in processes that can be killed."""

from acnelib.imaging.isolation.pool import DecodingPool, Lane, PictureRequest

__all__ = ["DecodingPool", "Lane", "PictureRequest"]
