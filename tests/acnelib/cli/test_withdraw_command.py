"""``acne withdraw`` as a person meets it."""

from __future__ import annotations

import json
import os
import pty
import select
import sys
from dataclasses import replace

import pytest

from acnelib import stages
from acnelib.atlas.drawing import draw_picture
from acnelib.config.settings import Settings
from acnelib.storage.files import sha256_of
from acnelib.storage.workspace import Workspace


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("ACNE_WORKDIR", str(tmp_path / "work"))
    return Workspace(tmp_path / "work")


@pytest.fixture
def source(workspace, tmp_path):
    """A folder of drawn photos, one of them in two classes' folders, that was split."""
    folder = tmp_path / "Photos"
    for index in range(15):
        picture = draw_picture(index, seed=5)
        path = folder / picture.label / f"{index}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
    settings = Settings.load()
    stages.split(stages.curate(stages.scrape(str(folder), settings=settings), settings=settings), settings=settings)
    return folder


@pytest.fixture
def photo(source):
    return max(source.rglob("*.jpg"))


@pytest.fixture
def asked_at_a_terminal(run_acne, monkeypatch):
    """Run a command with a terminal for its questions, at which one answer is typed."""
    ours, theirs = pty.openpty()

    def run(*arguments, answer):
        os.write(ours, answer + b"\n")
        with os.fdopen(os.dup(theirs)) as keyboard, os.fdopen(os.dup(theirs), "w", buffering=1) as screen:
            monkeypatch.setattr(sys, "stdin", keyboard)
            monkeypatch.setattr(sys, "stderr", screen)
            ran = run_acne(*arguments)
        reported = ""
        while select.select([ours], [], [], 0.05)[0]:
            reported += os.read(ours, 100_000).decode()
        return replace(ran, err=reported.removeprefix(answer.decode().replace("\x04", "") + "\r\n"))

    yield run
    os.close(ours)
    os.close(theirs)


def test_it_says_what_went_and_what_is_left_to_the_user(run_acne, workspace, source, photo):
    ran = run_acne("withdraw", photo, "--yes")
    name = stages.Source.parse(str(source)).name
    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert lines[0] == f"{sha256_of(photo.read_bytes())[:12]}  removed (of {name})"
    assert f"Still at 1 place in the folder of {name}, which is yours to clear:" in lines
    assert f"  {photo.relative_to(source)}" in lines
    assert sha256_of(photo.read_bytes()) not in workspace.images


def test_a_photo_that_was_withdrawn_before_is_said_to_be(run_acne, photo):
    run_acne("withdraw", photo, "--yes")
    assert "was withdrawn on 20" in run_acne("withdraw", photo, "--yes").out.splitlines()[0]


def test_a_photo_that_never_was_here_is_written_down_and_said(run_acne, workspace, source):
    ran = run_acne("withdraw", "ab" * 32, "--yes")
    assert ran.out.startswith("abababababab  is not here; its hash is recorded, so that it is never taken in")
    assert workspace.withdrawals.photos == {"ab" * 32}


def test_without_a_server_it_says_that_no_version_was_marked_and_what_to_do(run_acne, photo):
    ran = run_acne("withdraw", photo, "--yes")
    assert ran.code == 0
    assert "No versions were marked, because no tracking server is known" in ran.out
    assert "run the same command again" in ran.out


def test_with_a_server_that_is_down_the_photo_goes_and_the_command_fails(
    run_acne, workspace, photo, dead_server, monkeypatch
):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", dead_server)
    ran = run_acne("withdraw", photo, "--yes")
    assert ran.code == 1
    assert f"{dead_server} does not answer" in ran.err.splitlines()[0]
    assert "not all versions were marked" in ran.err.splitlines()[1]
    assert "run the same command again" in ran.err.splitlines()[1]
    assert sha256_of(photo.read_bytes()) not in workspace.images


def test_a_dry_run_says_so_and_changes_nothing(run_acne, workspace, photo):
    ran = run_acne("withdraw", photo, "--dry-run")
    assert "  would be removed (of " in ran.out
    assert sha256_of(photo.read_bytes()) in workspace.images
    assert workspace.withdrawals.photos == frozenset()


@pytest.mark.parametrize("names", [["a.jpg"], ["ab" * 32, "--group", "--format", "json"]])
def test_without_a_terminal_it_is_not_done_unless_it_is_said(run_acne, workspace, names):
    ran = run_acne("withdraw", *names)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "acne: a withdrawal cannot be undone, and there is no terminal for the question: add --yes, or look first with "
        "--dry-run\n"
    )
    assert not workspace.root.exists()


@pytest.mark.parametrize(("answer", "code"), [(b"n", 1), (b"", 1), (b"y", 0), (b"\x04", 130)])
def test_on_a_terminal_it_says_what_goes_and_asks(asked_at_a_terminal, workspace, photo, answer, code):
    sha256 = sha256_of(photo.read_bytes())
    ran = asked_at_a_terminal("withdraw", photo, "--group", answer=answer)
    assert ran.code == code
    assert f"{sha256[:12]}  would be removed (of " in ran.err
    assert "This cannot be undone.\r\nWithdraw " in ran.err
    assert (sha256 in workspace.images) == (code != 0)
    assert (sha256 in workspace.withdrawals.photos) == (code == 0)
    assert f"{sha256[:12]}  removed (of " in ran.out if code == 0 else ran.out == ""


def test_what_belongs_together_is_told_with_the_way_to_withdraw_it(run_acne, source):
    ran = run_acne("withdraw", source / "comedones" / "0.jpg", "--yes")
    reported = ran.out.splitlines()
    (line,) = [line for line in reported if "together with it; to withdraw" in line]
    number = int(line.split()[0])
    assert line.endswith("too: --group")
    assert all(len(line.strip()) == 64 for line in reported[reported.index(line) + 1 :][:number])


def test_json_is_all_that_is_printed(run_acne, photo):
    ran = run_acne("withdraw", photo, "--reason", "by letter", "--yes", "--format", "json")
    reported = json.loads(ran.out)
    assert ran.err == ""
    assert set(reported) == {
        "dry_run",
        "photos",
        "belong_together",
        "own_files",
        "server",
        "versions",
        "failures",
    }
    (withdrawn,) = reported["photos"]
    assert (withdrawn["sha256"], withdrawn["reason"]) == (sha256_of(photo.read_bytes()), "by letter")
    assert (withdrawn["known"], withdrawn["withdrawn_before"]) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        ([], "PHOTO"),
        (["nobody.jpg"], "'nobody.jpg' is neither a file nor a SHA-256"),
        (["0123456789ab"], "no photo of"),
        (["."], "'.' is a folder"),
    ],
)
def test_wrong_usage_is_exit_2_and_records_nothing(run_acne, workspace, arguments, reported):
    ran = run_acne("withdraw", *arguments, "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert reported in ran.err
    assert workspace.withdrawals.photos == frozenset()


def test_the_versions_that_were_trained_on_it_are_named(walked, tmp_path, run_acne, monkeypatch):
    for name, value in walked.server_environment.items():
        monkeypatch.setenv(name, value)
    split = next(walked.workdir.glob("results/split/*/split.json"))
    photos = json.loads(split.read_text())["photos"]
    trained_on = next(sha256 for sha256, photo in photos.items() if photo["subset"] == "train")
    ran = run_acne("withdraw", trained_on, "--dry-run", "--workdir", tmp_path / "elsewhere")
    assert ran.code == 0
    assert "version 1 was trained on it (1 is in production): train again with `acne pipeline`" in ran.out
