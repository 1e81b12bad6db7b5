"""A task's failure is one error for the user, and another attempt is made only where it may help."""

from __future__ import annotations

import pytest
import requests

from acnelib.errors import AcneError, DataUnusable, ScrapeFailed, StorageFailed, TrackingFailed
from acnelib.pipeline import failures
from acnelib.pipeline.failures import as_acne_error, is_transient


def caused_by(error, cause):
    error.__cause__ = cause
    return error


def response(status):
    answer = requests.Response()
    answer.status_code = status
    return requests.HTTPError(response=answer)


@pytest.mark.parametrize("cause", [requests.Timeout(), ConnectionResetError(), response(503)])
def test_a_tracking_server_that_does_not_answer_is_worth_another_attempt(cause):
    assert is_transient(caused_by(TrackingFailed("no answer: run again"), cause))


@pytest.mark.parametrize(
    "error",
    [
        TrackingFailed("refused: log in"),
        caused_by(TrackingFailed("refused: log in"), response(403)),
        caused_by(ScrapeFailed("the site is down: run again"), requests.Timeout()),
    ],
)
def test_a_refusal_and_a_site_that_was_retried_already_are_not(error):
    assert not is_transient(error)


def test_an_error_with_a_remedy_is_passed_on(tmp_path):
    error = DataUnusable("one class: add another")
    assert as_acne_error(error, task="Split", workdir=tmp_path) is error


def test_an_unexpected_failure_names_its_task_and_keeps_its_cause(tmp_path, monkeypatch):
    monkeypatch.setattr(failures, "LITTLE_SPACE", 0)
    cause = ValueError("inside a library")
    error = as_acne_error(cause, task="Train", workdir=tmp_path)
    assert type(error) is AcneError
    assert "Train failed unexpectedly" in str(error)
    assert error.__cause__ is cause


def test_an_unexpected_failure_on_a_full_disk_names_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(failures, "LITTLE_SPACE", 10**18)
    error = as_acne_error(ValueError("inside a library"), task="Train", workdir=tmp_path)
    assert isinstance(error, StorageFailed)
    assert str(tmp_path) in str(error)
