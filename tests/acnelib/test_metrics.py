"""Scores and true labels in, metrics out: what scikit-learn knows comes out as scikit-learn says it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn  # noqa: TID253 - here it is the judge

from acnelib.errors import DataUnusable
from acnelib.metrics import evaluate_scores, macro_f1, macro_f1_interval
from acnelib.share_estimates import expected_calibration_error

LABELS = ("acne", "cysts", "rosacea")


def answers(n, *, seed, skill=1.0):
    """Return scores, true columns and whether each answer is confident, for n photos."""
    random = np.random.default_rng(seed)
    true = random.integers(len(LABELS), size=n)
    logits = random.normal(size=(n, len(LABELS))) + skill * np.eye(len(LABELS))[true]
    scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return scores, true, scores.max(axis=1) > 0.6


def evaluated(scores, true, confident, **options):
    return evaluate_scores(scores, [LABELS[i] for i in true], labels=LABELS, confident=confident, **options)


class TestAgreement:
    @settings(max_examples=30, deadline=None, database=None)
    @given(n=st.integers(1, 50), seed=st.integers(0, 2**32 - 1))
    def test_with_scikit_learn_on_any_answers(self, n, seed):
        scores, true, confident = answers(n, seed=seed)
        found, best, columns = evaluated(scores, true, confident), scores.argmax(axis=1), list(range(len(LABELS)))
        expected = {
            "accuracy": sklearn.accuracy_score(true, best),
            "balanced_accuracy": sklearn.recall_score(true, best, labels=np.unique(true), average="macro"),
            "macro_f1": sklearn.f1_score(true, best, average="macro", zero_division=0.0),
            "nll": sklearn.log_loss(true, scores, labels=columns),
            "brier": sklearn.brier_score_loss(true, scores, labels=columns, scale_by_half=False),
        }
        assert {name: getattr(found, name) for name in expected} == pytest.approx(expected)

    @settings(max_examples=30, deadline=None, database=None)
    @given(n=st.integers(1, 50), seed=st.integers(0, 2**32 - 1))
    def test_with_scikit_learn_on_each_class(self, n, seed):
        scores, true, confident = answers(n, seed=seed)
        best = scores.argmax(axis=1)
        report = sklearn.classification_report(true, best, output_dict=True, zero_division=0.0)
        found = evaluated(scores, true, confident).per_class
        assert set(found) == {LABELS[i] for i in set(true) | set(best)}
        for label, values in found.items():
            expected = report[str(LABELS.index(label))]
            assert (values.precision, values.recall, values.f1, values.support) == pytest.approx(
                (expected["precision"], expected["recall"], expected["f1-score"], expected["support"])
            )

    def test_macro_f1_takes_columns_and_labels_alike(self):
        assert macro_f1([0, 1, 1], [0, 1, 0]) == macro_f1(["a", "b", "b"], ["a", "b", "a"]) == pytest.approx(2 / 3)


class TestCalibration:
    def test_ece_by_hand(self):
        confidence = np.array([0.95, 0.91, 0.55, 0.52, 0.51, 0.38])
        right = np.array([True, False, True, True, False, False])
        by_hand = (abs(1 - (0.95 + 0.91)) + abs(2 - (0.55 + 0.52 + 0.51)) + abs(0 - 0.38)) / 6
        assert expected_calibration_error(confidence, right) == pytest.approx(by_hand)

    def test_certainty_belongs_to_the_last_bin(self):
        assert expected_calibration_error(np.array([1.0, 0.96]), np.array([True, True])) == pytest.approx(0.02)

    def test_brier_and_likelihood_by_hand(self):
        found = evaluated(np.array([[0.7, 0.2, 0.1], [0.5, 0.3, 0.2]]), [0, 1], np.array([True, False]))
        assert found.brier == pytest.approx((0.09 + 0.04 + 0.01 + 0.25 + 0.49 + 0.04) / 2)
        assert found.nll == pytest.approx(-(np.log(0.7) + np.log(0.3)) / 2)

    def test_a_score_of_zero_for_the_truth_is_a_large_but_finite_loss(self):
        assert 20 < evaluated(np.array([[1.0, 0.0, 0.0]]), [1], np.array([True])).nll < 30


class TestConfidence:
    def test_coverage_is_the_share_of_confident_answers_and_accuracy_is_theirs(self):
        scores = np.array([[0.9, 0.1, 0.0], [0.9, 0.1, 0.0], [0.4, 0.3, 0.3], [0.4, 0.3, 0.3]])
        found = evaluated(scores, [0, 1, 1, 1], np.array([True, True, False, False]))
        assert (found.coverage, found.selective_accuracy, found.accuracy) == (0.5, 0.5, 0.25)

    def test_without_a_confident_answer_there_is_no_accuracy_among_them(self):
        found = evaluated(np.array([[0.4, 0.3, 0.3]]), [0], np.array([False]))
        assert (found.coverage, found.selective_accuracy) == (0.0, None)


class TestInterval:
    @pytest.mark.parametrize("seed", range(5))
    def test_it_holds_the_value_itself(self, seed):
        found = evaluated(*answers(80, seed=seed))
        low, high = found.macro_f1_interval
        assert 0 < low < found.macro_f1 < high < 1
        assert 0.1 < high - low < 0.4

    def test_more_photos_make_it_narrower(self):
        few, many = (np.diff(evaluated(*answers(n, seed=0)).macro_f1_interval) for n in (50, 800))
        assert many < few / 2

    def test_photos_that_belong_together_count_once(self):
        scores, true, confident = answers(60, seed=1)
        once = evaluated(scores, true, confident, groups=[f"{i:02}" for i in range(60)])
        series = [f"{i:02}" for i in range(60) for _ in range(4)]
        fourfold = evaluated(scores.repeat(4, axis=0), true.repeat(4), confident.repeat(4), groups=series)
        assert fourfold.macro_f1_interval == pytest.approx(once.macro_f1_interval)

    def test_one_group_leaves_nothing_to_draw(self):
        found = evaluated(*answers(30, seed=2), groups=["all"] * 30)
        assert found.macro_f1_interval == pytest.approx((found.macro_f1, found.macro_f1))

    def test_faultless_answers_have_no_spread(self):
        true = np.arange(30) % 3
        assert macro_f1_interval(true, true, groups=[str(i) for i in range(30)], seed=0) == (1.0, 1.0)

    def test_zero_is_a_seed(self):
        first, again, other = (evaluated(*answers(60, seed=3), seed=seed).macro_f1_interval for seed in (0, 0, 1))
        assert first == again != other


class TestTruth:
    def test_a_label_that_the_model_lacks_is_named_with_those_it_has(self):
        with pytest.raises(
            DataUnusable,
            match=r"knows no label scars, warts \(it has acne, cysts, rosacea\): rename or remove those folders",
        ):
            evaluate_scores(np.eye(3), ["warts", "acne", "scars"], labels=LABELS, confident=np.ones(3, dtype=bool))

    def test_without_a_photo_there_is_nothing_to_measure(self):
        with pytest.raises(DataUnusable, match="no readable photo to evaluate"):
            evaluate_scores(np.empty((0, 3)), [], labels=LABELS, confident=np.empty(0, dtype=bool), unreadable=3)

    def test_a_class_without_photos_or_answers_is_left_out(self):
        found = evaluated(np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0]]), [0, 1], np.array([True, True]))
        assert list(found.per_class) == ["acne", "cysts"]
        assert (found.macro_f1, found.balanced_accuracy) == (1.0, 1.0)

    def test_unreadable_photos_are_counted_and_change_nothing_else(self):
        with_some, without = (evaluated(*answers(20, seed=4), unreadable=n).as_dict() for n in (3, 0))
        assert with_some.pop("unreadable") == 3
        assert without.pop("unreadable") == 0
        assert with_some == without
