"""What the words of a licence allow, and what is said of it."""

from __future__ import annotations

import pytest

from acnelib.storage.licences import UNKNOWN, Permission, counted, permission_of, warnings_of

FREE, UNDERSTOOD_NOT = (
    Permission(commercial=True, derivatives=True),
    Permission(commercial=False, derivatives=False, known=False),
)


@pytest.mark.parametrize(
    "licence", ["CC0-1.0", "CC BY 4.0", "CC BY-SA 3.0", "cc_by_sa_4.0", "Public domain", "PD-USGov", "GFDL"]
)
def test_free_licences_allow_everything(licence):
    assert permission_of(licence) == FREE


@pytest.mark.parametrize(
    ("licence", "commercial", "derivatives"),
    [
        ("CC BY-NC-ND, © DermNet", False, False),
        ("CC BY-NC 4.0", False, True),
        ("CC BY-ND 4.0", True, False),
        ("for non-commercial use", False, True),
        ("© DermNet Skin Disease Atlas, all rights reserved", False, False),
    ],
)
def test_what_a_licence_forbids_is_understood(licence, commercial, derivatives):
    assert permission_of(licence) == Permission(commercial=commercial, derivatives=derivatives)


@pytest.mark.parametrize("licence", [None, "", "see the page", "© somebody"])
def test_what_is_not_understood_allows_nothing(licence):
    assert permission_of(licence) == UNDERSTOOD_NOT


def test_photos_are_counted_under_their_licences_the_commonest_first():
    assert list(counted(["CC0", None, None, "CC BY 4.0", "CC BY 4.0", None]).items()) == [
        (UNKNOWN, 3),
        ("CC BY 4.0", 2),
        ("CC0", 1),
    ]


def test_each_thing_that_is_forbidden_or_unknown_is_one_warning_that_names_the_licences():
    assert warnings_of({"CC BY-NC-ND": 3, "CC BY-NC 4.0": 4, "CC0": 9, UNKNOWN: 2}) == (
        "the licence of 7 photos forbids commercial use (CC BY-NC-ND, CC BY-NC 4.0)",
        "the licence of 3 photos forbids derived works (CC BY-NC-ND)",
        "the licence of 2 photos is unknown",
    )


def test_free_photos_need_no_warning():
    assert warnings_of({"CC0-1.0": 5, "CC BY 4.0": 3}) == ()
