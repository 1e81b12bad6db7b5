"""The head: scikit-learn's balanced logistic regression, with the standardisation folded into it."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.training.calibration import scores_at
from acnelib.training.fitting import fit_head

LABELS = ("cysts", "papules", "rosacea")


@pytest.fixture
def sample():
    """Vectors [photos, 1, 6] of some classes, of very different scales, with one feature that never changes."""

    def draw(*sizes, seed=0):
        random = np.random.default_rng(seed)
        truth = np.repeat(LABELS[: len(sizes)], sizes)
        centres = random.normal(size=(len(sizes), 6))
        vectors = centres[np.unique(truth, return_inverse=True)[1]] + random.normal(size=(len(truth), 6))
        vectors = vectors * [1, 10, 100, 0.1, 1, 0] + [0, 50, -300, 1, 0, 2.5]
        return vectors[:, None].astype(np.float32), truth.tolist()

    return draw


def pipeline_scores(vectors, truth, *, regularisation):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = LogisticRegression(C=regularisation, class_weight="balanced", max_iter=2000)
    rows = vectors[:, 0].astype(np.float64)
    return make_pipeline(StandardScaler(), model).fit(rows, truth).predict_proba(rows)


@pytest.mark.parametrize("sizes", [(30, 20, 10), (40, 12)], ids=["three classes", "two classes"])
@pytest.mark.parametrize("regularisation", [0.01, 1.0])
def test_the_folded_head_gives_the_scores_of_the_pipeline(sample, sizes, regularisation):
    vectors, truth = sample(*sizes)
    head = fit_head(vectors, truth, regularisation=regularisation)
    scores = scores_at(head.logits(vectors[:, 0]), 1.0)
    assert scores == pytest.approx(pipeline_scores(vectors, truth, regularisation=regularisation), abs=1e-6)


def test_columns_are_in_alphabetical_order_of_labels(sample):
    vectors, truth = sample(20, 20, 20)
    head = fit_head(vectors[::-1], truth[::-1])
    assert head.labels == LABELS
    assert (head.kernel.shape, head.bias.shape) == ((6, 3), (3,))


def test_a_rare_class_counts_as_much_as_a_common_one():
    common, rare = np.full((190, 1, 1), -1.0, np.float32), np.full((10, 1, 1), 1.0, np.float32)
    head = fit_head(np.concatenate([common, rare]), ["common"] * 190 + ["rare"] * 10)
    halfway = head.logits(np.zeros((1, 1), np.float32))
    assert scores_at(halfway, 1.0) == pytest.approx(np.array([[0.5, 0.5]]), abs=0.02)


def test_more_views_of_the_same_do_not_weaken_the_penalty(sample):
    vectors, truth = sample(30, 20)
    one, three = fit_head(vectors, truth), fit_head(np.repeat(vectors, 3, axis=1), truth)
    assert three.logits(vectors[:, 0]) == pytest.approx(one.logits(vectors[:, 0]), abs=1e-4)


def test_cooling_divides_the_logits(sample):
    vectors, truth = sample(20, 20, 20)
    head = fit_head(vectors, truth)
    assert head.cooled(4.0).logits(vectors[:, 0]) == pytest.approx(head.logits(vectors[:, 0]) / 4)
