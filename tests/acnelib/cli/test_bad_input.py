"""Bad input: one clear line on standard error, the right exit code, and nothing lost or half-written.

``benchmarks/bad_input.py`` runs this file and prints what each case answered as a table.
"""

from __future__ import annotations

import errno
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bad_input_scenes import NETWORK, STARTER, Scene, draw, pipeline
from werkzeug import Response

from acnelib import bundle as bundles
from acnelib.storage.files import PART_SUFFIX, sha256_of_file
from acnelib.training.networks.weights_files import STARTER_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

NOBODY = "http://127.0.0.1:9"


@dataclass(frozen=True, kw_only=True)
class Case:
    """Something that people do, what they are told, and the exit code."""

    name: str
    reported: tuple[str, ...]
    code: int
    arguments: Callable[[Scene], list[object]]


CASES: list[Case] = []


def case(name: str, *reported: str, code: int = 1) -> Callable[[Callable[[Scene], list[object]]], None]:
    def add(arguments: Callable[[Scene], list[object]]) -> None:
        CASES.append(Case(name=name, reported=reported, code=code, arguments=arguments))

    return add


# Sources


@case("a source that does not exist", "no source 'smaple'", "did you mean sample?", code=2)
def _(scene):
    return pipeline("smaple")


@case("a folder that does not exist", "no folder './photoes'", "name a folder with", code=2)
def _(scene):
    return pipeline("./photoes")


@case("a file where a folder of photos is meant", "photo.png' is a file", "name a folder with", code=2)
def _(scene):
    return pipeline(scene.photo("photo.png"))


@case("robots.txt forbids the site", "robots.txt of http://127.0.0.1", "forbids", "use another source")
def _(scene):
    server = scene.given("httpserver_ipv4")
    scene.serve()
    server.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /\n")
    return pipeline(f"sample@http://127.0.0.1:{server.port}", *STARTER)


@case("an empty folder", "photos is empty", "put the photos of each class into a sub-folder of its name")
def _(scene):
    scene.serve()
    return pipeline(scene.folder(), *STARTER)


@case("photos without class folders", "no class folders, only 2 files", "put the photos of each class")
def _(scene):
    scene.serve()
    scene.photo("photos/a.png")
    return pipeline(scene.photo("photos/b.png").parent, *STARTER)


@case("the parts of a data set", "parts of a data set (test, train), not classes", "--source", "/photos/train", code=2)
def _(scene):
    for part in ("test", "train"):
        for label in ("cysts", "papules"):
            scene.photo(f"photos/{part}/{label}/a.png")
    return pipeline(scene.root / "photos", *STARTER)


@case("one class only", "labels found: cysts", "at least two classes", "so add some to the source")
def _(scene):
    scene.serve()
    return pipeline(draw(scene.root / "drawn", {"cysts": 4}), *STARTER)


@case("no photo that can be read", "cysts, papules; 2 photos unreadable", "so add some to the source")
def _(scene):
    scene.serve()
    scene.file("photos/cysts/a.jpg", b"no")
    return pipeline(scene.file("photos/papules/a.jpg", b"picture").parents[1], *STARTER)


# Weights


@case("weights that do not exist", "no weights 'nowhere.h5'", "name imagenet, starter, a file, or a folder")
def _(scene):
    return pipeline(scene.drawn(), "--weights", "nowhere.h5")


@case("a folder without the network's weights", "holds no mobilenet_v2_0.35_*", "choose a --backbone")
def _(scene):
    return pipeline(scene.drawn(), "--weights", scene.folder())


@case("a picture as weights", "photo.png", "do not belong to mobilenet_v1_0.25_64, nor to any other", "--weights")
def _(scene):
    return pipeline(scene.drawn(), "--weights", scene.photo("photo.png"), "--backbone", NETWORK)


@case("a damaged file of weights", "cut.weights.h5", "the file is damaged or something else", "replace it")
def _(scene):
    half = STARTER_FILE.read_bytes()[: STARTER_FILE.stat().st_size // 2]
    return pipeline(scene.drawn(), "--weights", scene.file("cut.weights.h5", half), "--backbone", NETWORK)


@case("weights of another network", STARTER_FILE.name, "do not belong to mobilenet_v2_0.35_64", "name weights of")
def _(scene):
    return pipeline(scene.drawn(), "--weights", STARTER_FILE, "--backbone", "mobilenet_v2_0.35_64")


@case("starter weights for another network", "belong to mobilenet_v1", "not to mobilenet_v2_0.35_96", "choose such")
def _(scene):
    return pipeline(scene.drawn(), "--weights", "starter", "--backbone", "mobilenet_v2_0.35_96")


@case("ImageNet weights without internet", "cannot be downloaded", "connect to the internet once", "--weights starter")
def _(scene):
    scene.set("KERAS_HOME", scene.root / "keras")
    scene.set("HTTPS_PROXY", NOBODY)  # wherever this runs, there is no way out
    return pipeline(scene.drawn())


@case("a network that does not exist", "no network 'resnet50'", "for example mobilenet_v2_0.35_224", code=2)
def _(scene):
    return pipeline(scene.drawn(), "--backbone", "resnet50")


# Folders and disks


def full(*_arguments: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@case("a full disk", "the disk of", "/scratch/images/", "is full: free some space", "--workdir")
def _(scene):
    scene.monkeypatch.setattr("acnelib.storage.files.os.fsync", full)
    return pipeline(scene.drawn(), *STARTER, "--workdir", scene.root / "scratch")


@case("a working folder that is a file", "/scratch is a file, and a folder is needed there", "--workdir")
def _(scene):
    return pipeline(scene.drawn(), *STARTER, "--workdir", scene.file("scratch"))


@case("a working folder that cannot be made", "/proc/nowhere", "check the path", "--workdir")
def _(scene):
    return pipeline(scene.drawn(), *STARTER, "--workdir", "/proc/nowhere/scratch")


@case("a working folder among the photos", "lies in the folder of photos", "--workdir")
def _(scene):
    scene.serve()
    return pipeline(scene.drawn(), *STARTER, "--workdir", scene.root / "drawn" / "scratch")


@case("a home that is a file", "/home is no folder, or lies in a file", "set ACNE_HOME to a folder", code=2)
def _(scene):
    scene.set("ACNE_HOME", scene.file("home"))
    return ["predict", scene.photo("a.png")]


@case("a home that cannot be made", "/proc/nowhere", "check the path", "ACNE_HOME")
def _(scene):
    scene.set("ACNE_HOME", "/proc/nowhere")
    scene.serve_bundle()
    return ["predict", scene.photo("a.png")]


@case("a cache that is a file", "/cache is a file, and a folder is needed there")
def _(scene):
    scene.set("ACNE_CACHE", scene.file("cache"))
    scene.serve_bundle()
    return ["predict", scene.photo("a.png")]


@case("a stack's folder that is a file", "/stack is a file, and a folder is needed there", "ACNE_STACK")
def _(scene):
    scene.monkeypatch.delenv("MLFLOW_TRACKING_URI")
    scene.set("ACNE_STACK", scene.file("stack"))
    return ["up"]


@case("a target for drawings that is a file", "/drawings is a file, and a folder is needed there")
def _(scene):
    return ["atlas", "draw", "--to", scene.file("drawings"), "--number", "2"]


# Settings


@case("a broken settings.toml", "settings.toml cannot be read", "mend or delete it", code=2)
def _(scene):
    Path(os.environ["ACNE_HOME"], "settings.toml").write_text("workdir = ")
    return ["predict", scene.photo("a.png")]


@case("a setting of the wrong type", "workdir = 7 is not text", 'write workdir = "…"', code=2)
def _(scene):
    Path(os.environ["ACNE_HOME"], "settings.toml").write_text("workdir = 7")
    return ["predict", scene.photo("a.png")]


@case("a broken stack.json", "stack.json cannot be read", "delete it and run `acne up`", code=2)
def _(scene):
    scene.monkeypatch.delenv("MLFLOW_TRACKING_URI")
    Path(os.environ["ACNE_HOME"], "stack.json").write_text("{")
    return ["predict", scene.photo("a.png")]


@case("--at that is no time", "--at 'noon' is not the time", "write it like 2026-11-24T120000", code=2)
def _(scene):
    return pipeline("sample", "--at", "noon")


@case("--until that is no stage", "'lunch' is not one of", "acne pipeline --help", code=2)
def _(scene):
    return pipeline("sample", "--until", "lunch")


# Models and photos


@case("no model at all", "no tracking server was ever started or configured", "run `acne demo`")
def _(scene):
    scene.monkeypatch.delenv("MLFLOW_TRACKING_URI")
    return ["predict", scene.photo("a.png")]


@case("a model that does not exist", "no model 'prodction'", "name production, staging")
def _(scene):
    return ["predict", scene.photo("a.png"), "--model", "prodction"]


@case("a photo as model", "photo.png is no folder", "name a model bundle's folder")
def _(scene):
    return ["predict", scene.photo("a.png"), "--model", scene.photo("photo.png")]


@case("a folder of photos as model", "photos is no sealed model bundle", "name a bundle's folder")
def _(scene):
    return ["predict", scene.photo("a.png"), "--model", scene.folder("cysts")]


@case("a candidate as model", "is no sealed model bundle (SHA256SUMS missing)", "train again")
def _(scene):
    (scene.bundle / bundles.SUMS).unlink()
    return ["predict", scene.photo("a.png"), "--model", scene.bundle]


@case("an altered bundle", "labels.txt was altered after sealing", "fetch the bundle again")
def _(scene):
    (scene.bundle / bundles.LABELS).write_text("red\ngreen\nblue\n")
    return ["predict", scene.photo("a.png"), "--model", scene.bundle]


@case("a bundle of a newer schema", "has schema 2, this program knows up to 1", "upgrade acnelib")
def _(scene):
    description = json.loads((scene.bundle / bundles.DESCRIPTION).read_text())
    (scene.bundle / bundles.DESCRIPTION).write_text(json.dumps(description | {"schema": 2}))
    names = sorted(path.name for path in scene.bundle.iterdir() if path.name != bundles.SUMS)
    sums = "".join(f"{sha256_of_file(scene.bundle / name)}  {name}\n" for name in names)
    (scene.bundle / bundles.SUMS).write_text(sums)
    return ["predict", scene.photo("a.png"), "--model", scene.bundle]


@case("a version that does not exist", "Model Version 99 not found", "check the name")
def _(scene):
    scene.serve_bundle()
    return ["predict", scene.photo("a.png"), "--model", "99"]


@case("a file that is no picture", "words.txt cannot be decoded")
def _(scene):
    return ["predict", scene.file("words.txt"), "--model", scene.bundle]


@case("a photo that does not exist", "none.jpg does not exist: check the path")
def _(scene):
    return ["predict", scene.root / "none.jpg", "--model", scene.bundle]


@case("a folder without photos to predict", "no file in", "name photos, or a folder that holds some")
def _(scene):
    return ["predict", scene.folder(), "--model", scene.bundle]


@case("a file to evaluate on", "photo.png is no folder", "one sub-folder of photos per class")
def _(scene):
    return ["evaluate", scene.photo("photo.png"), "--model", scene.bundle]


# Servers


def foreign(scene: Scene) -> str:
    """Return the address of a server that is up, and no MLflow."""
    server = scene.given("httpserver_ipv4")
    server.expect_request(re.compile(".*")).respond_with_data("<html>It works!</html>", content_type="text/html")
    return f"http://127.0.0.1:{server.port}"


def locked(scene: Scene) -> str:
    """Return the address of a server that wants a password."""
    server = scene.given("httpserver_ipv4")
    server.expect_request(re.compile(".*")).respond_with_response(Response("You are not authenticated.", status=401))
    return f"http://127.0.0.1:{server.port}"


for server, known in {
    "down": (NOBODY, "the tracking server http://127.0.0.1:9", "MLFLOW_TRACKING_URI"),
    "foreign": (foreign, "is no MLflow server", "check the address"),
    "asking for a password": (locked, "refuses to answer (HTTP 401)", "MLFLOW_TRACKING_USERNAME"),
}.items():
    address, *said = known

    def url_of(scene: Scene, address: Any = address) -> str:
        return str(address if isinstance(address, str) else address(scene))

    @case(f"predict with a tracking server {server}", *said)
    def _(scene, url_of=url_of):
        scene.set("MLFLOW_TRACKING_URI", url_of(scene))
        return ["predict", scene.photo("a.png")]

    @case(f"pipeline with a tracking server {server}", *said)
    def _(scene, url_of=url_of):
        scene.set("MLFLOW_TRACKING_URI", url_of(scene))
        return pipeline(draw(scene.root / "drawn", {"cysts": 3, "papules": 3}), *STARTER)


@pytest.fixture
def scene(tmp_path, request, monkeypatch) -> Scene:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", NOBODY)
    monkeypatch.setenv("ACNE_WORKDIR", str(tmp_path / "workdir"))
    return Scene(tmp_path, request, monkeypatch)


@pytest.mark.parametrize("bad", CASES, ids=[bad.name for bad in CASES])
def test_bad_input_is_answered_in_one_line(bad, scene, reported, own_home):
    arguments = bad.arguments(scene)
    before = {path: path.read_bytes() for path in scene.root.rglob("*") if path.is_file()}
    began = time.monotonic()
    answer = reported(*arguments, case=bad.name)
    assert time.monotonic() - began < 60
    assert answer.code == bad.code
    assert len(answer.lines) == 1
    assert answer.text.startswith("acne: ")
    assert [part for part in bad.reported if part not in answer.text] == []
    assert answer.out.count("\n") == (1 if "not classified" in answer.out else 0)
    assert [path for path, content in before.items() if path.read_bytes() != content] == []
    assert [path for root in (scene.root, own_home) for path in root.rglob(f".*{PART_SUFFIX}")] == []
