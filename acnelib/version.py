"""The version of this installation."""

from __future__ import annotations

from importlib import metadata


def installed_version() -> str:
    """Return the version of acnelib that is installed; ``unknown`` in a checkout that was never installed."""
    try:
        return metadata.version("acnelib")
    except metadata.PackageNotFoundError:
        return "unknown"
