"""Limits of requests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of one request, and of all requests together.

    Attributes:
        images: Photos in one request.
        image_bytes: Bytes of one photo.
        body_bytes: Bytes of one request.
        pixels: Pixels of one photo; above that, its row has an error.
        body_seconds: How long a request may take to arrive.
        redirects: Redirects that one URL may have.
        fetch_seconds: How long one URL may take, redirects included.
        fetches: URLs fetched at the same time.
        held_bytes: Bytes of all requests being read; further requests wait.
        runs: Newest runs that are listed.
    """

    images: int = 32
    image_bytes: int = 25_000_000
    body_bytes: int = 64_000_000
    pixels: int = 64_000_000
    body_seconds: float = 60.0
    redirects: int = 3
    fetch_seconds: float = 15.0
    fetches: int = 16
    held_bytes: int = 512_000_000
    runs: int = 100
