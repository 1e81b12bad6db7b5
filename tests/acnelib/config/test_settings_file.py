"""The file of settings: what the program keeps there leaves what people wrote there alone."""

from __future__ import annotations

import threading
import tomllib

import pytest

from acnelib.config.settings_file import read_setting, read_table, write_setting, write_table_entry
from acnelib.errors import SettingsInvalid


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


URI = 'tracking_uri = "http://new"'
COMMENTED = '# mine\n[schedule]\n# twice\na = { cron = "0 3 * * 1" }\n'


@pytest.mark.parametrize(
    "before",
    [
        None,
        "",
        'contact = "me" # so',
        'contact = "me"\r\n',
        COMMENTED,
        f'contact = "me"\n\n{COMMENTED}',
        '[other]\ntracking_uri = "not this"\n',
    ],
)
def test_a_new_setting_leaves_every_line_of_the_file_as_it_was(home, before):
    path = home / "settings.toml"
    if before is not None:
        path.write_bytes(before.encode())
    write_setting(path, "tracking_uri", "http://new")
    written = path.read_bytes().decode()
    assert [line for line in written.splitlines() if line and line != URI] == [
        line for line in (before or "").splitlines() if line
    ]
    assert tomllib.loads(written) == {**tomllib.loads(before or ""), "tracking_uri": "http://new"}


@pytest.mark.parametrize("old", ['tracking_uri="http://old"', '"tracking_uri" = "old"', 'tracking_uri = """old\n"""'])
def test_a_setting_is_replaced_in_its_place_in_whatever_form_it_is_written(home, old):
    path = home / "settings.toml"
    path.write_text(f'# first\n{old} # why\ncontact = "me"\n')
    write_setting(path, "tracking_uri", "http://new")
    assert path.read_text().startswith("# first\n")
    assert path.read_text().endswith('"http://new" # why\ncontact = "me"\n')
    assert read_setting(path, "tracking_uri") == "http://new"


def test_a_setting_that_is_taken_out_leaves_the_rest(home):
    path = home / "settings.toml"
    write_setting(path, "tracking_uri", None)
    assert not path.exists()
    path.write_text(f'contact = "me"\n{URI}\n{COMMENTED}')
    write_setting(path, "tracking_uri", None)
    assert path.read_text() == f'contact = "me"\n{COMMENTED}'
    assert read_setting(path, "tracking_uri") is None


@pytest.mark.parametrize("content", ["tracking_uri = 5\n", "tracking_uri = [1]\n"])
def test_a_setting_that_is_no_text_is_said_to_be_none(home, content):
    path = home / "settings.toml"
    path.write_text(content)
    with pytest.raises(SettingsInvalid, match=r'tracking_uri = .* is not text: write tracking_uri = "…"'):
        read_setting(path, "tracking_uri")


def test_of_many_that_write_at_once_each_has_its_way(home):
    path = home / "settings.toml"

    def keep(writer):
        for number in range(10):
            write_table_entry(path, "terms", f"{writer}-{number}", {"on": "today"})

    writers = [threading.Thread(target=keep, args=(writer,)) for writer in range(6)]
    writers.append(threading.Thread(target=write_setting, args=(path, "tracking_uri", "http://new")))
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(read_table(path, "terms")) == 60
    assert read_setting(path, "tracking_uri") == "http://new"
