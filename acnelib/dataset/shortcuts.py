"""Shortcuts: properties other than the skin that predict the class, so that a model may learn them instead.

A finding excludes no photo; it is a warning about the model's scores.
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
"""Excess of balanced accuracy over shuffled labels for a warning, if it also exceeds three standard deviations."""

_FOLDS, _SHUFFLES, _SEED = 5, 8, 0
_MOST_PHOTOS = 4000
_FEWEST_GROUPS = 10  # of a class to check

_PROPERTIES: dict[str, tuple[str, Callable[[PhotoFacts], tuple[float, ...]]]] = {
    "size": ("width, height and size of the file", lambda fact: (fact.width, fact.height, fact.bytes)),
    "border": ("borders of one colour", lambda fact: fact.border),
    "watermark": ("how sharp the four corners are, where watermarks stand", lambda fact: fact.corners),
}


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """How well a property other than the skin predicts the class.

    Attributes:
        name: Name of the property: ``size``, ``border`` or ``watermark``.
        seen: Description of the property.
        balanced_accuracy: Balanced accuracy of a small decision tree, cross-validated by groups.
        chance: The same with shuffled labels.
        warns: Whether it is much better than chance.
        text: The finding in one sentence.
    """

    name: str
    seen: str
    balanced_accuracy: float
    chance: float
    warns: bool
    text: str


def find_shortcuts(photos: Sequence[CuratedPhoto], facts: Mapping[str, PhotoFacts]) -> list[Shortcut]:
    """Check for shortcuts; the result is empty if fewer than two classes have enough groups of photos."""
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
    for name, (description, features_of) in _PROPERTIES.items():
        values = np.array([features_of(facts[photo.sha256]) for photo in used], dtype=float)
        found.append(_finding(name, description, values, labels, groups, chance=chance))
    return found


def write_shortcuts(path: Path, findings: Sequence[Shortcut]) -> None:
    """Write findings as JSON."""
    write_json(path, [asdict(finding) for finding in findings])


def read_shortcuts(path: Path) -> tuple[Shortcut, ...]:
    """Read findings."""
    return tuple(Shortcut(**values) for values in json.loads(path.read_text(encoding="utf-8")))


def _finding(
    name: str,
    description: str,
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[np.str_],
    groups: npt.NDArray[np.str_],
    *,
    chance: np.random.Generator,
) -> Shortcut:
    score = _balanced_accuracy(features, labels, groups)
    shuffled = [_balanced_accuracy(features, chance.permutation(labels), groups) for _ in range(_SHUFFLES)]
    usual, spread = float(np.mean(shuffled)), float(np.std(shuffled))
    warns = score - usual > max(SURPRISE, 3 * spread)
    text = f"{description} alone predict the class with balanced accuracy {score:.2f}, by chance {usual:.2f}"
    return Shortcut(
        name=name,
        seen=description,
        balanced_accuracy=round(score, 3),
        chance=round(usual, 3),
        warns=warns,
        text=f"{text}: a model may learn that instead of the skin" if warns else text,
    )


def _balanced_accuracy(
    features: npt.NDArray[np.float64], labels: npt.NDArray[np.str_], groups: npt.NDArray[np.str_]
) -> float:
    from sklearn.model_selection import GroupKFold
    from sklearn.tree import DecisionTreeClassifier

    answers = labels.copy()
    folds = GroupKFold(min(_FOLDS, len(set(groups))))
    for train, held_out in folds.split(features, labels, groups):
        tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=5, class_weight="balanced", random_state=0)
        answers[held_out] = tree.fit(features[train], labels[train]).predict(features[held_out])
    return float(np.mean([(answers[labels == label] == label).mean() for label in np.unique(labels)]))
