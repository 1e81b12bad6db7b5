"""Registered versions that are kept, with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.registry.tracking.removal import JUDGED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.registry.tracking.removal import StoredVersion


def kept_versions(versions: Sequence[StoredVersion], *, newest: int) -> dict[str, str]:
    """Return the versions that are kept, oldest first, with the reasons.

    Args:
        versions: All versions, the oldest first.
        newest: Number of newest versions that are always kept; pruned ones do not count.
    """
    whole = [one for one in versions if not one.marked]
    late = {one.version for one in whole[max(0, len(whole) - newest) :]}
    before = {
        number for one in whole if "production" in one.aliases or one.stage == "Production" for number in one.before
    }
    kept = {}
    for one in whole:
        if "production" in one.aliases or one.stage == "Production":
            kept[one.version] = "in production"
        elif one.version in before:
            kept[one.version] = "in production before, for `acne rollback`"
        elif one.stage != JUDGED:
            kept[one.version] = "not decided yet"
        elif one.aliases:
            kept[one.version] = f"called {', '.join(sorted(one.aliases))}"
        elif one.version in late:
            kept[one.version] = f"one of the newest {newest}" if newest > 1 else "the newest"
    return kept
