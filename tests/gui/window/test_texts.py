from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from acnelib.inference import ModelIdentity
from gui.state.session import ModelMissing, ModelReady
from gui.window import texts

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=timezone(timedelta(hours=2)))
READY = ModelReady(
    name="production",
    identity=ModelIdentity(name="acne", version="3", sha256="ab" * 32),
    labels=("cysts", "papules"),
    confidence_threshold=0.6,
    confident_accuracy=0.9,
    false_rejection=0.02,
    checked_at=datetime(2026, 11, 24, 12, 5, tzinfo=UTC).isoformat(),
)


def test_the_model_line_says_when_its_server_was_asked_in_local_time() -> None:
    assert texts.model_line(READY, now=NOW) == "Model: acne, version 3 · checked 14:05"


def test_the_model_line_says_offline_and_since_which_day() -> None:
    offline = ModelReady(
        name="production",
        identity=READY.identity,
        labels=READY.labels,
        confidence_threshold=0.6,
        confident_accuracy=0.9,
        false_rejection=0.02,
        checked_at="2026-11-20T07:30:00+00:00",
        offline="http://127.0.0.1:5000 does not answer",
    )
    assert texts.model_line(offline, now=NOW) == "Model: acne, version 3 · offline, last checked 2026-11-20 09:30"
    assert "does not answer" in texts.model_details(offline)


def test_a_bundle_in_the_cache_is_called_by_the_beginning_of_its_digest() -> None:
    folder = ModelReady(
        name="x",
        identity=ModelIdentity(name="ab" * 32, version=None, sha256="ab" * 32),
        labels=READY.labels,
        confidence_threshold=0.6,
        confident_accuracy=0.9,
        false_rejection=0.02,
    )
    assert texts.model_line(folder, now=NOW) == "Model: abababababab (folder)"


def test_the_details_of_a_missing_model_quote_commands_as_people_write_them() -> None:
    missing = ModelMissing(name="production", reason="no production model to load: run `acne demo`")
    assert texts.model_details(missing) == "no production model to load: run “acne demo”"
