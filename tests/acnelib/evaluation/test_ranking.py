"""ROC and precision–recall of each class against all others."""

from __future__ import annotations

import pytest

from acnelib.evaluation.ranking import ranking_of


def test_a_class_whose_photos_all_come_first_has_full_areas(scored):
    found = ranking_of(scored([(0.9, 0.1, 0), (0.4, 0.6, 0)], ["cysts", "papules"]))
    assert [(curve.label, curve.auroc, curve.average_precision) for curve in found.curves] == [
        ("cysts", 1, 1),
        ("papules", 1, 1),
    ]


def test_the_areas_are_means_over_pairs_and_hits(scored):
    scores = [(0.9, 0.1, 0), (0.8, 0.2, 0), (0.7, 0.3, 0), (0.1, 0.9, 0)]
    (cysts, _) = ranking_of(scored(scores, ["cysts", "papules", "cysts", "papules"])).curves
    assert cysts.auroc == pytest.approx(3 / 4)
    assert cysts.average_precision == pytest.approx((1 + 2 / 3) / 2)
    assert (cysts.photos, cysts.share) == (2, 0.5)


def test_a_class_that_no_photo_shows_is_left_out_and_named(scored):
    found = ranking_of(scored([(0.9, 0.1, 0), (0.4, 0.6, 0)], ["cysts", "papules"]))
    assert found.left_out == {"rosacea": "no photo shows it"}


def test_a_class_that_every_photo_shows_is_left_out_and_there_is_no_mean(scored):
    found = ranking_of(scored([(0.9, 0.1, 0)] * 3, ["cysts"] * 3))
    assert found.left_out["cysts"] == "every photo shows it"
    assert (found.auroc_macro, found.average_precision_macro) == (None, None)


def test_each_recall_has_one_precision(drawn):
    for curve in ranking_of(drawn(50, seed=1)).curves:
        assert len(set(curve.recalls.tolist())) == len(curve.recalls) == curve.photos + 1
