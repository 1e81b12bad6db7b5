"""Fair answers: candidate and production are compared on photos that neither has seen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.stages.fair_answers import fair_answers
from acnelib.stages.production_answers import ProductionAnswers

LABELS = ("cysts", "papules")
REPEATS = 2
FOLD, OTHER_FOLD = (0, 3), (1, 3)
CANDIDATE, HELD_OUT, DIRECT = (0.9, 0.1), (0.7, 0.3), (0.6, 0.4)


def scored(photos, scores, *, group_of=None, repeats=REPEATS, label="cysts", labels=LABELS):
    """Return answers that are alike for all of some photos."""
    return ScoredPhotos(
        labels=labels,
        confidence_threshold=0.9,
        photos=tuple(
            ScoredPhoto(
                sha256=photo,
                true_label=label,
                group=(group_of or {}).get(photo, photo),
                scores=scores,
                repeat=repeat,
            )
            for repeat in range(repeats)
            for photo in photos
        ),
    )


@dataclass
class Story:
    """A candidate's photos, what production knows of them, and what it was asked to classify."""

    groups: dict[str, str]
    production: ProductionAnswers
    candidate: ScoredPhotos
    asked: list[str] = field(default_factory=list)

    def classify(self, photos):
        self.asked += photos
        return scored(photos, DIRECT, repeats=1)

    def compared(self):
        return fair_answers(self.candidate, groups=self.groups, production=self.production, classify=self.classify)


def story(groups, *, learnt, compared=None, held_out=HELD_OUT):
    """Return a candidate of photos by group, of which production learnt some in some folds."""
    answers = scored([photo for photo in learnt if photo in groups], held_out) if held_out else None
    return Story(
        groups=groups,
        production=ProductionAnswers(folds=learnt, held_out=answers),
        candidate=scored(compared or list(groups), CANDIDATE, group_of=groups),
    )


def photos_of(answers):
    return {photo.sha256 for photo in answers.photos}


def scores_of(answers):
    return {photo.scores for photo in answers.photos}


def counts(found):
    return found.known, found.new, found.left_out


def test_a_photo_that_both_know_is_compared_by_held_out_answers_of_both():
    one = story({"a": "A"}, learnt={"a": FOLD})
    found = one.compared()
    assert (scores_of(found.candidate), scores_of(found.production)) == ({CANDIDATE}, {HELD_OUT})
    assert counts(found) == (1, 0, 0)
    assert not one.asked


def test_answers_of_the_same_repeat_are_paired():
    one = story({"a": "A", "b": "B"}, learnt={"a": FOLD, "b": OTHER_FOLD})
    found = one.compared()
    pairs = zip(found.candidate.photos, found.production.photos, strict=True)
    assert all((ours.sha256, ours.repeat) == (theirs.sha256, theirs.repeat) for ours, theirs in pairs)
    assert found.candidate.repeats == REPEATS


def test_a_photo_new_to_production_is_classified_by_production_itself():
    one = story({"a": "A", "new": "N"}, learnt={"a": FOLD})
    found = one.compared()
    assert one.asked == ["new"]
    assert scores_of(replace(found.production, photos=found.production.photos[-REPEATS:])) == {DIRECT}
    assert counts(found) == (1, 1, 0)


def test_a_photo_that_production_was_tested_on_is_new_to_it():
    """It has an assignment, but production learnt nothing from it."""
    found = story({"tested": "T"}, learnt={"elsewhere": FOLD}).compared()
    assert counts(found) == (0, 1, 0)


def test_a_new_photo_in_a_group_that_production_knows_is_left_out():
    one = story({"a": "A", "copy": "A"}, learnt={"a": FOLD})
    found = one.compared()
    assert photos_of(found.candidate) == {"a"}
    assert counts(found) == (1, 0, 1)
    assert not one.asked


def test_a_group_of_photos_that_production_learnt_from_in_one_fold_stays():
    found = story({"a": "A", "b": "A"}, learnt={"a": FOLD, "b": FOLD}).compared()
    assert counts(found) == (2, 0, 0)


def test_a_group_joined_by_a_photo_learnt_in_another_fold_is_left_out():
    found = story({"a": "A", "b": "A", "c": "C"}, learnt={"a": FOLD, "b": OTHER_FOLD, "c": FOLD}).compared()
    assert photos_of(found.candidate) == {"c"}
    assert counts(found) == (1, 0, 2)


def test_a_photo_that_is_no_longer_used_still_joins_its_group():
    """Production learnt from a photo that the candidate's split excludes."""
    found = story({"a": "A", "gone": "A"}, learnt={"a": FOLD, "gone": OTHER_FOLD}, compared=["a"]).compared()
    assert counts(found) == (0, 0, 1)


def test_a_test_photo_whose_copy_production_learnt_from_is_left_out():
    one = story({"test": "T", "copy": "T", "free": "F"}, learnt={"copy": FOLD}, compared=["test", "free"])
    found = one.compared()
    assert (counts(found), one.asked) == ((0, 1, 1), ["free"])


def test_test_photos_that_production_learnt_from_are_left_out():
    found = story({"a": "A", "free": "F"}, learnt={"a": FOLD}, held_out=None).compared()
    assert photos_of(found.candidate) == {"free"}
    assert counts(found) == (0, 1, 1)


def test_a_label_that_changed_counts_for_both():
    one = story({"a": "A"}, learnt={"a": FOLD})
    one.candidate = scored(["a"], CANDIDATE, label="papules")
    found = one.compared()
    assert found.production.true_labels == found.candidate.true_labels == ["papules"] * REPEATS


def test_the_bootstrap_knows_the_groups_of_today_for_both():
    found = story({"a": "A", "b": "A"}, learnt={"a": FOLD, "b": FOLD}).compared()
    assert {photo.group for photo in found.production.photos} == {"A"}


def test_scores_are_compared_label_by_label_whatever_their_order():
    one = story({"a": "A"}, learnt={"a": FOLD})
    one.production = replace(one.production, held_out=scored(["a"], HELD_OUT, labels=LABELS[::-1]))
    assert scores_of(one.compared().production) == {HELD_OUT[::-1]}


def test_where_production_has_fewer_repeats_each_photo_counts_in_these():
    one = story({"a": "A", "new": "N"}, learnt={"a": FOLD})
    one.production = replace(one.production, held_out=scored(["a"], HELD_OUT, repeats=1))
    found = one.compared()
    assert [(photo.sha256, photo.repeat) for photo in found.candidate.photos] == [("a", 0), ("new", 0)]
    assert counts(found) == (1, 1, 0)


def test_a_photo_without_any_held_out_answer_of_production_is_left_out():
    one = story({"a": "A", "b": "B"}, learnt={"a": FOLD, "b": FOLD})
    one.production = replace(one.production, held_out=scored(["a"], HELD_OUT))
    assert counts(one.compared()) == (1, 0, 1)


def test_where_the_run_of_production_is_lost_only_new_photos_are_compared():
    one = story({"a": "A", "new": "N"}, learnt={"a": ()}, held_out=None)
    found = one.compared()
    assert (photos_of(found.candidate), counts(found)) == ({"new"}, (0, 1, 1))
    assert found.candidate.repeats == REPEATS


def test_nothing_is_left_where_production_has_seen_everything():
    found = story({"a": "A"}, learnt={"a": FOLD}, held_out=None).compared()
    assert (found.candidate.photos, counts(found)) == ((), (0, 0, 1))


@pytest.mark.parametrize("repeats", [1, REPEATS])
def test_every_photo_counts_as_often_as_any_other(repeats):
    one = story({"a": "A", "b": "B", "new": "N"}, learnt={"a": FOLD, "b": OTHER_FOLD})
    one.production = replace(one.production, held_out=scored(["a", "b"], HELD_OUT, repeats=repeats))
    compared = [photo.sha256 for photo in one.compared().candidate.photos]
    assert {compared.count(photo) for photo in compared} == {repeats}
