"""The version of this installation."""

from __future__ import annotations

from importlib import metadata


def installed_version() -> str:
    """Return the version of acnelib that is installed; ``0`` where it runs from a folder that is not installed."""
    try:
        return metadata.version("acnelib")
    except metadata.PackageNotFoundError:
        return "0"
