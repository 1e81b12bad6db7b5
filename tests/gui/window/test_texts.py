from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from acnelib.inference import ModelIdentity, Verdict
from gui.state.session import ModelReady
from gui.window import texts as window_texts

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=timezone(timedelta(hours=2)))
READY = ModelReady(
    name="production",
    identity=ModelIdentity(name="acne", version="3", sha256="ab" * 32),
    labels=("cysts", "papules"),
    confidence_threshold=0.6,
    confident_accuracy=0.9,
    false_rejection=0.02,
    asked_at=datetime(2026, 11, 24, 12, 5, tzinfo=UTC).isoformat(),
)


@pytest.mark.parametrize(
    ("score", "text"),
    [(0.0, "<1 %"), (0.004, "<1 %"), (0.5, "50 %"), (0.994, "99 %"), (0.999, ">99 %"), (1.0, ">99 %")],
)
def test_a_score_is_a_whole_percentage_and_never_certain(score: float, text: str) -> None:
    assert window_texts.percentage(score).replace("\u00a0", " ") == text


def test_the_model_line_says_when_its_server_was_asked_in_local_time() -> None:
    assert window_texts.model_line(READY, now=NOW) == "Model: acne, version 3 · checked 14:05"


def test_the_model_line_says_offline_and_since_which_day() -> None:
    offline = ModelReady(
        name="production",
        identity=READY.identity,
        labels=READY.labels,
        confidence_threshold=0.6,
        confident_accuracy=0.9,
        false_rejection=0.02,
        asked_at="2026-11-20T07:30:00+00:00",
        offline="http://127.0.0.1:5000 does not answer",
    )
    assert (
        window_texts.model_line(offline, now=NOW) == "Model: acne, version 3 · offline, last checked 2026-11-20 09:30"
    )
    assert "does not answer" in window_texts.model_details(offline)


def test_a_bundle_in_the_cache_is_called_by_the_beginning_of_its_digest() -> None:
    folder = ModelReady(
        name="x",
        identity=ModelIdentity(name="ab" * 32, version=None, sha256="ab" * 32),
        labels=READY.labels,
        confidence_threshold=0.6,
        confident_accuracy=0.9,
        false_rejection=0.02,
    )
    assert window_texts.model_line(folder, now=NOW) == "Model: abababababab (folder)"


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_words_of_its_own(verdict: Verdict) -> None:
    others = {window_texts.verdict(other) for other in Verdict if other is not verdict}
    assert window_texts.verdict(verdict) not in others
    assert window_texts.verdict_explained(verdict, READY)


def test_an_error_names_the_file_and_not_its_whole_path() -> None:
    path = Path("/home/somebody/photos/img.jpg")
    assert window_texts.reason(f"{path} is empty: export it again", path) == "img.jpg is empty: export it again"


def test_a_long_path_may_be_broken_and_ordinary_words_may_not() -> None:
    text = "run `acne demo` or read /home/somebody/a_rather_long_folder/model"
    broken = window_texts.breakable(text)
    assert broken.replace("\u200b", "") == text
    assert broken.startswith("run `acne demo` or read ")
    assert max(len(piece) for piece in broken.replace("\u200b", " ").split()) <= 13
