"""Names of candidates' runs in the MLflow UI: short, and different for different candidates."""

from __future__ import annotations

from acnelib.training.networks.recipes import Recipe

_DIGITS = 6
"""Hexadecimal digits of the candidate's digest: two of a thousand candidates of one network agree in 3 % of cases."""


def run_name(backbone: str, digest: str, *, stage: str = "") -> str:
    """Return the name of a run, such as ``v1+v2 3f9ac1``.

    Args:
        backbone: Name of the candidate's networks.
        digest: The candidate's digest, which its folder under ``results/`` is named by, too.
        stage: Put first if the run is not a candidate's.
    """
    name = f"{Recipe.parse(backbone).short_name} {digest[:_DIGITS]}"
    return f"{stage} {name}" if stage else name
