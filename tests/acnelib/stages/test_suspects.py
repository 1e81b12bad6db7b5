"""The photos whose labels look wrong to the last evaluation, as files to review."""

from __future__ import annotations

import json

import pytest

from acnelib.errors import DataUnusable
from acnelib.evaluation.label_errors import SuspectedLabelError
from acnelib.stages.artifacts import LABEL_ERRORS, label_errors_as_json
from acnelib.stages.suspects import suspected_photos
from acnelib.storage.workspace import Workspace


@pytest.fixture
def images(tmp_path):
    return Workspace(tmp_path).images


def evaluated(workdir, *photos, at, target="evaluate-one", macro_f1=0.5):
    """Leave what an evaluation leaves in a working folder."""
    folder = workdir / "evaluations" / f"{at}{target}"
    folder.mkdir(parents=True)
    suspects = [
        SuspectedLabelError(sha256=photo, label="rosacea", suggested="acne", score=0.1, suggested_score=0.8)
        for photo in photos
    ]
    (folder / LABEL_ERRORS).write_text(json.dumps(label_errors_as_json(suspects)), encoding="utf-8")
    record = workdir / "photos" / at / f"{target}.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    values = {"evaluation": str(folder.relative_to(workdir)), "series_macro_f1": macro_f1, "source": "photos"}
    record.write_text(json.dumps(values), encoding="utf-8")


def test_the_suspects_of_the_last_evaluation_come_in_its_order(tmp_path, images):
    one, other, old = (images.add(content) for content in (b"1", b"2", b"3"))
    evaluated(tmp_path, old, at="2026-11-28T100000")
    evaluated(tmp_path, other, one, at="2026-11-30T100000")
    (tmp_path / "photos" / "2026-12-01T100000").mkdir()
    assert suspected_photos(tmp_path) == (images.path(other), images.path(one))


def test_the_best_candidate_decides_until_one_is_registered(tmp_path, images):
    good, bad = images.add(b"1"), images.add(b"2")
    evaluated(tmp_path, bad, at="2026-11-30T100000", target="evaluate-a", macro_f1=0.4)
    evaluated(tmp_path, good, at="2026-11-30T100000", target="evaluate-b", macro_f1=0.6)
    assert suspected_photos(tmp_path) == (images.path(good),)
    evaluated(tmp_path, bad, at="2026-11-30T100000", target="register", macro_f1=0.4)
    assert suspected_photos(tmp_path) == (images.path(bad),)


def test_photos_that_are_not_kept_any_more_are_left_out(tmp_path):
    evaluated(tmp_path, "a" * 64, at="2026-11-30T100000")
    assert suspected_photos(tmp_path) == ()


def test_without_an_evaluation_the_message_says_what_to_do(tmp_path):
    with pytest.raises(DataUnusable, match="holds no evaluation: run `acne pipeline` first"):
        suspected_photos(tmp_path)
