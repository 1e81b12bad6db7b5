"""Whatever stands in a name, the terminal shows it and obeys nothing of it; JSON and CSV stay exact."""

from __future__ import annotations

import csv
import io
import json
import logging
import sys
import threading

import pytest

from acnelib.cli.output import progress_bar, show_json
from acnelib.cli.run_display import RunDisplay
from acnelib.cli.unexpected import report_unexpected

NASTY = "a\x1b[31m\racne: forged\nacne: forged\u202e\x9b[red].png"
SHOWN = r"a\x1b[31m\racne: forged\nacne: forged\u202e\x9b[red].png"


def is_quiet(text):
    """Say whether a text could do nothing to a terminal but print lines."""
    return not any(sign in text.replace("\n", "") for sign in "\x1b\r\x9b\u202e\u2028\x7f\x07")


@pytest.fixture
def photo(paint):
    return paint(NASTY, "red")


def test_an_answer_is_one_line(run_acne, photo, tiny_bundle):
    ran = run_acne("predict", photo, "--model", tiny_bundle)
    (line,) = ran.out.splitlines()
    assert line.startswith(f"✓ {photo.parent}/{SHOWN}  confident ")
    assert is_quiet(ran.out + ran.err)


def test_a_failure_is_one_line(run_acne, photos, tiny_bundle):
    (photos / NASTY).write_bytes(b"no picture")
    ran = run_acne("predict", photos / NASTY, "--model", tiny_bundle)
    assert not [line for line in (ran.out + ran.err).splitlines() if line.startswith("acne: forged")]
    assert is_quiet(ran.out + ran.err)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_json_and_csv_hold_the_name_itself(run_acne, photo, tiny_bundle, form):
    out = run_acne("predict", photo, "--model", tiny_bundle, "--format", form).out
    rows = json.loads(out) if form == "json" else list(csv.DictReader(io.StringIO(out, newline="")))
    assert rows[0]["path"] == str(photo)


def test_json_reaches_the_terminal_without_controls(run_acne, photo, tiny_bundle):
    assert is_quiet(run_acne("predict", photo, "--model", tiny_bundle, "--format", "json").out)


@pytest.mark.parametrize(
    "arguments",
    [
        ["predict", f"/no/{NASTY}"],
        ["predict", "x.png", "--model", f"/no/{NASTY}"],
        ["evaluate", f"/no/{NASTY}"],
        [f"--{NASTY}"],
        [NASTY],
        ["predict", "x.png", "--format", NASTY],
        ["predict", "x.png", "--top-k", NASTY],
        ["pipeline", "--source", f"/no/{NASTY}"],
        ["pipeline", "--at", NASTY],
        ["pipeline", "--until", NASTY],
        ["withdraw", NASTY, "--yes"],
        ["schedule", "--cron", NASTY],
        ["serve", "--allow-host", f"{NASTY}/"],
        ["logs", NASTY],
    ],
)
def test_what_was_given_is_told_in_one_line(run_acne, arguments):
    ran = run_acne(*arguments)
    assert ran.code in {1, 2}
    assert ran.out == ""
    assert is_quiet(ran.err)
    assert len(ran.err.splitlines()) == 1


def test_a_wrong_choice_names_the_right_ones_in_its_line(run_acne):
    err = run_acne("predict", "x.png", "--format", "xml").err
    assert err.startswith("acne: ")
    assert "'json'" in err
    assert len(err.splitlines()) == 1


def test_a_command_without_arguments_shows_its_help(run_acne):
    assert len(run_acne("atlas").err.splitlines()) > 5


def test_a_run_shows_names_without_markup(capsys):
    with RunDisplay() as display:
        display.started(NASTY)
        display.progressed(NASTY, 0, 0, f"[/x]{NASTY} :warning:")
        display.finished(NASTY, 1.0)
        display.say(NASTY)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"  {SHOWN}: [/x]{SHOWN} :warning:"
    assert lines[-1] == SHOWN
    assert len(lines) == 3


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("what", [NASTY, "[/x]", "[red]"])
def test_a_bar_shows_names_without_markup(monkeypatch, what):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "200")
    with progress_bar("Looking at") as draw:
        draw(1, 2, what)
    assert "\x1b[31m\racne" not in screen.getvalue()
    assert "\u202e" not in screen.getvalue()


@pytest.mark.parametrize("debug", [False, True])
def test_what_nobody_expected_is_told_with_names_made_visible(capsys, monkeypatch, debug):
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    report_unexpected(debug=debug)
    try:
        raise KeyError(NASTY) from ValueError(NASTY)
    except KeyError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    err = capsys.readouterr().err
    assert (f"ValueError: {SHOWN}\n" in err) == debug
    assert is_quiet(err)


def test_json_from_any_command_means_the_same(capsys):
    show_json({NASTY: ["\udc80", 1]})
    out = capsys.readouterr().out
    assert json.loads(out) == {NASTY: ["\udc80", 1]}
    assert is_quiet(out)


def test_debug_logs_no_address_of_a_request(run_acne):
    run_acne("--debug", "predict", "/no/such/photo.png")
    assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.DEBUG)
