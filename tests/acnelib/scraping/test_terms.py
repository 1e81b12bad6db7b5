from __future__ import annotations

import logging
import tomllib
from dataclasses import replace
from datetime import date

import pytest

from acnelib.config.settings import Settings
from acnelib.errors import SettingsInvalid, UsageError
from acnelib.scraping.layout_files import load_layout
from acnelib.scraping.terms import check_terms

MINE = """# mine
contact = "me@example.org"  # how to reach me

[other]
key = "[accepted_terms]"
"""


@pytest.fixture
def dermnet():
    return load_layout("dermnet")


@pytest.fixture
def settings_toml(own_home):
    return own_home / "settings.toml"


@pytest.fixture
def check(dermnet, settings_toml):
    def checked(*, layout=dermnet, address=None, accepted=False, today=date(2026, 11, 24)):
        check_terms(layout, address=address, accepted=accepted, settings_toml=settings_toml, today=today)

    return checked


class TestTerms:
    def test_are_told_with_the_way_to_confirm_them_in_one_line(self, check, dermnet, settings_toml):
        with pytest.raises(UsageError) as caught:
            check()
        said = str(caught.value)
        assert dermnet.terms in said
        assert "--accept-terms" in said
        assert str(settings_toml) in said
        assert "\n" not in said

    def test_are_confirmed_once(self, check, settings_toml):
        check(accepted=True)
        check()
        (entry,) = tomllib.loads(settings_toml.read_text())["accepted_terms"].values()
        assert entry["on"] == "2026-11-24"

    def test_that_have_changed_are_asked_for_again_with_the_date_of_the_old_ones(self, check, dermnet):
        check(accepted=True)
        changed = replace(dermnet, terms="All new.")
        with pytest.raises(UsageError, match=r"changed since you confirmed them on 2026-11-24: All new\."):
            check(layout=changed)
        check(layout=changed, accepted=True)
        check(layout=changed)

    def test_of_another_address_are_asked_for_apart(self, check):
        check(accepted=True)
        with pytest.raises(UsageError, match="--accept-terms"):
            check(address="http://mirror.example:8000")
        check(address="http://mirror.example:8000", accepted=True)
        check(address="http://mirror.example:8000/")
        check()

    @pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:1"])
    def test_of_this_machine_are_nobodys(self, check, address, settings_toml):
        check(address=address, accepted=True)
        check(address=address)
        assert not settings_toml.exists()

    def test_of_a_site_without_any_are_not_asked_for(self, check):
        check(layout=load_layout("sample"), address="http://atlas.example")

    def test_that_cannot_be_remembered_are_confirmed_for_this_time(self, check, monkeypatch, caplog):
        def full(*_arguments, **_options):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("acnelib.config.settings_file.write_text", full)
        check(accepted=True)
        assert "cannot be remembered" in caplog.text
        assert caplog.records[0].levelno == logging.WARNING


class TestSettingsToml:
    def test_keeps_all_that_somebody_wrote(self, check, settings_toml):
        settings_toml.write_text(MINE)
        check(accepted=True)
        assert settings_toml.read_text().startswith(MINE)
        assert Settings.load().contact == "me@example.org"

    def test_keeps_what_stands_after_the_table_and_its_comment(self, check, dermnet, settings_toml):
        check(accepted=True)
        before, after = "# first\ncontact = 'me'\n\n", "\n# of the last table\n[last]\na = 1\n"
        settings_toml.write_text(before + settings_toml.read_text() + after)
        check(layout=replace(dermnet, terms="New."), accepted=True)
        text = settings_toml.read_text()
        assert text.startswith(before)
        assert text.endswith(after)
        assert text.count("[accepted_terms]") == 1

    def test_keeps_its_line_ends(self, check, settings_toml):
        settings_toml.write_bytes(b'contact = "me"\r\n[other]\r\na = 1\r\n')
        check(accepted=True)
        assert settings_toml.read_bytes().startswith(b'contact = "me"\r\n[other]\r\na = 1\r\n')

    def test_stays_a_link_and_private(self, check, settings_toml, tmp_path):
        elsewhere = tmp_path / "settings.toml"
        elsewhere.write_text("")
        elsewhere.chmod(0o600)
        settings_toml.symlink_to(elsewhere)
        check(accepted=True)
        assert settings_toml.is_symlink()
        assert elsewhere.stat().st_mode & 0o777 == 0o600
        check()

    @pytest.mark.parametrize(
        "text",
        [
            "accepted_terms = {}",
            "accepted_terms.x.y = '1'",
            "[accepted_terms.x]\ny = '1'",
            "a = '''\n[accepted_terms]\n'''",
        ],
    )
    def test_gains_the_confirmation_in_whatever_form_the_table_is_written(self, check, settings_toml, text):
        settings_toml.write_text(text)
        check(accepted=True)
        check()
        assert set(tomllib.loads(text)) <= set(tomllib.loads(settings_toml.read_text()))

    @pytest.mark.parametrize("text", ["3", "['dermnet']", "{ dermnet = 1 }"])
    def test_with_something_else_in_its_place_is_a_mistake(self, check, settings_toml, text):
        text = f"accepted_terms = {text}"
        settings_toml.write_text(text)
        with pytest.raises(SettingsInvalid, match="not as this program writes it"):
            check()

    def test_that_is_broken_is_named(self, check, settings_toml):
        settings_toml.write_text("contact = ")
        with pytest.raises(SettingsInvalid, match=r"settings\.toml cannot be read"):
            check(accepted=True)
