"""What the app is made of: versions and licences, as far as this installation tells them; without Qt."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from importlib import metadata

PROGRAM = "acnelib"
LICENCE = "Apache-2.0"

_QT = "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"
_PARTS = {
    "PySide6-Essentials": _QT,
    "ai-edge-litert": "Apache-2.0",
    "filelock": "MIT",
    "numpy": "BSD-3-Clause",
    "pillow": "MIT-CMU",
    "pillow-heif": "BSD-3-Clause",
    "platformdirs": "MIT",
    "requests": "Apache-2.0",
    "rich": "MIT",
    "shiboken6": _QT,
    "simplejpeg": "MIT",
    "typer": "MIT",
    "urllib3": "MIT",
}  # a frozen app may have lost what packages say of themselves


@dataclass(frozen=True, kw_only=True)
class SoftwareComponent:
    """A package that the app uses.

    Attributes:
        name: Its name.
        version: Its version; None where the installation does not tell.
        licence: Its licence in a few words; None where nobody tells.
    """

    name: str
    version: str | None
    licence: str | None


def own_version() -> str:
    """Return the version of this program; ``unknown`` where the installation does not tell."""
    return _version(PROGRAM) or "unknown"


def parts() -> tuple[SoftwareComponent, ...]:
    """Return Python and all packages that the app needs, those that they need included, by name."""
    names = set(_PARTS)
    reached, waiting = set[str](), [PROGRAM, *names]
    while waiting:
        name = waiting.pop()
        if _same(name) not in reached:
            reached.add(_same(name))
            waiting += _needed_by(name)
            if own_name := _own_name(name):
                names.add(own_name)
    known = {
        _same(name): SoftwareComponent(name=name, version=_version(name), licence=_licence(name))
        for name in sorted(names)
    }
    known.pop(_same(PROGRAM), None)
    python = SoftwareComponent(name="Python", version=platform.python_version(), licence="PSF-2.0")
    return tuple(sorted([python, *known.values()], key=lambda part: part.name.casefold()))


def _needed_by(name: str) -> list[str]:
    """Return what a package always needs."""
    try:
        requirements = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    return [
        match[0]
        for each in requirements
        if "extra ==" not in each.partition(";")[2] and (match := re.match(r"[\w.-]+", each))
    ]


def _own_name(name: str) -> str | None:
    """Return how an installed package calls itself; None when it is not installed."""
    try:
        return str(metadata.metadata(name)["Name"])
    except (metadata.PackageNotFoundError, KeyError):
        return None


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except (metadata.PackageNotFoundError, KeyError):
        return None


def _licence(name: str) -> str | None:
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return _PARTS.get(name)
    words = next((str(told[name]) for name in ("License-Expression", "License") if name in told), "")
    if 0 < len(words) < 80 and "\n" not in words:  # some put the whole text there
        return words
    named = [each for each in told.get_all("Classifier") or [] if each.startswith("License :: ")]
    return ", ".join(each.rpartition(" :: ")[2] for each in named) or _PARTS.get(name)


def _same(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
