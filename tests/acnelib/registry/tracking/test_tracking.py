"""Runs and versions on a real MLflow server, under names of their own; what was written is read by REST."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import pytest
import requests

from acnelib import bundle as bundles
from acnelib.errors import TrackingFailed
from acnelib.registry.decisions import DecidedBy, Decision, DecisionRecord, judged_since_promotion
from acnelib.registry.reading import RegistryReader
from acnelib.registry.tracking import Tracking
from acnelib.registry.tracking.notes import introduce
from acnelib.registry.version_facts import VersionFacts
from acnelib.storage.assignments import Assignment, Subset


@pytest.fixture
def requests_to(monkeypatch):
    """Count the requests of this process to a call of MLflow."""
    asked, send = [], requests.Session.send

    def counting(session, request, **options):
        asked.append(request.url.partition("?")[0])
        return send(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", counting)
    return lambda call: sum(url.endswith(call) for url in asked)


@pytest.fixture
def run_status(ask):
    return lambda run_id: ask("runs/get", run_id=run_id)["run"]["info"]["status"]


@pytest.fixture
def sealed(tiny_bundle, tmp_path):
    """A sealed bundle, as different from others as its name."""

    def make(name):
        folder = shutil.copytree(tiny_bundle, tmp_path / name / "bundle")
        description = bundles.read_candidate(folder).description
        bundles.write_description(
            folder, replace(description, provenance=replace(description.provenance, candidate=name))
        )
        return bundles.seal(folder)

    return make


@pytest.fixture
def registered(tracking, sealed):
    """Register bundles by name, each from a run of its own."""

    def register(name):
        bundle = sealed(name)
        with tracking.candidate_run(name, name=name, tags={}, stage="register"):
            return tracking.versions.register(bundle.path, sha256=str(bundle.sha256))

    return register


@pytest.fixture
def version(ask, tracking):
    def get(number):
        found = ask("model-versions/get", name=tracking.model_name, version=number)["model_version"]
        return found | {"tags": {tag["key"]: tag["value"] for tag in found.get("tags", [])}}

    return get


@pytest.fixture
def reader(tracking):
    reader = RegistryReader(tracking.server, model_name=tracking.model_name)
    yield reader
    reader.close()


@pytest.fixture
def production(reader):
    """The number of the production version; None when there is none."""

    def find():
        found = reader.production()
        return found and found.version

    return find


def open_run(tracking, candidate, **changes):
    return tracking.candidate_run(candidate, **{"name": "net", "tags": {}, "stage": "train", **changes})


def test_a_candidate_has_one_run_however_often_it_is_worked_on(tracking, run_status):
    with open_run(tracking, "abc") as first:
        assert run_status(first.run_id) == "RUNNING"
    with open_run(tracking, "abc", stage="evaluate") as second:
        pass
    with open_run(tracking, "def") as other:
        pass
    assert first.run_id == second.run_id != other.run_id
    assert run_status(first.run_id) == "FINISHED"


def test_a_run_that_fails_ends_failed_and_can_be_gone_on_with(tracking, run_status):
    with pytest.raises(ZeroDivisionError), open_run(tracking, "abc") as failed:
        1 / 0  # noqa: B018 - it is what fails
    assert run_status(failed.run_id) == "FAILED"
    with open_run(tracking, "abc") as resumed:
        pass
    assert resumed.run_id == failed.run_id
    assert run_status(failed.run_id) == "FINISHED"


def test_a_run_says_which_candidate_and_which_stage_it_is(tracking, ask):
    with open_run(tracking, "abc", stage="evaluate", tags={"acnelib.source": "sample"}) as run:
        run.log_tags({"acnelib.decision": "rejected"})
    tags = {tag["key"]: tag["value"] for tag in ask("runs/get", run_id=run.run_id)["run"]["data"]["tags"]}
    assert tags["acnelib.candidate"] == "abc"
    assert tags["acnelib.stage"] == "evaluate"
    assert (tags["acnelib.source"], tags["acnelib.decision"]) == ("sample", "rejected")


def test_a_resumed_run_keeps_its_parameters(tracking, ask):
    with open_run(tracking, "abc") as run:
        run.log_parameters({"backbone": "net", "regularisation": 0.01})
        run.log_parameters({"backbone": "net", "regularisation": 0.02, "classes": 5})
    found = ask("runs/get", run_id=run.run_id)["run"]["data"]["params"]
    assert {entry["key"]: entry["value"] for entry in found} == {
        "backbone": "net",
        "regularisation": "0.01",
        "classes": "5",
    }


def test_many_metrics_and_tags_are_two_requests(tracking, ask, requests_to):
    with open_run(tracking, "abc") as run:
        run.log_metrics({f"metric_{number}": number / 8 for number in range(40)})
        run.log_tags({"acnelib.decision": "rejected", "acnelib.reasons": "none"})
    logged = {entry["key"]: entry["value"] for entry in ask("runs/get", run_id=run.run_id)["run"]["data"]["metrics"]}
    assert logged == {f"metric_{number}": number / 8 for number in range(40)}
    assert requests_to("log-batch") == 2
    assert not requests_to("log-metric")


def test_a_run_asks_once_where_its_artifacts_are_kept(tracking, requests_to):
    with open_run(tracking, "abc") as run:
        before = requests_to("runs/get")
        run.log_text("one", "one.txt")
        first = requests_to("runs/get")
        run.log_text("two", "two.txt")
    assert requests_to("runs/get") - first < first - before


def test_photos_are_logged_as_hashes_and_labels_only(tracking, ask):
    with open_run(tracking, "abc") as run:
        run.log_photos(["0" * 64, "1" * 64], ["cysts", "papules"], name="sample-train", context="training")
    (entry,) = ask("runs/get", run_id=run.run_id)["run"]["inputs"]["dataset_inputs"]
    assert entry["dataset"]["name"] == "sample-train"
    assert entry["tags"] == [{"key": "mlflow.data.context", "value": "training"}]
    assert '"num_rows": 2' in entry["dataset"]["profile"]
    assert "sha256" in entry["dataset"]["schema"]


def test_a_registered_bundle_is_a_version_in_staging(tracking, sealed, version, ask, production):
    bundle = sealed("first")
    with open_run(tracking, "first") as run:
        number = tracking.versions.register(
            bundle.path, sha256=str(bundle.sha256), facts=VersionFacts(macro_f1=0.7149, sources="dermnet")
        )
    found = version(number)
    assert VersionFacts.of_tags(found["tags"]) == VersionFacts(macro_f1=0.7149, sources="dermnet")
    alias = ask("registered-models/alias", name=tracking.model_name, alias="staging")["model_version"]
    assert (found["current_stage"], alias["version"]) == ("Staging", number)
    assert found["tags"]["acnelib.bundle_sha256"] == bundle.sha256
    assert found["run_id"] == run.run_id
    assert production() is None


def test_the_same_bundle_is_the_same_version_and_another_bundle_another(registered, sealed, tracking):
    bundle = sealed("first")
    numbers = []
    for _ in range(2):
        with open_run(tracking, "first"):
            numbers.append(tracking.versions.register(bundle.path, sha256=str(bundle.sha256)))
    assert numbers == ["1", "1"]
    assert registered("second") == "2"


ASSIGNMENTS = {
    "0" * 64: Assignment(subset=Subset.TRAIN, group="a", folds=(0, 1, 2, 3, 4)),
    "1" * 64: Assignment(subset=Subset.TEST, group="b", folds=(4, 3, 2, 1, 0)),
}


def test_the_assignments_of_a_candidate_are_found_through_its_version(tracking, reader, sealed):
    bundle = sealed("first")
    with open_run(tracking, "first") as run:
        run.log_assignments(ASSIGNMENTS)
        number = tracking.versions.register(bundle.path, sha256=str(bundle.sha256))
    assert reader.assignments(reader.find(number)) == ASSIGNMENTS


def decided(version, decision=Decision.PROMOTED, *, reasons=("the first",), previous=None, test="7" * 64):
    """Return a decision of the gate."""
    return DecisionRecord(
        version=version,
        decision=decision,
        by=DecidedBy.GATE,
        user="somebody",
        decided_at="2026-11-25T12:00:00+00:00",
        previous=previous,
        reasons=reasons,
        numbers={"candidate": 0.6},
        test_sha256=test,
    )


def test_a_promoted_version_takes_the_place_of_the_one_before(tracking, registered, version, production):
    first, second = registered("first"), registered("second")
    tracking.versions.decide(decided(first))
    tracking.versions.decide(decided(second, reasons=("0.6 beats 0.5",), previous=first))
    assert production() == second
    assert (version(first)["current_stage"], version(second)["current_stage"]) == ("Archived", "Production")
    assert [record.previous for record in tracking.versions.decisions(second)] == [first]


def test_a_rejected_version_is_archived_with_its_reasons_and_production_stays(
    tracking, registered, version, production
):
    first, second = registered("first"), registered("second")
    tracking.versions.decide(decided(first))
    assert tracking.versions.decisions(second) == ()
    rejection = decided(second, Decision.REJECTED, reasons=("0.4 does not beat 0.5 – sorry",), previous=first)
    tracking.versions.decide(rejection)
    assert production() == first
    assert (version(first)["current_stage"], version(second)["current_stage"]) == ("Production", "Archived")
    assert tracking.versions.decisions(second) == (rejection,)
    assert version(second)["tags"]["acnelib.decision"] == "rejected"


def test_a_decision_is_the_first_thing_that_the_page_of_a_version_says(tracking, registered, version):
    first = registered("first")
    tracking.versions.describe(first, "# Model card")
    tracking.versions.describe(first, "not a second time")
    tracking.versions.decide(decided(first))
    assert version(first)["description"].startswith("Promoted by gate (somebody)")
    assert version(first)["description"].endswith("# Model card")


def test_the_experiment_and_the_model_are_described_once(tracking, registered, ask):
    registered("first")
    words = {"experiment_id": tracking.experiment_id, "model": tracking.model_name}
    introduce(tracking.client, **words, experiment="of candidates", model_note="of production")
    introduce(tracking.client, **words, experiment="another", model_note="another")
    tags = ask("experiments/get", experiment_id=tracking.experiment_id)["experiment"]["tags"]
    assert [tag["value"] for tag in tags if tag["key"] == "mlflow.note.content"] == ["of candidates"]
    assert ask("registered-models/get", name=tracking.model_name)["registered_model"]["description"] == "of production"


def test_a_logged_model_does_not_say_where_the_program_lies(tracking, registered, monkeypatch):
    monkeypatch.delenv("MLFLOW_RUN_CONTEXT", raising=False)
    registered("first")
    (model,) = tracking.client.search_logged_models([tracking.experiment_id])
    assert model.tags["mlflow.source.name"] == "acne pipeline"
    assert "MLFLOW_RUN_CONTEXT" not in os.environ


def test_later_decisions_on_a_version_come_after_the_earlier_ones(tracking, registered, reader):
    first = registered("first")
    tracking.versions.decide(decided(first, Decision.REJECTED))
    tracking.versions.decide(decided(first, reasons=("somebody wanted it",)))
    assert [record.decision for record in tracking.versions.decisions(first)] == ["rejected", "promoted"]
    assert reader.decisions() == tracking.versions.decisions(first)


def test_versions_that_were_rejected_since_the_last_promotion_are_counted(tracking, registered, reader):
    tracking.versions.decide(decided(registered("first")))
    for name, test in (("second", "7" * 64), ("third", None)):
        rejected = decided(registered(name), Decision.REJECTED, previous="1", test=test)
        tracking.versions.decide(replace(rejected, decided_at="2026-11-26T12:00:00+00:00"))
    assert judged_since_promotion(reader.decisions(), but="4") == 2


def test_a_tag_of_decisions_that_somebody_else_wrote_is_one_clear_line(tracking, registered):
    first = registered("first")
    tracking.client.set_model_version_tag(tracking.model_name, first, "acnelib.decisions", "[{}]")
    with pytest.raises(TrackingFailed, match=r"its tag acnelib\.decisions cannot be understood .*: delete the tag"):
        tracking.versions.decisions(first)


def test_a_judged_version_that_is_registered_again_stays_what_it_became(tracking, sealed, version):
    bundle = sealed("first")
    with open_run(tracking, "first"):
        number = tracking.versions.register(bundle.path, sha256=str(bundle.sha256))
        tracking.versions.decide(decided(number))
        assert tracking.versions.register(bundle.path, sha256=str(bundle.sha256)) == number
    assert version(number)["current_stage"] == "Production"


def test_what_mlflow_itself_refuses_is_one_clear_line(tracking):
    with pytest.raises(TrackingFailed) as failure, open_run(tracking, "abc"):
        tracking.versions.decide(decided("99"))
    assert f"the tracking server {tracking.server} failed" in str(failure.value)
    assert tracking.model_name in str(failure.value)
    assert "\n" not in str(failure.value)


def test_a_server_that_does_not_answer_is_one_clear_line(dead_server, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    dead = Tracking(server=dead_server, identity="test", model_name="acne")
    with pytest.raises(TrackingFailed) as failure, open_run(dead, "abc"):
        pytest.fail("there is no run")
    assert dead_server in str(failure.value)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("before", [None, "http://127.0.0.1:9/somebody-elses"])
def test_nobody_inherits_the_address_of_the_server(tracking, monkeypatch, before):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    if before:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", before)
    with open_run(tracking, "abc"):
        pass
    assert os.environ.get("MLFLOW_TRACKING_URI") == before


def test_two_servers_in_one_process_are_not_mixed_up(tracking, httpserver_ipv4):
    httpserver_ipv4.expect_request("/api/2.0/mlflow/experiments/search").respond_with_json({})
    other = f"http://127.0.0.1:{httpserver_ipv4.port}"
    assert tracking.client.tracking_uri == tracking.server
    assert Tracking(server=other, identity="other", model_name="acne").client.tracking_uri == other
    with open_run(tracking, "abc") as run:
        run.log_photos(["0" * 64], ["cysts"], name="sample-train", context="training")
