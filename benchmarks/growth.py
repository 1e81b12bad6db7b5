"""Photos keep their subset and their folds while the data grow, and nothing but the photos decides them.

    python benchmarks/growth.py [DIR]

Half of the photos make a first split; then a fifth as many come, five times, in an order that no rule made. Printed:
how many photos were in test and are not, how many were learnt from and are in test now, how many are left out because
their group has a test photo, and how many have other folds than before. Then the same photos are split under other
file names, written in another order, in another time zone and another locale.
Without a folder, drawn pictures are taken.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from duplicates import draw

from acnelib import stages
from acnelib.config.settings import Settings
from acnelib.dataset.curation import Reason
from acnelib.dataset.splitting import Split, Subset

ROUNDS, SHARE, TEST_SHARE = 5, 0.2, 0.15
_SPLIT = """
import sys
from pathlib import Path
from acnelib import stages
from acnelib.dataset.splitting import Split
from acnelib.config.settings import Settings
folder, root = Path(sys.argv[1]), Path(sys.argv[2])
settings = Settings(**{name: root / name for name in ("home", "cache", "stack", "workdir")})
curated = stages.curate(stages.scrape(str(folder), settings=settings), settings=settings)
print(Split.read(stages.split(curated, settings=settings).split).digest)
"""


def settings_in(root: Path) -> Settings:
    return Settings(**{name: root / name for name in ("home", "cache", "stack", "workdir")})


def grow(photos: list[Path], folder: Path, root: Path) -> None:
    start = round(len(photos) / (1 + ROUNDS * SHARE))
    sizes = [start, *(round(start * (1 + SHARE * turn)) for turn in range(1, ROUNDS)), len(photos)]
    print("| photos | test | in test, no longer | learnt from, now in test | joined to test | other folds |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    before: Split | None = None
    for size in sizes:
        for path in photos[:size]:
            place = folder / path.parent.name / path.name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        settings = settings_in(root)
        curated = stages.curate(stages.scrape(str(folder), settings=settings), settings=settings)
        after = Split.read(stages.split(curated, test_share=TEST_SHARE, settings=settings).split)
        left = learnt = moved = 0
        if before is not None:
            pairs = [(photo, after.photos[name]) for name, photo in before.photos.items()]
            left = sum(was.subset == Subset.TEST and now.subset == Subset.TRAIN for was, now in pairs)
            learnt = sum(was.subset == Subset.TRAIN and now.subset == Subset.TEST for was, now in pairs)
            moved = sum(was.subset == now.subset == Subset.TRAIN and was.folds != now.folds for was, now in pairs)
        joined = sum(photo.reason == Reason.JOINED_TO_TEST for photo in after.photos.values())
        cells = (size, len(after.of(Subset.TEST)), left, learnt, joined, moved)
        print("|", " | ".join(map(str, cells)), "|", flush=True)
        before = after


def digest_of(photos: list[Path], root: Path, *, seed: int, environment: dict[str, str]) -> str:
    """Split the photos, renamed and written in an order that the seed gives, in a process of its own."""
    chance = random.Random(seed)
    for path in chance.sample(photos, len(photos)) if seed else photos:
        name = f"{chance.getrandbits(64):016x}.jpg" if seed else path.name
        place = root / "photos" / path.parent.name / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    command = [sys.executable, "-c", _SPLIT, str(root / "photos"), str(root)]
    ran = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="acne-growth-") as temporary:
        root = Path(temporary)
        source = arguments.folder or root / "drawn"
        if arguments.folder is None:
            draw(source, number=300, seed=1)
        photos = sorted(path for path in source.glob("*/*") if path.is_file())
        grow(random.Random(0).sample(photos, len(photos)), root / "growing", root / "work")
        ways = {
            "as they are": (0, {}),
            "other names and order": (1, {}),
            "Pacific/Auckland": (2, {"TZ": "Pacific/Auckland"}),
            "locale tr_TR.UTF-8": (3, {"LC_ALL": "tr_TR.UTF-8"}),
            "locale C, UTC-12": (4, {"LC_ALL": "C", "TZ": "Etc/GMT+12"}),
        }
        print("\n| the same photos | digest of the split |\n| --- | --- |")
        digests = {
            name: digest_of(photos, root / f"way-{seed}", seed=seed, environment=environment)
            for name, (seed, environment) in ways.items()
        }
        for name, digest in digests.items():
            print(f"| {name} | {digest[:16]} |")
    return 0 if len(set(digests.values())) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
