"""The tutorial is true: its commands run in their order, and print what the page shows."""

import os
import re
import secrets
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
TUTORIAL = REPOSITORY / "docs" / "tutorial" / "first_model.md"
LEFT_OUT = "…"
PATIENCE = 1800  # seconds


@dataclass(frozen=True)
class Command:
    """A command of the tutorial.

    Attributes:
        line: What the reader types.
        output: The lines that the page shows below it.
    """

    line: str
    output: tuple[str, ...]


def commands_of(text):
    """Return the commands of the blocks that are run; a comment before the others says why they are not."""
    blocks = re.findall(r"(<!-- not run[^>]*-->\n)?^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    found = []
    for skipped, block in blocks:
        if skipped:
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, *output = part.rstrip("\n").split("\n")
            found.append(Command(line, tuple(output)))
    return found


def pattern_of(line):
    """Return the expression of a line: numbers, times and hashes differ from run to run, and "…" is anything."""
    words = re.escape(line)
    words = re.sub(r"\b[0-9a-f]{8,}\b", "[0-9a-f]+", words)
    words = re.sub(r"\d+", r"\\d+", words)
    return re.sub(r"(\\ )+", r"\\s+", words).replace(re.escape(LEFT_OUT), ".*").replace(LEFT_OUT, ".*")


def missing(command, printed):
    """Return the first line of the page that was not printed, in the order of the page; None if all were."""
    rest = printed.splitlines()
    for line in command.output:
        if line.strip() == LEFT_OUT:
            continue
        expression = re.compile(pattern_of(line.strip()))
        places = [place for place, each in enumerate(rest) if expression.fullmatch(each.strip())]
        if not places:
            return line
        rest = rest[places[0] + 1 :]
    return None


def test_numbers_and_hashes_may_differ_and_words_may_not():
    command = Command("acne", ("promoted in 41.1 s (run …)", "…", "Photos  15"))
    assert missing(command, "promoted in 7.0 s (run 2026-11-30T115021)\nmore\nPhotos       8\n") is None
    assert missing(command, "rejected in 7.0 s (run 2026-11-30T115021)\nPhotos 8\n") == "promoted in 41.1 s (run …)"
    assert missing(command, "Photos 8\npromoted in 7.0 s (run x)\n") == "Photos  15"


def test_the_page_has_ten_steps_and_every_console_is_run_or_says_why_not():
    text = TUTORIAL.read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"^## (\d+)\.", text, re.MULTILINE)] == list(range(1, 11))
    assert len(commands_of(text)) >= 15
    assert text.count("<!-- not run") <= 3


@dataclass
class Shell:
    """A reader's terminal: what one command sets is there for the next."""

    process: subprocess.Popen[str]

    def run(self, line):
        """Run a line; return its exit code and what it printed."""
        end = f"--- {secrets.token_hex(8)}"
        self.process.stdin.write(f"{line}\necho; echo '{end}' $?\n")
        self.process.stdin.flush()
        printed = []
        for output in self.process.stdout:
            if output.startswith(end):
                return int(output.split()[-1]), "".join(printed)
            printed.append(output)
        raise AssertionError(f"$ {line}\n{''.join(printed)}\nthe shell ended")


@pytest.fixture
def shell(tmp_path):
    """A terminal in an empty folder, after the demo of the first step."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ACNE_", "MLFLOW_"))}
    environment["PATH"] = f"{REPOSITORY / '.venv' / 'bin'}:{environment['PATH']}"
    environment |= {"ACNE_HOME": str(tmp_path / "home"), "ACNE_STACK": str(tmp_path / "stack"), "COLUMNS": "200"}
    folder = tmp_path / "acne-tutorial"
    folder.mkdir()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(["bash"], cwd=folder, env=environment, **pipes) as process:
        ended = threading.Timer(PATIENCE, process.kill)
        ended.start()
        terminal = Shell(process)
        try:
            code, printed = terminal.run("acne demo")
            assert code == 0, printed
            yield terminal
        finally:
            subprocess.run(["acne", "down"], env=environment, cwd=folder, check=False, capture_output=True)
            ended.cancel()
            process.stdin.close()


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE)
def test_the_tutorial_can_be_followed(shell, tmp_path):
    text = TUTORIAL.read_text(encoding="utf-8")
    for name, content in re.findall(
        r"[Ss]ave this as `([\w.]+)`:\n\n```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL
    ):
        (tmp_path / "acne-tutorial" / name).write_text(content, encoding="utf-8")
    for command in commands_of(text):
        code, printed = shell.run(command.line)
        assert code == 0, f"$ {command.line}\n{printed}"
        line = missing(command, printed)
        assert line is None, f"$ {command.line}\nthe page shows {line!r}, printed was:\n{printed}"
