"""A luigi.cfg of another project, in whose folder a run is started, changes nothing about the run."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from acnelib.atlas.drawing import draw_pictures, encode_jpeg


@pytest.fixture
def curated(tmp_path):
    """Run the pipeline up to its second stage in a process of its own, without any server."""
    for picture in draw_pictures(6, seed=1):
        path = tmp_path / "photos" / picture.label / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode_jpeg(picture.image))

    def run(**environ: str) -> subprocess.CompletedProcess[str]:
        words = ["pipeline", "--source", "photos", "--workdir", "data", "--until", "scrape", "--local-scheduler"]
        return subprocess.run(
            [sys.executable, "-m", "acnelib.cli", *words],
            cwd=tmp_path,
            env=os.environ | {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"} | environ,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    return run


def test_options_of_workers_that_would_end_the_run_are_named_and_not_used(curated, tmp_path):
    options = (
        "task_limit = 0\nwait_interval = soon\ntask_process_context = nowhere.Context\nforce_multiprocessing = 1\n"
    )
    (tmp_path / "luigi.cfg").write_text(f"[worker]\n{options}[resources]\ntraining = 0\n")
    ran = curated()
    assert ran.returncode == 0, ran.stderr
    assert "Not used by this run" in ran.stderr
    assert "[worker] task_limit" in ran.stderr


def test_another_parser_is_named_and_not_used(curated):
    ran = curated(LUIGI_CONFIG_PARSER="toml", LUIGI_CONFIG_PATH="team.toml")
    assert ran.returncode == 0, ran.stderr
    assert "LUIGI_CONFIG_PARSER" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_file_that_luigi_cannot_read_is_one_line(curated, tmp_path):
    (tmp_path / "client.cfg").write_text("[broken\n")
    ran = curated()
    assert ran.returncode == 2
    assert "client.cfg cannot be read by Luigi" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
