"""The routes that start, list and cancel runs of the pipeline."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import PlainTextResponse, StreamingResponse
from starlette.responses import Response

from acnelib.api.runs.processes import RUN_ID
from acnelib.api.runs.records import tail
from acnelib.api.runs.requests import RunRequest
from acnelib.api.schemas import ErrorAnswer, RunAnswer, RunsAnswer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path as FilePath

    from acnelib.api.limits import Limits
    from acnelib.api.runs.processes import RunManager

RunId = Annotated[str, Path(pattern=f"^{RUN_ID.pattern}$", examples=["20261128T031500-1f3c9a"])]

_TAIL_BYTES = 1_000_000
_POLL_SECONDS = 0.3
_NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": ErrorAnswer, "description": "There is no such run."}}
_CONFLICT: dict[int | str, dict[str, Any]] = {409: {"model": ErrorAnswer, "description": "Its state forbids it."}}
_ENCODED: dict[int | str, dict[str, Any]] = {415: {"model": ErrorAnswer, "description": "The body is encoded."}}
_TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


def run_routes(runs: RunManager, *, limits: Limits, stopping: Callable[[], bool]) -> APIRouter:
    """Return the routes of runs.

    Args:
        runs: The runs.
        limits: The limit of listed runs.
        stopping: Whether the server is about to stop, which ends followed logs.
    """
    router = APIRouter(tags=["Runs"], prefix="/v1/runs")

    @router.post("", summary="Start a run", status_code=202, responses=_CONFLICT | _ENCODED)
    def start(request: RunRequest) -> RunAnswer:
        """Start `acne pipeline` in a separate process; one run at a time in the server's working folder."""
        record = runs.start(request)
        return RunAnswer(**runs.summary(*runs.find(record.id)))

    @router.get("", summary="List runs")
    def listed() -> RunsAnswer:
        """Return the newest runs, newest first."""
        return RunsAnswer(runs=[RunAnswer(**runs.summary(*run)) for run in runs.newest(limits.runs)])

    @router.get("/{run}", summary="Show a run", responses=_NOT_FOUND)
    def one(run: RunId) -> RunAnswer:
        """Return the state of a run, and its decision once it is done."""
        return RunAnswer(**runs.summary(*runs.find(run)))

    @router.get(
        "/{run}/log", summary="Read a run's log", response_class=PlainTextResponse, responses=_TEXT | _NOT_FOUND
    )
    def log(
        run: RunId,
        last: Annotated[int, Query(ge=1, le=10_000, description="Number of last lines.")] = 200,
        *,
        follow: Annotated[bool, Query(description="Follow the log until the run ends.")] = False,
    ) -> Response:
        """Return the log of a run, without the paths of people's files."""
        folder, record = runs.find(run)
        redact = runs.redaction(record)
        if follow:

            def is_over() -> bool:
                return stopping() or runs.find(run)[1].end is not None

            return StreamingResponse(_followed(folder.log, last, redact, is_over), media_type="text/plain")
        lines = tail(folder.log, _TAIL_BYTES)[-last:]
        return PlainTextResponse(_redacted(lines, redact))

    @router.post("/{run}/cancel", summary="Cancel a run", responses=_NOT_FOUND | _CONFLICT)
    def cancel(run: RunId) -> RunAnswer:
        """Interrupt a run as Ctrl-C does; finished results are kept, and the same request resumes from them."""
        record = runs.cancel(run)
        return RunAnswer(**runs.summary(*runs.find(record.id)))

    return router


async def _followed(
    log: FilePath, last: int, redact: Callable[[str], str], is_over: Callable[[], bool]
) -> AsyncIterator[str]:
    """Yield the last lines of a log, then each new one, until the run is over."""
    position, started, rest = 0, False, b""
    while True:
        over = await asyncio.to_thread(is_over)  # checked before reading, so that no line is lost
        piece, position = await asyncio.to_thread(_new_bytes, log, position)
        *lines, rest = (rest + piece).split(b"\n")
        if over and rest:
            lines, rest = [*lines, rest], b""
        texts = [line.decode(errors="replace") for line in lines]
        if text := await asyncio.to_thread(_redacted, texts if started else texts[-last:], redact):
            yield text
        started = True
        if over:
            return
        await asyncio.sleep(_POLL_SECONDS)


def _redacted(lines: list[str], redact: Callable[[str], str]) -> str:
    return "".join(f"{redact(line)}\n" for line in lines)


def _new_bytes(log: FilePath, position: int) -> tuple[bytes, int]:
    """Return the bytes after a position, limited to the last megabyte, and the new position."""
    try:
        with log.open("rb") as stream:
            begin = stream.seek(max(position, stream.seek(0, 2) - _TAIL_BYTES))
            piece = stream.read()
    except FileNotFoundError:
        return b"", position
    return piece, begin + len(piece)
