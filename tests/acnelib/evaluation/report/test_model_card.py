"""What people read of a candidate: the model card and the confusion matrix."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from evaluation_reports import BACKGROUND
from PIL import Image
from tiny_bundles import DESCRIPTION, PROVENANCE

from acnelib.bundle import Adaptation, UnseenSources
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
        ScoredPhoto(sha256=f"{place}" * 64, true_label=label, group=str(place), scores=row, confident=max(row) >= 0.8)
        for place, (label, row) in enumerate(zip(truth, scores, strict=True))
    )
    return EvaluationContent(
        name="mobilenet_v1_0.25_64",
        source="photos-1234",
        made_at="2026-11-24T12:00:00+00:00",
        series=ScoredPhotos(labels=LABELS, confidence_threshold=0.8, photos=tuple(answers)),
        slices={"Size": {"0" * 64: "small", "1" * 64: "large"}},
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
    assert "on 4 photos held out by series in 4 groups" in card
    assert "| Macro-F1 of always answering acne vulgaris | 0.222 | |" in card


def test_the_card_says_what_confident_means_and_on_which_sources_that_was_measured(card):
    assert "Answers with a confidence of at least 0.80 are called confident." in card
    assert "On photos of other patients from `sample`, 90% of them should be right" in card
    assert "60% of the photos got one; 95% of those were right" in card


def test_a_level_that_was_not_shown_is_not_promised(description, content):
    promise = replace(description.promise, reached=False, accuracy=None, coverage=0.0)
    card = model_card(replace(description, promise=promise), content)
    assert "No answer is confident: that 90% of such answers are right could not be shown" in card


def test_the_card_of_one_source_says_that_only_its_photos_were_measured(card):
    assert "**Only photos of `sample` were measured.**" in card


@pytest.mark.parametrize(
    ("reached", "accuracy", "said"),
    [
        (
            True,
            0.82,
            "26% of them got a confident answer, and 82% of those were right. The 80% that should be",
        ),
        (False, 0.7, "**That 80% of them are right was not shown**"),
        (False, None, "none of them got a confident answer"),
    ],
)
def test_the_card_says_what_was_measured_on_sources_held_apart(description, content, reached, accuracy, said):
    unseen = UnseenSources(level=0.8, accuracy=accuracy, coverage=0.26, photos=180, reached=reached)
    promise = replace(description.promise, sources=("atlas", "clinic"), unseen=unseen)
    card = model_card(replace(description, promise=promise), content)
    assert "each source held apart in turn, 180 photos" in card
    assert said in card
    assert "were measured.**" not in card


def test_the_card_of_a_model_without_background_says_that_other_conditions_were_never_seen(card):
    assert "**Other skin conditions were never seen:**" in card


def test_the_card_says_what_becomes_of_other_conditions_and_where_they_were_never_seen(description, content):
    card = model_card(replace(description, background=BACKGROUND), content)
    assert "204 photos of 20 other conditions, from `other-skin`" in card
    assert "65% (58%–71%) are out-of-scope, and 12% (8%–17%) get a confident answer" in card
    assert card.count("never seen in photos like those of atlas") == 1


def test_the_card_names_the_sources_in_whose_look_other_conditions_were_never_seen(description, content):
    background = replace(BACKGROUND, unlike=("atlas", "clinic"), warnings=("The score may recognise their source.",))
    card = model_card(replace(description, background=background), content)
    assert "never seen in photos like those of `atlas`, `clinic`" in card
    assert "The score may recognise their source." in card


def test_the_card_says_which_photos_of_its_own_classes_are_refused(description, of_two_sources):
    card = model_card(replace(description, labels=("cysts", "papules", "rosacea")), of_two_sources)
    assert "- Photos of its own classes from `clinic`: 8% (" in card
    assert "when the whole source was held apart" in card
    assert "darkest third is refused more often than the lightest" in card


def test_the_card_shows_the_classes_of_two_sources_side_by_side(description, of_two_sources):
    card = model_card(description, of_two_sources)
    assert "| Source | Class | Photos | Recall | Recall, source held apart |" in card
    assert "| clinic | Cysts |" in card


def test_the_card_says_what_each_measurement_holds_apart(description, of_two_sources):
    card = model_card(description, of_two_sources)
    for held_out in ("sources held out", "series held out", "groups held out"):
        assert f"| {held_out}: " in card
    assert "validation" not in card


def test_the_card_has_a_row_for_each_class_by_the_name_people_read(card):
    for row in ("| Acne vulgaris | 1.000 | 1.000 | 1.000 |", "| Cysts | 0.500 | 1.000 | 0.667 |", "| Rosacea | "):
        assert row in card


def test_the_card_claims_nothing_of_slices_with_few_photos(card):
    assert "### By size" in card
    assert "| small | 1 | 1.000 | too few photos to say |" in card


@pytest.mark.parametrize(
    "said",
    [
        "25 of `sample` were learnt from; 4 others were kept out for a test",
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
