"""Requests for runs over HTTP are checked as the command line checks its options."""

from __future__ import annotations

import pytest

from acnelib.api.runs.requests import RunRequest, arguments_of
from acnelib.cli.commands.serve import checked
from acnelib.errors import DataUnusable, UsageError


@pytest.mark.parametrize(
    "request_",
    [
        {"sources": ["nowhere"]},
        {"sources": ["sample", "/no/such/folder"]},
        {"sources": ["--debug"]},
        {"sources": ["sample"], "backbones": ["resnet"]},
        {"sources": ["sample", "dermnet"]},
        {"sources": ["a\0b"]},
        {"weights": "a\0b"},
        {"background": ["nowhere"]},
        {"background": ["--debug"]},
        {"background": ["dermnet"]},
        {"test": "nowhere"},
        {"test": "sample"},
        {"test": "--debug"},
        {"test": "a\0b"},
        {"test": ".", "test_share": 0.2},
        {"sources": ["."], "test": "."},
        {"sources": ["."], "background": ["."]},
        {"reviews": ["nowhere.jsonl"]},
        {"reviews": ["--debug"]},
        {"adapt": True},
        {"epochs": 3},
        {"until": "adapt"},
    ],
)
def test_a_request_is_looked_at_as_the_command_line_does(settings, request_):
    with pytest.raises(UsageError):
        checked(RunRequest(**request_), settings)


def test_a_source_that_is_named_twice_counts_once(settings):
    sources = checked(RunRequest(sources=["sample", "sample"]), settings)
    assert [source.name for source in sources.classes] == ["sample"]


def test_a_request_names_files_of_reviews_on_the_servers_machine(settings, tmp_path):
    path = tmp_path / "reviews.jsonl"
    path.touch()
    sources = checked(RunRequest(reviews=[str(path)]), settings)
    assert f"--reviews={path}" in arguments_of(RunRequest(), sources, tmp_path)
    assert str(path) in sources.folders  # so that no log of the run shows it


def test_a_damaged_file_of_reviews_is_refused_before_the_run(settings, tmp_path):
    (tmp_path / "reviews.jsonl").write_text("acne\n", encoding="utf-8")
    with pytest.raises(DataUnusable, match="line 1 is no review"):
        checked(RunRequest(reviews=[str(tmp_path / "reviews.jsonl")]), settings)
