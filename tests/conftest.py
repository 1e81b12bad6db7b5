"""Every test runs with a home, a working folder and servers of its own, and sees nothing of whoever runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from acnelib.settings import Settings

SHARED = "ACNE_TEST_SHARED"
FOREIGN = ("ACNE_", "MLFLOW_", "_MLFLOW_", "AWS_", "LUIGI_", "NANIO_")


def pytest_configure(config: pytest.Config) -> None:
    """Make one folder for what all workers of a run share; the controller makes it, the workers inherit it."""
    if not hasattr(config, "workerinput"):
        for name in [name for name in os.environ if name.startswith(FOREIGN)]:
            del os.environ[name]
        os.environ[SHARED] = tempfile.mkdtemp(prefix="acne-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the shared stack, if any test wanted it, and leave nothing behind."""
    if hasattr(config, "workerinput") or SHARED not in os.environ:
        return
    shared = Path(os.environ.pop(SHARED))
    walked = Walked(shared / "walked")
    if walked.stack.is_dir():
        walked.acne("down")
    shutil.rmtree(shared, ignore_errors=True)


@dataclass(frozen=True)
class Walked:
    """A home, a stack and a working folder in which the sample atlas went all the way to production."""

    root: Path

    @property
    def stack(self) -> Path:
        """Folder of its stack."""
        return self.root / "stack"

    @property
    def workdir(self) -> Path:
        """Its working folder."""
        return self.root / "work"

    @property
    def environment(self) -> dict[str, str]:
        """Environment in which a command sees it."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        own = {"ACNE_HOME": self.root / "home", "ACNE_STACK": self.stack, "ACNE_WORKDIR": self.workdir}
        return inherited | {name: str(value) for name, value in own.items()}

    @property
    def settings(self) -> Settings:
        """Settings that see it."""
        return Settings.load(environ=self.environment, cwd=self.root)

    def acne(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run the command ``acne``."""
        return subprocess.run(
            [sys.executable, "-m", "acnelib.cli", *map(str, arguments)],
            env=self.environment,
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )


@pytest.fixture(scope="session")
def walked() -> Walked:
    """The main job, run once for all tests with real servers: tests read from it and add nothing to it."""
    walked = Walked(Path(os.environ[SHARED]) / "walked")
    walked.root.mkdir(exist_ok=True)
    with FileLock(walked.root.with_suffix(".lock")):
        finished = walked.root / "demo.txt"
        if not finished.is_file():
            demo = walked.acne("demo")
            assert demo.returncode == 0, demo.stderr
            finished.write_text(demo.stdout)
    return walked


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty home, and a current folder without any luigi.cfg above it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("ACNE_HOME", str(home))
    monkeypatch.chdir(tmp_path_factory.mktemp("cwd"))
    return home
