"""What people read of a candidate: the model card and the confusion matrix."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image
from tiny_bundles import DESCRIPTION, PROVENANCE

from acnelib.bundle import Adaptation
from acnelib.evaluation.report.content import EvaluationContent
from acnelib.evaluation.report.model_card import model_card
from acnelib.evaluation.report.plots import confusion_figure
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos

LABELS = ("acne-vulgaris", "cysts", "rosacea")


@pytest.fixture
def description():
    made_of = {"backbone": "mobilenet_v1_0.25_64", "weights": "starter", "source": "photos-1234", "run_id": "r" * 32}
    provenance = replace(PROVENANCE, **made_of)
    return replace(DESCRIPTION, labels=LABELS, height=64, width=64, temperature=1.5, provenance=provenance)


@pytest.fixture
def content():
    """Three of four photos right; two answers are confident, one of them rightly."""
    scores = [(0.9, 0.1, 0.0), (0.6, 0.3, 0.1), (0.1, 0.7, 0.2), (0.1, 0.85, 0.05)]
    truth = ["acne-vulgaris", "acne-vulgaris", "cysts", "rosacea"]
    answers = (
        ScoredPhoto(sha256=f"{place}" * 64, true_label=label, group=f"group-{place}", scores=row)
        for place, (label, row) in enumerate(zip(truth, scores, strict=True))
    )
    return EvaluationContent(
        name="mobilenet_v1_0.25_64",
        source="photos-1234",
        made_at="2026-11-24T12:00:00+00:00",
        test=ScoredPhotos(labels=LABELS, confidence_threshold=0.8, photos=tuple(answers)),
        slices={"size": {"0" * 64: "small", "1" * 64: "large"}},
        split_warnings=("cysts (2 photos in 1 group): learnt, but never tested",),
        majority_label="acne-vulgaris",
        majority_macro_f1=0.222,
        seconds=1.0,
        parameters={},
    )


@pytest.fixture
def card(description, content):
    return model_card(description, content)


def test_the_card_says_that_it_is_not_a_diagnosis(card):
    assert "A research tool, not a diagnosis." in card


def test_the_card_names_the_adaptation_of_its_networks(description, content, card):
    adaptation = Adaptation(photos=97, conditions=12, sources=("other-1234",), networks=("net",), digests=("d" * 64,))
    adapted = model_card(replace(description, adaptation=adaptation), content)
    assert "97 photos of 12 other conditions" in adapted
    assert "other-1234" in adapted
    assert "other conditions (sources" not in card


def test_what_the_licences_forbid_is_the_first_line(card):
    assert card.startswith("> **Before it is published or sold:** the licence of 17 photos is unknown.\n")


def test_a_card_of_freely_licensed_photos_begins_with_its_title(description, content):
    provenance = replace(description.provenance, licences={"CC0-1.0": 29})
    assert model_card(replace(description, provenance=provenance), content).startswith("# Model card\n")


def test_the_card_says_how_good_the_model_is_with_intervals(card, content):
    low, high = content.metrics.estimates.overall["macro_f1"].interval
    assert f"| Macro-F1 | 0.556 | {low:.3f}–{high:.3f} |" in card
    assert "| Accuracy | 0.750 |" in card
    assert "on 4 test photos in 4 groups" in card
    assert "| Macro-F1 of always answering acne vulgaris | 0.222 | |" in card


def test_the_card_says_what_confident_means_and_how_often_it_was_right(card):
    assert 'confidence of at least 0.80 are called "confident". The threshold is set for 90% right answers' in card
    assert "50% of the test photos, and right on 50% of those" in card


def test_the_card_has_a_row_for_each_class_by_the_name_people_read(card):
    for row in ("| Acne vulgaris | 1.000 | 1.000 | 1.000 |", "| Cysts | 0.500 | 1.000 | 0.667 |", "| Rosacea | "):
        assert row in card


def test_the_card_claims_nothing_of_slices_with_few_photos(card):
    assert "| small | 1 | 1.000 | too few photos to say |" in card


@pytest.mark.parametrize(
    "said",
    [
        "photos-1234",
        "20 train, 5 validation, 4 test photos",
        "CC BY-SA 4.0 (12), not stated (17)",
        "mobilenet_v1_0.25_64",
        "weights `starter`",
        "input 64 × 64",
        f"run `{'r' * 32}`",
        "photos of other cameras, skin tones",
        "and so are 2% of the photos that are like them",
        "- Cysts (2 photos in 1 group): learnt, but never tested.",
    ],
)
def test_the_card_says_what_the_model_was_made_of_and_its_limits(card, said):
    assert said in card


def test_the_card_of_a_model_that_was_never_confident_says_so(description, content):
    never = replace(content, test=replace(content.test, confidence_threshold=0.99))
    assert "none of the test photos." in model_card(description, never)


@pytest.fixture
def figure():
    truth = ["cysts", "cysts", "cysts", "rosacea"]
    answers = ["cysts", "cysts", "rosacea", "rosacea"]
    return confusion_figure(truth, answers, labels=LABELS, title="Four photos")


def test_the_confusion_matrix_shows_true_classes_in_rows(figure):
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["0", "0", "0", "0", "2", "1", "0", "0", "1"]
    assert axes.images[0].get_array()[1].tolist() == pytest.approx([0, 2 / 3, 1 / 3])
    assert (axes.get_ylabel(), axes.get_xlabel(), axes.get_title()) == ("True class", "Answer", "Four photos")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Acne vulgaris", "Cysts", "Rosacea"]


def test_the_confusion_matrix_is_a_picture(figure):
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    with Image.open(stream) as image:
        assert min(image.size) > 300
        assert len(image.convert("L").getcolors()) > 20


def test_drawing_leaves_no_figure_for_anybody_to_close(figure):
    from matplotlib import pyplot as plt

    assert plt.get_fignums() == []
