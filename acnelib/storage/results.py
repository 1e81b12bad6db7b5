"""Results of stages: folders kept by the digest of their inputs, and records that list what they refer to.

References are data. A record lists the folders, runs and versions that it needs, and the folder of a result lists its
photos in ``references.json``. Pruning and withdrawal follow these lists and read no other file to find what is in use.
"""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, SerializationInfo, ValidationInfo

from acnelib.errors import DataUnusable
from acnelib.storage.files import PART_SUFFIX, errors_with_path, make_private, private_folder, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

REFERENCES = "references.json"
"""In the folder of a result: what it refers to."""

_ROOT = "root"


def _written(path: Path, info: SerializationInfo) -> str:
    root = (info.context or {}).get(_ROOT)
    return str(path.relative_to(root)) if root and path.is_relative_to(root) else str(path)


def _resolved(path: str | Path, info: ValidationInfo) -> str:
    return str(Path((info.context or {}).get(_ROOT, ""), path))


WorkPath = Annotated[Path, BeforeValidator(_resolved), PlainSerializer(_written, return_type=str)]
"""A path; written relative to the working folder if it is inside, so that the folder can be moved."""


class JsonRecord(BaseModel):
    """A frozen record that is kept as JSON, three folders below the working folder."""

    model_config = ConfigDict(frozen=True)

    def write(self, path: Path) -> None:
        """Write the record, at once."""
        write_text(path, self.model_dump_json(indent=1, context={_ROOT: path.parents[2]}) + "\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a record.

        Raises:
            DataUnusable: The file holds no such record.
        """
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"), context={_ROOT: path.parents[2]})
        except ValueError as error:
            raise DataUnusable(f"{path} is no record of this version of acnelib: delete it and run again") from error


class References(JsonRecord):
    """The references of a record or of a result's folder.

    Attributes:
        folders: Folders of results and embeddings, relative to the working folder.
        runs: MLflow runs of candidates, the chosen one first.
        versions: Registered versions.
        photos: Photos that the folder of a result names, by SHA-256.
    """

    folders: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()

    def __or__(self, other: References) -> References:
        return References(
            folders=tuple(dict.fromkeys((*self.folders, *other.folders))),
            runs=tuple(dict.fromkeys((*self.runs, *other.runs))),
            versions=tuple(dict.fromkeys((*self.versions, *other.versions))),
            photos=tuple(sorted({*self.photos, *other.photos})),
        )


class StageResult(JsonRecord):
    """The result of a stage, as the next stage reads it.

    Attributes:
        references: Everything that it needs: the folders, runs and versions of its own stage and of all before it.
    """

    references: References

    @classmethod
    def following(cls, earlier: StageResult, references: References, **own: Any) -> Self:
        """Return the result of the stage after an earlier one.

        Args:
            earlier: What the stage was given; fields that both results have are taken over.
            references: What the stage refers to besides what the earlier result does.
            own: The stage's own fields.
        """
        shared = cls.model_fields.keys() & type(earlier).model_fields.keys()
        carried = {name: getattr(earlier, name) for name in shared}
        return cls(**carried | own | {"references": earlier.references | references})


def build_once(folder: Path, make: Callable[[Path], Iterable[str]]) -> bool:
    """Fill the folder of a result, which appears whole or not at all; return False when it was there already.

    Args:
        folder: The folder.
        make: Writes the files into the folder it is given, and returns the photos that they name.
    """
    if folder.is_dir():
        return False
    private_folder(folder.parent)
    part = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}{PART_SUFFIX}")
    private_folder(part)
    try:
        with errors_with_path(folder):
            References(photos=tuple(sorted(set(make(part))))).write(part / REFERENCES)
            make_private(part)
            part.replace(folder)
    except OSError:
        if not folder.is_dir():  # another process may have made the same result, which is as good
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return True


def photos_of(folder: Path) -> frozenset[str]:
    """Return the photos that the folder of a result names; none where the folder is gone.

    Raises:
        DataUnusable: The folder does not list them.
    """
    if not folder.is_dir():
        return frozenset()
    try:
        return frozenset(References.read(folder / REFERENCES).photos)
    except FileNotFoundError as error:
        raise DataUnusable(f"{folder} lacks {REFERENCES}: delete the folder and run again") from error
