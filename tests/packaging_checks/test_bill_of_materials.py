"""The bill of materials is valid CycloneDX, whole, and the same each time."""

import json

import pytest
from bill_of_materials import bill_of_materials
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from licences import read_record
from locked_packages import locked_packages


@pytest.fixture(scope="module")
def packages():
    return locked_packages()


@pytest.fixture(scope="module")
def text(packages):
    return bill_of_materials(packages)


@pytest.fixture(scope="module")
def bill(text):
    return json.loads(text)


def test_it_is_valid_in_the_version_of_the_schema_that_it_names(text, bill):
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["specVersion"] == "1.6"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_every_locked_package_is_in_it_with_its_version_and_all_hashes(bill, packages):
    listed = {
        (one["name"], one["version"]): {(found["alg"], found["content"]) for found in one["hashes"]}
        for one in bill["components"]
    }
    locked = {(one.name, one.version): {("SHA-256", digest) for _, digest in one.hashes} for one in packages}
    assert listed == locked
    assert all(locked.values())


def test_every_package_has_its_recorded_licence(bill):
    listed = {
        f"{one['name']} {one['version']}": one["licenses"][0].get("expression") or one["licenses"][0]["license"]["id"]
        for one in bill["components"]
    }
    assert listed == read_record()


def test_the_libraries_inside_wheels_that_bind_are_named(bill):
    heif = next(one for one in bill["components"] if one["name"] == "pillow-heif")
    assert [one["value"] for one in heif["properties"] if "x265" in one["value"]]


def test_it_says_what_needs_what(bill):
    needs = {one["ref"].partition("==")[0]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert any(found.startswith("pillow-heif==") for found in needs["acnelib"])
    assert any(found.startswith("urllib3==") for found in needs["requests"])


def test_the_same_lock_makes_the_same_file(packages):
    assert bill_of_materials(packages[:5]) == bill_of_materials(packages[:5]) != bill_of_materials(packages[:4])
