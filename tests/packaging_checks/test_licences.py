"""The licences of locked packages: complete, current with the lock, and those that bind are named."""

import json
import re

import pytest
from licences import PAGE, SPDX, LicenceUnknown, licences, page, read_notes, read_record
from locked_packages import LockedPackage, locked_packages, parts_of_the_project

RECIPROCAL = re.compile(r"GPL|MPL|EPL|CDDL|EUPL|CC-BY-SA|SSPL|BUSL|Sleepycat")


@pytest.fixture(scope="module")
def packages():
    return locked_packages()


def test_the_record_holds_exactly_the_locked_versions(packages):
    assert sorted(read_record()) == sorted(f"{one.name} {one.version}" for one in packages), "run: make licences"


def test_the_page_is_the_one_that_the_lock_and_the_record_make(packages):
    assert PAGE.read_text(encoding="utf-8") == page(packages, read_record()), "run: make licences"


def test_every_licence_is_an_spdx_expression():
    assert {licence for licence in read_record().values() if SPDX.validate(licence).errors} == set()


def test_every_licence_that_binds_those_who_pass_on_a_build_is_explained():
    explained = {name for row in read_notes()[1] for name in row.packages}
    binding = {release.split()[0] for release, licence in read_record().items() if RECIPROCAL.search(licence)}
    assert binding <= explained
    assert {"pyside6-essentials", "pillow-heif"} <= explained


def test_a_package_of_which_no_licence_is_known_is_refused_with_what_to_do():
    unknown = LockedPackage(name="unheard-of", version="1", marker="", hashes=(), asked_for_by=frozenset())
    with pytest.raises(LicenceUnknown, match=r"unheard-of 1; .*licence_notes\.toml"):
        licences([unknown])


def test_a_package_of_another_system_keeps_its_recorded_licence(tmp_path, monkeypatch):
    (tmp_path / "record.json").write_text(json.dumps({"for-elsewhere 1": "ISC"}), encoding="utf-8")
    monkeypatch.setattr("licences.RECORD", tmp_path / "record.json")
    package = LockedPackage(name="for-elsewhere", version="1", marker="", hashes=(), asked_for_by=frozenset())
    assert licences([package]) == {"for-elsewhere 1": "ISC"}


def test_each_package_is_counted_to_what_brings_it(packages):
    parts = parts_of_the_project(packages)
    assert parts["pillow-heif"] == ["core"]
    assert parts["shiboken6"] == ["gui"]
    assert parts["py4j"] == ["spark"]
    assert "pipeline" in parts["mlflow-skinny"]
    assert [name for name, found in parts.items() if not found] == []
