"""The plan of a training: the folders of reviewed photos, and the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from gui.state.training_plan import StartingWeights, TrainingPlan, folders_of

CLASSES = {"rosacea", "acne"}


def folders(*paths: str) -> list[str]:
    return [str(folder) for folder in folders_of(map(Path, paths), is_class=CLASSES.__contains__)]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["/p/acne/1.jpg", "/p/rosacea/2.jpg"], ["/p"]),
        (["/camera/1.jpg", "/camera/2.jpg"], ["/camera"]),
        (["/b/1.jpg", "/a/acne/2.jpg"], ["/a", "/b"]),
        (["/p/acne/1.jpg", "/p/unsorted/2.jpg"], ["/p"]),
        ([], []),
    ],
    ids=["class folders", "one folder", "both kinds", "a folder within another", "no photo"],
)
def test_the_folders_of_photos_are_those_above_class_folders_or_their_own(paths, expected):
    assert folders(*paths) == expected


def test_the_command_line_can_be_pasted_into_a_terminal():
    plan = TrainingPlan(
        folders=(Path("/my photos"),),
        reviews=Path("/r.jsonl"),
        workdir=Path("/w"),
        backgrounds=(Path("/skin"),),
        weights=StartingWeights.STARTER,
    )
    assert plan.command_line() == (
        "acne pipeline --source '/my photos' --background /skin --reviews /r.jsonl --workdir /w --weights starter"
    )
