"""What the documents say of the code is so."""

import re
from pathlib import Path

import pytest

import acnelib
from acnelib.config.settings import NAMES

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("name", acnelib.__all__)
def test_every_public_name_is_in_the_reference_and_exists(name):
    assert name in (REPOSITORY / "docs" / "api.md").read_text()
    assert getattr(acnelib, name)


def test_every_stage_is_in_the_reference():
    from acnelib import stages

    reference = (REPOSITORY / "docs" / "api.md").read_text()
    assert [name for name in stages.__all__ if f"`{name}" not in reference] == []


def test_every_link_between_documents_leads_somewhere():
    documents = [REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")]
    broken = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!http|#)([^)#]+)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_the_readmes_settings_exist():
    readme = (REPOSITORY / "README.md").read_text()
    named = {name.lower() for name in re.findall(r"`ACNE_([A-Z_]+)`", readme)} - {"home", "signature", "trust_folder"}
    assert named <= set(NAMES)
