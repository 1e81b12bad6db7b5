"""The lock file against the advisories of the OSV database: which locked versions have known faults.

    python packaging/audit.py [--database ADDRESS] [--ignore ID]…

Two kinds of requests, as osv.dev documents them: one that names all packages and versions of the lock, those for other
systems too, and one for each advisory found. Nothing else is sent. Exit codes: 0 no advisory, 1 advisories,
2 wrong usage, 3 the database could not be asked.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from locked_packages import LOCK, LockedPackage, locked_packages

DATABASE = "https://api.osv.dev"
SECONDS = 20
AT_ONCE = 500
"""Packages in one request; the database takes a thousand."""


@dataclass(frozen=True)
class Advisory:
    """What is known of one fault in one locked package."""

    package: str
    version: str
    identifier: str
    names: frozenset[str]
    summary: str
    fixed_in: tuple[str, ...]


class DatabaseUnreachable(Exception):
    """The database gave no answer, or none that can be read."""


def advisories(packages: list[LockedPackage], *, database: str) -> list[Advisory]:
    """Return the advisories of all packages, in their order.

    Raises:
        DatabaseUnreachable: There is no network, or something else answers.
    """
    found = []
    try:
        with requests.Session() as session:
            for start in range(0, len(packages), AT_ONCE):
                some = packages[start : start + AT_ONCE]
                for package, identifiers in zip(some, _identifiers(session, some, database), strict=True):
                    found += [_advisory(session, package, identifier, database) for identifier in identifiers]
    except requests.RequestException as error:
        raise DatabaseUnreachable(_reason(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DatabaseUnreachable(f"its answer is no answer of such a database: {error!r}") from error
    return [advisory for advisory in found if advisory is not None]


def _reason(error: BaseException) -> str:
    """Return the innermost cause, which says most: an unknown host, a refused connection, an HTTP status."""
    while error.__context__ is not None:
        error = error.__context__
    return _printable(str(error)) or type(error).__name__


def _printable(text: str) -> str:
    """Return a server's words on one line, without what would steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:200].strip()


def _identifiers(session: requests.Session, packages: list[LockedPackage], database: str) -> list[list[str]]:
    queries = [{"package": {"name": one.name, "ecosystem": "PyPI"}, "version": one.version} for one in packages]
    found: list[list[str]] = [[] for _ in packages]
    waiting = list(enumerate(queries))
    while waiting:
        answer = session.post(f"{database}/v1/querybatch", json={"queries": [q for _, q in waiting]}, timeout=SECONDS)
        answer.raise_for_status()
        following = []
        for (place, query), result in zip(waiting, answer.json()["results"], strict=True):
            found[place] += [row["id"] for row in result.get("vulns", ())]
            if token := result.get("next_page_token"):
                following.append((place, {**query, "page_token": token}))
        waiting = following
    return found


def _advisory(session: requests.Session, package: LockedPackage, identifier: str, database: str) -> Advisory | None:
    answer = session.get(f"{database}/v1/vulns/{quote(identifier, safe='')}", timeout=SECONDS)
    answer.raise_for_status()
    details: dict[str, Any] = answer.json()
    if "withdrawn" in details:
        return None
    text = str(details.get("summary") or details.get("details") or "no description").strip()
    return Advisory(
        package=package.name,
        version=package.version,
        identifier=_printable(identifier),
        names=frozenset({identifier, *details.get("aliases", ())}),
        summary=_printable(text.splitlines()[0]),
        fixed_in=_fixed_in(details, package.name),
    )


def _fixed_in(details: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(
        _printable(event["fixed"])
        for affected in details.get("affected", ())
        if affected["package"]["name"].lower().replace("_", "-") == name
        for versions in affected.get("ranges", ())
        if versions["type"] == "ECOSYSTEM"
        for event in versions["events"]
        if "fixed" in event
    )


def main() -> int:
    """Print the advisories and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default=DATABASE, metavar="ADDRESS", help="another server of that kind")
    parser.add_argument("--lock", type=Path, default=LOCK, metavar="FILE")
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="ID", help="an advisory looked at and accepted"
    )
    options = parser.parse_args()
    packages = locked_packages(options.lock)
    try:
        found = advisories(packages, database=options.database.rstrip("/"))
    except DatabaseUnreachable as error:
        print(
            f"audit: not done, since the advisory database at {options.database} could not be asked ({error}); "
            "try again with a network",
            file=sys.stderr,
        )
        return 3
    counted = [advisory for advisory in found if advisory.names.isdisjoint(options.ignore)]
    for one in counted:
        remedy = f"mended in {', '.join(one.fixed_in)}" if one.fixed_in else "no mended version is known"
        print(f"{one.package} {one.version}: {one.identifier}: {one.summary} ({remedy})")
    ignored = f", {len(found) - len(counted)} accepted" if len(found) > len(counted) else ""
    print(f"{len(packages)} locked packages, {len(counted)} advisories{ignored}.")
    return 1 if counted else 0


if __name__ == "__main__":
    sys.exit(main())
