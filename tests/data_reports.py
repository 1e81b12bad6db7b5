"""Content of data reports, as small as a test wants it."""

from __future__ import annotations

from acnelib.dataset.changes import Changes
from acnelib.dataset.curation import CuratedPhoto
from acnelib.dataset.duplicates.pairs import Pair, PairKind
from acnelib.dataset.report.data_report import ReportContent
from acnelib.dataset.splitting import Split, SplitPhoto, Subset
from acnelib.storage.manifest import PhotoRole


def name(number):
    return f"{number:064x}"


def split_photo(label="cysts", *more, group="g", subset=Subset.TRAIN, reason=None):
    subset = Subset.EXCLUDED if reason else subset
    return SplitPhoto(labels=(label, *more), paths=(), group=group, subset=subset, reason=reason)


def content_of(placed=None, *, details=None, records=(), sources=None, background=(), **more):
    """Content of some photos, by default of one source and no background, and, unless it is given, nothing else."""
    placed = dict(
        sorted((placed or {name(1): split_photo(group="1"), name(2): split_photo("papules", group="2")}).items())
    )
    curated = [
        CuratedPhoto(
            sha256=sha256,
            labels=one.labels,
            paths=(),
            group=one.group,
            reason=one.reason,
            detail=(details or {}).get(sha256, ""),
            role=PhotoRole.BACKGROUND if sha256 in background else PhotoRole.CLASS,
            sources=(sources or {}).get(sha256, ("clinic",)),
        )
        for sha256, one in placed.items()
    ]
    origins = {sha256: tuple(record for record in records if record.sha256 == sha256) for sha256 in placed}
    nothing = {
        "source": "clinic",
        "made_at": "2026-01-02T03:04:05+00:00",
        "pairs": (),
        "findings": (),
        "licences": {},
        "changes": Changes(),
        "split_warnings": (),
    }
    split = Split(photos=placed, grouped_by="look-hash ≤ 12 bits")
    return ReportContent(**nothing | {"split": split, "photos": tuple(curated), "origins": origins} | more)


def paired(one, other, kind=PairKind.NEAR_EQUAL, evidence="40 points lie alike"):
    return Pair(one=one, other=other, kind=kind, evidence=evidence)
