"""Files that steer the program count only where this user or root alone can have written them."""

from __future__ import annotations

import os

import pytest

from acnelib.errors import SettingsInvalid
from acnelib.storage.trust import VARIABLE, check_trusted, distrust, is_trusted

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no such owners")


@pytest.fixture
def file(tmp_path):
    (tmp_path / "project").mkdir()
    path = tmp_path / "project" / "luigi.cfg"
    path.touch(mode=0o600)
    return path


def test_a_file_of_ones_own_in_a_folder_of_ones_own_is_trusted(file):
    assert distrust(file) is None


def test_what_does_not_exist_is_trusted(file):
    assert distrust(file.with_name("none")) is None
    assert distrust(file.parent / "no" / "such" / "folder") is None


def test_a_file_of_another_user_is_not(file, give_away):
    assert f"{file} belongs to another user" in distrust(give_away(file))


def test_nor_one_in_a_folder_of_another_user(file, give_away):
    give_away(file.parent)
    assert f"{file.parent} belongs to another user" in distrust(file)


def test_nor_a_new_folder_in_a_folder_of_another_user(file, give_away):
    give_away(file.parent)
    assert distrust(file.parent / "home")


@pytest.mark.parametrize("mode", [0o602, 0o666])
def test_nor_a_file_that_others_may_write(file, mode):
    file.chmod(mode)
    assert f"others may write {file}: change that (chmod go-w {file})" in distrust(file)


def test_nor_one_in_a_folder_that_others_may_write(file):
    file.parent.chmod(0o777)
    assert f"others may write {file.parent}" in distrust(file)


def test_a_sticky_folder_lets_no_one_replace_a_file(file):
    file.parent.chmod(0o1777)
    assert distrust(file) is None


def test_a_sticky_folder_of_another_user_lets_its_owner_replace_it(file, give_away):
    give_away(file.parent).chmod(0o1777)
    assert distrust(file)


def test_a_group_may_write_only_where_it_is_the_owners_private_one(file, monkeypatch):
    file.chmod(0o660)
    monkeypatch.setattr("acnelib.storage.trust._is_private_group", lambda _place, _status: False)
    assert distrust(file)
    monkeypatch.setattr("acnelib.storage.trust._is_private_group", lambda _place, _status: True)
    assert distrust(file) is None


def test_a_group_that_is_not_named_like_the_user_is_not_private(file, monkeypatch):
    import grp

    file.chmod(0o660)
    monkeypatch.setattr("grp.getgrgid", lambda _gid: grp.struct_group(("users", "x", 100, [])))
    assert distrust(file)


def test_a_link_is_followed_and_what_it_leads_to_counts(file, tmp_path, give_away):
    link = tmp_path / "link.cfg"
    link.symlink_to(file)
    assert distrust(link) is None
    give_away(file)
    assert distrust(link)


def test_a_link_that_another_user_may_replace_is_not_trusted(file, tmp_path, give_away):
    (tmp_path / "theirs").mkdir()
    link = give_away(tmp_path / "theirs") / "link.cfg"
    link.symlink_to(file)
    assert distrust(link)


def test_a_folder_that_the_user_names_is_trusted_whoever_owns_it(file, give_away, monkeypatch):
    give_away(file.parent)
    assert distrust(give_away(file))
    monkeypatch.setenv(VARIABLE, str(file.parent))
    assert distrust(file) is None


def test_a_folder_beside_the_named_one_is_not_trusted(file, tmp_path, give_away, monkeypatch):
    (tmp_path / "named").mkdir()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "named"))
    assert distrust(give_away(file))


def test_trust_in_a_folder_is_none_in_what_lies_beside_it(file, give_away, monkeypatch):
    (file.parent / "below").mkdir()
    monkeypatch.setenv(VARIABLE, str(file.parent / "below"))
    assert distrust(give_away(file.parent))
    assert distrust(file)


def test_the_refusal_names_the_file_the_reason_and_the_remedy(file):
    file.parent.chmod(0o777)
    with pytest.raises(SettingsInvalid) as caught:
        check_trusted(file)
    assert str(caught.value) == (
        f"{file} is not used, for others may write {file.parent}: change that (chmod go-w {file.parent}), or set "
        f"{VARIABLE}={file.parent} if you trust all who can write there"
    )


def test_a_file_that_is_passed_over_is_named_in_a_warning(file, caplog):
    file.chmod(0o666)
    assert not is_trusted(file)
    assert f"{file} is not read, for others may write it" in caplog.text.replace(f"write {file}", "write it")


def test_without_users_as_on_windows_every_file_is_trusted(file, monkeypatch):
    file.chmod(0o666)
    monkeypatch.delattr(os, "geteuid")
    assert distrust(file) is None
