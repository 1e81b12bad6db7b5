"""What came, went or changed between two versions of the data."""

from __future__ import annotations

import pytest

from acnelib.dataset.changes import Change, Changes, changes_between
from acnelib.dataset.curation import Reason
from acnelib.dataset.splitting import Split, SplitPhoto, Subset


def photo(label="cysts", *, group, subset=Subset.TRAIN, reason=None):
    return SplitPhoto(labels=(label,), paths=(), group=group, subset=subset, reason=reason)


def split_of(**photos):
    return Split(photos=dict(sorted(photos.items())), grouped_by="look")


BEFORE = split_of(
    a=photo(group="a"),
    b=photo(group="a"),
    c=photo(group="c", subset=Subset.TEST),
    d=photo(group="d"),
    e=photo(group="e"),
)


@pytest.fixture
def changes():
    """B was tied to C of the test photos, D got another label, E went and F came."""
    return changes_between(
        BEFORE,
        split_of(
            a=photo(group="a"),
            b=photo(group="b", subset=Subset.EXCLUDED, reason=Reason.JOINED_TO_TEST),
            c=photo(group="b", subset=Subset.TEST),
            d=photo("papules", group="d"),
            f=photo(group="f"),
        ),
    )


def test_photos_that_came_and_went_are_told(changes):
    assert (changes.came, changes.went) == (("f",), ("e",))


def test_a_changed_label_is_told_with_what_it_was(changes):
    assert changes.relabelled == (Change(sha256="d", before="cysts", after="papules"),)


def test_a_photo_that_belongs_together_with_others_than_before_is_told_with_them(changes):
    assert changes.regrouped == (
        Change(sha256="a", before="b", after="none"),
        Change(sha256="b", before="a", after="c"),
        Change(sha256="c", before="none", after="b"),
    )


def test_a_photo_that_serves_for_something_else_is_told_with_the_reason(changes):
    assert changes.moved == (Change(sha256="b", before="train", after="excluded: joined-to-test"),)


def test_a_group_that_only_changed_its_name_has_not_changed():
    renamed = split_of(**{**BEFORE.photos, "a": photo(group="new"), "b": photo(group="new")})
    assert str(changes_between(BEFORE, renamed)) == "nothing changed"


def test_the_changes_are_told_in_one_line(changes):
    assert str(changes) == "1 came, 1 went, 1 changed label, 3 changed group, 1 changed subset"


def test_a_first_version_has_not_changed():
    assert changes_between(None, BEFORE) == Changes()
    assert str(Changes()) == "the first version of these data"


def test_changes_are_read_as_they_were_written(changes, tmp_path):
    changes.write(tmp_path / "changes.json")
    assert Changes.read(tmp_path / "changes.json") == changes
