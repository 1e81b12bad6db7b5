"""An export: whole, replaceable, understood by whoever has it, and nothing of this machine in it."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from PIL import Image

from acnelib import bundle as bundles
from acnelib import stages
from acnelib.atlas.drawing import draw_picture
from acnelib.errors import SettingsInvalid, StorageFailed, UsageError
from acnelib.export.destinations import destination_of
from acnelib.export.model_export import export
from acnelib.models import load_classifier
from acnelib.object_store import ENDPOINT, ObjectStore
from acnelib.storage.files import sha256_of_file

ALWAYS = {"README.md", "model.tflite", "labels.txt", "model_card.md", "example.py", "SHA256SUMS"}


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    monkeypatch.delenv(ENDPOINT, raising=False)


@pytest.fixture
def bundle(promoted):
    return promoted.bundle


@pytest.fixture
def forbidding(bundle, tmp_path):
    """The same bundle, made of photos that may not be sold."""
    folder = tmp_path / "forbidding"
    folder.mkdir()
    for path in bundle.iterdir():
        if path.name != bundles.SUMS:
            (folder / path.name).write_bytes(path.read_bytes())
    description = bundles.read_candidate(folder).description
    provenance = replace(description.provenance, licences={"CC BY-NC 4.0": 3})
    bundles.write_description(folder, replace(description, provenance=provenance))
    bundles.seal(folder)
    return folder


@pytest.fixture
def exported(bundle, tmp_path):
    folder = tmp_path / "phones"
    export(folder, model=bundle)
    return folder


@pytest.fixture
def photo(tmp_path):
    """A drawn picture that its camera held upside down."""
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 3
    draw_picture(3, seed=9).image.save(path, exif=exif)
    return path


def names(folder):
    return {path.name for path in folder.iterdir()}


def run_example(folder, *arguments):
    """Run example.py where nothing of this project can be imported."""
    command = [sys.executable, "-I", str(folder / "example.py"), *map(str, arguments)]
    ran = subprocess.run(command, cwd=folder.parent, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    lines = [line.split() for line in ran.stdout.splitlines() if not line.startswith("out of scope")]
    return {label: float(score) for label, score in lines}


def test_an_export_has_all_that_belongs_to_a_model_and_its_sums_are_right(exported, bundle):
    small = {bundles.INT8} if (bundle / bundles.INT8).is_file() else set()
    assert names(exported) == ALWAYS | small
    sums = bundles.parse_sums((exported / "SHA256SUMS").read_bytes(), where="export")
    assert sums == {name: sha256_of_file(exported / name) for name in names(exported) - {"SHA256SUMS"}}


def test_the_example_gives_the_librarys_scores(exported, bundle, photo):
    expected = load_classifier(bundle).predict(photo).scores
    assert run_example(exported, photo) == pytest.approx(expected, abs=1e-3)


def test_the_example_knows_the_small_model(exported, bundle, photo):
    small = bundles.open_bundle(bundle).description.small
    assert small.kind, f"the demo's network has no small model ({small})"
    scores = run_example(exported, photo, "--small")
    assert scores.keys() == set(load_classifier(bundle).labels)
    assert sum(scores.values()) == pytest.approx(1.0, abs=1e-3)


def test_the_readme_says_how_to_feed_the_model_and_that_it_is_no_diagnosis(exported, bundle):
    readme = (exported / "README.md").read_text()
    description = bundles.open_bundle(bundle).description
    assert "not a diagnosis" in readme
    assert f"float32 [1, {description.height}, {description.width}, 3]: RGB, 0–255" in readme
    assert "antialiased bilinear" in readme
    assert f"{description.small.agreement:.1%}" in readme


def test_what_the_licences_forbid_is_the_readmes_first_line(forbidding, tmp_path):
    exported = export(tmp_path / "phones", model=forbidding)
    assert exported.warnings == ("the licence of 3 photos forbids commercial use (CC BY-NC 4.0)",)
    first = (tmp_path / "phones" / "README.md").read_text().splitlines()[0]
    assert first == f"> **Before it is published or sold:** {exported.warnings[0]}."


def test_nothing_in_an_export_tells_of_this_machine_or_is_code_but_the_example(exported, workplace):
    for path in exported.iterdir():
        content = path.read_bytes()
        assert not re.search(rb"/(root|home|tmp|work|usr)/[\w.]", content), path.name
        assert str(workplace.root).encode() not in content
        assert not content.startswith(b"\x80"), f"{path.name} looks like a pickle"


def test_a_bundle_without_a_small_model_is_exported_without_one(forbidding, tmp_path):
    values = json.loads((forbidding / bundles.DESCRIPTION).read_text())
    values["small"] = None
    (forbidding / bundles.DESCRIPTION).write_text(json.dumps(values))
    (forbidding / bundles.INT8).unlink()
    bundles.seal(forbidding)
    assert set(export(tmp_path / "phones", model=forbidding).files) == ALWAYS
    assert "There is no `model.int8.tflite`" in (tmp_path / "phones" / "README.md").read_text()


def test_an_earlier_export_is_replaced_whole(exported, forbidding):
    (exported / bundles.INT8).unlink(missing_ok=True)
    (exported / "README.md").rename(exported.parent / "gone")
    export(exported, model=forbidding)
    assert names(exported) >= ALWAYS
    assert "CC BY-NC" in (exported / "README.md").read_text()
    assert [path.name for path in exported.parent.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.parametrize("name", ["holiday.jpg", "README.md", "example.py"])
def test_a_folder_with_other_things_or_changed_ones_is_left_alone(exported, bundle, name):
    (exported / name).write_text("mine")
    before = names(exported)
    with pytest.raises(UsageError, match=rf"phones holds other things \({re.escape(name)}\)"):
        export(exported, model=bundle)
    assert (exported / name).read_text() == "mine"
    assert names(exported) == before


def test_a_bundle_is_not_taken_for_an_export(forbidding, bundle):
    with pytest.raises(UsageError, match="holds other things"):
        export(forbidding, model=bundle)
    assert bundles.open_bundle(forbidding)


def test_an_empty_folder_is_filled_and_a_file_is_not_a_folder(bundle, tmp_path):
    (tmp_path / "empty").mkdir()
    assert export(tmp_path / "empty", model=bundle).files == tuple(sorted(names(tmp_path / "empty")))
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="file is a file: name a folder"):
        export(tmp_path / "file", model=bundle)


@pytest.mark.parametrize("to", ["https://somewhere/else", "s3://", "s3://UPPER/case", "s3:///prefix"])
def test_an_address_that_is_no_place_is_said(bundle, to):
    with pytest.raises(UsageError, match="is not a destination"):
        export(to, model=bundle)


def test_an_export_to_the_embedded_store_needs_no_keys_and_is_there_whole(workplace, bundle):
    settings = workplace.settings
    place = "s3://acne/exports/first"
    exported = export(place, model=bundle, settings=settings)
    assert exported.place == place
    assert {key for key in workplace.bucket() if key.startswith("exports/first/")} == {
        f"exports/first/{name}" for name in exported.files
    }
    assert export(place, model=bundle, settings=settings).files == exported.files


def test_sums_are_put_last_and_an_earlier_exports_are_gone_first(workplace, bundle, monkeypatch):
    place, calls = destination_of("s3://acne/exports/order", settings=workplace.settings, environ={}), []
    make = ObjectStore.client

    def watched(store):
        client = make(store)
        client.meta.events.register(
            "before-call.s3",
            lambda model, params, **_: calls.append((model.name, params["url_path"].rpartition("/")[2])),
        )
        return client

    export("s3://acne/exports/order", model=bundle, settings=workplace.settings)
    monkeypatch.setattr(ObjectStore, "client", watched)
    source = bundle.parent / "made-by-hand"
    export(source, model=bundle)
    place.take(source)
    changing = [call for call in calls if call[0] in {"PutObject", "DeleteObject"}]
    assert changing[0] == ("DeleteObject", "SHA256SUMS")
    assert changing[-1] == ("PutObject", "SHA256SUMS")


def test_a_prefix_with_other_things_is_left_alone(workplace, bundle):
    before = workplace.bucket()
    assert before
    with pytest.raises(UsageError, match="s3://acne holds other things"):
        export("s3://acne", model=bundle, settings=workplace.settings)
    assert workplace.bucket() == before


def test_a_bucket_that_is_not_there_is_one_line(workplace, bundle):
    with pytest.raises(StorageFailed, match=r"has no bucket 'elsewhere': make it") as caught:
        export("s3://elsewhere/models", model=bundle, settings=workplace.settings)
    assert "\n" not in str(caught.value)


def test_keys_of_ones_own_mean_what_they_always_mean(workplace, bundle, monkeypatch):
    keys = workplace.stack.credentials()
    monkeypatch.setenv(ENDPOINT, str(workplace.settings.embedded_url("s3")))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret_key)
    assert export("s3://acne/exports/own", model=bundle, settings=workplace.settings).files
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StorageFailed, match=r"refuses .*: check AWS_ACCESS_KEY_ID") as caught:
        export("s3://acne/exports/own", model=bundle, settings=workplace.settings)
    assert keys.secret_key not in str(caught.value)


def test_a_store_that_is_down_is_one_line(workplace, bundle, monkeypatch, dead_server):
    monkeypatch.setenv(ENDPOINT, dead_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "me")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with pytest.raises(StorageFailed, match=rf"{dead_server} does not answer .*: start it, or correct {ENDPOINT}"):
        export("s3://acne/exports/down", model=bundle, settings=workplace.settings)


def test_an_endpoint_that_is_no_address_is_one_line(workplace, bundle, monkeypatch):
    monkeypatch.setenv(ENDPOINT, "nonsense")
    with pytest.raises(SettingsInvalid, match=f"{ENDPOINT} = 'nonsense' is no address"):
        export("s3://acne/exports/down", model=bundle, settings=workplace.settings)


def test_without_any_keys_it_is_said_which_to_set(settings_of_nobody, bundle, monkeypatch):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(StorageFailed, match="there are no keys: set AWS_ACCESS_KEY_ID"):
        export("s3://somewhere/models", model=bundle, settings=settings_of_nobody)


@pytest.fixture
def settings_of_nobody(tmp_path, monkeypatch, workplace):
    """Settings of somebody who never started a stack and has no keys."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return replace(workplace.settings, home=tmp_path / "empty", stack=tmp_path / "empty" / "mlruns")


def test_what_the_gate_promotes_is_exported_where_the_settings_say(workplace, promoted, tmp_path):
    settings = replace(workplace.settings_of("exported"), export_to=str(tmp_path / "phones"))
    registered = stages.register([promoted], settings=settings)
    assert stages.promote(registered, settings=settings).decision == "promoted"
    assert "# Model exported, version 1" in (tmp_path / "phones" / "README.md").read_text()


def test_an_export_that_fails_is_a_warning_and_the_promotion_stays(workplace, promoted, tmp_path, caplog):
    (tmp_path / "phones").mkdir()
    (tmp_path / "phones" / "mine.txt").touch()
    settings = replace(workplace.settings_of("not-exported"), export_to=str(tmp_path / "phones"))
    registered = stages.register([promoted], settings=settings)
    with caplog.at_level(logging.WARNING, logger="acnelib"):
        assert stages.promote(registered, settings=settings).decision == "promoted"
    assert workplace.production("not-exported") == "1"
    (warning,) = [record.getMessage() for record in caplog.records if record.name == "acnelib.export.model_export"]
    assert warning.startswith("version 1 is in production, but was not exported (")
    assert names(tmp_path / "phones") == {"mine.txt"}
