"""A model of its own on the real MLflow server."""

from __future__ import annotations

import uuid

import pytest
import requests

from acnelib.registry.tracking import Tracking


@pytest.fixture
def tracking(walked):
    server = str(walked.settings.server())
    return Tracking(server=server, identity="test", model_name=f"tracking-{uuid.uuid4().hex[:8]}")


@pytest.fixture
def ask(tracking, walked):
    def get(call, **parameters):
        response = requests.get(
            f"{tracking.server}/api/2.0/mlflow/{call}", params=parameters, auth=walked.login, timeout=20
        )
        response.raise_for_status()
        return response.json()

    return get
