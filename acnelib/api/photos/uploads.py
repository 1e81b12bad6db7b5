"""Photos of a request, read in memory and within the limits."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from acnelib.api.bodies import check_announced, too_large
from acnelib.api.photos.content_disposition import file_name, parameters
from acnelib.api.problems import MOST_DETAILS, Problem, unsupported_encoding
from acnelib.text.formatting import format_bytes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from starlette.requests import Request

    from acnelib.api.limits import Limits

_URL_BYTES = 8192
_PART_HEADERS = 8
_HEADER_BYTES = 4096
_FILES = "files"
_UNNAMED = "photo"
_ENCODINGS = frozenset({b"content-encoding", b"content-transfer-encoding"})
_PLAIN_ENCODINGS = frozenset({"", "identity", "binary", "7bit", "8bit"})
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class UrlsBody(BaseModel):
    """Photos by URL, as JSON."""

    model_config = ConfigDict(extra="forbid")

    urls: list[str] = Field(
        min_length=1, fail_fast=True, description="Addresses on the public internet, https or http."
    )


@dataclass(frozen=True)
class Photo:
    """A photo of a request.

    Attributes:
        name: The file name without folders, or the URL.
        content: The bytes of the file; None for a photo that must be fetched.
    """

    name: str
    content: bytes | None


class ByteBudget:
    """The memory for all requests together; requests wait until enough is free."""

    def __init__(self, size: int) -> None:
        self._free = size
        self._size = size
        self._freed = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def of(self, requested: int) -> AsyncIterator[None]:
        """Reserve memory while the block runs."""
        requested = min(requested, self._size)
        async with self._freed:
            await self._freed.wait_for(lambda: self._free >= requested)
            self._free -= requested
        try:
            yield
        finally:
            async with self._freed:
                self._free += requested
                self._freed.notify_all()


class _InMemory(MultiPartParser):
    """Keeps every file in memory, since photos of people must not be written to a temporary folder.

    Every part that is called ``files`` is a photo; its name is taken from wherever the client writes it.
    """

    spool_max_size = 2**62

    def on_header_end(self) -> None:
        """Take a header of a part."""
        super().on_header_end()
        if len(self._current_part.item_headers) > _PART_HEADERS:
            raise MultiPartException(f"a part has more than {_PART_HEADERS} headers")

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        """Take a piece of a header's value."""
        super().on_header_value(data, start, end)
        if len(self._current_partial_header_value) > _HEADER_BYTES:
            raise MultiPartException(f"a header of a part has more than {_HEADER_BYTES} bytes")

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        """Take a piece of a header's name."""
        super().on_header_field(data, start, end)
        if len(self._current_partial_header_name) > _HEADER_BYTES:
            raise MultiPartException(f"a header of a part has more than {_HEADER_BYTES} bytes")

    def on_headers_finished(self) -> None:
        """Begin a part."""
        part = self._current_part
        _check_encoding(part.item_headers)
        header = part.content_disposition or b""
        given, name = parameters(header), file_name(header)
        if name is None and given.get("name") == _FILES:
            name = _UNNAMED
        if name is not None and "filename" not in given:
            part.content_disposition = header + b'; filename="-"'  # by which the parser recognises a file
        super().on_headers_finished()
        if name is not None and part.file is not None:
            part.file.filename = name


def _check_encoding(headers: list[tuple[bytes, bytes]]) -> None:
    for header, value in headers:
        encoding = value.decode("latin-1").strip().casefold()
        if header in _ENCODINGS and encoding not in _PLAIN_ENCODINGS:
            raise unsupported_encoding(encoding)


def announced(request: Request, limits: Limits) -> int:
    """Return the size of a request by its Content-Length header, else the limit.

    Raises:
        Problem: The size exceeds the limit.
    """
    text = request.headers.get("content-length", "")
    if not text.isdecimal():
        return limits.body_bytes
    if int(text) > limits.body_bytes:
        raise _too_large(limits)
    return int(text)


async def read_photos(request: Request, limits: Limits) -> list[Photo]:
    """Return the photos of a request in their order: files of a form, then its URLs; or the URLs of JSON.

    Raises:
        Problem: The request is not valid, or exceeds a limit.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    try:
        async with asyncio.timeout(limits.body_seconds):
            if kind == "multipart/form-data":
                photos = await _of_form(request, limits)
            elif kind == "application/json":
                photos = await _of_json(request, limits)
            else:
                raise Problem(
                    415,
                    "unsupported-media-type",
                    f"the media type {kind or '(none)'} is not supported: send multipart/form-data or JSON",
                )
    except ClientDisconnect as error:
        raise Problem(400, Problem.INVALID, "the connection was closed before the end of the request") from error
    except TimeoutError as error:
        raise Problem(
            408, "too-slow", f"the request took longer than {limits.body_seconds:g} s to arrive: send fewer photos"
        ) from error
    if not photos:
        raise Problem(422, Problem.INVALID, "no photo in the request: send files as `files`, or addresses as `urls`")
    if len(photos) > limits.images:
        raise _too_many(limits)
    return photos


async def _of_form(request: Request, limits: Limits) -> list[Photo]:
    # One more than the limit is accepted, so that the error names the right number.
    parser = _InMemory(
        request.headers,
        _within(request, limits),
        max_files=limits.images + 1,
        max_fields=limits.images + 1,
        max_part_size=_URL_BYTES,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        if error.message.startswith("Too many"):
            raise _too_many(limits) from error
        raise Problem(422, Problem.INVALID, f"the form is not valid: {error.message}") from error
    except (UnicodeError, LookupError) as error:  # from the character set that the request names
        raise Problem(422, Problem.INVALID, "the character set of the form is not supported: use UTF-8") from error
    try:
        files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        photos = [Photo(_base_name(file.filename or ""), file.file.read()) for file in files]
    finally:
        await form.close()
    for photo in photos:
        if len(photo.content or b"") > limits.image_bytes:
            raise Problem(
                413, "too-large", f"{photo.name} has more than {format_bytes(limits.image_bytes)}: scale the photo down"
            )
    urls = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    if unknown := sorted({name for name, _ in urls} - {"urls"}):
        raise Problem(422, Problem.INVALID, f"the form has a field {unknown[0]!r}: send files as `files`, or `urls`")
    return [*photos, *(Photo(_UNPRINTABLE.sub("", url), None) for _, url in urls)]


async def _of_json(request: Request, limits: Limits) -> list[Photo]:
    body = bytearray()
    check_announced(request.headers.raw, limits.json_bytes)
    async for piece in _within(request, limits):
        body += piece
        if len(body) > limits.json_bytes:
            raise too_large(limits.json_bytes)
    try:
        urls = UrlsBody.model_validate_json(bytes(body)).urls
    except ValidationError as error:
        details = [
            {"where": ".".join(["body", *map(str, detail["loc"])]), "message": detail["msg"]}
            for detail in error.errors(include_url=False, include_input=False)[:MOST_DETAILS]
        ]
        message = f"{details[0]['where']}: {details[0]['message']}"
        raise Problem(422, Problem.INVALID, message, details=details) from error
    return [Photo(url, None) for url in urls]


async def _within(request: Request, limits: Limits) -> AsyncGenerator[bytes]:
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > limits.body_bytes:
            raise _too_large(limits)
        yield piece


def _base_name(name: str) -> str:
    base = re.split(r"[/\\]", name)[-1]
    return _UNPRINTABLE.sub("", base)[:255] or _UNNAMED


def _too_large(limits: Limits) -> Problem:
    return Problem(
        413, "too-large", f"a request may have at most {format_bytes(limits.body_bytes)}: send fewer photos at a time"
    )


def _too_many(limits: Limits) -> Problem:
    return Problem(422, "too-many-photos", f"a request may have at most {limits.images} photos: send several requests")
