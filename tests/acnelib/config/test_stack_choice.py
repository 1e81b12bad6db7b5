"""Which embedded stack is used, whatever the current folder, and why."""

from __future__ import annotations

import pytest

from acnelib.config.settings import Settings
from acnelib.storage.files import write_json


def record_of(folder, port):
    return {"directory": str(folder), "services": {"mlflow": {"url": f"http://127.0.0.1:{port}"}}}


def make_stack(folder, port):
    """Leave what a stack that was started once leaves in its folder."""
    write_json(folder / "credentials.json", {})
    write_json(folder / "stack.json", record_of(folder, port))
    return folder


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def project(tmp_path):
    """A folder whose luigi.cfg gives it a default stack of its own."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "luigi.cfg").touch()
    return tmp_path / "project"


@pytest.fixture
def users(home, tmp_path):
    """The user's stack, recorded in the home."""
    folder = make_stack(tmp_path / "demo" / "mlruns", 5000)
    write_json(home / "stack.json", record_of(folder, 5000))
    return folder


@pytest.fixture
def load(home, project):
    return lambda **environ: Settings.load(environ={"ACNE_HOME": str(home), **environ}, cwd=project)


def test_the_recorded_stack_goes_before_the_folders_default(load, users, project):
    choice = load().stack_choice()
    assert (choice.folder, choice.rule, choice.passed_over) == (users, "recorded", project / "mlruns")
    assert load().server() == "http://127.0.0.1:5000"


def test_addresses_are_those_of_the_named_stack_and_not_of_the_recorded_one(load, users, tmp_path):
    second = make_stack(tmp_path / "second", 5001)
    settings = load(ACNE_STACK=str(second))
    choice = settings.stack_choice()
    assert (choice.folder, choice.rule, choice.elsewhere) == (second, "named", users)
    assert settings.server() == "http://127.0.0.1:5001"


def test_a_named_stack_that_was_never_started_has_no_addresses(load, users, tmp_path):
    assert load(ACNE_STACK=str(tmp_path / "new")).server() is None


@pytest.mark.parametrize("where", ["ACNE_STACK", "settings.toml", "luigi.cfg"])
def test_the_reason_says_what_names_the_stack(load, home, project, tmp_path, where):
    environ = {"ACNE_STACK": str(tmp_path / "x")} if where == "ACNE_STACK" else {}
    if where == "settings.toml":
        (home / where).write_text(f'stack = "{tmp_path}/x"')
    if where == "luigi.cfg":
        (project / where).write_text(f"[acne]\nstack = {tmp_path}/x")
    choice = load(**environ).stack_choice()
    assert choice.folder == tmp_path / "x"
    assert choice.reason.startswith("named by ")
    assert choice.reason.endswith(where)


def test_without_a_record_it_is_the_folders_default(load, project):
    choice = load().stack_choice()
    assert (choice.folder, choice.rule) == (project / "mlruns", "default")


def test_a_recorded_stack_whose_files_are_gone_is_none(load, users, project):
    for name in ("credentials.json", "stack.json"):
        (users / name).unlink()
    assert load().stack_choice().folder == project / "mlruns"
    assert load().server() is None


def test_a_copy_of_a_stack_has_not_the_addresses_of_the_original(load, users, tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in users.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    assert load(ACNE_STACK=str(copy)).server() is None


def test_a_program_that_waits_sees_the_stack_that_is_started_meanwhile(load, home, tmp_path):
    settings = load()
    assert settings.server() is None
    write_json(home / "stack.json", record_of(make_stack(tmp_path / "other", 5002), 5002))
    assert settings.server() == "http://127.0.0.1:5002"


@pytest.mark.parametrize(
    ("server", "embedded"),
    [("http://127.0.0.1:5000", True), ("http://127.0.0.1:5000/", True), ("http://127.0.0.1:5001", False)],
)
def test_the_stacks_own_address_as_tracking_uri_still_means_the_stack(load, users, server, embedded):
    assert load(MLFLOW_TRACKING_URI=server).uses_embedded == embedded
