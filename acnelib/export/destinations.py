"""Destinations of exports: a folder, or a prefix of an S3 bucket; written whole, without overwriting other files."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from acnelib import bundle as bundles
from acnelib.config.setting_values import S3_ADDRESS
from acnelib.errors import BundleInvalid, SettingsInvalid, StorageFailed, UsageError
from acnelib.object_store import ENDPOINT, ObjectStore
from acnelib.storage.files import atomic_folder, check_writable, sha256_of_file
from acnelib.text.plain_reasons import plain_reason
from acnelib.text.store_failures import failure_of_client

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from acnelib.config.settings import Settings

README, EXAMPLE = "README.md", "example.py"
NAMES = {README, EXAMPLE, bundles.LITERT, bundles.INT8, bundles.LABELS, bundles.CARD, bundles.LEARNT_FROM, bundles.SUMS}
"""Files that an export may have; a place with others is not replaced."""

_TRIES = 3  # uploads of a file
_SHOWN = 5
_NO_BUCKET = {"NoSuchBucket", "404", "NotFound"}


class ExportDestination(Protocol):
    """A destination of exports.

    Attributes:
        name: Its name in messages.
    """

    name: str

    def check(self) -> None:
        """Check, before anything is made, that an export can be put there.

        Raises:
            AcneError: It cannot.
        """

    def take(self, made: Path) -> None:
        """Put the files of a folder there, in place of an earlier export.

        Raises:
            UsageError: Other files are there.
            StorageFailed: An S3 store does not take them.
        """


def destination_of(to: str, *, settings: Settings, environ: Mapping[str, str] | None = None) -> ExportDestination:
    """Return the destination of an address.

    Args:
        to: A folder, or ``s3://BUCKET/PREFIX``.
        settings: Location of the embedded stack.
        environ: Environment variables; default those of this process.

    Raises:
        UsageError: It is not a valid destination.
    """
    if "://" not in to:
        return FolderDestination(Path(to).expanduser())
    match = S3_ADDRESS.fullmatch(to)
    if match is None:
        raise UsageError(f"{to!r} is not a destination: name a folder, or s3://BUCKET/PREFIX")
    prefix = (match["prefix"] or "").strip("/")
    store = ObjectStore.of(settings, environ=environ)
    return S3Destination(match["bucket"], f"{prefix}/" if prefix else "", store=store)


class FolderDestination:
    """A folder of this machine."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path.resolve()

    def check(self) -> None:
        """Check that no other files are there, and that the folder can be written."""
        _refuse(self.name, self._foreign())
        check_writable(self._path.parent)

    def take(self, made: Path) -> None:
        """Put the files of a folder there at once: a reader sees the earlier export or this one, never a part."""
        _refuse(self.name, self._foreign())
        with atomic_folder(self._path) as part:
            part.mkdir()
            for file in made.iterdir():
                shutil.copyfile(file, part / file.name)

    def _foreign(self) -> list[str]:
        """Return the files that are not of an export, or were changed since."""
        path = self._path
        if not path.exists():
            return []
        if not path.is_dir():
            raise UsageError(f"{self.name} is a file: name a folder to export to")
        present = {entry.name for entry in path.iterdir()}
        try:
            written = bundles.parse_sums((path / bundles.SUMS).read_bytes(), where=self.name)
        except (OSError, BundleInvalid):
            written = {}
        if EXAMPLE not in written:
            return sorted(present)
        ours = {name for name, sha256 in written.items() if name in NAMES and self._has(name, sha256)}
        return sorted(present - ours - {bundles.SUMS})

    def _has(self, name: str, sha256: str) -> bool:
        file = self._path / name
        return file.is_file() and sha256_of_file(file) == sha256


class S3Destination:
    """All keys of a bucket that begin with a prefix."""

    def __init__(self, bucket: str, prefix: str, *, store: ObjectStore) -> None:
        self.name = f"s3://{bucket}/{prefix}".rstrip("/")
        self._bucket, self._prefix, self._store = bucket, prefix, store

    def check(self) -> None:
        """Check that the store answers, and that nothing else is there."""
        with self._clear_failures(), contextlib.closing(self._store.client()) as client:
            _refuse(self.name, sorted(self._names(client) - NAMES))

    def take(self, made: Path) -> None:
        """Put the files there, SHA256SUMS last: without it, the export is not whole."""
        with self._clear_failures(), contextlib.closing(self._store.client()) as client:
            there = self._names(client)
            _refuse(self.name, sorted(there - NAMES))
            names = {path.name for path in made.iterdir()} - {bundles.SUMS}
            for name in (bundles.SUMS, *sorted(there - names - {bundles.SUMS})):
                if name in there:
                    client.delete_object(Bucket=self._bucket, Key=self._prefix + name)
            for name in (*sorted(names), bundles.SUMS):
                self._put(client, name, (made / name).read_bytes())

    def _put(self, client: Any, name: str, content: bytes) -> None:
        """Store a file, read it back, and store it again if it is not the same."""
        from acnelib.bounded_http import AnswerTooLarge, read_object

        where = {"Bucket": self._bucket, "Key": self._prefix + name}
        for _ in range(_TRIES):
            client.put_object(**where, Body=content)
            with contextlib.suppress(AnswerTooLarge):
                if read_object(client, bucket=self._bucket, key=self._prefix + name, largest=len(content)) == content:
                    return
        raise StorageFailed(f"{self.name}: {self._store.where} does not keep {name} as uploaded: see to the store")

    def _names(self, client: Any) -> set[str]:
        """Return the names below the prefix; of many, the first ones."""
        found = client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, MaxKeys=100)
        return {str(entry["Key"])[len(self._prefix) :] for entry in found.get("Contents", [])}

    @contextlib.contextmanager
    def _clear_failures(self) -> Iterator[None]:
        """Convert errors of boto3 into one line with the place and the remedy."""
        from botocore import exceptions

        try:
            yield
        except exceptions.ClientError as error:
            raise self._failure(error) from error
        except exceptions.NoCredentialsError as error:
            raise StorageFailed(
                f"{self.name} cannot be written, there are no keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                "or run `acne up` for the embedded store"
            ) from error
        except (exceptions.HTTPClientError, exceptions.ConnectionError) as error:
            advice = "run `acne up`" if self._store.is_embedded else f"start it, or correct {ENDPOINT}"
            raise StorageFailed(
                f"{self.name} cannot be written, {self._store.where} does not answer ({plain_reason(error)}): {advice}"
            ) from error
        except exceptions.BotoCoreError as error:
            raise StorageFailed(
                f"{self.name} cannot be written ({plain_reason(error)}): see to the AWS_* variables"
            ) from error
        except ValueError as error:  # boto3's error for an invalid address
            raise SettingsInvalid(f"{ENDPOINT} = {self._store.endpoint!r} is no address: correct it") from error

    def _failure(self, error: Any) -> StorageFailed:
        failure = failure_of_client(error)
        if error.response.get("Error", {}).get("Code") in _NO_BUCKET:
            return StorageFailed(f"{self.name}: {self._store.where} has no bucket {self._bucket!r}: {failure.remedy}")
        return StorageFailed(f"{self.name}: {self._store.where} refuses ({failure.reason}): {failure.remedy}")


def _refuse(place: str, foreign: Iterable[str]) -> None:
    """Refuse to overwrite what no export wrote.

    Raises:
        UsageError: There is something.
    """
    names = list(foreign)
    if names:
        more = " and more" if len(names) > _SHOWN else ""
        raise UsageError(
            f"{place} holds other things ({', '.join(names[:_SHOWN])}{more}): name a new or an empty folder, or one "
            "that holds an export as it was written"
        )
