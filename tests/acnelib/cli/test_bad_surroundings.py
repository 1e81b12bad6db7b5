"""Bad surroundings: a broken luigi.cfg, a file that may not grow, taken ports, a store that is down."""

from __future__ import annotations

import json
import os
import re
import resource
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from bad_input_scenes import STARTER, draw, pipeline

from acnelib.services.stack import PREFERRED_PORTS

if TYPE_CHECKING:
    from collections.abc import Iterator


def acne(*arguments: object, **environment: object) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "acnelib.cli", *map(str, arguments)],
        env=os.environ | {name: str(value) for name, value in environment.items()},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_broken_luigi_cfg_is_answered_before_luigi_reads_it(tmp_path, record_property):
    Path("luigi.cfg").write_text("workdir = here\n")
    ran = acne(*pipeline("sample"))
    record_property("a broken luigi.cfg", json.dumps([ran.returncode, *ran.stderr.splitlines()]))
    assert ran.returncode == 2
    assert re.fullmatch(
        r"acne: \S+luigi.cfg cannot be read \(line 1 stands before any \[section\]\): mend it\n", ran.stderr
    )


def test_a_file_without_room_for_it_is_not_half_written(tmp_path, record_property):
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    ran = subprocess.run(
        [sys.executable, "-m", "acnelib.cli", "atlas", "draw", "--to", str(tmp_path / "drawn"), "--number", "3"],
        preexec_fn=limited,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    record_property("a file that may not grow", json.dumps([ran.returncode, *ran.stderr.splitlines()]))
    assert ran.returncode == 1
    assert re.fullmatch(rf"acne: {tmp_path}/drawn/\S+ cannot be read or written \(File too large\): .*\n", ran.stderr)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@dataclass(frozen=True)
class OwnStack:
    """A stack that a test may break."""

    home: Path

    @property
    def services(self) -> dict[str, Any]:
        return dict(json.loads((self.home / "stack.json").read_text())["services"])

    def kill(self, service: str) -> None:
        psutil.Process(self.services[service]["pid"]).kill()


@pytest.fixture
def own_stack(tmp_path, monkeypatch, own_home) -> Iterator[OwnStack]:
    """The stack of this test's home, stopped at the end."""
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "stack"))
    monkeypatch.setenv("ACNE_WORKDIR", str(tmp_path / "scratch"))
    yield OwnStack(own_home)
    down = acne("down")
    assert down.returncode == 0, down.stderr


@pytest.fixture
def taken_port(monkeypatch) -> Iterator[int]:
    """The port that every service would like to have, and that somebody has."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        for service in ("mlflow", "luigid", "s3"):
            monkeypatch.setitem(PREFERRED_PORTS, service, port)
        yield port


@pytest.mark.slow  # a stack, a pipeline and a broken store: more than a minute
def test_taken_ports_a_class_of_one_photo_and_then_no_s3(own_stack, taken_port, tmp_path, monkeypatch, reported):
    up = reported("up", case="ports that are taken (`acne up`)")
    assert (up.code, len(up.lines)) == (0, 4)
    assert str(taken_port) not in up.text

    source = draw(tmp_path / "lonely", {"cysts": 8, "papules": 8, "scars": 1})
    walk = ("pipeline", "--source", source, *STARTER, "--format", "json")
    walked = reported(*walk, case="a class of one photo")
    outcome = json.loads(walked.out[walked.out.rindex("{") :])
    assert walked.code == 0
    assert "acne: scars (1 photo in 1 group): learnt, but never tested; add photos of other patients" in walked.lines
    assert outcome["decision"] in {"promoted", "rejected"}

    own_stack.kill("s3")
    monkeypatch.setenv("ACNE_CACHE", str(tmp_path / "empty"))
    photo = source / "scars" / "0.jpg"
    predicted = reported("predict", photo, "--model", outcome["version"], case="predict while S3 is down")
    assert (predicted.code, len(predicted.lines)) == (1, 1)
    assert re.search("no version 1 of .* its artifact store is down.* `acne doctor` tells", predicted.text)
    examined = reported("doctor", case="doctor while S3 is down")
    assert (examined.code, len(examined.lines)) == (1, 1)
    assert re.search("✗ artifact store .* → run `acne up`, which repairs S3", examined.out)
    assert "✗ S3 store" in examined.out
    monkeypatch.setenv("MLFLOW_TRACKING_URI", own_stack.services["mlflow"]["url"])  # else `pipeline` would heal S3
    monkeypatch.setenv("ACNE_MODEL_NAME", "other")
    failed = reported(*walk, case="pipeline while S3 is down")
    assert failed.code == 1
    assert re.search("artifact store of .* fails .PUT.*: `acne up` heals the embedded one", failed.lines[-1])
