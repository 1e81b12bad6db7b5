"""Image records, one line of JSON each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acnelib.storage.manifest import ImageRecord, content_digest, read_manifest, write_manifest

RECORD = ImageRecord(
    sha256="a" * 64,
    label="cysts",
    path="cysts/é.jpg",
    url="https://example.org/é.jpg",
    page="https://example.org/cysts",
    title="Cysts",
    caption="A cyst\nof “skin”",
    licence="CC BY-NC-ND 3.0 NZ",
    fetched_at="2026-11-24T12:00:00+00:00",
)
FROM_FOLDER = ImageRecord(sha256="b" * 64, label="acne", path="acne/1.jpg")


def test_what_was_written_is_read_back_ordered_by_path(tmp_path):
    write_manifest(tmp_path / "manifest.jsonl", [RECORD, FROM_FOLDER])
    assert list(read_manifest(tmp_path / "manifest.jsonl")) == [FROM_FOLDER, RECORD]
    assert len((tmp_path / "manifest.jsonl").read_text().splitlines()) == 2


def test_equal_sources_give_equal_files(tmp_path):
    write_manifest(tmp_path / "one", [RECORD, FROM_FOLDER])
    write_manifest(tmp_path / "other", [FROM_FOLDER, RECORD])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_an_empty_source_gives_an_empty_manifest(tmp_path):
    write_manifest(tmp_path / "manifest.jsonl", [])
    assert list(read_manifest(tmp_path / "manifest.jsonl")) == []


def test_order_repetition_and_provenance_do_not_change_the_content():
    again = replace(RECORD, fetched_at="2027-01-01T00:00:00+00:00", caption=None)
    assert content_digest([RECORD, FROM_FOLDER]) == content_digest([FROM_FOLDER, RECORD, again])


@pytest.mark.parametrize("change", [{"sha256": "c" * 64}, {"label": "rosacea"}, {"path": "cysts/2.jpg"}])
def test_another_photo_label_or_place_is_another_content(change):
    assert content_digest([RECORD]) != content_digest([replace(RECORD, **change)])
