"""Configuration in a folder of another user, or one that others may write, has no effect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from acnelib.api.access import TOKEN_FILE, Token
from acnelib.config.credentials import CredentialStore
from acnelib.config.luigi_files import luigi_files
from acnelib.config.settings import Settings
from acnelib.dataset.overrides import FILE_NAME as OVERRULE
from acnelib.dataset.overrides import Overrides
from acnelib.errors import SettingsInvalid
from acnelib.label_aliases import LabelAliases
from acnelib.schedule.cron_trigger import CronTrigger
from acnelib.schedule.state import ScheduleState
from acnelib.scraping.layout_files import find_layout
from acnelib.services import Stack
from acnelib.site_threshold import SiteThresholds
from acnelib.storage.workspace import Workspace

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no such owners")

SERVER = "https://mlflow.example.org"


def write_world_writable(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o666)
    return path


def test_a_luigi_cfg_of_another_user_is_passed_over_for_the_next_one(tmp_path, give_away, caplog):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "luigi.cfg").write_text("[acne]\ncontact = mine\n")
    theirs = tmp_path / "theirs" / "luigi.cfg"
    theirs.write_text("[acne]\ntracking_uri = http://elsewhere\n")
    give_away(theirs)
    give_away(theirs.parent)
    settings = Settings.load(cwd=theirs.parent)
    assert (settings.tracking_uri, settings.contact, settings.stack) == (None, "mine", tmp_path / "mlruns")
    assert f"{theirs} is not read" in caplog.text


def test_a_luigi_cfg_of_another_user_counts_where_the_folder_is_trusted(tmp_path, give_away, monkeypatch):
    (tmp_path / "luigi.cfg").write_text("[acne]\ncontact = theirs\n")
    give_away(tmp_path / "luigi.cfg")
    monkeypatch.setenv("ACNE_TRUST_FOLDER", str(tmp_path))
    assert Settings.load(cwd=tmp_path).contact == "theirs"


def test_a_home_of_another_user_is_refused(tmp_path, give_away):
    (tmp_path / "home").mkdir()
    environ = {"ACNE_HOME": str(give_away(tmp_path / "home"))}
    with pytest.raises(SettingsInvalid, match=r"home is not used, for .* belongs to another user"):
        Settings.load(environ=environ, cwd=tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("settings.toml", 'tracking_uri = "http://elsewhere"', lambda _: Settings.load()),
        ("stack.json", json.dumps({"services": {}}), lambda _: Settings.load().server()),
        ("server.json", json.dumps({"server": SERVER, "token": "x"}), lambda home: CredentialStore(home).of(SERVER)),
        ("labels.toml", "[aliases]\n", LabelAliases.load),
        ("layouts/site.toml", "", lambda home: find_layout("site", own=home / "layouts")),
        (f"thresholds/{'0' * 64}.json", "{}", lambda home: SiteThresholds(home).of("0" * 64)),
        (TOKEN_FILE, "x" * 40, lambda home: Token.find_or_make(home, environ={})),
        (OVERRULE, "{}", lambda home: Overrides.read(home / OVERRULE)),
        ("schedule.json", "{}", lambda home: ScheduleState.of(home).last_due(CronTrigger.parse("* * * * *"))),
    ],
)
def test_a_file_that_others_may_write_is_refused(own_home, name, text, read):
    path = write_world_writable(own_home / name, text)
    with pytest.raises(SettingsInvalid, match=f"{path} is not used, for others may write"):
        read(own_home)


def test_a_working_folder_that_others_may_write_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o777)
    with pytest.raises(SettingsInvalid, match="data is not used"), Workspace(tmp_path / "data").alone():
        pass


@pytest.mark.parametrize("name", ["credentials.json", "mlflow.db", "s3"])
def test_a_stack_whose_files_others_may_write_is_not_started(own_home, tmp_path, name):
    stack = tmp_path / "stack"
    write_world_writable(stack / name, "{}")
    with pytest.raises(SettingsInvalid, match=f"{name} is not used"):
        Stack(Settings(home=own_home, cache=own_home, stack=stack, workdir=tmp_path)).up()
    assert not (stack / "run").exists()


def test_a_stack_of_another_user_is_not_started(own_home, tmp_path, give_away):
    (tmp_path / "stack").mkdir()
    settings = Settings(home=own_home, cache=own_home, stack=give_away(tmp_path / "stack"), workdir=tmp_path)
    with pytest.raises(SettingsInvalid, match="stack belongs to another user"):
        Stack(settings).up()


def test_a_stack_is_on_this_machine_whatever_its_record_says(own_home):
    (own_home / "stack.json").write_text(json.dumps({"services": {"mlflow": {"url": "http://elsewhere:5000"}}}))
    with pytest.raises(SettingsInvalid, match="names a server on another machine"):
        Settings.load().server()


def test_the_file_that_luigis_variable_names_is_refused(tmp_path):
    write_world_writable(tmp_path / "team.cfg", "[core]\n")
    with pytest.raises(SettingsInvalid, match=r"team\.cfg is not used"):
        luigi_files({"LUIGI_CONFIG_PATH": "team.cfg"}, tmp_path)


READ_BY_LUIGI = """
import luigi_tasks
from luigi.configuration import add_config_path, get_config
from pathlib import Path
Path("mine.cfg").write_text("[mine]\\nx = 1")
add_config_path("mine.cfg")
print(sorted(get_config().sections()))
"""


@pytest.mark.parametrize("name", ["luigi.cfg", "client.cfg"])
def test_luigi_itself_reads_no_file_that_others_may_write(name):
    write_world_writable(Path.cwd() / name, "[theirs]\nx = 1\n")
    ran = subprocess.run([sys.executable, "-c", READ_BY_LUIGI], capture_output=True, text=True, check=True)
    assert ran.stdout == "['mine']\n"


def test_the_command_luigi_refuses_to_run_where_its_configuration_is_not_trusted():
    write_world_writable(Path.cwd() / "luigi.cfg", "[core]\n")
    luigi = [sys.executable, "-c", "import luigi, luigi_tasks"]
    ran = subprocess.run(luigi, capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "luigi.cfg is not used, for others may write" in ran.stderr
