"""A pipeline that adapts: the networks are fine-tuned between split and features."""

from __future__ import annotations

import json
from datetime import datetime

import luigi
import pytest
from condition_folders import draw_conditions

from acnelib.stages.results import AdaptResult, FeatureResult
from luigi_tasks.tasks import Adapt, Evaluate, Features, Register

NEW_YEAR = datetime(2026, 1, 1)
BACKBONE = "mobilenet_v1_0.25_32"


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Photos of two classes, and of three other conditions."""
    root = tmp_path_factory.mktemp("sources")
    draw_conditions(root)
    return {"source": str(root / "classes"), "background": str(root / "skin")}


@pytest.fixture
def options(sources, tmp_path, monkeypatch):
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "stack"))
    common = {"at": NEW_YEAR, "workdir": str(tmp_path / "work"), "weights": "starter", "adapt": True, "epochs": 1}
    return {**sources, **common}


def test_features_are_computed_with_the_weights_that_were_adapted_before(options, tmp_path):
    task = Features(backbone=BACKBONE, **options)
    assert luigi.build([task], local_scheduler=True, no_lock=True)
    adapted = task.clone(Adapt).result()
    assert isinstance(adapted, AdaptResult)
    card = json.loads((adapted.adapted / "adaptation.json").read_text())
    feature_result = task.result()
    assert isinstance(feature_result, FeatureResult)
    assert [one.weights_sha256 for one in feature_result.networks] == [one["sha256"] for one in card["networks"]]
    targets = {path.name for path in (tmp_path / "work").glob("*/2026-01-01T000000/*.json")}
    assert {f"adapt-{BACKBONE}-adapted.json", f"features-{BACKBONE}-adapted.json"} <= targets


def test_all_candidates_of_a_run_are_adapted_or_none(options):
    register = Register(backbones=(BACKBONE,), **options)
    assert [(one.adapt, one.epochs) for one in register.requires()] == [(True, 1)]
    plain = Evaluate(backbone=BACKBONE, **options | {"adapt": False})
    assert isinstance(plain.requires().requires(), Features)
    assert len(plain.requires().requires().requires()) == 1
