"""Cache of downloaded bundles by digest, and of the version that each name last meant on each server."""

from __future__ import annotations

import contextlib
import json
import secrets
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
from acnelib.storage.files import PART_SUFFIX, PRIVATE, digest_of, make_private, private_folder, write_json
from acnelib.storage.trust import is_trusted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from acnelib.bundle import Bundle
    from acnelib.registry.reading import RegisteredVersion, RegistryReader


@dataclass(frozen=True, kw_only=True)
class CachedVersion:
    """The version that a name meant on a server.

    Attributes:
        version: Number of the version.
        sha256: Digest of its bundle.
        asked_at: Time of the request to the server, ISO 8601 in UTC.
        drift: Where its alias and stage differed, in words; None when they agreed.
        stage: The version's stage; None when it had none, or an earlier program did not note it.
        promoted_at: When it was promoted last (ISO 8601, UTC); None when it never was, or it is unknown.
    """

    version: str
    sha256: str
    asked_at: str
    drift: str | None = None
    stage: str | None = None
    promoted_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class UnusedBundles:
    """The entries of a cache for versions to be removed.

    Attributes:
        root: The cache.
        bundles: Folders of their bundles, where no other version has the same.
        memories: Files that say which bundle a version has.
    """

    root: Path
    bundles: tuple[Path, ...]
    memories: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The first digits of the bundles, or what else goes."""
        return ", ".join(path.name[:16] for path in self.bundles) or "what is remembered of them"

    @property
    def paths(self) -> tuple[Path, ...]:
        """All that goes."""
        return (*self.bundles, *self.memories)

    def remove(self) -> None:
        """Remove them, and what a killed removal left, while no process downloads.

        Bundles go first: they are found by the other files.
        """
        if not self.root.is_dir():
            return
        with FileLock(self.root / "cache.lock", mode=PRIVATE):
            for bundle in self.bundles:
                bundle.rename(bundle.with_name(f".bundle.{bundle.name[:16]}.{secrets.token_hex(4)}{PART_SUFFIX}"))
            for memory in self.memories:
                memory.unlink(missing_ok=True)
            for part in self.root.glob(f"bundles/.bundle.*{PART_SUFFIX}"):
                shutil.rmtree(part)


@dataclass(frozen=True)
class BundleCache:
    """A folder of verified bundles, safe to delete at any time."""

    root: Path

    def fetch(
        self, reader: RegistryReader, name: str, *, check: Callable[[Bundle], object] = lambda _: None
    ) -> tuple[Bundle, CachedVersion]:
        """Ask the server what a name means and return that bundle, downloaded only when it is not here.

        Args:
            reader: The server's registry.
            name: The name.
            check: Raises an error if the bundle's model cannot be used; the name then keeps the meaning that it had.
                Not called for the bundle that the name had before.

        Raises:
            ModelUnavailable: The server knows no such version.
            TrackingFailed: The server cannot be reached.
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
        memory = self._memory(reader, name)
        before = _remembered(memory)
        if before is None or before.sha256 != remembered.sha256:
            try:
                check(bundle)
            except BundleInvalid as error:
                raise BundleInvalid(f"version {version.version} of {reader.model_name} is refused: {error}") from error
        write_json(memory, asdict(remembered))
        return bundle, remembered

    def recall(self, reader: RegistryReader, name: str) -> tuple[Bundle, CachedVersion]:
        """Return the version that a name last meant on the server, without asking it.

        Raises:
            ModelUnavailable: It was never requested, or the bundle is no longer cached.
        """
        called = f"version {name}" if name.isdecimal() else f"{name} model"
        remembered = _remembered(self._memory(reader, name))
        if remembered is None and name.isdecimal():  # it may have been requested by another name: versions never change
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
        """Return the version that each name last meant on the server, where the bundle is still here."""
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

    def unused(
        self, server: str, model_name: str, *, versions: Collection[str], kept: Collection[str]
    ) -> UnusedBundles:
        """Return what is kept for versions that go.

        Bundles of other servers' versions stay, and so does the last production bundle: an offline answer needs them.

        Args:
            server: Address of the tracking server.
            model_name: Name of the registered model.
            versions: Numbers of the versions that go.
            kept: Digests of the bundles of versions that stay.
        """
        ours = self._memory_of(server.rstrip("/"), model_name, "any").parent
        memories = {path: _remembered(path) for path in sorted(self.root.glob("servers/*/*.json"))}
        going = [path for path in memories if path.parent == ours and path.stem in versions]
        needed = {*kept, *(one.sha256 for path, one in memories.items() if one and path not in going)}
        unused = {one.sha256 for path in going if (one := memories[path])} - needed
        bundles = [path for path in sorted(self.root.glob("bundles/*")) if path.name in unused]
        return UnusedBundles(root=self.root, bundles=tuple(bundles), memories=tuple(going))

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
        private_folder(self.root)
        with FileLock(
            self.root / "cache.lock", mode=PRIVATE
        ):  # one download at a time, so that parts are without an owner
            if fetched := self._kept(version.bundle_sha256):  # by another program, while this one waited
                return fetched
            for left in self.root.glob(f".bundle.*{PART_SUFFIX}"):
                shutil.rmtree(left, ignore_errors=True)
            part = Path(tempfile.mkdtemp(prefix=".bundle.", suffix=PART_SUFFIX, dir=self.root))
            try:
                reader.download(version, part)
                make_private(part)
                sha256 = str(bundles.open_bundle(part).sha256)
                place = self._place(sha256)
                if self._kept(sha256) is None:
                    shutil.rmtree(place, ignore_errors=True)
                    private_folder(place.parent)
                    part.replace(place)
            finally:
                shutil.rmtree(part, ignore_errors=True)
        return bundles.open_bundle(place)

    def _place(self, sha256: str) -> Path:
        return self.root / "bundles" / sha256

    def _memory(self, reader: RegistryReader, name: str) -> Path:
        return self._memory_of(reader.server, reader.model_name, name)

    def _memory_of(self, server: str, model_name: str, name: str) -> Path:
        return self.root / "servers" / digest_of(server, model_name)[:16] / f"{name}.json"


def _remembered(path: Path) -> CachedVersion | None:
    if not is_trusted(path):  # the server is asked, as when there is none
        return None
    try:
        remembered = CachedVersion(**json.loads(path.read_text(encoding="utf-8")))
        return remembered if remembered.version.isdecimal() and remembered.sha256.isalnum() else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None
