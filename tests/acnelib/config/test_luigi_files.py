"""Luigi's own files: what in them would disturb a run, and what Luigi could not even read."""

from __future__ import annotations

import pytest

from acnelib.config.luigi_files import foreign_variables, use_own_parser, worker_options
from acnelib.errors import SettingsInvalid


@pytest.mark.parametrize("name", ["luigi.cfg", "client.cfg"])
def test_options_of_workers_are_named_with_their_file(tmp_path, name):
    (tmp_path / name).write_text("[worker]\ntask_limit = 1\nkeep_alive = true\ncheck_complete_on_run = false\n")
    assert worker_options({}, tmp_path) == [
        f"[worker] task_limit in {tmp_path / name}",
        f"[worker] check_complete_on_run in {tmp_path / name}",
    ]


def test_the_file_that_a_variable_names_counts_too(tmp_path):
    (tmp_path / "team.cfg").write_text("[worker]\ntimeout = 1\n")
    assert worker_options({"LUIGI_CONFIG_PATH": "team.cfg"}, tmp_path) == [
        f"[worker] timeout in {tmp_path / 'team.cfg'}"
    ]


def test_the_projects_own_file_disturbs_nothing(tmp_path):
    (tmp_path / "luigi.cfg").write_text("[worker]\ncheck_complete_on_run = true\nkeep_alive = false\n")
    assert worker_options({}, tmp_path) == []


def test_another_parser_is_overruled_before_luigi_is_imported():
    environ = {"LUIGI_CONFIG_PARSER": "toml", "LUIGI_CONFIG_PATH": "team.toml", "PATH": "/bin"}
    assert foreign_variables(environ) == ["LUIGI_CONFIG_PARSER", "LUIGI_CONFIG_PATH"]
    assert use_own_parser(environ) == ["LUIGI_CONFIG_PARSER", "LUIGI_CONFIG_PATH"]
    assert environ == {"PATH": "/bin"}
    assert use_own_parser({"LUIGI_CONFIG_PARSER": "cfg"}) == []


def test_a_file_that_luigi_cannot_read_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "client.cfg").write_text("[broken\n")
    with pytest.raises(SettingsInvalid, match=r"client\.cfg cannot be read by Luigi"):
        use_own_parser({})
