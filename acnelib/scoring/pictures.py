"""The pictures to score: files, folders, manifest tables and prefixes of buckets as one list of names."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.errors import DataUnusable, UsageError
from acnelib.folders.photo_files import find_photo_files, left_out_lines
from acnelib.scoring.store import is_key
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acnelib.scoring.store import BucketReader

COLUMN = "path"
TABLES = (".csv", ".parquet")


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Pictures to score.

    Attributes:
        names: Absolute paths and ``s3://BUCKET/KEY``, in order.
        problems: What was left out or is empty, in sentences with remedies.
    """

    names: tuple[str, ...]
    problems: tuple[str, ...] = ()


def pictures_of(sources: Iterable[str], *, reader: BucketReader) -> Pictures:
    """Find the pictures of sources; whether they can be read is known only when they are scored.

    Args:
        sources: Photos, folders of photos, manifest tables (``.csv`` or ``.parquet``, with a column ``path`` or one
            column only; relative paths count from the table's folder) and ``s3://BUCKET/PREFIX``.
        reader: Reader of the store of ``s3://`` names.

    Raises:
        DataUnusable: There is no picture, or a table cannot be read.
        StorageFailed: A bucket cannot be listed.
    """
    sources = tuple(sources)
    names: list[str] = []
    problems: list[str] = []
    for source in sources:
        if is_key(source):
            found = list(reader.below(source))
            problems += [] if found else [f"{source} has no keys below it: check the bucket and the prefix"]
            names += found
        elif Path(source).suffix.lower() in TABLES:
            names += _listed(Path(source).expanduser().absolute())
        else:
            expanded = find_photo_files([Path(source).expanduser().absolute()])
            names += map(str, expanded.files)
            problems += left_out_lines(expanded.left_out, hidden=expanded.hidden)
    if not names:
        raise DataUnusable(
            f"no picture in {', '.join(sources)}: name photos, a folder, a manifest or s3://BUCKET/PREFIX"
        )
    return Pictures(names=tuple(names), problems=tuple(problems))


def _listed(table: Path) -> Iterator[str]:
    """Yield the names that a manifest table lists."""
    for name in _column_of(table):
        if not isinstance(name, str) or not name.strip():
            raise DataUnusable(f"{table} has a row without a path: remove it")
        yield name if is_key(name) else str(table.parent / name)


def _column_of(table: Path) -> list[object]:
    if not table.is_file():
        raise DataUnusable(f"{table} does not exist: name a table with a column {COLUMN!r}")
    try:
        return _column_of_csv(table) if table.suffix.lower() == ".csv" else _column_of_parquet(table)
    except (ValueError, csv.Error) as error:
        raise DataUnusable(f"{table} cannot be read as a table ({plain_reason(error)}): correct it") from error


def _column_of_csv(table: Path) -> list[object]:
    with table.open(newline="", encoding="utf-8-sig") as stream:
        lines = csv.DictReader(stream)
        column = _chosen(lines.fieldnames or (), table)
        return [line[column] for line in lines]


def _column_of_parquet(table: Path) -> list[object]:
    from pyarrow import parquet

    column = _chosen(parquet.read_schema(table).names, table)
    return list(parquet.read_table(table, columns=[column]).column(0).to_pylist())


def _chosen(names: Iterable[str], table: Path) -> str:
    names = tuple(names)
    if COLUMN in names:
        return COLUMN
    if len(names) == 1:
        return names[0]
    raise UsageError(f"{table} has the columns {', '.join(names) or '–'}, none of them {COLUMN!r}: rename the one")
