"""The registered model as MLflow's own users load it, in a process that has nothing of ours but the address."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from acnelib.atlas.drawing import draw_picture
from acnelib.models import load_classifier

SCRIPT = """
import base64, json, sys, warnings
warnings.simplefilter("ignore")
import mlflow, pandas as pd

model = mlflow.pyfunc.load_model("models:/acne@production")
images = [base64.b64encode(open(path, "rb").read()).decode() for path in sys.argv[1:]]
table = model.predict(pd.DataFrame({"image": [*images, "no base64!", ""]}))
print(json.dumps(json.loads(table.to_json(orient="records"))))
"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for index in range(3):
        (folder / f"{index}.jpg").write_bytes(draw_picture(index, seed=9).jpeg())
    (folder / "9.jpg").write_bytes(b"garbage")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def rows(walked, pictures, tmp_path_factory):
    """What the pyfunc answers to three pictures, garbage, a text that is no base64, and nothing."""
    environment = {name: value for name, value in walked.environment.items() if not name.startswith("ACNE_")}
    environment |= walked.server_environment
    environment["TMPDIR"] = str(tmp_path_factory.mktemp("downloads"))  # MLflow leaves the model that it downloaded
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, pictures)],
        env=environment,
        cwd=pictures[0].parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def test_the_pyfunc_gives_the_scores_of_the_library(walked, pictures, rows):
    classifier = load_classifier("production", settings=walked.settings)
    for path, row in zip(pictures[:3], rows[:3], strict=True):
        prediction = classifier.predict(path)
        scores = {label: row[f"score_{label}"] for label in classifier.labels}
        assert scores == pytest.approx(prediction.scores, abs=1e-3)
        assert (row["label"], row["verdict"]) == (prediction.label, prediction.verdict)
        assert row["quality"] == ";".join(prediction.quality)
        assert row["confidence"] == pytest.approx(prediction.confidence, abs=1e-3)
        assert row["error"] == ""


@pytest.mark.parametrize(
    ("place", "said"), [(3, "cannot be decoded"), (4, "is empty"), (5, "is empty")], ids=["garbage", "text", "nothing"]
)
def test_what_is_no_picture_is_a_row_that_says_so(rows, place, said):
    assert said in rows[place]["error"]
    assert rows[place]["label"] == ""
    assert rows[place]["confidence"] is None
    assert {value for name, value in rows[place].items() if name.startswith("score_")} == {None}


def test_there_is_one_row_a_picture_in_order(rows):
    assert len(rows) == 6
    assert [bool(row["error"]) for row in rows] == [False, False, False, True, True, True]
