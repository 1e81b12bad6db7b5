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
        json_bytes: Bytes of a request in JSON, and of every request but photos.
        json_seconds: How long such a request may take to arrive.
        headers: Headers of one request.
        head_bytes: Bytes of address and headers.
        head_seconds: How long they may take to arrive.
        linger_seconds: How long an answer has to arrive before a connection is closed on which more is sent.
        connections: Open connections; further ones are closed.
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
    json_bytes: int = 256_000
    json_seconds: float = 10.0
    headers: int = 100
    head_bytes: int = 32_768
    head_seconds: float = 15.0
    linger_seconds: float = 2.0
    connections: int = 512
    redirects: int = 3
    fetch_seconds: float = 15.0
    fetches: int = 16
    held_bytes: int = 512_000_000
    runs: int = 100
