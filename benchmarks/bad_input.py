"""Give acnelib every kind of bad input, and print what it answered as a Markdown table.

    python benchmarks/bad_input.py

Runs ``test_bad_input.py`` and ``test_bad_surroundings.py`` of ``tests/acnelib/cli`` and prints what their cases were
told; exit 1 when one of them failed.
"""

from __future__ import annotations

import io
import json
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "tests" / "acnelib" / "cli"
TESTS = [str(FOLDER / name) for name in ("test_bad_input.py", "test_bad_surroundings.py")]
TEMPORARY = re.compile(r"/\S*/pytest-of-[^/\s]+/pytest-\d+/[^/\s]+|http://127\.0\.0\.1:\d{4,}")


class Collector:
    """Gathers what the tests recorded."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, int]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what a finished test recorded."""
        if report.when == "call":
            for case, record in report.user_properties:
                code, *lines = json.loads(str(record))
                self.rows.append((case, "<br>".join(map(_cell, lines)), code))


def _cell(line: str) -> str:
    """Return a line as a cell, without what differs from run to run."""
    shortened = TEMPORARY.sub(lambda match: "http://127.0.0.1:PORT" if "://" in match[0] else "…", line)
    return f"`` {shortened} ``".replace("|", "\\|")


def main() -> int:
    collector, said = Collector(), io.StringIO()
    with redirect_stdout(said):
        code = pytest.main([*TESTS, "-q", "-p", "no:randomly", "-p", "no:cacheprovider"], plugins=[collector])
    print("| case | line printed | exit code |\n| --- | --- | --- |")
    for case, lines, exit_code in collector.rows:
        print(f"| {case} | {lines} | {exit_code} |")
    if code:
        print(said.getvalue(), file=sys.stderr)
    return int(code != 0)


if __name__ == "__main__":
    sys.exit(main())
