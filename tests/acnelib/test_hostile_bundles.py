"""Correctly sealed bundles whose content does not fit: refused in one line, never with a traceback."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from acnelib import bundle as bundles
from acnelib.config.settings import Settings
from acnelib.errors import AcneError, BundleInvalid
from acnelib.export.model_export import export
from acnelib.models import find_model, load_classifier
from acnelib.storage.files import sha256_of_file

DEEP = "[" * 900 + "]" * 900
WRONG = [None, True, -1, 10**30, 1e308, float("nan"), 1.5, "0.8", "\ud800", "x" * 30_000, [[1]], ["a", "a"], {"a": "b"}]


def reseal(folder):
    """Write checksums that fit whatever the folder holds now."""
    names = sorted(path.name for path in folder.iterdir() if path.name != bundles.SUMS)
    sums = "".join(f"{sha256_of_file(folder / name)}  {name}\n" for name in names)
    (folder / bundles.SUMS).write_text(sums)
    return folder


@pytest.fixture
def with_values(own_bundle):
    """Put other values into ``bundle.json``; ``labels.txt`` follows."""

    def change(**values):
        path = own_bundle / bundles.DESCRIPTION
        described = json.loads(path.read_text()) | values
        path.write_text(json.dumps(described))
        if isinstance(described["labels"], list):
            (own_bundle / bundles.LABELS).write_text("".join(f"{label}\n" for label in described["labels"]))
        return reseal(own_bundle)

    return change


@pytest.fixture
def with_file(own_bundle):
    def change(name, content):
        (own_bundle / name).write_bytes(content)
        return reseal(own_bundle)

    return change


def places(values, before=()):
    """Yield the path of every member of a JSON object, at all levels."""
    for name, value in values.items() if isinstance(values, dict) else enumerate(values):
        yield (*before, name)
        if isinstance(value, dict | list):
            yield from places(value, (*before, name))


def changed(values, place, change):
    copy = json.loads(json.dumps(values))
    holder = copy
    for name in place[:-1]:
        holder = holder[name]
    change(holder, place[-1])
    return copy


def test_no_value_in_a_description_gives_a_traceback(own_bundle):
    path = own_bundle / bundles.DESCRIPTION
    values = json.loads(path.read_text())
    mutants = [changed(values, place, lambda holder, name: holder.pop(name)) for place in places(values)]
    for wrong in WRONG:
        mutants += [
            changed(values, place, lambda holder, name, wrong=wrong: holder.__setitem__(name, wrong))
            for place in places(values)
        ]
    messages = []
    for mutant in mutants:
        path.write_text(json.dumps(mutant))
        try:
            description = bundles.read_candidate(own_bundle).description
        except BundleInvalid as error:
            messages.append(str(error))
        else:
            assert 0 <= description.confidence_threshold <= 1
            assert description.height > 0
    assert len(messages) > 0.8 * len(mutants)
    assert max(map(len, messages)) < 1000


def test_a_random_byte_anywhere_gives_an_answer_or_an_error_of_ours(own_bundle):
    chance = random.Random(0)
    picture = Image.new("RGB", (96, 96), "red")
    for name in (bundles.DESCRIPTION, bundles.LABELS, bundles.LITERT) * 25:
        before = (own_bundle / name).read_bytes()
        content = bytearray(before)
        content[chance.randrange(len(content))] = chance.randrange(256)
        (own_bundle / name).write_bytes(content)
        try:
            scores = load_classifier(reseal(own_bundle)).predict(picture).scores
            assert np.isfinite(list(scores.values())).all()
        except AcneError:
            pass
        (own_bundle / name).write_bytes(before)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"labels": ["blue", "red"]}, "not one for each of its 2 labels"),
        ({"labels": ["blue", "green", "red", "white"]}, "not one for each of its 4 labels"),
        ({"labels": ["red", "red", "blue"]}, "are not two or more different ones"),
        ({"labels": ["x" * 300, "green", "red"]}, "is no label"),
        ({"height": 9}, r"takes pictures \[1, 8, 8, 3\], its description says \[1, 9, 8, 3\]"),
        ({"height": -1}, "height is -1, not in 1–4096"),
        ({"height": 8.0}, "height is 8.0, not a whole number"),
        ({"width": 10**9}, "width is 1000000000, not in"),
        ({"confidence_threshold": "0.8"}, "confidence_threshold is '0.8', not a number"),
        ({"confidence_threshold": float("nan")}, "NaN is no number of JSON"),
        ({"temperature": 0}, "temperature is 0.0, not in"),
        ({"drawn": "yes"}, "drawn is 'yes', not true or false"),
        ({"schema": True}, "schema is True, not a whole number"),
    ],
)
def test_a_description_that_does_not_fit_is_refused_in_one_line(with_values, values, words):
    with pytest.raises(BundleInvalid, match=words):
        load_classifier(with_values(**values))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (bundles.DESCRIPTION, DEEP.encode(), "nested deeper than 32 levels"),
        (bundles.DESCRIPTION, b"[" * 200_000, "nested deeper than 32 levels"),
        (bundles.DESCRIPTION, b"1" * 5000, "cannot be understood"),
        (bundles.DESCRIPTION, b" " * 1_000_001, "more than the 1000000 bytes"),
        (bundles.LABELS, b"red\ngreen\nblue\n", "lists other labels"),
        (bundles.CARD, b"\xff\xfe", "cannot be understood"),
        (bundles.EVALUATION, f'{{"a": {DEEP}}}'.encode(), "nested deeper than 32 levels"),
        (bundles.EVALUATION, b"[]", "cannot be understood"),
        (bundles.LEARNT_FROM, b"no hash\n", "is no beginning of a SHA-256"),
        (bundles.LITERT, b"", "is no model that LiteRT can run"),
        (bundles.LITERT, b"\x1c\0\0\0TFL3" + bytes(3000), "is no model that LiteRT can run"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_one_line(with_file, name, content, words):
    with pytest.raises(BundleInvalid, match=words):
        load_classifier(with_file(name, content))


def test_a_small_model_that_does_not_run_is_not_exported(with_file, tmp_path):
    folder = with_file(bundles.INT8, b"no model")
    with pytest.raises(BundleInvalid, match=r"model\.int8\.tflite is no model that LiteRT can run"):
        export(tmp_path / "out", model=folder)
    assert not (tmp_path / "out").exists()


class TestANewVersion:
    @pytest.fixture
    def online(self, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        return replace(Settings.load(), tracking_uri=registry.url)

    def test_that_is_unusable_is_refused_and_the_one_before_stays(self, online, registry, with_values):
        load_classifier(settings=online)
        registry.register(with_values(labels=["blue", "red"]), alias="production")
        found = find_model(settings=online)
        assert (found.identity.version, found.refused) == ("1", True)
        assert found.offline.startswith("version 2 of acne is refused: ")

    def test_is_an_error_where_there_is_none_before(self, online, registry, with_values):
        registry.register(with_values(height=-1), alias="production")
        with pytest.raises(BundleInvalid, match="height is -1"):
            find_model(settings=online)

    def test_of_a_number_is_never_replaced_by_another(self, online, registry, with_values):
        load_classifier(settings=online)
        registry.register(with_values(labels=["blue", "red"]))
        with pytest.raises(BundleInvalid, match="version 2 of acne is refused"):
            find_model("2", settings=online)

    def test_is_reported_when_the_one_before_is_loaded(self, online, registry, with_values, caplog):
        load_classifier(settings=online)
        registry.register(with_values(labels=["blue", "red"]), alias="production")
        assert load_classifier(settings=online).identity.version == "1"
        (line,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
        assert line.startswith("version 2 of acne is refused: ")
        assert "using cached version 1" in line


def test_a_bundle_that_fits_is_still_loaded(with_file):
    folder = with_file(bundles.CARD, "# Ä\n".encode())
    shutil.copyfile(folder / bundles.LITERT, folder / bundles.INT8)
    assert load_classifier(reseal(folder)).predict(Image.new("RGB", (96, 96), "red")).label == "red"
