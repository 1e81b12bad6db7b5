"""What the gate knows of production: from its run, and from its bundle where the run is gone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tiny_bundles import DESCRIPTION, sealed
from werkzeug import Response

from acnelib import bundle as bundles
from acnelib.bundle.description import LearntBackground
from acnelib.dataset.splitting import Split, SplitPhoto
from acnelib.errors import RunRecordLost, TrackingFailed
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.registry.reading import ASSIGNMENTS_ARTIFACT, OUT_OF_FOLD_ARTIFACT, RegistryReader
from acnelib.stages.production_answers import held_out_answers, lacked_photos, production_answers
from acnelib.storage.assignments import Assignment, Subset, assignments_as_json
from acnelib.storage.manifest import PhotoRole

LEARNT, TESTED, EXCLUDED, NEW = (letter * 64 for letter in "abcd")
FOLDS = (0, 4)
LABELS = DESCRIPTION.labels
ASSIGNMENTS = {
    LEARNT: Assignment(subset=Subset.TRAIN, group="a", folds=FOLDS),
    TESTED: Assignment(subset=Subset.TEST, group="b", folds=FOLDS),
    EXCLUDED: Assignment(subset=Subset.TRAIN, group="b", folds=FOLDS),  # as a split records a photo joined to test
}
ANSWERS = ScoredPhotos(
    labels=LABELS,
    confidence_threshold=0.8,
    photos=tuple(
        ScoredPhoto(sha256=LEARNT, true_label="red", group="a", scores=(0.1, 0.2, 0.7), repeat=repeat)
        for repeat in range(2)
    ),
)


@pytest.fixture
def bundle(tmp_path):
    """Production, which lists the photo that it learnt from."""
    return bundles.open_bundle(sealed(tmp_path / "production", files={bundles.LEARNT_FROM: f"{LEARNT[:16]}\n"}))


@pytest.fixture
def unlisted(tmp_path):
    """Production that does not say what it learnt from."""
    return bundles.open_bundle(sealed(tmp_path / "unlisted"))


@pytest.fixture
def reader(registry, bundle):
    """Reads a registry whose production version has a run with all its records."""
    registry.register(bundle.path, alias="production")
    run = {"info": {"artifact_uri": "mlflow-artifacts:/runs/1"}}
    registry.instead["runs/get"] = Response(json.dumps({"run": run}))
    records = {ASSIGNMENTS_ARTIFACT: assignments_as_json(ASSIGNMENTS), OUT_OF_FOLD_ARTIFACT: ANSWERS.as_json()}
    for name, values in records.items():
        registry.instead[f"artifacts/runs/1/{name}"] = Response(json.dumps(values))
    with RegistryReader(registry.url, model_name="acne", environ={}) as reader:
        yield reader


@pytest.fixture
def read(reader):
    def read(bundle, *, held_out=True):
        photos = (LEARNT, TESTED, EXCLUDED, NEW)
        return production_answers(reader, reader.find("production"), bundle, photos=photos, held_out=held_out)

    return read


@pytest.fixture
def lose(registry):
    """Let the run lack a record, as a server answers that keeps its artifacts in S3."""

    def lose(name):
        registry.instead[f"artifacts/runs/1/{name}"] = Response("", status=500)
        registry.instead["artifacts/list"] = Response("{}")

    return lose


def test_folds_and_held_out_answers_come_from_the_run(read, bundle):
    found = read(bundle)
    assert (found.folds, found.held_out, found.lost) == ({LEARNT: FOLDS}, ANSWERS, None)


def test_photos_that_it_was_tested_on_or_that_were_joined_to_its_test_are_not_learnt(read, bundle):
    assert read(bundle).folds.keys() == {LEARNT}


def test_the_split_decides_where_the_bundle_lists_no_photos(read, unlisted):
    assert read(unlisted).folds.keys() == {LEARNT, EXCLUDED}


def test_a_photo_that_the_bundle_lists_is_learnt_although_the_run_does_not_know_it(read, registry, bundle):
    registry.instead[f"artifacts/runs/1/{ASSIGNMENTS_ARTIFACT}"] = Response("{}")
    assert read(bundle).folds == {LEARNT: ()}


def test_held_out_answers_are_not_read_where_test_photos_decide(read, bundle, lose):
    lose(OUT_OF_FOLD_ARTIFACT)
    found = read(bundle, held_out=False)
    assert (found.folds, found.held_out, found.lost) == ({LEARNT: FOLDS}, None, None)


def test_without_its_assignments_the_bundle_states_what_it_learnt_from(read, bundle, lose):
    lose(ASSIGNMENTS_ARTIFACT)
    found = read(bundle)
    assert (found.folds, found.held_out) == ({LEARNT: ()}, None)
    assert f"has no {ASSIGNMENTS_ARTIFACT}" in found.lost


def test_without_its_answers_only_the_folds_are_known(read, bundle, lose):
    lose(OUT_OF_FOLD_ARTIFACT)
    found = read(bundle)
    assert (found.folds, found.held_out) == ({LEARNT: FOLDS}, None)
    assert f"has no {OUT_OF_FOLD_ARTIFACT}" in found.lost


def test_without_run_and_list_nothing_is_known(read, unlisted, lose):
    lose(ASSIGNMENTS_ARTIFACT)
    assert read(unlisted) is None


def test_a_store_that_does_not_answer_is_an_error(read, registry, bundle):
    registry.instead[f"artifacts/runs/1/{ASSIGNMENTS_ARTIFACT}"] = Response("", status=500)
    registry.instead["artifacts/list"] = Response(json.dumps({"files": [{"path": ASSIGNMENTS_ARTIFACT}]}))
    with pytest.raises(TrackingFailed, match="artifact store is down"):
        read(bundle)


def with_scores(*scores):
    values = ANSWERS.as_json()
    values["photos"][0][3] = list(scores)
    return values


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {},
        {"labels": ["blue"]},
        ANSWERS.as_json() | {"photos": [["a"]]},
        ANSWERS.as_json() | {"labels": ["blue", "green", "scars"]},
        with_scores(0.5, 0.5),
        with_scores(0.5, 0.5, float("nan")),
        with_scores("0.5", 0.5, 0.0),
    ],
)
def test_answers_that_cannot_be_understood_are_lost(values):
    with pytest.raises(RunRecordLost, match=r"the run: its out-of-fold answers cannot be understood"):
        held_out_answers(values, labels=LABELS, where="the run")


def split_with(**roles):
    photos = {
        letter * 64: SplitPhoto(
            labels=("red",), paths=(), group=letter, subset=Subset.TRAIN, reason=None, folds=(0,), role=role
        )
        for letter, role in roles.items()
    }
    return Split(photos=photos, grouped_by="photo")


@pytest.fixture
def two_roles(tmp_path):
    """Production that learnt from three photos of classes and two of the background."""
    background = LearntBackground(
        photos=2, conditions=1, sources=("other",), refused=0.5, confident=0.1, refused_interval=(0, 1),
        confident_interval=(0, 1),
    )  # fmt: skip
    provenance = replace(DESCRIPTION.provenance, photos={"train": 3, "test": 0})
    description = replace(DESCRIPTION, provenance=provenance, background=background)
    listed = "".join(f"{letter * 16}\n" for letter in "abcde")
    return bundles.open_bundle(sealed(tmp_path / "roles", description=description, files={bundles.LEARNT_FROM: listed}))


def lacked(bundle, split, *, withdrawn=0):
    return {one.kind: (one.lacked, one.learnt) for one in lacked_photos(bundle, split, withdrawn=withdrawn)}


def test_photos_that_a_split_lacks_are_counted_by_what_they_show(two_roles):
    split = split_with(a=PhotoRole.CLASS, d=PhotoRole.BACKGROUND, f=PhotoRole.CLASS)
    assert lacked(two_roles, split) == {"photos of the classes": (2, 3), "background photos": (1, 2)}


def test_withdrawn_photos_are_not_lacked(two_roles):
    split = split_with(a=PhotoRole.CLASS, b=PhotoRole.CLASS, d=PhotoRole.BACKGROUND, e=PhotoRole.BACKGROUND)
    assert lacked(two_roles, split, withdrawn=1) == {"photos of the classes": (0, 3), "background photos": (0, 2)}


def test_nothing_is_lacked_where_the_bundle_lists_no_photos(unlisted):
    assert lacked(unlisted, split_with(a=PhotoRole.CLASS)) == {}
