"""The examples in docstrings of the public library do what they show."""

from __future__ import annotations

import doctest
import json
import shutil

import pytest
from werkzeug import Response

from acnelib import models
from acnelib.inference import classifier, prediction
from acnelib.scraping import sources

FINDER = doctest.DocTestFinder(exclude_empty=True)
EXAMPLES = [
    example
    for module in (models, classifier, prediction, sources)
    for example in FINDER.find(module)
    if example.examples
]


def answer(value):
    return Response(json.dumps(value), mimetype="application/json")


@pytest.fixture
def folder_with_model_and_photo(tmp_path, monkeypatch, tiny_bundle, paint, registry):
    """The current folder has ``model/`` and ``photo.png``; a server has the same model as production."""
    shutil.copytree(tiny_bundle, tmp_path / "model")
    paint("photo.png", "red").rename(tmp_path / "photo.png")
    registry.register(tiny_bundle, alias="production")
    model = {"name": "acne", "aliases": [{"alias": "production", "version": "1"}]}
    registry.instead["registered-models/get"] = answer({"registered_model": model})
    registry.instead["model-versions/search"] = answer({"model_versions": list(registry.versions.values())})
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registry.url)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("folder_with_model_and_photo")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_example_of_a_docstring_is_true(example):
    failed = []
    doctest.DocTestRunner().run(example, out=failed.append, clear_globs=False)
    assert not failed, "".join(failed)


@pytest.mark.parametrize(
    "function",
    [models.load_classifier, models.find_model, models.cached_model, models.list_versions, models.classifier_of],
    ids=lambda function: function.__name__,
)
def test_every_way_to_a_model_has_an_example(function):
    assert ">>>" in function.__doc__
