"""Exports: every fact in the screen's order, whole or not at all, and nothing of a photo but its pixels."""

from __future__ import annotations

import csv
import io
import json
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from acnelib.errors import AcneError
from acnelib.imaging import read_picture
from acnelib.inference import ConfidenceThreshold, ModelIdentity, Prediction, Quality, ThresholdOrigin, Verdict
from gui.files.exporting import HEAD, export_csv, export_json, export_picture, export_table
from gui.state.contours import Contour
from gui.state.overlay import Overlay, OverlayStyle
from gui.state.results import Results
from gui.state.wording import RESEARCH_TOOL
from gui.widgets.pixels import Pixels

MODEL = ModelIdentity(name="acne", version="3", sha256="f" * 64)
AT = "2026-01-01T00:00:00+00:00"


def answer(**changes):
    reported = {"path": "x", "sha256": "5e", "label": "papules", "confidence": 0.7, "verdict": Verdict.UNCERTAIN}
    reported["threshold"] = ConfidenceThreshold(0.8)
    return Prediction(**{**reported, "scores": {"papules": 0.7, "cysts": 0.3}, "model": MODEL, **changes})


def failure(reason="b.png is empty: copy or export it again"):
    return Prediction(path="x", sha256=None, model=MODEL, error=reason)


def rows_of(*named):
    """Return rows of (name, prediction or None)."""
    results = Results()
    for row, (_, prediction) in zip(results.add([Path("/photos") / name for name, _ in named]), named, strict=True):
        if prediction is not None:
            results.put(row.answered(prediction, stage="Production", at=AT))
    return tuple(results)


ROWS = rows_of(("c.png", answer()), ("b.png", failure()), ("a.png", None))


def read_csv(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_a_table_has_every_fact_of_a_row(tmp_path):
    export_csv(tmp_path / "t.csv", ROWS, threshold=None)
    row = read_csv(tmp_path / "t.csv")[0]
    assert list(row) == [*HEAD, "score_cysts", "score_papules"]
    assert list(row.values()) == [
        *("c.png", str(Path("/photos/c.png")), "5e", "answered", "papules", "0.7", "uncertain", ""),
        *("0.8", "model"),
        *("acne", "3", "Production", "f" * 64, "false", AT, "", "0.3", "0.7"),
    ]


def test_each_row_has_the_threshold_that_it_was_judged_with(tmp_path):
    site = ConfidenceThreshold(0.93, ThresholdOrigin.SITE)
    export_csv(tmp_path / "t.csv", rows_of(("a.png", answer()), ("b.png", answer(threshold=site))), threshold=None)
    judged = [(row["threshold"], row["threshold_from"]) for row in read_csv(tmp_path / "t.csv")]
    assert judged == [("0.8", "model"), ("0.93", "site")]


def test_rows_keep_the_order_of_the_screen(tmp_path):
    export_csv(tmp_path / "t.csv", [ROWS[1], ROWS[2], ROWS[0]], threshold=None)
    assert [row["file"] for row in read_csv(tmp_path / "t.csv")] == ["b.png", "a.png", "c.png"]


def test_a_failed_row_says_why_and_a_pending_one_is_pending(tmp_path):
    export_csv(tmp_path / "t.csv", ROWS, threshold=0.5)
    _, failed, waiting = read_csv(tmp_path / "t.csv")
    assert (failed["state"], failed["error"], failed["threshold"]) == ("failed", ROWS[1].error, "")
    assert [name for name, value in waiting.items() if value] == ["file", "path", "state"]
    assert waiting["state"] == "pending"


@pytest.mark.parametrize(("threshold", "verdict", "used"), [(0.6, "confident", "0.6"), (0.71, "uncertain", "0.71")])
def test_verdicts_follow_the_threshold_of_the_user(tmp_path, threshold, verdict, used):
    export_csv(tmp_path / "t.csv", ROWS, threshold=threshold)
    row = read_csv(tmp_path / "t.csv")[0]
    assert (row["verdict"], row["threshold"], row["threshold_from"]) == (verdict, used, "user")


def test_what_is_wrong_with_a_photo_is_exported_and_the_users_threshold_does_not_make_it_confident(tmp_path):
    rows = rows_of(("a.png", answer(quality=(Quality.SMALL, Quality.BLURRED), fit=False)))
    export_csv(tmp_path / "t.csv", rows, threshold=0.1)
    export_json(tmp_path / "t.json", rows, threshold=0.1)
    (row,), reported = read_csv(tmp_path / "t.csv"), json.loads((tmp_path / "t.json").read_text("utf-8"))["rows"]
    assert (row["verdict"], row["quality"]) == ("uncertain", "small;blurred")
    assert [(one["verdict"], one["quality"]) for one in reported] == [("uncertain", ["small", "blurred"])]


def test_rows_of_models_with_other_labels_share_a_table(tmp_path):
    rows = rows_of(("a.png", answer()), ("b.png", answer(label="rosacea", scores={"rosacea": 1.0})))
    export_csv(tmp_path / "t.csv", rows, threshold=None)
    first, second = read_csv(tmp_path / "t.csv")
    assert (first["score_rosacea"], second["score_rosacea"], second["score_cysts"]) == ("", "1.0", "")


def test_a_table_opens_right_in_spreadsheets(tmp_path):
    export_csv(tmp_path / "t.csv", rows_of(("=1+1 ä.png", None)), threshold=None)
    content = (tmp_path / "t.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbffile,path,")
    assert read_csv(tmp_path / "t.csv")[0]["file"] == "'=1+1 ä.png"


def test_json_says_what_it_is_and_has_the_same_rows(tmp_path):
    export_json(tmp_path / "t.json", ROWS, threshold=0.6)
    reported = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert reported["about"] == RESEARCH_TOOL
    assert reported["made_by"].startswith("acnelib ")
    assert (reported["threshold"], reported["labels"]) == (0.6, ["cysts", "papules"])
    assert [(row["file"], row["state"], row["verdict"]) for row in reported["rows"]] == [
        ("c.png", "answered", "confident"),
        ("b.png", "failed", None),
        ("a.png", "pending", None),
    ]
    assert reported["rows"][0]["model"] == {"name": "acne", "version": "3", "sha256": "f" * 64, "drawn": False}
    assert reported["rows"][0]["threshold"] == {"value": 0.6, "origin": "user"}
    assert reported["rows"][0]["scores"] == {"papules": 0.7, "cysts": 0.3}


def test_a_name_that_is_no_text_comes_back_from_json(tmp_path):
    rows = rows_of(("a\udcff.png", None))
    export_json(tmp_path / "t.json", rows, threshold=None)
    export_csv(tmp_path / "t.csv", rows, threshold=None)
    assert json.loads((tmp_path / "t.json").read_text("utf-8"))["rows"][0]["file"] == "a\udcff.png"
    assert read_csv(tmp_path / "t.csv")[0]["file"] == "a\\udcff.png"


def test_the_ending_says_which_it_is(tmp_path):
    for name, first in (("t.JSON", "{"), ("t.csv", "\ufeff"), ("t", "\ufeff")):
        export_table(tmp_path / name, ROWS, threshold=None)
        assert (tmp_path / name).read_text("utf-8")[0] == first


def test_what_cannot_be_written_leaves_nothing_and_says_why(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(AcneError, match=r"t\.csv cannot be written \(.*\): choose another folder"):
        export_csv(tmp_path / "file" / "t.csv", ROWS, threshold=None)
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(AcneError, match="cannot be written"):
        export_csv(tmp_path / "t.csv", ROWS, threshold=None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "t.csv"]


def test_a_photo_is_never_written_over(tmp_path, photo):
    path = photo("papules")
    before, link = path.read_bytes(), tmp_path / "link.png"
    link.hardlink_to(path)
    results = Results()
    results.add([path])
    pixels = Pixels.of(Image.new("RGB", (4, 4)))
    for export in (export_csv, export_json):
        with pytest.raises(AcneError, match="one of the listed photos"):
            export(link, tuple(results), threshold=None)
    with pytest.raises(AcneError, match="one of the listed photos"):
        export_picture(link, pixels, photo=path)
    assert path.read_bytes() == before


SECRETS = (b"SECRET-EXIF", b"SECRET-XMP", b"SECRET-IPTC", b"SECRET-COMMENT", b"SECRET-ICC", b"SECRET-TEXT")


def photo_full_of_secrets(path):
    """Write a photo that tells where and by whom it was taken, in every place that its form has for that."""
    image = Image.effect_mandelbrot((30, 20), (-2, -1, 1, 1), 20).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "SECRET-EXIF"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    icc = b"\0" * 36 + b"acsp" + b"SECRET-ICC".ljust(100, b"\0")
    if path.suffix == ".png":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "SECRET-TEXT")
        text.add_itxt("XML:com.adobe.xmp", "<x>SECRET-XMP</x>")
        image.save(path, pnginfo=text, exif=exif, icc_profile=icc, dpi=(299, 299))
    else:
        iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x78\0\x0bSECRET-IPTC"
        image.save(path, exif=exif, icc_profile=icc, xmp=b"<x>SECRET-XMP</x>", comment=b"SECRET-COMMENT")
        content = path.read_bytes()
        path.write_bytes(content[:2] + b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc + content[2:])


@pytest.mark.parametrize("source", ["photo.jpg", "photo.png"])
@pytest.mark.parametrize("target", ["shown.png", "shown.jpg", "shown.JPEG"])
def test_nothing_of_a_photo_survives_but_its_pixels(tmp_path, source, target):
    photo_full_of_secrets(tmp_path / source)
    assert sum(secret in (tmp_path / source).read_bytes() for secret in SECRETS) >= 2
    pixels = Pixels.of(read_picture(tmp_path / source).image)
    export_picture(tmp_path / target, pixels, photo=tmp_path / source)
    content = (tmp_path / target).read_bytes()
    for trace in (*SECRETS, b"SECRET", b"Exif", b"8BIM", b"http", b"ICC", b"iCCP", b"eXIf", b"tEXt", b"iTXt", b"pHYs"):
        assert trace not in content
    with Image.open(tmp_path / target) as shown:
        shown.load()
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not shown.getexif()


def test_the_parts_of_a_png_and_of_a_jpeg_are_those_that_pixels_need(tmp_path):
    pixels = Pixels.of(Image.new("RGB", (31, 7), "red"))
    export_picture(tmp_path / "a.png", pixels)
    export_picture(tmp_path / "a.jpg", pixels)
    content, chunks, at = (tmp_path / "a.png").read_bytes(), set(), 8
    while at < len(content):
        chunks.add(content[at + 4 : at + 8])
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    assert chunks == {b"IHDR", b"IDAT", b"IEND"}
    with Image.open(tmp_path / "a.jpg") as shown:
        assert [name for name, _ in shown.applist] == ["APP0"]


@pytest.mark.parametrize("width", [1, 2, 3, 5, 31, 64])
def test_a_png_has_the_very_pixels(tmp_path, width):
    picture = Image.fromarray(np.random.default_rng(width).integers(0, 256, (6, width, 3), dtype=np.uint8))
    export_picture(tmp_path / "a.png", Pixels.of(picture))
    with Image.open(tmp_path / "a.png") as shown:
        assert np.array_equal(np.asarray(shown), np.asarray(picture))


def test_what_is_laid_over_the_picture_is_saved_with_it_and_the_shown_one_stays_as_it_was(tmp_path):
    pixels = Pixels.of(Image.new("RGB", (40, 20), "black"))
    left_clear = b"".join(bytes((0, 0, 255, 0)) if x < 5 else bytes((255, 255, 255, 255)) for x in range(10)) * 5
    overlay = Overlay(label="papules", width=10, height=5, rgba=left_clear)
    export_picture(tmp_path / "a.png", pixels, overlay=overlay, opacity=0.5)
    with Image.open(tmp_path / "a.png") as shown:
        assert shown.getpixel((2, 10)) == (0, 0, 0)
        assert shown.getpixel((37, 10)) == pytest.approx((128, 128, 128), abs=2)
    assert pixels.levels[0].pixelColor(37, 10).red() == 0


def test_contours_are_saved_as_they_are_shown(tmp_path):
    contour = Contour(0.5, ((0.5, 0.0, 0.5, 1.0),))
    overlay = Overlay(label="papules", width=1, height=1, rgba=bytes((0, 255, 0, 255)), contours=(contour,))
    pixels = Pixels.of(Image.new("RGB", (40, 20), "red"))
    export_picture(tmp_path / "a.png", pixels, overlay=overlay, style=OverlayStyle.CONTOURS)
    with Image.open(tmp_path / "a.png") as shown:
        assert [shown.getpixel((x, 10)) for x in (5, 35)] == [(255, 0, 0), (255, 0, 0)]
        assert min(shown.getpixel((20, 10))) > 150


def test_a_map_in_which_nothing_speaks_changes_nothing(tmp_path):
    empty = Overlay(label="papules", width=0, height=0, rgba=b"")
    export_picture(tmp_path / "a.png", Pixels.of(Image.new("RGB", (4, 4), "red")), overlay=empty)
    with Image.open(tmp_path / "a.png") as shown:
        assert shown.getpixel((0, 0)) == (255, 0, 0)


def test_a_picture_can_be_saved_on_a_worker(tmp_path):
    overlay = Overlay(label="papules", width=2, height=1, rgba=bytes((0, 255, 0, 255)) * 2)
    picture = Pixels.of(Image.new("RGB", (40, 20), "red"))
    worker = threading.Thread(target=lambda: export_picture(tmp_path / "a.png", picture, overlay=overlay))
    worker.start()
    worker.join()
    with Image.open(tmp_path / "a.png") as shown:
        assert shown.getpixel((20, 10)) == (0, 255, 0)


def test_a_picture_that_cannot_be_finished_leaves_the_one_before(tmp_path, monkeypatch):
    export_picture(tmp_path / "a.png", Pixels.of(Image.new("RGB", (4, 4), "red")))
    before = (tmp_path / "a.png").read_bytes()

    def full(_, path, **__):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(AcneError, match=r"a\.png cannot be written \(No space left on device\)"):
        export_picture(tmp_path / "a.png", Pixels.of(Image.new("RGB", (4, 4), "blue")))
    assert (tmp_path / "a.png").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("name", ["a.gif", "a", "a.tiff"])
def test_another_form_is_refused(tmp_path, name):
    with pytest.raises(AcneError, match=r"not the name of a picture"):
        export_picture(tmp_path / name, Pixels.of(Image.new("RGB", (4, 4))))
    assert list(tmp_path.iterdir()) == []
