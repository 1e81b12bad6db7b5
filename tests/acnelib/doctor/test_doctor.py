"""``acne doctor``: each probe on a healthy, an absent and a broken thing; it starts nothing and leaves nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from werkzeug import Response

from acnelib import bundle as bundles
from acnelib.config.settings import Settings
from acnelib.doctor import CheckStatus, installation, machine, model, run_checks, servers
from acnelib.registry.cache import BundleCache
from acnelib.registry.reading import RegistryReader
from acnelib.services.credentials import StackCredentials
from acnelib.site_threshold import SiteThreshold, SiteThresholds
from acnelib.storage.files import write_json


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """The settings of a process that was given these variables; nothing was started or configured."""

    def load(**environment):
        monkeypatch.setenv("ACNE_STACK", str(tmp_path / "stack"))
        for name, value in environment.items():
            monkeypatch.setenv(name, str(value))
        return Settings.load()

    return load


@pytest.fixture
def store(registry):
    """Artifacts that the registry's server keeps, by path; a status in place of one is what it answers."""
    kept: dict[str, bytes | int] = {}
    answered = registry.answer

    def answer(request):
        path = request.path.partition("/artifacts/")[2]
        if not path.startswith("acnelib-doctor/"):
            return answered(request)
        if status := kept.get(request.method):
            return Response(status=status)
        if request.method == "PUT":
            kept[path] = request.get_data()
        content = kept.pop(path) if request.method == "DELETE" else kept[path]
        return Response(content if request.method == "GET" else b"{}")

    registry.instead["experiments/search"] = Response('{"experiments": []}', mimetype="application/json")
    registry.server.clear()
    registry.server.expect_request(re.compile(".*")).respond_with_handler(answer)
    return kept


@pytest.fixture
def dead_stack(settings, tmp_path):
    """Settings that know an embedded stack of which nothing runs any more."""
    loaded = settings()
    StackCredentials.load_or_make(loaded.stack)
    services = {"mlflow": 9, "luigid": 9, "s3": 9}
    for name, port in services.items():
        write_json(loaded.stack / "run" / f"{name}.json", {"port": port, "pid": None, "started": None})
    record = {name: {"url": f"http://127.0.0.1:{port}", "pid": None, "started": 0} for name, port in services.items()}
    write_json(loaded.stack_file, {"schema": 1, "id": "x", "directory": str(loaded.stack), "services": record})
    return loaded


def states(findings):
    return {finding.name: str(finding.state) for finding in findings}


def doctors_objects(workplace):
    return [key for key in workplace.bucket() if "acnelib-doctor" in key]


def test_all_is_well_with_a_real_stack_and_its_production_model(workplace, promoted):
    before = doctors_objects(workplace)
    findings = list(run_checks(workplace.settings))
    expected = {"service mlflow", "service luigid", "service s3", "tracking server", "artifact store", "S3 store"}
    assert {name: state for name, state in states(findings).items() if state == "failed"} == {}
    well = {finding.name for finding in findings if finding.state == CheckStatus.OK}
    assert well >= expected | {"luigid", "production model", "cached bundle", "LiteRT", "starter weights"}
    assert doctors_objects(workplace) == before


def test_a_fresh_machine_is_well_and_told_what_to_start(settings, own_home):
    findings = {finding.name: finding for finding in run_checks(settings())}
    assert not [finding for finding in findings.values() if finding.state == CheckStatus.FAILED]
    assert findings["embedded stack"].state == findings["artifact store"].state == CheckStatus.SKIPPED
    assert "acne up" in findings["embedded stack"].remedy
    assert list(own_home.iterdir()) == []
    assert list(Path.cwd().iterdir()) == []


def test_each_service_that_died_is_a_failure_with_acne_up_as_remedy(dead_stack):
    findings = {finding.name: finding for finding in run_checks(dead_stack)}
    dead = {"service mlflow", "service luigid", "service s3", "tracking server", "artifact store", "S3 store", "luigid"}
    assert {name for name, finding in findings.items() if finding.state == CheckStatus.FAILED} == dead
    assert all("acne up" in findings[name].remedy for name in dead)
    assert findings["production model"].state == CheckStatus.SKIPPED


def test_the_stack_in_use_is_reported_with_the_rule_that_chose_it(dead_stack, own_home, monkeypatch, tmp_path):
    named = servers.stack_in_use(Settings.load())
    assert (named.state, named.detail.partition(";")[0]) == ("ok", f"{dead_stack.stack} (named by ACNE_STACK)")
    monkeypatch.delenv("ACNE_STACK")
    recorded = servers.stack_in_use(Settings.load()).detail
    assert recorded.startswith(f"{dead_stack.stack} (your stack, recorded in {own_home / 'stack.json'})")
    assert f"this folder's own would be {own_home / 'mlruns'}" in recorded
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "second"))
    second = servers.stack_in_use(Settings.load()).detail
    assert second.startswith(f"{tmp_path / 'second'} (named by ACNE_STACK); where it is not named, your stack in")
    (own_home / "settings.toml").write_text('tracking_uri = "http://ann:hush@mlflow:5000"')
    assert f"named by {own_home / 'settings.toml'}" in servers.stack_in_use(Settings.load()).detail


def test_another_stack_that_runs_is_named(workplace, settings):
    assert str(workplace.settings.stack) in servers.stack_in_use(settings()).detail


def test_what_is_written_to_the_store_is_removed_again(settings, registry, store):
    assert servers.artifact_store(settings(MLFLOW_TRACKING_URI=registry.url)).state == CheckStatus.OK
    assert store == {}


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
def test_a_store_that_fails_is_told_by_what_it_refuses(settings, registry, store, method):
    store[method] = 500
    finding = servers.artifact_store(settings(MLFLOW_TRACKING_URI=registry.url))
    assert finding.state == CheckStatus.FAILED
    assert f"({method}: HTTP 500)" in finding.detail
    assert "--serve-artifacts" in finding.remedy


def test_a_tracking_server_is_asked_with_the_users_credentials(settings, registry, store):
    given = {"MLFLOW_TRACKING_USERNAME": "anna", "MLFLOW_TRACKING_PASSWORD": "secret"}
    loaded = settings(MLFLOW_TRACKING_URI=registry.url, **given)
    assert servers.tracking_server(loaded).state == CheckStatus.OK
    assert registry.requests[-1].authorization.username == "anna"
    assert registry.requests[-1].authorization.password == "secret"


@pytest.mark.parametrize(
    ("answer", "reported"),
    [
        (Response("<html>It works!</html>"), "is no MLflow server"),
        (Response("no", status=401), "refuses to answer (HTTP 401)"),
    ],
)
def test_another_server_or_a_locked_one_is_no_tracking_server(settings, registry, answer, reported):
    registry.instead["experiments/search"] = answer
    finding = servers.tracking_server(settings(MLFLOW_TRACKING_URI=registry.url))
    assert finding.state == CheckStatus.FAILED
    assert reported in finding.detail
    assert "MLFLOW_TRACKING_" in finding.remedy


def test_a_luigid_that_is_none_is_a_failure(settings, registry):
    finding = servers.luigid(settings(ACNE_LUIGID_URL=registry.url))
    assert (finding.state, finding.remedy) == (CheckStatus.FAILED, "start that luigid or correct ACNE_LUIGID_URL")


def test_this_sites_own_threshold_is_named_and_a_damaged_one_too(settings, registry, tiny_bundle):
    registry.register(tiny_bundle, alias="production", stage="Production")
    loaded = settings(MLFLOW_TRACKING_URI=registry.url)
    BundleCache(loaded.cache).fetch(RegistryReader(registry.url, model_name="acne"), "production")
    assert "threshold of this site" not in states(model.production(loaded))
    sha256 = RegistryReader(registry.url, model_name="acne").find("production").bundle_sha256
    SiteThresholds(loaded.home).keep(sha256, SiteThreshold.fitted_now(0.93, level=0.9, photos=40, groups=40))
    (finding,) = (one for one in model.production(loaded) if one.name == "threshold of this site")
    assert finding.state == CheckStatus.OK
    assert finding.detail.startswith("0.930 in place of the model's own, fitted on 40 photos")
    next(SiteThresholds(loaded.home).folder.iterdir()).write_text("half of it")
    assert states(model.production(loaded))["threshold of this site"] == "failed"


def test_the_cached_bundle_is_verified_and_run_but_never_fetched_or_deleted(settings, registry, tiny_bundle):
    registry.register(tiny_bundle, alias="production", stage="Production")
    loaded = settings(MLFLOW_TRACKING_URI=registry.url)
    assert states(model.production(loaded))["cached bundle"] == "skipped"
    bundle, _ = BundleCache(loaded.cache).fetch(RegistryReader(registry.url, model_name="acne"), "production")
    assert states(model.production(loaded)) == {"production model": "ok", "cached bundle": "ok", "LiteRT": "ok"}
    (bundle.path / bundles.LABELS).write_text("altered")
    assert states(model.production(loaded)) == {"production model": "ok", "cached bundle": "failed", "LiteRT": "ok"}
    assert (bundle.path / bundles.LABELS).read_text() == "altered"
    assert registry.downloads == 1


def test_a_stage_that_differs_from_the_alias_is_a_warning(settings, registry, tiny_bundle):
    registry.register(tiny_bundle, alias="production", stage="Archived")
    finding = next(model.production(settings(MLFLOW_TRACKING_URI=registry.url)))
    assert finding.state == CheckStatus.WARNING
    assert "Archived" in finding.detail


def test_little_space_is_a_warning(settings, monkeypatch):
    usage = namedtuple("usage", "total used free")(10**10, 10**10, 1_900_000_000)
    monkeypatch.setattr("acnelib.doctor.machine.shutil.disk_usage", lambda path: usage)
    assert {finding.state for finding in machine.disk_space(settings())} == {CheckStatus.WARNING}


def test_folders_that_cannot_be_written_are_failures(settings, tmp_path):
    (tmp_path / "file").write_text("")
    loaded = settings(ACNE_WORKDIR=tmp_path / "file" / "work")
    assert states(machine.writable_folders(loaded)) == {"home": "ok", "cache": "ok", "working folder": "failed"}


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="there is no folder that even root cannot write")
def test_a_folder_is_tried_and_not_only_asked_for_its_permissions(settings):
    loaded = settings(ACNE_WORKDIR="/proc/acne")
    assert states(machine.writable_folders(loaded)) == {"home": "ok", "cache": "ok", "working folder": "failed"}


def test_a_name_that_is_too_long_is_a_failure_of_its_own(settings, tmp_path):
    loaded = settings(ACNE_WORKDIR=tmp_path / ("x" * 260))
    (finding,) = (one for one in machine.writable_folders(loaded) if one.name == "working folder")
    assert "too long" in finding.detail
    assert "shorter name" in finding.remedy
    assert [one.name for one in machine.disk_space(loaded)] == ["space for the stack"]


def test_every_setting_that_is_wrong_is_a_failure_of_its_own(settings, monkeypatch):
    monkeypatch.setenv("ACNE_MODEL_NAME", "a/b")
    monkeypatch.setenv("ACNE_LUIGID_URL", "luigid")
    failures = [finding for finding in run_checks() if finding.name == "settings"]
    assert [finding.detail.partition(" ")[0] for finding in failures] == ["ACNE_MODEL_NAME", "ACNE_LUIGID_URL"]


def test_a_deleted_experiment_is_a_failure_that_says_how_to_restore_it(settings, registry, store):
    deleted = {"experiment_id": "7", "name": "acne", "lifecycle_stage": "deleted"}
    registry.instead["experiments/get-by-name"] = Response(json.dumps({"experiment": deleted}))
    finding = servers.experiment(settings(MLFLOW_TRACKING_URI=registry.url))
    assert finding.state == CheckStatus.FAILED
    assert "restore --experiment-id 7" in finding.remedy


def test_a_host_that_the_server_does_not_know_is_no_missing_login(settings, registry):
    registry.instead["experiments/search"] = Response("Invalid Host header - possible DNS rebinding", status=403)
    finding = servers.tracking_server(settings(MLFLOW_TRACKING_URI=registry.url))
    assert "Invalid Host header" in finding.detail
    assert "--allowed-hosts" in finding.remedy


def test_a_secret_that_others_can_read_is_a_failure_of_the_webhook(settings, own_home):
    assert machine.webhook(settings()).state == CheckStatus.SKIPPED
    loaded = settings(ACNE_WEBHOOK="https://hooks.example/token")
    assert machine.webhook(loaded).detail == "https://hooks.example"
    (own_home / "webhook.secret").write_text("secret")
    (own_home / "webhook.secret").chmod(0o644)
    assert "can be read by other users" in machine.webhook(loaded).detail


def test_luigis_own_configuration_is_looked_at(tmp_path):
    assert machine.luigi_configuration({}, cwd=tmp_path).state == CheckStatus.OK
    (tmp_path / "luigi.cfg").write_text("[worker]\ntask_limit = 1\n")
    finding = machine.luigi_configuration({"LUIGI_CONFIG_PARSER": "toml"}, cwd=tmp_path)
    assert finding.state == CheckStatus.WARNING
    assert "[worker] task_limit" in finding.detail
    assert "LUIGI_CONFIG_PARSER" in finding.detail


@pytest.mark.parametrize("name", ["settings.toml", "stack.json"])
def test_a_broken_file_of_settings_is_one_failure_and_the_end(own_home, name):
    (own_home / name).write_text("{")
    *_, last = run_checks()
    assert (last.name, last.state) == ("settings", CheckStatus.FAILED)
    assert name in last.detail


def test_damaged_starter_weights_are_a_failure(tmp_path, monkeypatch):
    damaged = tmp_path / "starter.weights.h5"
    damaged.write_bytes(b"weights")
    monkeypatch.setattr("acnelib.training.networks.weights_files.STARTER_FILE", damaged)
    assert installation.starter_weights().state == CheckStatus.FAILED
    damaged.unlink()
    assert "is missing" in installation.starter_weights().detail


def test_imagenet_weights_that_are_not_here_are_a_warning(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    finding = installation.imagenet_weights()
    assert finding.state == CheckStatus.WARNING
    assert str(tmp_path / "models") in finding.remedy
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5").write_bytes(b"")
    assert "mobilenet_7_5_160_tf_no_top.h5" in installation.imagenet_weights().remedy
    (tmp_path / "models" / "mobilenet_7_5_160_tf_no_top.h5").write_bytes(b"")
    assert installation.imagenet_weights().state == CheckStatus.OK


def test_a_bare_installation_is_told_the_pip_lines_and_nothing_fails(settings, monkeypatch):
    monkeypatch.setattr("acnelib.doctor.installation.find_spec", lambda name: None)
    findings = {finding.name: finding for finding in run_checks(settings())}
    for name in installation.EXTRAS:
        assert findings[f"extra {name}"].state == CheckStatus.SKIPPED
        assert findings[f"extra {name}"].remedy == f"pip install 'acnelib[{name}]'"
    assert not [finding for finding in findings.values() if finding.state == CheckStatus.FAILED]


def test_qt_that_does_not_load_is_a_failure_with_its_reason(monkeypatch, tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'ImportError: libEGL.so.1: cannot open shared object file' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr("acnelib.doctor.installation.find_spec", lambda name: object())
    monkeypatch.setattr("acnelib.doctor.installation.sys.executable", str(broken))
    finding = installation.qt()
    assert (finding.state, finding.detail) == (
        CheckStatus.FAILED,
        "ImportError: libEGL.so.1: cannot open shared object file",
    )


def test_the_command_prints_findings_and_exits_1_when_one_failed(run_acne, dead_stack):
    ran = run_acne("doctor")
    assert ran.code == 1
    assert ran.err.startswith("acne: 7 of ")
    assert re.search(
        r"^✗ service s3 +http://127\.0\.0\.1:9: .+ → run `acne up`; if it does not stay up: `acne logs s3`$",
        ran.out,
        re.MULTILINE,
    )
    reported = json.loads(run_acne("doctor", "--format", "json").out)
    assert reported["well"] is False
    assert set(reported["findings"][0]) == {"name", "state", "detail", "remedy"}


def test_the_command_exits_0_when_nothing_failed(run_acne, settings):
    settings()
    ran = run_acne("doctor", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["well"] is True


def test_neither_tensorflow_nor_mlflow_nor_an_extra_is_imported(tmp_path):
    code = (
        "import sys; from acnelib.cli import main; main(['doctor']);"
        "heavy = {'tensorflow', 'keras', 'mlflow', 'luigi', 'sklearn', 'pandas', 'PySide6', 'parsel', 'h5py'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    environment = os.environ | {"ACNE_STACK": str(tmp_path / "stack")}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ran.stderr.splitlines()[-1] == "[]"
