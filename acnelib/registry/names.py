"""Names of registered models: the aliases and the version numbers that a registry resolves."""

from __future__ import annotations

PRODUCTION = "production"
ALIASES = (PRODUCTION, "staging")
"""Aliases of the registry; the version behind one of them may change."""


def is_registered(name: str) -> bool:
    """Return whether a name is an alias or a version number of the registry, and not the folder of a bundle."""
    return name in ALIASES or name.isdecimal()


def name_filter(name: str) -> str:
    """Return the condition by which MLflow finds a registered model; a name has at most one kind of quotes."""
    quote = '"' if "'" in name else "'"
    return f"name = {quote}{name}{quote}"
