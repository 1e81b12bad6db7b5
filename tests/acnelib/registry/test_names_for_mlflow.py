"""MLflow takes every name that is made from a label."""

from __future__ import annotations

import pytest

from acnelib.labels import file_name_of


@pytest.mark.parametrize("label", ["type-<2", "grade-1+", "acné", "50-%", "rosacea?"])
def test_mlflow_takes_every_name_for_metrics_and_parameters(label):
    from mlflow.utils import validation

    validation._validate_metric_name(f"test_recall_{file_name_of(label)}")
    validation._validate_param_name(f"prior_{file_name_of(label)}")
