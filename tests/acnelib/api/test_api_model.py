"""What the API tells of the model in service."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from api_client import picture

from acnelib import bundle as bundles
from acnelib.config.settings import Settings
from acnelib.site_threshold import SiteThreshold, SiteThresholds
from acnelib.storage.files import sha256_of_file


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
    assert model["sha256"] == sha256_of_file(told_bundle / bundles.SUMS)
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


def test_the_sources_on_which_confident_was_measured_are_told(api):
    model = api.get("/v1/model").json()
    assert model["threshold"] == {"value": 0.8, "origin": "model"}
    statement = model["promise"].pop("statement")
    assert model["promise"] == {
        "level": 0.9,
        "sources": ["sample"],
        "accuracy": 0.95,
        "coverage": 0.6,
        "reached": True,
        "unseen": None,
    }
    assert "photos of sample" in statement
    assert "acne validate DIR" in statement


def test_a_threshold_of_the_site_is_taken_up_while_the_api_runs(serve, registry, tiny_bundle, settings, paint):
    registry.register(tiny_bundle, alias="production")
    api = serve("production", settings=replace(settings, tracking_uri=registry.url))
    photo = {"files": paint("a.png", "red").read_bytes()}

    def judged():
        (row,) = api.post("/v1/predictions", files=photo).json()
        return row["verdict"], row["threshold"]

    assert judged() == ("confident", {"value": 0.8, "origin": "model"})
    sha256 = api.get("/v1/model").json()["sha256"]
    SiteThresholds(settings.home).keep(sha256, SiteThreshold.fitted_now(0.99, level=0.9, photos=40, groups=40))
    api.model_service.check_registry()
    assert judged() == ("uncertain", {"value": 0.99, "origin": "site"})
    model = api.get("/v1/model").json()
    assert (model["threshold"]["origin"], model["promise"]["statement"]) == ("site", None)
    assert model["thresholds"]["confidence_threshold"] == 0.8


def test_a_fixed_version_takes_up_the_threshold_of_the_site_and_keeps_it_when_its_file_is_damaged(
    serve, registry, tiny_bundle, settings
):
    registry.register(tiny_bundle, alias="production")
    api = serve("1", settings=replace(settings, tracking_uri=registry.url), refresh=60)
    thresholds = SiteThresholds(settings.home)
    sha256 = api.get("/v1/model").json()["sha256"]
    thresholds.keep(sha256, SiteThreshold.fitted_now(0.99, level=0.9, photos=40, groups=40))
    api.model_service.check_threshold()
    assert api.get("/v1/model").json()["threshold"] == {"value": 0.99, "origin": "site"}
    next(thresholds.folder.iterdir()).write_text("half of it")
    api.model_service.check_threshold()
    assert api.get("/v1/model").json()["threshold"] == {"value": 0.99, "origin": "site"}
    assert "cannot be understood" in api.model_service.registry_status.trouble


@pytest.fixture
def with_values(own_bundle):
    """Put other values into a bundle's description, and seal it as if it were a good one."""

    def change(**values):
        described = json.loads((own_bundle / bundles.DESCRIPTION).read_text()) | values
        (own_bundle / bundles.DESCRIPTION).write_text(json.dumps(described))
        (own_bundle / bundles.LABELS).write_text("".join(f"{label}\n" for label in described["labels"]))
        names = sorted(path.name for path in own_bundle.iterdir() if path.name != bundles.SUMS)
        sums = "".join(f"{sha256_of_file(own_bundle / name)}  {name}\n" for name in names)
        (own_bundle / bundles.SUMS).write_text(sums)
        return own_bundle

    return change


@pytest.mark.parametrize("values", [{"labels": ["blue", "red"]}, {"height": -1}, {"confidence_threshold": "high"}])
def test_a_new_version_that_is_no_usable_model_is_refused_and_the_good_one_serves(
    serve, registry, tiny_bundle, with_values, values
):
    registry.register(tiny_bundle, alias="production")
    api = serve("production", settings=replace(Settings.load(), tracking_uri=registry.url), refresh=60)
    registry.register(with_values(**values), alias="production")
    api.model_service.check_registry()
    health = api.get("/v1/health").json()
    assert (health["status"], health["model"]["version"]) == ("degraded", "1")
    assert (health["registry"]["answers"], health["registry"]["refused"]) == (True, True)
    (row,) = api.predict(("a.png", picture("red"))).json()
    assert (row["label"], row["model"]["version"]) == ("red", "1")
