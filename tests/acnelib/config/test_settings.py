"""Where each setting comes from, and what is said of one that cannot be understood."""

from __future__ import annotations

import json

import pytest

from acnelib.config.settings import Settings, naming_variable
from acnelib.errors import SettingsInvalid
from acnelib.storage.files import write_json


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def cwd(tmp_path):
    (tmp_path / "project" / "below").mkdir(parents=True)
    return tmp_path / "project" / "below"


@pytest.fixture
def load(home, cwd):
    """Load the settings of a person who set these environment variables."""
    return lambda **environ: Settings.load(environ={"ACNE_HOME": str(home), **environ}, cwd=cwd)


def test_without_any_wish_everything_lies_in_the_home_and_the_current_folder(load, home, cwd):
    assert load() == Settings(home=home, cache=home / "cache", stack=home / "mlruns", workdir=cwd / "data")


def test_without_a_home_the_platform_says_where_things_lie(cwd, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    settings = Settings.load(environ={}, cwd=cwd)
    assert settings.home.name == settings.cache.name == "acnelib"
    assert settings.home != settings.cache


def test_environment_goes_before_settings_toml_before_luigi_cfg_before_defaults(load, home, cwd):
    (cwd / "luigi.cfg").write_text("[acne]\nmodel_name = luigi\ncontact = luigi\nluigid_url = http://luigi\n")
    (home / "settings.toml").write_text('model_name = "toml"\ncontact = "toml"\n')
    settings = load(ACNE_MODEL_NAME="environment")
    assert (settings.model_name, settings.contact, settings.luigid_url) == ("environment", "toml", "http://luigi")
    assert settings.tracking_uri is None


def test_mlflows_own_variable_means_what_it_always_means(load):
    settings = load(MLFLOW_TRACKING_URI="http://mlflow", ACNE_TRACKING_URI="http://acne")
    assert settings.tracking_uri == settings.server() == "http://mlflow"


def test_an_empty_variable_is_no_wish(load, home):
    (home / "settings.toml").write_text('model_name = "toml"\n')
    assert load(ACNE_MODEL_NAME="", MLFLOW_TRACKING_URI="").model_name == "toml"


def test_the_stack_lies_beside_the_nearest_luigi_cfg(load, cwd):
    (cwd.parent / "luigi.cfg").touch()
    assert load().stack == cwd.parent / "mlruns"
    (cwd / "luigi.cfg").touch()
    assert load().stack == cwd / "mlruns"


def test_a_relative_folder_starts_at_the_current_one(load, cwd):
    assert load(ACNE_WORKDIR="photos/work").workdir == cwd / "photos" / "work"


def test_the_server_is_that_of_the_embedded_stack_unless_one_is_configured(load, home):
    assert load().server() is None
    write_json(home / "stack.json", {"services": {"mlflow": {"url": "http://127.0.0.1:5000"}}})
    assert load().server() == "http://127.0.0.1:5000"
    assert load(MLFLOW_TRACKING_URI="http://mlflow").server() == "http://mlflow"


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("home/settings.toml", b"contact = ", "cannot be read .*: mend or delete it"),
        ("home/settings.toml", b"contact = '\xff'", "cannot be read .*: mend or delete it"),
        ("home/settings.toml", b"contact = 3", 'contact = 3 is not text: write contact = "…"'),
        ("project/luigi.cfg", b"contact = me", "cannot be read .*: mend it"),
        ("project/luigi.cfg", b"[acne]\nnonsense\nnonsense", "cannot be read .*: mend it"),
    ],
)
def test_a_file_that_cannot_be_understood_is_one_line_with_its_path(load, tmp_path, file, content, said):
    (tmp_path / file).write_bytes(content)
    with pytest.raises(SettingsInvalid, match=said) as caught:
        load()
    assert str(tmp_path / file) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["{damaged", json.dumps(["mlflow"]), "3"])
def test_a_damaged_stack_json_says_how_to_get_a_new_one(load, home, content):
    (home / "stack.json").write_text(content)
    with pytest.raises(SettingsInvalid, match=r"stack\.json .*: delete it and run `acne up`"):
        load().server()


def test_shares_and_yes_or_no_may_be_written_as_toml_has_them(load, home):
    (home / "settings.toml").write_text("gate_confidence = 0.95\ngate_margin = 0\nwebhook_plain = true\n")
    settings = load()
    assert (settings.gate_confidence, settings.gate_margin, settings.webhook_plain) == (0.95, 0.0, True)


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, None),
        ({"MLFLOW_TRACKING_URI": "", "ACNE_TRACKING_URI": "http://a"}, "ACNE_TRACKING_URI"),
        ({"MLFLOW_TRACKING_URI": "http://m", "ACNE_TRACKING_URI": "http://a"}, "MLFLOW_TRACKING_URI"),
    ],
)
def test_the_variable_that_names_the_server_is_known_by_name(environ, name):
    assert naming_variable(environ) == name
