"""Cached bundles of versions that are pruned, and what the cache remembers of those."""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock

from acnelib.storage.files import PART_SUFFIX, digest_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class UnusedBundles:
    """What of a cache nobody asks for any more.

    Attributes:
        root: The cache.
        memories: What is remembered of versions that go.
        bundles: Folders of bundles that no other memory names.
    """

    root: Path
    memories: tuple[Path, ...]
    bundles: tuple[Path, ...]

    def remove(self) -> None:
        """Remove them, and what a killed removal left, while nobody downloads.

        Bundles go first: they are found by what is remembered of them.
        """
        if not self.root.is_dir():
            return
        with FileLock(self.root / "cache.lock"):
            for bundle in self.bundles:
                bundle.rename(bundle.with_name(f".bundle.{bundle.name[:16]}.{secrets.token_hex(4)}{PART_SUFFIX}"))
            for memory in self.memories:
                memory.unlink(missing_ok=True)
            for part in self.root.glob(f"bundles/.bundle.*{PART_SUFFIX}"):
                shutil.rmtree(part)


def unused_bundles(
    root: Path, *, server: str, model_name: str, versions: Collection[str], kept: Collection[str]
) -> UnusedBundles:
    """Return what a cache holds for versions that go.

    Bundles that another server's versions need, or that production last was, stay: an offline answer depends on them.

    Args:
        root: The cache.
        server: Address of the tracking server.
        model_name: Name of the registered model.
        versions: Numbers of the versions that go.
        kept: Digests of the bundles of versions that stay.
    """
    ours = root / "servers" / digest_of(server.rstrip("/"), model_name)[:16]
    memories = sorted(root.glob("servers/*/*.json"))
    going = [path for path in memories if path.parent == ours and path.stem in versions]
    needed = set(kept) | _digests([path for path in memories if path not in going])
    return UnusedBundles(
        root=root,
        memories=tuple(going),
        bundles=tuple(
            path for path in sorted(root.glob("bundles/*")) if path.name not in needed and path.name in _digests(going)
        ),
    )


def _digests(memories: Sequence[Path]) -> set[str]:
    found = set()
    for path in memories:
        try:
            found.add(str(json.loads(path.read_text())["sha256"]))
        except (OSError, ValueError, TypeError, KeyError):
            continue  # damaged, and written anew when the server is next asked
    return found
