"""Standard streams that are closed, that nobody reads any more, or whose locale is not UTF-8."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

ACNE = [sys.executable, "-m", "acnelib.cli"]


@pytest.fixture
def no_reader():
    """The writing end of a pipe that nobody reads any more, as in ``acne … | head`` once head has ended."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def in_shell(redirections, *arguments, **environment):
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {redirections}', "sh", *ACNE, *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("arguments", [["status"], ["status", "--format", "json"], ["--version"], ["--help"]])
def test_a_result_that_nobody_reads_is_no_failure(no_reader, arguments):
    ran = subprocess.run([*ACNE, *arguments], stdout=no_reader, stderr=subprocess.PIPE, timeout=60, check=False)
    assert ran.returncode == 0
    assert b"acne: " not in ran.stderr
    assert b"Traceback" not in ran.stderr


def test_work_goes_on_when_neither_messages_nor_results_are_read(no_reader, tmp_path):
    command = [*ACNE, "atlas", "draw", "--number", "3", "--to", str(tmp_path / "drawn")]
    ran = subprocess.run(command, stdout=no_reader, stderr=no_reader, timeout=60, check=False)
    assert ran.returncode == 0
    assert len(list((tmp_path / "drawn").rglob("*.jpg"))) == 3


def test_the_exit_code_of_a_failure_does_not_depend_on_who_reads_it(no_reader):
    ran = subprocess.run([*ACNE, "predict", "/no/photo.png"], stdout=no_reader, stderr=no_reader, check=False)
    assert ran.returncode == in_shell("", "predict", "/no/photo.png").returncode == 1


def test_work_goes_on_on_a_terminal_that_was_closed(tmp_path):
    controller, terminal = pty.openpty()
    command = [*ACNE, "atlas", "draw", "--number", "3", "--to", str(tmp_path / "drawn")]
    process = subprocess.Popen(command, stdout=terminal, stderr=terminal, start_new_session=True)
    os.close(terminal)
    os.close(controller)
    assert process.wait(60) == 0
    assert len(list((tmp_path / "drawn").rglob("*.jpg"))) == 3


def test_rows_are_computed_only_while_they_are_read(no_reader):
    code = """
import sys
from acnelib.cli.output import show, while_read
from acnelib.cli.streams import set_up_streams
set_up_streams()
print(list(while_read(range(9))), file=sys.stderr)
"""
    ran = subprocess.run([sys.executable, "-c", code], stdout=no_reader, stderr=subprocess.PIPE, check=True)
    assert ran.stderr == b"[0]\n"
    read = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert read.stderr == b"[0, 1, 2, 3, 4, 5, 6, 7, 8]\n"


def test_a_closed_standard_error_leaves_the_result_alone():
    assert b"Start it with" in in_shell("", "status").stderr
    ran = in_shell("2>&-", "status")
    assert ran.returncode == 0
    assert b"mlflow" in ran.stdout
    assert b"Start it with" not in ran.stdout


@pytest.mark.parametrize("redirections", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_a_closed_stream_is_no_failure(redirections, tmp_path):
    ran = in_shell(redirections, "atlas", "draw", "--number", "2", "--to", tmp_path / "drawn")
    assert ran.returncode == 0
    assert b"Traceback" not in ran.stderr


def test_no_file_gets_the_descriptor_of_a_closed_stream():
    code = (
        "from acnelib.cli.streams import set_up_streams as s; s(); f = open(__import__('os').devnull); exit(f.fileno())"
    )
    ran = subprocess.run(["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", code], check=False)
    assert ran.returncode > 2


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("locale", [{"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": "ascii"}])
def test_results_are_utf_8_whatever_the_locale(paint, tiny_bundle, form, locale):
    photo = paint("ä€😀.png", "red")
    ran = in_shell("", "predict", photo, "--model", tiny_bundle, "--format", form, **locale)
    assert str(photo) in ran.stdout.decode("utf-8")


def test_on_a_terminal_of_another_encoding_json_is_escaped():
    code = """
from acnelib.cli.output import show_json
from acnelib.cli.streams import set_up_streams
set_up_streams()
show_json({"\\xe4\\u20ac\\U0001f600": 1}, indent=None)
"""
    controller, terminal = pty.openpty()
    subprocess.run([sys.executable, "-c", code], stdout=terminal, env=os.environ | ASCII, check=True)
    shown = os.read(controller, 1000)
    os.close(terminal)
    os.close(controller)
    assert json.loads(shown.decode("ascii")) == {"ä€😀": 1}


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_files_are_utf_8_whatever_the_locale(own_home):
    (own_home / "settings.toml").write_text('# für Ärzte\nmodel_name = "acne"\n', encoding="utf-8")
    ran = in_shell("", "status", **ASCII)
    assert ran.returncode == 0, ran.stderr
