"""Withdraw: photos of people who take their consent back go from the working folder, and never come again.

The record is written first and the bytes go last, so that whoever finds bytes of a recorded photo knows that
somebody was killed in between, and finishes it.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.dataset.appearance.facts import FactStore
from acnelib.dataset.splitting import Split
from acnelib.errors import UsageError
from acnelib.retention.withdrawn_versions import UsedBy, mark, used_by, with_versions
from acnelib.scraping.folder import forget_files, remembered_files
from acnelib.storage.files import sha256_of_file, write_json, write_text
from acnelib.storage.withdrawals import Withdrawal
from acnelib.storage.workspace import Workspace
from acnelib.training.embeddings import EmbeddingStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

FEWEST_DIGITS = 12
"""Of a hash that is not given as a whole."""

_LAST_TARGET = "promote.json"


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """What a withdrawal did, or would do.

    Attributes:
        photos: The record of each photo, ordered by hash.
        before: Those of them that were withdrawn earlier.
        unknown: Those of them that this working folder never had.
        tied: Photos that belong together with them and are not withdrawn, ordered by hash.
        own_files: By source, paths of the user's own files that hold them, which nobody but the user deletes.
        changed: Files of the working folder that were removed or rewritten.
        server: The tracking server whose versions were looked at; None: there is none.
        versions: Versions that used them.
        failures: Why versions could not be looked at or marked, one line each.
    """

    photos: tuple[Withdrawal, ...]
    before: frozenset[str]
    unknown: frozenset[str]
    tied: tuple[str, ...]
    own_files: Mapping[str, tuple[str, ...]]
    changed: int
    server: str | None
    versions: tuple[UsedBy, ...]
    failures: tuple[str, ...]


def withdraw(
    photos: Iterable[str],
    *,
    reason: str | None = None,
    group: bool = False,
    dry_run: bool = False,
    settings: Settings | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    waiting: Callable[[], None] = lambda: None,
) -> Withdrawn:
    """Remove photos from the working folder for good, keep them from coming back, and mark what was trained on them.

    Doing it again changes nothing, and finishes what a killed process or a dead server left undone.

    Args:
        photos: Files, or hexadecimal SHA-256, whole or their first digits.
        reason: To be written down.
        group: Withdraw the photos that belong together with them as well.
        dry_run: Change nothing.
        settings: Where the working folder and the tracking server are.
        clock: Tells the time.
        waiting: Called once when another process holds the working folder.

    Raises:
        UsageError: A photo is neither a file nor a hash, or digits fit no photo or several.
    """
    settings = settings or Settings.load()
    workspace = Workspace(settings.workdir)
    with contextlib.nullcontext() if dry_run else workspace.alone(waiting):
        earlier = workspace.withdrawals.read()
        chosen, tied = _chosen(photos, workspace, group=group)
        now = clock().astimezone(UTC).isoformat(timespec="seconds")
        records = {**earlier, **_records(chosen, workspace, earlier, now=now, reason=reason)}
        unknown = {sha256 for sha256 in chosen - earlier.keys() if not _known(records[sha256], workspace)}
        own_files = _own_files(workspace, chosen)
        changed = 0
        if not dry_run:
            workspace.withdrawals.write(records.values())
            changed = _erase(workspace, records.keys())
        used, failures = used_by(settings, records)
        if not dry_run:
            used, unmarked = mark(settings, used)
            failures += unmarked
            records = with_versions(records, str(settings.server()), used)
            workspace.withdrawals.write(records.values())
    return Withdrawn(
        photos=tuple(records[sha256] for sha256 in sorted(chosen)),
        before=frozenset(chosen & earlier.keys()),
        unknown=frozenset(unknown),
        tied=tuple(sorted(tied - earlier.keys())),
        own_files=own_files,
        changed=changed,
        server=settings.server(),
        versions=tuple(one for one in used if chosen & one.photos.keys()),
        failures=tuple(failures),
    )


def finish_withdrawals(workspace: Workspace) -> None:
    """Remove what is left of withdrawn photos where somebody was killed while removing it; else do nothing.

    The caller holds the working folder alone.
    """
    if workspace.images.to_be_removed:
        _erase(workspace, workspace.withdrawals.photos)


def _chosen(texts: Iterable[str], workspace: Workspace, *, group: bool) -> tuple[set[str], set[str]]:
    """Return the photos that are meant, and those that are not but belong together with them."""
    splits = _latest_splits(workspace)
    chosen = {_photo_named(text, workspace, splits) for text in texts}
    tied = _tied(chosen, splits)
    return (chosen | tied, set()) if group else (chosen, tied)


def _photo_named(text: str, workspace: Workspace, splits: Sequence[Split]) -> str:
    """Return the hash of the photo that a user means; an existing file wins."""
    path, digits = Path(text).expanduser(), text.lower()
    if path.is_file():
        return sha256_of_file(path)
    if path.is_dir():
        raise UsageError(f"{text!r} is a folder: name the photos in it")
    if not re.fullmatch(f"[0-9a-f]{{{FEWEST_DIGITS},64}}", digits):
        raise UsageError(
            f"{text!r} is neither a file nor a SHA-256: name a file, or the 64 digits of a hash, "
            f"or at least the first {FEWEST_DIGITS} of a photo that is here"
        )
    if len(digits) == 64:
        return digits
    stored = {file.name for file in workspace.images.root.glob(f"{digits[:2]}/{digits}*")}
    known = stored.union(workspace.withdrawals.photos, *(split.photos for split in splits))
    fitting = [sha256 for sha256 in known if sha256.startswith(digits)]
    if len(fitting) != 1:
        what = f"{len(fitting)} photos of {workspace.root} begin" if fitting else f"no photo of {workspace.root} begins"
        raise UsageError(f"{what} with {text!r}: write all 64 digits of the SHA-256, or name the file")
    return fitting[0]


def _latest_splits(workspace: Workspace) -> list[Split]:
    pointers = sorted(workspace.root.glob("*/latest_split.json"))
    paths = [workspace.root / json.loads(pointer.read_text())["split"] for pointer in pointers]
    return [Split.read(path) for path in paths if path.is_file()]


def _tied(photos: Collection[str], splits: Sequence[Split]) -> set[str]:
    """Return the photos that the groups of any split tie to these, through others as well."""
    tied, fresh = set(photos), set(photos)
    while fresh:
        found: set[str] = set()
        for split in splits:
            groups = {split.photos[sha256].group for sha256 in fresh if sha256 in split.photos}
            found.update(sha256 for sha256, photo in split.photos.items() if photo.group in groups)
        fresh = found - tied
        tied |= fresh
    return tied - set(photos)


def _sources(workspace: Workspace) -> dict[str, frozenset[str]]:
    """Return which photos each source has, or had in a run that is still known."""
    found = {}
    for memory in sorted(workspace.root.glob("*/seen.jsonl")):
        files = [memory]
        for pointer in (memory.with_name("latest_split.json"), *memory.parent.glob("*/scrape.json")):
            if pointer.is_file():
                values = json.loads(pointer.read_text())
                files.append(workspace.root / values.get("split", values.get("manifest", "")))
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file()]
        found[memory.parent.name] = frozenset(name for text in texts for name in re.findall('"([0-9a-f]{64})"', text))
    return found


def _own_files(workspace: Workspace, photos: Collection[str]) -> dict[str, tuple[str, ...]]:
    memories = sorted(workspace.root.glob("*/seen.jsonl"))
    return {memory.parent.name: paths for memory in memories if (paths := remembered_files(memory, photos))}


def _records(
    photos: Iterable[str], workspace: Workspace, earlier: Mapping[str, Withdrawal], *, now: str, reason: str | None
) -> dict[str, Withdrawal]:
    """Return the record of each photo, which goes on from an earlier one, with every source known to have it."""
    sources = _sources(workspace)

    def record(sha256: str) -> Withdrawal:
        before = earlier.get(sha256) or Withdrawal(sha256=sha256, withdrawn_at=now)
        stood_in = {name for name, shown in sources.items() if sha256 in shown}
        return replace(before, reason=before.reason or reason, sources=tuple(sorted(stood_in.union(before.sources))))

    return {sha256: record(sha256) for sha256 in photos}


def _known(record: Withdrawal, workspace: Workspace) -> bool:
    return bool(record.sources) or record.sha256 in workspace.images


def _erase(workspace: Workspace, photos: Collection[str]) -> int:
    """Remove photos wherever the working folder has more of them than their hashes; return how many files changed."""
    changed = workspace.sweep()
    changed += sum(_begun_anew(target, photos, workspace) for target in sorted(workspace.root.glob("*/*/scrape.json")))
    results = workspace.root / "results"
    for path in sorted([*results.glob("scrape/*/manifest.jsonl"), *results.glob("curate/*/photos.jsonl")]):
        changed += _without_lines(path, photos)
    changed += sum(_without_paths(path, photos) for path in sorted(results.glob("split/*/split.json")))
    for path in sorted(results.rglob("*.html")):  # a report shows photos
        if _mentions(path, photos):
            path.unlink()
            changed += 1
    changed += sum(forget_files(memory, photos) for memory in sorted(workspace.root.glob("*/seen.jsonl")))
    changed += FactStore(workspace.root / "facts").remove(photos)
    changed += sum(EmbeddingStore(folder).remove(photos) for folder in sorted(workspace.root.glob("vectors/*")))
    return changed + sum(workspace.images.remove(sha256) for sha256 in sorted(photos))


def _begun_anew(target: Path, photos: Collection[str], workspace: Workspace) -> int:
    """Let an unfinished run that has such a photo begin anew when somebody goes on with it."""
    manifest = workspace.root / json.loads(target.read_text()).get("manifest", "")
    if target.with_name(_LAST_TARGET).is_file() or not manifest.is_file() or not _mentions(manifest, photos):
        return 0
    others = [path for path in target.parent.glob("*.json") if path != target]
    for path in (*others, target):  # by the first target the run is found again after a kill, so that goes last
        path.unlink()
    return len(others) + 1


def _mentions(path: Path, photos: Collection[str]) -> bool:
    named = re.findall("[0-9a-f]{64}", path.read_text(encoding="utf-8", errors="replace"))
    return any(sha256 in photos for sha256 in named)


def _without_lines(path: Path, photos: Collection[str]) -> bool:
    # Read as plain JSON here and below: older versions of acnelib left results, too.
    with path.open(encoding="utf-8") as stream:
        lines = list(stream)
    kept = [line for line in lines if json.loads(line)["sha256"] not in photos]
    if len(kept) < len(lines):
        write_text(path, "".join(kept))
    return len(kept) < len(lines)


def _without_paths(path: Path, photos: Collection[str]) -> bool:
    """Let a split say what the photos served for, but not where they stood."""
    split = json.loads(path.read_text(encoding="utf-8"))
    found = [photo for sha256, photo in split["photos"].items() if sha256 in photos and photo["paths"]]
    for photo in found:
        photo["paths"] = []
    if found:
        write_json(path, split)
    return bool(found)
