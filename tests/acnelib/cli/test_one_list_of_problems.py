"""Commands name everything that is wrong with their options and settings at once, and do nothing."""

from __future__ import annotations

import pytest

WRONG = {"ACNE_MODEL_NAME": "a:b", "MLFLOW_TRACKING_URI": "127.0.0.1:5000", "ACNE_GATE_CONFIDENCE": "often"}


@pytest.fixture(autouse=True)
def wrong_settings(monkeypatch):
    for name, value in WRONG.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            ["pipeline", "--backbone", "resnet", "--backbone", "vgg", "--test-share", "3", "--at", "noon"],
            ["'resnet'", "'vgg'", "test share of 3", "--at 'noon'", *WRONG],
        ),
        (["schedule", "--cron", "61 * * * *", "--backbone", "resnet"], ["61 * * * *", "'resnet'", *WRONG]),
        (["serve"], list(WRONG)),
        (["predict", "photo.jpg"], list(WRONG)),
    ],
)
def test_all_problems_are_named(run_acne, command, expected):
    ran = run_acne(*command)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert f"acne: {len(expected)} problems: (1) " in ran.err
    assert [part for part in expected if part not in ran.err] == []
