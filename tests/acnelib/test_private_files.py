"""What the program keeps is for its owner alone from the first moment, whatever the umask is."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from acnelib.config import settings_file
from acnelib.schedule.state import exclusive_schedule
from acnelib.scraping.folder import FileRecord
from acnelib.scraping.memory import SourceMemory
from acnelib.storage.files import SHARED, atomic_write, check_writable, private_folder, write_bytes
from acnelib.storage.results import build_once
from acnelib.storage.workspace import Workspace

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")


@pytest.fixture(autouse=True)
def no_umask():
    """Let nothing be private that the program does not make private."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def folder(tmp_path):
    """A folder of the user's own."""
    return tmp_path / "elsewhere" / "kept"


def mode(path):
    return path.stat().st_mode & 0o777


def open_to_others(root):
    """Return what group or others may use, below a folder and the folder itself."""
    return sorted(str(path) for path in (root, *root.rglob("*")) if not path.is_symlink() and mode(path) & 0o077)


def test_a_whole_run_leaves_nothing_that_others_may_use(walked):
    kept = [walked.root / name for name in ("home", "stack", "work")]
    assert sum(len(list(root.rglob("*"))) for root in kept) > 100
    assert [path for root in kept for path in open_to_others(root)] == []


def test_a_folder_and_the_missing_ones_above_it_are_private(folder):
    private_folder(folder)
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o700)


def test_a_folder_that_exists_keeps_its_mode(tmp_path):
    private_folder(tmp_path).chmod(0o755)
    private_folder(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_file_is_private_while_it_is_written_too(folder):
    with atomic_write(folder / "file") as part:
        assert (mode(part), mode(folder)) == (0o600, 0o700)
    assert mode(folder / "file") == 0o600


def test_a_file_that_a_user_asked_for_follows_the_umask(folder):
    write_bytes(folder / "file", b"", mode=SHARED)
    assert (mode(folder / "file"), mode(folder)) == (0o666, 0o777)


def test_a_result_is_private_whatever_wrote_into_it(folder):
    def make(part):
        assert mode(part) == 0o700
        (part / "inner").mkdir()
        (part / "inner" / "model.keras").write_bytes(b"")
        return []

    build_once(folder, make)
    assert open_to_others(folder.parent) == []


def test_locks_temporary_files_memories_and_settings_are_private(folder):
    workspace = Workspace(folder)
    with workspace.alone(), workspace.temporary_files(), exclusive_schedule(folder / "source"):
        settings_file.write_setting(folder / "home" / "settings.toml", "contact", "me")
        with SourceMemory(folder / "source" / "seen.jsonl", FileRecord):
            pass
        assert len(list(folder.rglob("*"))) > 5
        assert open_to_others(folder.parent) == []


def test_a_check_of_a_folder_opens_it_to_no_one(folder, monkeypatch):
    seen = []

    def opened(**options):
        seen.append(mode(options["dir"]))
        return io.BytesIO()

    monkeypatch.setattr("tempfile.TemporaryFile", opened)
    check_writable(folder)
    assert seen == [0o700]


def test_a_service_of_the_stack_writes_for_its_owner_alone(tmp_path):
    from acnelib.services import processes

    write = [sys.executable, "-c", "import os; os.mkdir('s3'); open('s3/object', 'w').close()"]
    process = processes.spawn(write, environment=dict(os.environ), cwd=tmp_path, log=tmp_path / "s3.log")
    process.wait(timeout=20)
    assert [path for path in open_to_others(tmp_path) if path != str(tmp_path)] == []
    assert (tmp_path / "s3" / "object").exists()


def test_the_line_for_cron_makes_a_private_folder(folder):
    from acnelib.schedule.cron_trigger import CronTrigger
    from acnelib.schedule.scheduler import ScheduleOptions
    from acnelib.schedule.units import Job, crontab_line

    job = Job(sources=("s",), name="s", command=("true",), directory=Path.cwd(), folder=folder)
    line = crontab_line(ScheduleOptions(trigger=CronTrigger.parse("* * * * *")), job)
    steps = line.removeprefix("* * * * * ").rpartition(" && ")[0]
    subprocess.run(["sh", "-c", steps], check=True)
    assert open_to_others(folder.parent) == []
