"""What gives classes away beside the skin: if size, border or corners alone tell them, a model may learn just that.

Findings exclude nothing; they warn whoever reads a model's scores.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.dataset.appearance.facts import PhotoFacts
    from acnelib.dataset.curation import CuratedPhoto

SURPRISE = 0.2
"""Balanced accuracy this far above what shuffled labels give is a warning, if it is also three deviations above."""

_FOLDS, _SHUFFLES, _SEED = 5, 8, 0
_MOST_PHOTOS = 4000
_FEWEST_GROUPS = 10  # of a class that can be judged

_ASKED: dict[str, tuple[str, Callable[[PhotoFacts], tuple[float, ...]]]] = {
    "size": ("width, height and size of the file", lambda fact: (fact.width, fact.height, fact.bytes)),
    "border": ("borders of one colour", lambda fact: fact.border),
    "watermark": ("how sharp the four corners are, where watermarks stand", lambda fact: fact.corners),
}


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """How well something that is not skin tells the classes.

    Attributes:
        name: What was asked: ``size``, ``border`` or ``watermark``.
        seen: What it was told from.
        balanced_accuracy: Of a small decision tree, cross-validated by groups.
        chance: The same with shuffled labels.
        warns: Whether it is much better than chance.
        text: In one sentence.
    """

    name: str
    seen: str
    balanced_accuracy: float
    chance: float
    warns: bool
    text: str


def find_shortcuts(photos: Sequence[CuratedPhoto], facts: Mapping[str, PhotoFacts]) -> list[Shortcut]:
    """Ask what gives classes away; nothing is found where fewer than two classes have enough groups of photos."""
    used = [photo for photo in photos if photo.reason is None]
    groups_of_label = Counter(label for label, _ in {(photo.labels[0], photo.group) for photo in used})
    used = [photo for photo in used if groups_of_label[photo.labels[0]] >= _FEWEST_GROUPS]
    chance = np.random.default_rng(_SEED)
    if len(used) > _MOST_PHOTOS:
        used = [used[row] for row in sorted(chance.choice(len(used), _MOST_PHOTOS, replace=False))]
    labels = np.array([photo.labels[0] for photo in used])
    groups = np.array([photo.group for photo in used])
    if len(set(labels)) < 2:
        return []
    found = []
    for name, (seen, told) in _ASKED.items():
        values = np.array([told(facts[photo.sha256]) for photo in used], dtype=float)
        found.append(_finding(name, seen, values, labels, groups, chance=chance))
    return found


def write_shortcuts(path: Path, findings: Sequence[Shortcut]) -> None:
    """Write findings as JSON."""
    write_json(path, [asdict(finding) for finding in findings])


def read_shortcuts(path: Path) -> tuple[Shortcut, ...]:
    """Read findings."""
    return tuple(Shortcut(**values) for values in json.loads(path.read_text(encoding="utf-8")))


def _finding(
    name: str,
    seen: str,
    told: npt.NDArray[np.float64],
    labels: npt.NDArray[np.str_],
    groups: npt.NDArray[np.str_],
    *,
    chance: np.random.Generator,
) -> Shortcut:
    score = _balanced_accuracy(told, labels, groups)
    shuffled = [_balanced_accuracy(told, chance.permutation(labels), groups) for _ in range(_SHUFFLES)]
    usual, spread = float(np.mean(shuffled)), float(np.std(shuffled))
    warns = score - usual > max(SURPRISE, 3 * spread)
    text = f"{seen} alone tell the class with balanced accuracy {score:.2f}, by chance {usual:.2f}"
    return Shortcut(
        name=name,
        seen=seen,
        balanced_accuracy=round(score, 3),
        chance=round(usual, 3),
        warns=warns,
        text=f"{text}: a model may learn that instead of the skin" if warns else text,
    )


def _balanced_accuracy(
    told: npt.NDArray[np.float64], labels: npt.NDArray[np.str_], groups: npt.NDArray[np.str_]
) -> float:
    from sklearn.model_selection import GroupKFold
    from sklearn.tree import DecisionTreeClassifier

    answers = labels.copy()
    folds = GroupKFold(min(_FOLDS, len(set(groups))))
    for train, held_out in folds.split(told, labels, groups):
        tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=5, class_weight="balanced", random_state=0)
        answers[held_out] = tree.fit(told[train], labels[train]).predict(told[held_out])
    return float(np.mean([(answers[labels == label] == label).mean() for label in np.unique(labels)]))
