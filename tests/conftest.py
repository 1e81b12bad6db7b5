"""Every test runs with a home, a working folder and servers of its own, and sees nothing of whoever runs it."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from acnelib.config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["ownership", "workplace"]

SHARED = "ACNE_TEST_SHARED"
LIGHT = "ACNE_TEST_LIGHT"
FOREIGN = ("ACNE_", "MLFLOW_", "_MLFLOW_", "AWS_", "LUIGI_", "NANIO_")
THREAD_PATIENCE = 5.0
DELETED_LATER = ("pytest-of-", "__autograph_generated_file")  # pytest's own, and TensorFlow's, which it deletes at exit
LEFT_BEHIND = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Make one folder for all that a run leaves, temporary files included; workers inherit the controller's."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup ignores it, and commands that tests start would, too
    if not hasattr(config, "workerinput"):
        for name in [name for name in os.environ if name.startswith(FOREIGN) and name != LIGHT]:
            del os.environ[name]
        os.environ[SHARED] = tempfile.mkdtemp(prefix="acne-tests-")
        temporary = Path(os.environ[SHARED]) / "tmp"
        temporary.mkdir()
        os.environ["TMPDIR"] = str(temporary)
        tempfile.tempdir = None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the shared stack, if any test wanted it; fail the run for whatever its tests left behind."""
    if hasattr(session.config, "workerinput"):
        return
    shared = Path(os.environ[SHARED])
    walked = Walked(shared / "walked")
    if walked.stack.is_dir():
        walked.acne("down")
    left = [path.name for path in (shared / "tmp").iterdir() if not path.name.startswith(DELETED_LATER)]
    running = _processes_that_know(shared)
    shutil.rmtree(shared, ignore_errors=True)
    if left or running:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        session.config.stash[LEFT_BEHIND] = f"temporary files {left}, processes {running}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what tests left behind."""
    if reported := config.stash.get(LEFT_BEHIND, None):
        terminalreporter.section("left behind by tests")
        terminalreporter.line(reported)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where only the core is installed, leave out what needs a trained model and servers."""
    dear = [item for item in items if {"walked", "workplace"}.intersection(getattr(item, "fixturenames", ()))]
    if LIGHT in os.environ:
        config.hook.pytest_deselected(items=dear)
        items[:] = [item for item in items if item not in dear]
    for item in dear:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(600))  # whichever comes first makes what it shares with the others


@pytest.hookimpl(optionalhook=True)  # where only the core is installed there is no xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let tests that share something dear run in one worker."""
    from scheduling import ByWhatIsShared

    return ByWhatIsShared(config, log)


def _processes_that_know(shared: Path) -> list[str]:
    """Return the command lines of processes that were started with the run's folder in their environment."""
    known = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if str(shared).encode() in environment and int(folder.name) != os.getpid() and command:
            known.append(command.replace(b"\0", b" ").decode(errors="replace")[:200])
    return known


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test() -> Iterator[None]:
    """Fail a test that leaves a thread running that would keep the process alive."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_PATIENCE
    for thread in set(threading.enumerate()) - before:
        if not thread.daemon:
            if thread.name.startswith("Mlflow"):  # it leaves the pools that upload for it to the garbage collector
                gc.collect()
            thread.join(max(0.0, deadline - time.monotonic()))
            assert not thread.is_alive(), f"{thread.name} outlived the test"


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

    @property
    def login(self) -> tuple[str, str]:
        """Name and password at its MLflow server and luigid."""
        keys = json.loads((self.stack / "credentials.json").read_text(encoding="utf-8"))
        return keys["username"], keys["password"]

    @property
    def server_environment(self) -> dict[str, str]:
        """Variables by which a program that knows nothing of acnelib reaches its MLflow server."""
        username, password = self.login
        login = {"MLFLOW_TRACKING_USERNAME": username, "MLFLOW_TRACKING_PASSWORD": password}
        return {"MLFLOW_TRACKING_URI": str(self.settings.server()), **login}

    def acne(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run the command ``acne``."""
        return subprocess.run(
            [sys.executable, "-m", "acnelib.cli", *map(str, arguments)],
            env=self.environment,
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
            umask=0,  # what the program keeps for its owner must not depend on it
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
