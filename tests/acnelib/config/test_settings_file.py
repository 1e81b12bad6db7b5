"""The file of settings: what the program keeps there leaves what people wrote there alone."""

from __future__ import annotations

import threading

import pytest

from acnelib.config.settings_file import keep_entry, keep_value, kept_table, kept_value
from acnelib.errors import SettingsInvalid


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


URI = 'tracking_uri = "http://new"'
COMMENTED = '# mine\n[schedule]\n# twice\na = { cron = "0 3 * * 1" }\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, f"{URI}\n"),
        ("", f"{URI}\n"),
        ('contact = "me" # so', f'contact = "me" # so\n{URI}'),
        ('contact = "me"\r\n', f'contact = "me"\r\n{URI}\n'),
        ('tracking_uri="http://old" # old\ncontact = "me"\n', f'{URI}\ncontact = "me"\n'),
        (COMMENTED, f"{URI}\n{COMMENTED}"),
        (f'contact = "me"\n\n{COMMENTED}', f'contact = "me"\n{URI}\n\n{COMMENTED}'),
        ('[other]\ntracking_uri = "not this"\n', f'{URI}\n[other]\ntracking_uri = "not this"\n'),
    ],
)
def test_one_setting_is_written_and_all_else_in_the_file_stays(home, before, after):
    path = home / "settings.toml"
    if before is not None:
        path.write_bytes(before.encode())
    keep_value(path, "tracking_uri", "http://new")
    assert path.read_bytes().decode() == after
    assert kept_value(path, "tracking_uri") == "http://new"


def test_a_setting_that_is_taken_out_leaves_the_rest(home):
    path = home / "settings.toml"
    keep_value(path, "tracking_uri", None)
    assert not path.exists()
    path.write_text(f'contact = "me"\n{URI}\n{COMMENTED}')
    keep_value(path, "tracking_uri", None)
    assert path.read_text() == f'contact = "me"\n{COMMENTED}'
    assert kept_value(path, "tracking_uri") is None


@pytest.mark.parametrize("content", ['"tracking_uri" = "old"\n', 'tracking_uri = """old\n"""\n'])
def test_a_setting_in_a_form_that_cannot_be_replaced_is_left_alone(home, content):
    path = home / "settings.toml"
    path.write_text(content)
    with pytest.raises(SettingsInvalid, match="tracking_uri stands there in a form that cannot be replaced: delete it"):
        keep_value(path, "tracking_uri", "http://new")
    assert path.read_text() == content


@pytest.mark.parametrize("content", ["tracking_uri = 5\n", "tracking_uri = [1]\n"])
def test_a_setting_that_is_no_text_is_said_to_be_none(home, content):
    path = home / "settings.toml"
    path.write_text(content)
    with pytest.raises(SettingsInvalid, match=r'tracking_uri = .* is not text: write tracking_uri = "…"'):
        kept_value(path, "tracking_uri")


def test_of_many_that_write_at_once_each_has_its_way(home):
    path = home / "settings.toml"

    def keep(writer):
        for number in range(10):
            keep_entry(path, "terms", f"{writer}-{number}", {"on": "today"})

    writers = [threading.Thread(target=keep, args=(writer,)) for writer in range(6)]
    writers.append(threading.Thread(target=keep_value, args=(path, "tracking_uri", "http://new")))
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(kept_table(path, "terms")) == 60
    assert kept_value(path, "tracking_uri") == "http://new"
