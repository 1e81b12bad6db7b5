"""Exports: the table as CSV or JSON, and the picture as it is shown; without widgets."""

from __future__ import annotations

import contextlib
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from acnelib import __version__
from acnelib.errors import StorageFailed, UsageError
from acnelib.labels import ordered_labels
from acnelib.storage.files import SHARED, atomic_write, write_bytes
from gui.files import texts
from gui.state.overlay import OverlayStyle
from gui.state.results import verdict_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from PySide6.QtPrintSupport import QPrinter

    from gui.report.content import BatchReport, PhotoReport
    from gui.state.overlay import Overlay
    from gui.state.results import Row
    from gui.state.session import DecodedPicture

HEAD = (
    *("file", "path", "sha256", "state", "label", "confidence", "verdict", "quality"),
    *("threshold", "threshold_from"),
    *("model", "version", "stage", "model_sha256", "model_drawn", "answered_at", "error"),
)
"""Columns of a table before those of the scores; what ``acne predict`` writes too is called as there."""

_ABOUT = "Research tool, not a diagnosis"  # in English whatever the app's language is, as all of an export

_ANSWERED = ("sha256", "label", "confidence", "quality", "scores", "error")

_LINES_SEEN_AT = 1600  # pixels of the longer side of a picture in which contours have their width on the screen

_PICTURE_FORMS: Mapping[str, dict[str, Any]] = {
    ".png": {"format": "PNG", "compress_level": 3},  # twice as fast as usual, and little larger
    ".jpg": {"format": "JPEG", "quality": 95, "subsampling": 0},
    ".jpeg": {"format": "JPEG", "quality": 95, "subsampling": 0},
}


def export_table(path: Path, rows: Sequence[Row], *, threshold: float | None) -> None:
    """Write JSON where the file's name ends in ``.json``, else CSV; see :func:`export_csv`."""
    export = export_json if path.suffix.lower() == ".json" else export_csv
    export(path, rows, threshold=threshold)


def export_csv(path: Path, rows: Sequence[Row], *, threshold: float | None) -> None:
    """Write rows as CSV, in their order, wholly or not at all.

    It begins with a byte-order mark: without one, Excel takes UTF-8 for the system's old encoding and spoils every name
    that is not English; LibreOffice, pandas (``utf-8-sig``) and R know the mark.

    Args:
        path: The file; one of the photos is refused.
        rows: The rows, as on the screen.
        threshold: Score (0–1) from which the user takes an answer for confident; None: that of each answer, which is
            its model's own or this site's.

    Raises:
        AcneError: The file cannot be written.
    """
    from acnelib.inference import table

    labels = _labels(rows)
    lines = [table.line((*HEAD, *table.score_names(labels)))]
    for row in rows:
        values = _values(row, threshold=threshold)
        model, scores = values["model"] or {}, [values["scores"].get(label) for label in labels]
        values |= {"model": model.get("name"), "version": model.get("version"), "model_sha256": model.get("sha256")}
        values["model_drawn"] = table.yes_or_no(model["drawn"]) if model else None
        values["quality"] = table.joined(values["quality"])
        used = values["threshold"] or {}
        values |= {"threshold": used.get("value"), "threshold_from": used.get("origin")}
        lines.append(table.line((*(values[name] for name in HEAD), *scores)))
    _write(path, "\ufeff" + "".join(lines), photos=[row.path for row in rows])


def export_json(path: Path, rows: Sequence[Row], *, threshold: float | None) -> None:
    """Write rows as JSON, under a head that says what this is; see :func:`export_csv`."""
    value = {
        "about": _ABOUT,
        "made_by": f"acnelib {__version__}",
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "threshold": threshold,
        "labels": _labels(rows),
        "rows": [_values(row, threshold=threshold) for row in rows],
    }
    _write(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n", photos=[row.path for row in rows])


def export_picture(
    path: Path,
    pixels: DecodedPicture,
    *,
    overlay: Overlay | None = None,
    opacity: float = 1.0,
    style: OverlayStyle = OverlayStyle.COLOURS,
    photo: Path | None = None,
) -> None:
    """Write a picture as it is shown, as PNG or JPEG, made of its pixels alone: nothing else of the photo comes along.

    Args:
        path: The file; its ending says which of the two.
        pixels: The picture, in full.
        overlay: What is laid over it.
        opacity: Of what is laid over it, 0–1.
        style: Whether that is drawn as colours or as contours.
        photo: The file that the picture came from, which is refused.

    Raises:
        AcneError: The file cannot be written, or its name ends in something else.
    """
    from PIL import Image

    form = _PICTURE_FORMS.get(path.suffix.lower())
    if form is None:
        raise UsageError(f"{path.name} is not the name of a picture: use one that ends in .png or .jpg")
    image = Image.frombytes("RGB", pixels.size, _shown(pixels, overlay, opacity=opacity, style=style))
    with _failures_explained(path):
        target = checked_target(path, [photo] if photo else [])
        with atomic_write(target, mode=SHARED) as part:
            image.save(part, **form)


def export_report(path: Path, report: PhotoReport | BatchReport) -> None:
    """Write a report as PDF, wholly or not at all.

    Args:
        path: The file.
        report: The report.

    Raises:
        AcneError: The file cannot be written.
    """
    from gui.report.output import write_pdf

    with _failures_explained(path), atomic_write(path, mode=SHARED) as part:
        write_pdf(part, report)


def print_on(printer: QPrinter, report: PhotoReport | BatchReport) -> None:
    """Print a report.

    Args:
        printer: The printer, or the file that it prints to.
        report: The report.

    Raises:
        AcneError: The printer does not take it.
    """
    from gui.report.output import print_report

    try:
        print_report(printer, report)
    except OSError as error:
        raise StorageFailed(
            f"{error.filename or 'the printer'} did not take the report: look whether the printer is on, or save the "
            "report as a file"
        ) from error


def _values(row: Row, *, threshold: float | None) -> dict[str, Any]:
    """Return the values of a row by the names of their columns."""
    answer = row.prediction
    known: dict[str, Any] = dict.fromkeys(_ANSWERED) if answer is None else vars(answer)
    judged = answer is not None and answer.error is None
    used = None if not judged or answer is None else answer.threshold
    shown = None if used is None else {"value": used.value, "origin": used.origin}
    if judged and threshold is not None:
        shown = {"value": threshold, "origin": "user"}
    return {
        "file": row.path.name,
        "path": str(row.path),
        "sha256": known["sha256"],
        "state": row.state,
        "label": known["label"],
        "confidence": known["confidence"],
        "verdict": None if answer is None else verdict_at(answer, threshold),
        "quality": list(known["quality"] or ()),
        "threshold": shown,
        "scores": known["scores"] or {},
        "model": None if answer is None else vars(answer.model),
        "stage": row.stage,
        "answered_at": row.answered_at,
        "error": known["error"],
    }


def _labels(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the labels of all models that answered."""
    return ordered_labels({label for row in rows if row.prediction is not None for label in row.prediction.scores})


def _write(path: Path, text: str, *, photos: Sequence[Path]) -> None:
    with _failures_explained(path):
        # The name of a file need not be text; what is not becomes an escape, which JSON reads back as it was.
        write_bytes(checked_target(path, photos), text.encode(errors="backslashreplace"), mode=SHARED)


def checked_target(path: Path, photos: Sequence[Path]) -> Path:
    """Return a path that is to be written to.

    Raises:
        UsageError: One of the photos lies there, by whatever name it is called.
    """
    if path.exists():
        there = path.stat()
        for photo in photos:
            with contextlib.suppress(OSError, ValueError):
                if os.path.samestat(there, photo.stat()):
                    raise UsageError(texts.listed_photo(path.name))
    return path


@contextlib.contextmanager
def _failures_explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise StorageFailed(
            f"{path} cannot be written ({reason}): choose another folder, or free some disk space"
        ) from error


def _shown(pixels: DecodedPicture, overlay: Overlay | None, *, opacity: float, style: OverlayStyle) -> bytes:
    """Return three bytes a pixel of what the screen shows."""
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter

    from gui.widgets.overlay_painting import PaintedOverlay

    image = pixels.levels[0]
    if overlay is not None and not overlay.is_empty:
        image = image.copy()
        painter = QPainter(image)
        pixel = max(1.0, max(pixels.size) / _LINES_SEEN_AT)
        PaintedOverlay(overlay).paint(painter, QRectF(0, 0, *pixels.size), opacity=opacity, style=style, pixel=pixel)
        painter.end()
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows, width = bytes(plain.constBits()), 3 * plain.width()
    padded = plain.bytesPerLine()  # Qt begins every row at a multiple of four bytes
    return b"".join(rows[start : start + width] for start in range(0, padded * plain.height(), padded))
