"""The cache of downloaded bundles, by digest, and what each server last said that a name means."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from acnelib import bundle as bundles
from acnelib.errors import BundleInvalid, ModelUnavailable
from acnelib.files import PART_SUFFIX, digest_of, sweep, write_json

if TYPE_CHECKING:
    from acnelib.bundle import Bundle
    from acnelib.registry.reading import RegisteredVersion, RegistryReader


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What a server said that a name means.

    Attributes:
        version: Number of the version.
        sha256: Digest of its bundle.
        asked_at: When it said so, ISO 8601 in UTC.
        drift: Where its alias and stage differed, in words; None when they agreed.
    """

    version: str
    sha256: str
    asked_at: str
    drift: str | None = None


@dataclass(frozen=True)
class BundleCache:
    """A folder of verified bundles, safe to delete at any time."""

    root: Path

    def fetch(self, reader: RegistryReader, name: str) -> tuple[Bundle, Remembered]:
        """Ask the server what a name means and return that bundle, downloaded only when it is not here.

        Raises:
            ModelUnavailable: The server knows no such version.
            TrackingFailed: The server cannot be asked.
            BundleInvalid: What it hands out is no intact bundle.
        """
        version = reader.find(name)
        bundle = self._kept(version.bundle_sha256) or self._download(reader, version)
        remembered = Remembered(
            version=version.version,
            sha256=str(bundle.sha256),
            asked_at=datetime.now(UTC).isoformat(timespec="seconds"),
            drift=version.drift,
        )
        write_json(self._memory(reader, name), asdict(remembered))
        return bundle, remembered

    def recall(self, reader: RegistryReader, name: str) -> tuple[Bundle, Remembered]:
        """Return what the server last said that a name means, without asking it.

        Raises:
            ModelUnavailable: It was never asked, or the bundle is no longer here.
        """
        try:
            remembered = Remembered(**json.loads(self._memory(reader, name).read_text()))
        except (OSError, ValueError, TypeError) as error:
            called = f"version {name}" if name.isdecimal() else f"{name} model"
            raise ModelUnavailable(f"no {called} of {reader.server} is cached") from error
        bundle = self._kept(remembered.sha256)
        if bundle is None:
            raise ModelUnavailable(f"the cached {name} model of {reader.server} is gone")
        return bundle, remembered

    def look(self, sha256: str) -> Bundle | None:
        """Return the bundle of this digest and change nothing; None when it is not here.

        Raises:
            BundleInvalid: It is damaged.
        """
        path = self._place(sha256)
        return bundles.open_bundle(path) if path.is_dir() else None

    def _kept(self, sha256: str | None) -> Bundle | None:
        if not sha256 or not (path := self._place(sha256)).is_dir():
            return None
        with contextlib.suppress(BundleInvalid):
            bundle = bundles.open_bundle(path)
            if bundle.sha256 == sha256:
                return bundle
        shutil.rmtree(path, ignore_errors=True)  # a damaged copy, or another bundle in its place, is fetched again
        return None

    def _download(self, reader: RegistryReader, version: RegisteredVersion) -> Bundle:
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / "cache.lock"):  # one download at a time; and only then a sweep is safe
            sweep(self.root)
            part = Path(tempfile.mkdtemp(prefix=".bundle.", suffix=PART_SUFFIX, dir=self.root))
            try:
                reader.download(version, part)
                place = self._place(str(bundles.open_bundle(part).sha256))
                if not place.is_dir():
                    place.parent.mkdir(parents=True, exist_ok=True)
                    part.replace(place)
            finally:
                shutil.rmtree(part, ignore_errors=True)
        return bundles.open_bundle(place)

    def _place(self, sha256: str) -> Path:
        return self.root / "bundles" / sha256

    def _memory(self, reader: RegistryReader, name: str) -> Path:
        return self.root / "servers" / digest_of(reader.server, reader.model_name)[:16] / f"{name}.json"
