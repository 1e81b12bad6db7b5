"""The third-party software of the app: names, licences, and the versions of this installation; without Qt."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib import metadata

_QT = "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"
_LICENCES = {
    "ai-edge-litert": "Apache-2.0",
    "annotated-doc": "MIT",
    "backports.strenum": "MIT",
    "certifi": "MPL-2.0",
    "charset-normalizer": "MIT",
    "filelock": "MIT",
    "flatbuffers": "Apache-2.0",
    "idna": "BSD-3-Clause",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "ml_dtypes": "Apache-2.0",
    "numpy": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "pillow": "MIT-CMU",
    "pillow_heif": "BSD-3-Clause",
    "platformdirs": "MIT",
    "protobuf": "BSD-3-Clause",
    "Pygments": "BSD-2-Clause",
    "PySide6_Essentials": _QT,
    "requests": "Apache-2.0",
    "rich": "MIT",
    "shellingham": "ISC",
    "shiboken6": _QT,
    "simplejpeg": "MIT",
    "tomlkit": "MIT",
    "tqdm": "MPL-2.0 AND MIT",
    "typer": "MIT",
    "typing_extensions": "PSF-2.0",
    "urllib3": "MIT",
}  # all that the app needs: a test compares them with what is installed


@dataclass(frozen=True, kw_only=True)
class SoftwareComponent:
    """A component of the app.

    Attributes:
        name: Its name.
        version: Its version; None where this installation has no record of it.
        licence: Its licence, as an SPDX expression.
    """

    name: str
    version: str | None
    licence: str


def components() -> tuple[SoftwareComponent, ...]:
    """Return Python and all packages that the app needs, by name."""
    packages = [
        SoftwareComponent(name=name, version=_version(name), licence=licence) for name, licence in _LICENCES.items()
    ]
    python = SoftwareComponent(name="Python", version=platform.python_version(), licence="PSF-2.0")
    return tuple(sorted([python, *packages], key=lambda component: component.name.casefold()))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # a frozen app may have lost what packages say of themselves
        return None
