"""Reports say what the screen says, and nothing in them is markup."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter

from acnelib.inference import ModelIdentity, Prediction
from acnelib.verdicts import ConfidenceThreshold, Verdict
from gui.report.content import batch_report, photo_report
from gui.report.output import print_report, write_pdf
from gui.state.results import Row
from gui.state.session import ModelReady, OpenPhoto, Session
from gui.work import read_photo

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
MODEL = ModelIdentity(name="acne", version="7", sha256="ab" * 32)
READY = ModelReady(
    name="production",
    identity=MODEL,
    labels=("rosacea", "acne-vulgaris"),
    confidence_threshold=0.6,
    confident_accuracy=0.9,
    false_rejection=0.02,
    measured="“Confident” was measured on photos of atlas.",
)


def answer(path, *, label="rosacea", score=0.7):
    other = "acne-vulgaris" if label == "rosacea" else "rosacea"
    return Prediction(
        path=str(path),
        sha256="cd" * 32,
        label=label,
        confidence=score,
        verdict=Verdict.CONFIDENT if score >= 0.6 else Verdict.UNCERTAIN,
        threshold=ConfidenceThreshold(0.6),
        scores={label: score, other: 1 - score},
        model=MODEL,
    )


@pytest.fixture
def session(photo):
    path = photo("papules")
    opened = OpenPhoto(number=1, path=path, picture=read_photo(path), prediction=answer(path))
    return Session(model=READY, photo=opened)


def row(number, **prediction):
    path = Path(f"/photos/{number}.jpg")
    return Row(number=number, path=path, prediction=answer(path, **prediction) if prediction else None)


def test_the_report_of_a_photo_has_its_scores_verdict_model_and_sources(session):
    report = photo_report(session, at=NOW)
    assert (report.verdict, report.answer) == ("Confident", "Rosacea")
    assert report.scores == (("Rosacea", 0.7), ("Acne vulgaris", pytest.approx(0.3)))
    facts = dict(report.facts)
    assert facts["Model"] == "acne, version 7"
    assert facts["Threshold"].replace("\u00a0", " ") == "60 % (of the model)"
    assert facts["Measured on"] == READY.measured


def test_the_user_s_threshold_changes_the_verdict_and_is_named(session):
    report = photo_report(session.with_threshold(0.8), at=NOW)
    assert report.verdict == "Uncertain"
    assert dict(report.facts)["Threshold"].replace("\u00a0", " ") == "80 % (set by the user)"


def test_a_hidden_answer_has_no_report(session):
    assert photo_report(session.with_answer_hidden(hidden=True), at=NOW) is None


def test_the_report_of_a_list_counts_classes_verdicts_and_what_has_no_answer():
    rows = [row(1, score=0.9), row(2, score=0.55), row(3, label="acne-vulgaris", score=0.8), row(4)]
    report = batch_report(rows, threshold=None, at=NOW)
    assert dict(report.counts) == {
        "Verdicts": (("Confident", 2), ("Uncertain", 1)),
        "Classes": (("Rosacea", 2), ("Acne vulgaris", 1)),
        "Without an answer": (("not classified yet", 1),),
    }
    assert [line[0] for line in report.lines] == ["1.jpg", "2.jpg", "3.jpg", "4.jpg"]


def test_a_list_without_an_answer_has_no_report():
    assert batch_report([row(1)], threshold=None, at=NOW) is None


def pages(path):
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def test_a_photo_fits_on_one_page(session, tmp_path, qapp):
    write_pdf(tmp_path / "report.pdf", photo_report(session, at=NOW))
    assert pages(tmp_path / "report.pdf") == 1


def test_a_long_list_continues_on_further_pages(tmp_path, qapp):
    write_pdf(tmp_path / "report.pdf", batch_report([row(n, score=0.7) for n in range(300)], threshold=None, at=NOW))
    assert 5 < pages(tmp_path / "report.pdf") < 15


@pytest.mark.parametrize("paper", [QPageSize.PageSizeId.A5, QPageSize.PageSizeId.Letter])
def test_a_printed_photo_fits_on_a_page_of_the_paper_in_the_printer(session, tmp_path, qapp, paper):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setPageSize(QPageSize(paper))
    print_report(printer, photo_report(session, at=NOW))
    assert pages(tmp_path / "printed.pdf") == 1


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_takes_nothing_is_an_error(session, tmp_path, qapp):
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "no folder" / "printed.pdf"))
    with pytest.raises(OSError, match="did not take the report"):
        print_report(printer, photo_report(session, at=NOW))


def test_names_are_shown_as_they_are_and_load_nothing(session, tmp_path, qapp, photo):
    named = photo("papules").rename(tmp_path / '<img src="file:x.png">&amp;.png')
    opened = OpenPhoto(number=1, path=named, picture=session.photo.picture, prediction=session.photo.prediction)
    report = photo_report(Session(model=READY, photo=opened), at=NOW)
    assert report.title == '<img src="file:x.png">&amp;.png'
    write_pdf(tmp_path / "report.pdf", report)
    streams = re.findall(rb"stream\r?\n(.*?)endstream", (tmp_path / "report.pdf").read_bytes(), re.DOTALL)
    assert sum(b" Do" in unpacked(stream) for stream in streams) == 1  # one page with pictures


def unpacked(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""
