"""The head: a shrunk linear discriminant in which every class has the same say."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.training.calibration import scores_at
from acnelib.training.head import fit_head

LABELS = ("cysts", "papules", "rosacea")


@pytest.fixture
def sample():
    """Embeddings [photos, 6] of some classes, of very different scales, with one feature that never changes."""

    def draw(*sizes, seed=0):
        random = np.random.default_rng(seed)
        truth = np.repeat(LABELS[: len(sizes)], sizes)
        centres = 2 * random.normal(size=(len(sizes), 6))
        embeddings = centres[np.unique(truth, return_inverse=True)[1]] + random.normal(size=(len(truth), 6))
        embeddings = embeddings * [1, 10, 100, 0.1, 1, 0] + [0, 50, -300, 1, 0, 2.5]
        return embeddings.astype(np.float32), truth.tolist()

    return draw


def discriminant(embeddings, truth, *, shrinkage):
    """Scikit-learn's discriminant on standardised rows: with equal classes its covariance is the same as ours."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    rows = embeddings.astype(np.float64)
    scale = rows.std(axis=0)
    rows = ((rows - rows.mean(axis=0)) / np.where(scale == 0, 1, scale))[:, scale > 0]
    priors = np.full(len(set(truth)), 1 / len(set(truth)))
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage, priors=priors)
    return model.fit(rows, truth).predict_proba(rows)


@pytest.mark.parametrize("sizes", [(20, 20, 20), (25, 25)], ids=["three classes", "two classes"])
def test_with_classes_of_one_size_it_is_the_usual_discriminant(sample, sizes):
    embeddings, truth = sample(*sizes)
    features = 5  # of six one never changes, and counts for nothing but in our mean of the variances
    head = fit_head(embeddings, truth, shrinkage=1e-9)
    assert scores_at(head.logits(embeddings), 1.0) == pytest.approx(
        discriminant(embeddings, truth, shrinkage=1e-9), abs=1e-3
    )
    assert head.kernel.shape[0] == features + 1


def test_columns_are_in_alphabetical_order_of_labels(sample):
    embeddings, truth = sample(20, 20, 20)
    head = fit_head(embeddings[::-1], truth[::-1])
    assert head.labels == LABELS
    assert (head.kernel.shape, head.bias.shape) == ((6, 3), (3,))


def test_the_order_of_the_photos_does_not_matter(sample):
    embeddings, truth = sample(20, 15, 10)
    order = np.random.default_rng(0).permutation(len(truth))
    one, other = fit_head(embeddings, truth), fit_head(embeddings[order], [truth[row] for row in order])
    assert one.logits(embeddings) == pytest.approx(other.logits(embeddings), rel=1e-6)


def test_a_rare_class_counts_as_much_as_a_common_one():
    random = np.random.default_rng(0)
    common, rare = random.normal(-1, 0.1, (190, 1)), random.normal(1, 0.1, (10, 1))
    head = fit_head(np.concatenate([common, rare]).astype(np.float32), ["common"] * 190 + ["rare"] * 10)
    logits = head.logits(np.array([[-0.2], [0.2]], np.float32))
    assert logits.argmax(axis=1).tolist() == [0, 1]


def test_many_more_features_than_photos_are_no_hindrance():
    random = np.random.default_rng(0)
    truth = ["cysts", "papules"] * 15
    embeddings = random.normal(size=(30, 2000)).astype(np.float32)
    embeddings[::2, :200] += 1
    fresh = random.normal(size=(40, 2000)).astype(np.float32)
    fresh[::2, :200] += 1
    assert (fit_head(embeddings, truth).logits(fresh).argmax(axis=1) == np.array([0, 1] * 20)).mean() > 0.7


def test_more_shrinkage_makes_it_less_sure(sample):
    embeddings, truth = sample(20, 20, 20)
    little, much = (
        np.abs(fit_head(embeddings, truth, shrinkage=share).logits(embeddings)).mean() for share in (0.1, 0.9)
    )
    assert much < little


@pytest.mark.parametrize("sizes", [(1, 1), (1, 1, 1), (1, 9)])
def test_classes_of_one_photo_are_told_by_the_nearest_mean(sample, sizes):
    embeddings, truth = sample(*sizes)
    logits = fit_head(embeddings, truth).logits(embeddings)
    assert np.isfinite(logits).all()
    assert [LABELS[column] for column in logits.argmax(axis=1)] == truth


def test_cooling_divides_the_logits(sample):
    embeddings, truth = sample(20, 20, 20)
    head = fit_head(embeddings, truth)
    assert head.cooled(4.0).logits(embeddings) == pytest.approx(head.logits(embeddings) / 4)
