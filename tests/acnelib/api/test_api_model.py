"""What the API tells of the model in service."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acnelib import bundle as bundles


@pytest.fixture
def told_bundle(own_bundle):
    (own_bundle / bundles.SUMS).unlink()
    (own_bundle / bundles.CARD).write_text("# Model card – ä\n", encoding="utf-8")
    (own_bundle / bundles.EVALUATION).write_text('{"test": {"macro_f1": 0.75, "ece": NaN}}')
    bundles.seal(own_bundle)
    return own_bundle


def test_the_model_in_service_is_told_in_full(serve, registry, told_bundle, settings):
    registry.register(told_bundle, alias="production")
    model = serve("production", settings=replace(settings, tracking_uri=registry.url)).get("/v1/model").json()
    assert (model["name"], model["version"], model["stage"]) == ("acne", "1", "production")
    assert model["sha256"] == bundles.sha256_of_file(told_bundle / bundles.SUMS)
    assert model["labels"] == ["blue", "green", "red"]
    assert model["thresholds"]["confidence_threshold"] == 0.8
    assert model["provenance"]["photos"] == {"train": 25, "test": 4}
    assert model["metrics"] == {"test": {"macro_f1": 0.75, "ece": None}}
    assert model["card"] == "# Model card – ä\n"
    assert model["asked_at"]


def test_the_card_is_markdown(serve, told_bundle):
    response = serve(str(told_bundle)).get("/v1/model/card")
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.text == "# Model card – ä\n"


def test_a_model_without_a_card_says_so(api):
    response = api.get("/v1/model/card")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "no-card")


def test_a_models_path_is_not_told(serve, told_bundle):
    model = serve(str(told_bundle)).get("/v1/model")
    assert (model.json()["version"], model.json()["stage"]) == (None, None)
    assert str(told_bundle.parent) not in model.text


def test_a_model_of_drawn_pictures_says_so_and_why_nothing_is_confident(serve, own_bundle, paint):
    (own_bundle / bundles.SUMS).unlink()
    description = bundles.read_candidate(own_bundle).description
    bundles.write_description(own_bundle, replace(description, drawn=True))
    bundles.seal(own_bundle)
    api = serve(str(own_bundle))
    model = api.get("/v1/model").json()
    assert model["drawn"] is True
    assert model["note"].startswith("this model was trained on drawn pictures only")
    (row,) = api.post("/v1/predictions", files={"files": paint("a.png", "red").read_bytes()}).json()
    assert (row["verdict"], row["model"]["drawn"]) == ("uncertain", True)


def test_of_a_model_of_photos_there_is_nothing_to_note(api):
    model = api.get("/v1/model").json()
    assert (model["drawn"], model["note"]) == (False, None)
