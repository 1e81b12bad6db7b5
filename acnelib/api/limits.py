"""How much one request may ask for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one request, and all requests together, may ask for.

    Attributes:
        images: Photos in one request.
        image_bytes: Bytes of one photo.
        body_bytes: Bytes of one request.
        pixels: Pixels of one photo; more are an error of its row.
        body_seconds: How long a request may take to arrive.
        redirects: How often one URL may lead elsewhere.
        fetch_seconds: How long one URL may take, redirects included.
        fetches: URLs that are fetched at the same time.
        held_bytes: Bytes of all requests that are read at the same time; others wait.
        runs: Runs that are listed, the newest.
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
