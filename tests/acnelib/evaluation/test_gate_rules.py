"""How sure the gate wants to be."""

from __future__ import annotations

import pytest

from acnelib.evaluation.gate import GateRules


@pytest.mark.parametrize(("judged", "required"), [(0, 0.9), (1, 0.95), (9, 0.99)])
def test_each_candidate_before_tightens_the_rule(judged, required):
    assert GateRules().required(judged) == pytest.approx(required)
