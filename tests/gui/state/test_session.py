from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image

from acnelib.inference import ModelIdentity, Prediction, Verdict
from gui.state.overlay import Overlay
from gui.state.results import Row
from gui.state.session import ModelLoading, ModelMissing, ModelReady, ReadPhoto, Session, Shown
from gui.widgets.pixels import Pixels

IDENTITY = ModelIdentity(name="acne", version="3", sha256="0" * 64)
READY = ModelReady(
    name="production",
    identity=IDENTITY,
    labels=("cysts", "papules"),
    confidence_threshold=0.6,
    confident_accuracy=0.9,
    false_rejection=0.02,
)
ANSWER = Prediction(
    path="a.jpg", sha256="a", label="papules", confidence=0.9, verdict=Verdict.CONFIDENT, scores={}, model=IDENTITY
)
PICTURE = ReadPhoto(pixels=Pixels.of(Image.new("RGB", (2, 2))), size=(2, 2), sha256="a" * 64)
NEW = Session(model=ModelLoading(name="production"))


def row(number: int) -> Row:
    return Row(number=number, path=Path("a.jpg"))


def test_what_is_shown_follows_the_photo_and_the_model() -> None:
    opened = NEW.opened(row(1))
    assert NEW.shown is Shown.INVITATION
    assert opened.shown is Shown.READING
    assert opened.with_picture(1, PICTURE).shown is Shown.WAITING
    assert opened.with_picture(1, PICTURE).with_model(READY).shown is Shown.CLASSIFYING
    assert opened.with_model(READY).with_picture(1, PICTURE).with_prediction(1, ANSWER).shown is Shown.ANSWER


def test_an_answer_waits_for_its_picture() -> None:
    session = replace(NEW, model=READY).opened(row(1)).with_prediction(1, ANSWER)
    assert session.shown is Shown.READING
    assert session.with_picture(1, PICTURE).shown is Shown.ANSWER


def test_results_of_an_earlier_opening_change_nothing_even_for_the_same_file() -> None:
    session = replace(NEW, model=READY).opened(row(1)).opened(row(2))
    assert session.with_picture(1, PICTURE) == session
    assert session.with_prediction(1, ANSWER) == session
    assert session.with_error(1, "damaged") == session


def test_a_photo_that_cannot_be_read_says_so_even_without_a_model() -> None:
    missing = NEW.with_model(ModelMissing(name="production", reason="no server"))
    assert missing.shown is Shown.NO_MODEL
    assert missing.opened(row(1)).with_error(1, "damaged").shown is Shown.FAILURE


def test_what_is_explained_follows_the_choice_and_ends_with_the_photo() -> None:
    session = NEW.with_model(replace(READY, gives_maps=True)).opened(row(1)).with_overlay_requested(requested=True)
    assert session.explained is None
    answered = session.with_picture(1, PICTURE).with_prediction(1, ANSWER)
    assert (answered.explained, answered.choosing("cysts").explained) == ("papules", "cysts")
    assert answered.choosing("cysts").opened(row(2)).explained is None
    assert answered.with_model(replace(READY, gives_maps=False)).explained is None


def test_where_the_model_looked_in_an_earlier_photo_is_not_kept_for_this_one() -> None:
    overlay = Overlay(label="papules", width=1, height=1, rgba=b"1234")
    session = NEW.with_model(replace(READY, gives_maps=True)).with_overlay_requested(requested=True).opened(row(1))
    answered = session.opened(row(2)).with_picture(2, PICTURE).with_prediction(2, ANSWER)
    assert answered.with_overlay(1, overlay).overlay is None
    assert answered.with_overlay(2, overlay).overlay == overlay
