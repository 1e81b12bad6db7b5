"""The packages of the lock file: versions, hashes, where each is installed, and what asks for it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[1]
LOCK = REPOSITORY / "requirements.lock"
CORE_LOCK = REPOSITORY / "requirements-core.lock"
PROJECT = REPOSITORY / "pyproject.toml"
ITSELF = "acnelib"
CORE = "core"

_HASH = re.compile(r"--hash=(\w+):([0-9a-f]+)")


@dataclass(frozen=True)
class LockedPackage:
    """One package at one version.

    Attributes:
        name: Its normalised name; a name stands twice in the lock where two versions serve different Pythons.
        version: The exact version.
        marker: The machines that it is installed on, as packaging tools write it; empty for all.
        hashes: Algorithm and hexadecimal digest of every file of that version that may be installed.
        asked_for_by: Names of the packages that need it, ``acnelib`` among them where the project itself does.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[tuple[str, str], ...]
    asked_for_by: frozenset[str]


def locked_packages(lock: Path = LOCK) -> list[LockedPackage]:
    """Return the packages of a lock file, in its order."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [_package(block) for block in blocks if "==" in block]


def _package(block: str) -> LockedPackage:
    head = block.partition("--hash")[0].replace("\\\n", "").partition("\n")[0]
    requirement = Requirement(head.strip())
    reasons = re.findall(r"^    # +(?:via +)?(\S+)", block, re.MULTILINE)
    return LockedPackage(
        name=canonicalize_name(requirement.name),
        version=str(requirement.specifier).removeprefix("=="),
        marker=str(requirement.marker or ""),
        hashes=tuple(_HASH.findall(block)),
        asked_for_by=frozenset(canonicalize_name(reason) for reason in reasons if reason != "via"),
    )


def parts_of_the_project(packages: list[LockedPackage]) -> dict[str, list[str]]:
    """Return what of the project brings each package: ``core``, or the extras that lead to it, in their order."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    direct = {CORE: project["dependencies"], **project["optional-dependencies"]}
    reached: dict[str, set[str]] = {part: _names(wanted) for part, wanted in direct.items()}
    for names in reached.values():
        while more := {package.name for package in packages if package.asked_for_by & names} - names:
            names.update(more)
    parts = {package.name: [part for part, names in reached.items() if package.name in names] for package in packages}
    return {name: [CORE] if CORE in found else found for name, found in parts.items()}


def _names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(requirement).name) for requirement in requirements}
