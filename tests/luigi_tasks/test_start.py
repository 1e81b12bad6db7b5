"""The start of a run imports Luigi, and not what Luigi would import for parameters with schemas."""

from __future__ import annotations

import subprocess
import sys

import pytest

TASKS = "import luigi_tasks.tasks, sys; print('jsonschema' in sys.modules)"
THEN_MLFLOW = "import luigi_tasks.tasks, jsonschema; print(jsonschema.Draft4Validator.__name__)"
FIRST = "import jsonschema, luigi_tasks.tasks, sys; print(sys.modules['jsonschema'] is jsonschema)"


@pytest.mark.parametrize(
    ("code", "printed"),
    [(TASKS, "False"), (THEN_MLFLOW, "Draft4Validator"), (FIRST, "True")],
    ids=("not", "later", "before"),
)
def test_jsonschema_is_left_to_those_who_need_it(code, printed):
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=True)
    assert ran.stdout.split() == [printed]
