"""The licences of all locked packages: reads them from what is installed, and writes the record and the page.

    python packaging/licences.py

The record, ``packaging/licences.json``, keeps what no metadata on this machine says: packages for other systems and
other Pythons. What no metadata says at all stands in ``packaging/licence_notes.toml``.
"""

from __future__ import annotations

import json
import sys
import textwrap
import tomllib
from dataclasses import dataclass
from importlib import metadata

from license_expression import get_spdx_licensing
from locked_packages import REPOSITORY, LockedPackage, locked_packages, parts_of_the_project
from packaging.utils import canonicalize_name

NOTES = REPOSITORY / "packaging" / "licence_notes.toml"
RECORD = REPOSITORY / "packaging" / "licences.json"
PAGE = REPOSITORY / "docs" / "licences.md"

SPDX = get_spdx_licensing()
# How packages that use no SPDX expression name a licence.
NAMES = {
    "2-clause BSD License": "BSD-2-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache-2": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
THIRD_CLAUSE = "names of its contributors may be used to endorse"
BSD = {"BSD", "BSD License"}


@dataclass(frozen=True)
class Binding:
    """What a licence asks of those who pass on a build."""

    packages: tuple[str, ...]
    part: str
    licence: str
    meaning: str


class LicenceUnknown(Exception):
    """A package states no licence that can be read."""


def read_notes() -> tuple[dict[str, str], list[Binding]]:
    """Return the corrections by name of package, and what binds."""
    notes = tomllib.loads(NOTES.read_text(encoding="utf-8"))
    rows = [Binding(**{**row, "packages": tuple(row["packages"])}) for row in notes["binding"]]
    return notes["corrections"], rows


def read_record() -> dict[str, str]:
    """Return the recorded licences: SPDX expressions by ``name version``."""
    return dict(json.loads(RECORD.read_text(encoding="utf-8"))) if RECORD.exists() else {}


def licences(packages: list[LockedPackage]) -> dict[str, str]:
    """Return the licence of every package: corrected, stated by what is installed, or recorded before.

    Raises:
        LicenceUnknown: For a package of which none of them knows it.
    """
    corrections, _ = read_notes()
    recorded, installed = read_record(), _installed()
    found, unknown = {}, []
    for package in packages:
        release = f"{package.name} {package.version}"
        distribution = installed.get(package.name)
        licence = corrections.get(package.name)
        if licence is None and distribution is not None and distribution.version == package.version:
            licence = _stated(distribution)
        # Another version's licence is a guess, but for a release of the same package on another Python a good one.
        licence = licence or recorded.get(release) or (distribution and _stated(distribution))
        if licence is None:
            unknown.append(release)
        else:
            found[release] = str(SPDX.parse(licence, validate=False))
    if unknown:
        raise LicenceUnknown(
            f"no licence can be read of {', '.join(unknown)}; install them with `make env`, or write their SPDX "
            f"expression into {NOTES.relative_to(REPOSITORY)}, under [corrections]"
        )
    return found


def _installed() -> dict[str, metadata.Distribution]:
    return {canonicalize_name(one.name): one for one in metadata.distributions() if one.name}


def _stated(distribution: metadata.Distribution) -> str | None:
    headers = distribution.metadata
    if expression := headers.get("License-Expression"):
        return expression
    classifiers = [name for name in headers.get_all("Classifier", []) if name.startswith("License :: ")]
    short = [headers["License"]] if "License" in headers else []
    for name in [*short, *(name.rpartition(" :: ")[2] for name in classifiers)]:
        if name in BSD:
            return _bsd(distribution)
        known = NAMES.get(name, name)
        if len(known) < 80 and not SPDX.validate(known).errors:
            return known
    return None


def _bsd(distribution: metadata.Distribution) -> str:
    """Tell the two BSD licences apart by the text in the package."""
    texts = [file for file in distribution.files or () if file.name.upper().startswith(("LICEN", "COPYING"))]
    words = " ".join(" ".join(file.read_text().split()) for file in texts)
    return "BSD-3-Clause" if THIRD_CLAUSE in words or "endorse or promote" in words else "BSD-2-Clause"


def page(packages: list[LockedPackage], record: dict[str, str]) -> str:
    """Return the page in Markdown."""
    _, binding = read_notes()
    locked = {package.name for package in packages}
    if strangers := sorted({name for row in binding for name in row.packages} - locked):
        raise LicenceUnknown(f"{NOTES.relative_to(REPOSITORY)} is about packages that are not locked: {strangers}")
    parts = parts_of_the_project(packages)
    lines = [*INTRODUCTION, *(line for row in binding for line in _binding_lines(row, parts)), *TABLE]
    for package in packages:
        licence = record[f"{package.name} {package.version}"]
        lines.append(f"| {package.name} | {package.version} | {licence} | {', '.join(parts[package.name])} |")
    return "\n".join(lines) + "\n"


INTRODUCTION = (
    "# Licences of what acnelib is built on",
    "",
    "Written by `make licences` from the lock file; not to be edited. acnelib itself: [Apache-2.0](../LICENSE).",
    "",
    "Those who install acnelib from a package index receive each package from its own authors, under its own licence.",
    "Those who pass on a build that contains them (an archive of `.venv`, an image of a machine, `make desktop`) are",
    "bound by all of them: keep the texts that lie in the packages, and mind these. This is a list, not legal advice.",
    "",
    "## What binds those who pass on a build",
)
TABLE = (
    "",
    "## All locked packages",
    "Part: the core, or the extras of `pyproject.toml` that bring the package. Two versions of a package are for",
    "different Pythons. Licences are SPDX expressions, as the packages state them; what their wheels contain besides",
    "is above.",
    "",
    "| package | version | licence | part |",
    "|---|---|---|---|",
)


def _binding_lines(row: Binding, parts: dict[str, list[str]]) -> list[str]:
    where = sorted({part for name in row.packages for part in parts[name]})
    text = f"**{', '.join(row.packages)}** ({', '.join(where)}): {row.part}. {row.licence}. {row.meaning}"
    return ["", *textwrap.wrap(text, 120, break_long_words=False, break_on_hyphens=False)]


def main() -> int:
    """Write the record and the page; return 1 where a licence is not known."""
    packages = locked_packages()
    try:
        record = licences(packages)
        text = page(packages, record)
    except LicenceUnknown as error:
        print(f"licences: {error}", file=sys.stderr)
        return 1
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(text, encoding="utf-8")
    print(f"{len(packages)} packages in {PAGE.relative_to(REPOSITORY)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
