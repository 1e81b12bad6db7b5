"""The stage: what it keeps, what a grown source costs, and that a file may overrule it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from acnelib import stages
from acnelib.config.settings import Settings
from acnelib.dataset.curation import GROUPED_BY, Reason, read_curated
from acnelib.dataset.duplicates.pairs import PairKind, read_pairs
from acnelib.dataset.shortcuts import read_shortcuts
from acnelib.dataset.splitting import Split
from acnelib.storage.files import sha256_of


@pytest.fixture
def settings(tmp_path):
    return Settings(**{name: tmp_path / name for name in ("home", "cache", "stack", "workdir")})


@pytest.fixture
def put(tmp_path):
    """Put a photo into a class folder of the source; return its hash."""

    def put(path, content):
        (tmp_path / "Photos" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "Photos" / path).write_bytes(content)
        return sha256_of(content)

    return put


@pytest.fixture
def curate(tmp_path, settings):
    """Curate the source as it stands."""
    return lambda: stages.curate(stages.scrape(str(tmp_path / "Photos"), settings=settings), settings=settings)


@pytest.fixture
def curated(put, curate, photo):
    for index in range(12):
        put(f"class {index % 5}/{index}.jpg", photo(index))
    put("class 0/copy.jpg", photo(0, copy="mirrored"))
    return curate()


def test_photos_pairs_and_findings_are_kept_beside_each_other(curated, photo):
    folder = curated.photos.parent
    kinds = {frozenset((pair.one, pair.other)): pair.kind for pair in read_pairs(folder / "pairs.jsonl")}
    copies = frozenset({sha256_of(photo(0)), sha256_of(photo(0, copy="mirrored"))})
    assert kinds[copies] == PairKind.NEAR_EQUAL
    assert sum(curated.pairs.values()) == len(kinds)
    assert (curated.used, len(read_curated(curated.photos)), read_shortcuts(folder / "findings.json")) == (13, 13, ())


def test_the_split_says_how_groups_were_found(curated, settings):
    split_result = stages.split(curated, settings=settings)
    assert Split.read(split_result.split).grouped_by == GROUPED_BY
    assert "network: none" in GROUPED_BY


def test_new_photos_are_compared_and_known_ones_not_again(curated, curate, put, photo, settings):
    def judged():
        paths = sorted((settings.workdir / "pairs").glob("*.jsonl"))
        return [json.loads(line)[:3] for path in paths for line in path.read_text().splitlines()]

    before = judged()
    new = put("class 3/new.jpg", photo(3, copy="cropped"))
    curate()
    after = judged()
    assert all(pair in after for pair in before)
    assert len({tuple(pair) for pair in after}) == len(after)
    fresh = [pair for pair in after if pair not in before]
    assert 0 < sum(new in pair for pair in fresh) <= len(fresh) < len(before)


def test_a_file_of_the_source_overrules(curated, curate, settings, photo):
    said = {
        "exclude": {sha256_of(photo(1)): "a drawing"},
        "different": [[sha256_of(photo(0)), sha256_of(photo(0, copy="mirrored"))]],
    }
    (settings.workdir / curated.source / "overrule.json").write_text(json.dumps(said))
    after = curate()
    assert after.excluded == {Reason.OVERRULED: 1}
    assert after.digest != curated.digest
    assert sum(after.pairs.values()) == sum(curated.pairs.values()) - 1


def test_names_and_places_of_files_change_nothing(curated, curate, tmp_path):
    for path in sorted((tmp_path / "Photos").rglob("*.jpg")):
        path.rename(path.with_name(f"{sha256_of(path.name.encode())[:12]}.jpg"))
    renamed = {photo.sha256: photo.group for photo in read_curated(curate().photos)}
    assert renamed == {photo.sha256: photo.group for photo in read_curated(curated.photos)}


def test_unchanged_photos_need_no_library_that_is_slow_to_start(curated, settings, tmp_path):
    code = f"""
import sys
from pathlib import Path
from acnelib import stages
from acnelib.config.settings import Settings
settings = Settings(**{{n: Path({str(tmp_path)!r}) / n for n in ("home", "cache", "stack", "workdir")}})
stages.curate(stages.scrape({str(tmp_path / "Photos")!r}, settings=settings), settings=settings)
print(sorted({{"cv2", "tensorflow", "keras", "sklearn"}} & sys.modules.keys()))
"""
    reported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert reported.stdout.strip() == "[]"
