"""The cache of downloaded bundles, by digest, and what each server last said that a name means."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from acnelib import bundle as bundles
from acnelib.errors import BundleInvalid, ModelUnavailable
from acnelib.registry.reading import stage_of
from acnelib.storage.files import PART_SUFFIX, digest_of, write_json

if TYPE_CHECKING:
    from acnelib.bundle import Bundle
    from acnelib.registry.reading import RegisteredVersion, RegistryReader


@dataclass(frozen=True, kw_only=True)
class CachedVersion:
    """What a server said that a name means.

    Attributes:
        version: Number of the version.
        sha256: Digest of its bundle.
        asked_at: When it said so, ISO 8601 in UTC.
        drift: Where its alias and stage differed, in words; None when they agreed.
        stage: The version's stage; None when it had none, or an earlier program did not note it.
        promoted_at: When it was promoted last (ISO 8601, UTC); None when it never was, or nobody said.
    """

    version: str
    sha256: str
    asked_at: str
    drift: str | None = None
    stage: str | None = None
    promoted_at: str | None = None


@dataclass(frozen=True)
class BundleCache:
    """A folder of verified bundles, safe to delete at any time."""

    root: Path

    def fetch(self, reader: RegistryReader, name: str) -> tuple[Bundle, CachedVersion]:
        """Ask the server what a name means and return that bundle, downloaded only when it is not here.

        Raises:
            ModelUnavailable: The server knows no such version.
            TrackingFailed: The server cannot be asked.
            BundleInvalid: What it hands out is no intact bundle.
        """
        version = reader.find(name)
        bundle = self._kept(version.bundle_sha256) or self._download(reader, version)
        remembered = CachedVersion(
            version=version.version,
            sha256=str(bundle.sha256),
            asked_at=datetime.now(UTC).isoformat(timespec="seconds"),
            drift=version.drift,
            stage=stage_of(version, name=name),
            promoted_at=version.promoted_at,
        )
        write_json(self._memory(reader, name), asdict(remembered))
        return bundle, remembered

    def recall(self, reader: RegistryReader, name: str) -> tuple[Bundle, CachedVersion]:
        """Return what the server last said that a name means, without asking it.

        Raises:
            ModelUnavailable: It was never asked, or the bundle is no longer here.
        """
        called = f"version {name}" if name.isdecimal() else f"{name} model"
        remembered = _remembered(self._memory(reader, name))
        if remembered is None and name.isdecimal():  # it may have been asked for by another name: versions never change
            remembered = next((one for one in self.known(reader).values() if one.version == name), None)
        if remembered is None:
            raise ModelUnavailable(f"no {called} of {reader.server} is cached")
        bundle = self._kept(remembered.sha256)
        if bundle is None:
            became = "damaged" if self._place(remembered.sha256).exists() else "gone"
            raise ModelUnavailable(f"the cached {called} of {reader.server} is {became}")
        if name == "production" and remembered.stage is None:  # noted by an earlier program
            remembered = replace(remembered, stage="Production")
        return bundle, remembered

    def known(self, reader: RegistryReader) -> dict[str, CachedVersion]:
        """Return what the server last said of each name that it was asked for, where the bundle is still here."""
        memories = {path.stem: _remembered(path) for path in self._memory(reader, "any").parent.glob("[!.]*.json")}
        return {
            name: remembered
            for name, remembered in sorted(memories.items())
            if remembered is not None and self._place(remembered.sha256).is_dir()
        }

    def look(self, sha256: str) -> Bundle | None:
        """Return the bundle of this digest and change nothing; None when it is not here.

        Raises:
            BundleInvalid: It is damaged.
        """
        path = self._place(sha256)
        return bundles.open_bundle(path) if path.is_dir() else None

    def _kept(self, sha256: str | None) -> Bundle | None:
        """Return an intact bundle; a damaged copy, or another bundle in its place, is none and is fetched again."""
        if not sha256 or not (path := self._place(sha256)).is_dir():
            return None
        with contextlib.suppress(BundleInvalid, OSError):  # another program may be putting it right just now
            bundle = bundles.open_bundle(path)
            if bundle.sha256 == sha256:
                return bundle
        return None

    def _download(self, reader: RegistryReader, version: RegisteredVersion) -> Bundle:
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / "cache.lock"):  # one download at a time; and only then nobody works on a part
            if fetched := self._kept(version.bundle_sha256):  # by another program, meanwhile
                return fetched
            for left in self.root.glob(f".bundle.*{PART_SUFFIX}"):
                shutil.rmtree(left, ignore_errors=True)
            part = Path(tempfile.mkdtemp(prefix=".bundle.", suffix=PART_SUFFIX, dir=self.root))
            try:
                reader.download(version, part)
                sha256 = str(bundles.open_bundle(part).sha256)
                place = self._place(sha256)
                if self._kept(sha256) is None:
                    shutil.rmtree(place, ignore_errors=True)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    part.replace(place)
            finally:
                shutil.rmtree(part, ignore_errors=True)
        return bundles.open_bundle(place)

    def _place(self, sha256: str) -> Path:
        return self.root / "bundles" / sha256

    def _memory(self, reader: RegistryReader, name: str) -> Path:
        return self.root / "servers" / digest_of(reader.server, reader.model_name)[:16] / f"{name}.json"


def _remembered(path: Path) -> CachedVersion | None:
    try:
        remembered = CachedVersion(**json.loads(path.read_text()))
        return remembered if remembered.version.isdecimal() and remembered.sha256.isalnum() else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None
