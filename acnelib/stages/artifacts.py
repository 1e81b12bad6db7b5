"""Folders of candidates and of evaluations: the names of their files, and the one place that reads and writes them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from acnelib.bundle import EVALUATION, read_candidate
from acnelib.errors import DataUnusable
from acnelib.evaluation.label_errors import SuspectedLabelError
from acnelib.evaluation.scored_photos import ScoredPhotos
from acnelib.evaluation_record import EvaluationRecord
from acnelib.registry.tracking.system_metrics import USAGE, read_system_metrics
from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from acnelib.bundle import Bundle

OUT_OF_FOLD, SERIES, FINAL, TEST = "out_of_fold", "series", "final", "test"
"""Names of sets of scores: groups held out, series held out, the final head on its own photos, photos kept out."""

UNSEEN = "unseen/"
"""Before the name of a source: scores of its photos by what the other sources teach."""

CONDITIONS = "unseen_condition"
"""Name of a set of scores: background photos, each by a scope that never saw its condition, which is its group."""


@dataclass(frozen=True)
class CandidateFolder:
    """The folder of a candidate.

    Attributes:
        root: The folder.
    """

    root: Path

    @property
    def bundle(self) -> Path:
        """Folder of the bundle that is not sealed yet."""
        return self.root / "candidate"

    @property
    def usage(self) -> Path:
        """Samples of the use of the machine."""
        return self.root / USAGE

    def open(self) -> Bundle:
        """Return the bundle that is not sealed yet.

        Raises:
            BundleInvalid: Files are missing or damaged.
        """
        return read_candidate(self.bundle)

    def system_metrics(self) -> dict[str, list[tuple[int, float]]]:
        """Return the samples of the use of the machine, by name of the metric."""
        return read_system_metrics(self.usage)

    def write_answers(self, scores: Mapping[str, ScoredPhotos]) -> None:
        """Write the scores of the photos that were trained on, by name of the set."""
        write_json(self.root / _SCORES, {name: some.as_json() for name, some in scores.items()})

    def answers(self) -> dict[str, ScoredPhotos]:
        """Return the scores of the photos that were trained on, by name of the set.

        Raises:
            DataUnusable: The file is missing or damaged.
        """
        found = _all_scores(self.root / _SCORES)
        if not {OUT_OF_FOLD, SERIES, FINAL} <= found.keys():
            raise DataUnusable(_DAMAGED.format(path=self.root / _SCORES))
        return found


@dataclass(frozen=True)
class EvaluationFolder:
    """The folder of a candidate's evaluation.

    Attributes:
        root: The folder.
    """

    root: Path

    @property
    def report(self) -> Path:
        """The report, HTML with thumbnails; it is removed when a photo in it is withdrawn, and written again."""
        return self.root / "evaluation_report.html"

    def write(
        self,
        evaluation: EvaluationRecord,
        scores: Mapping[str, ScoredPhotos],
        label_errors: Sequence[SuspectedLabelError],
        angles: Mapping[str, float | None],
    ) -> None:
        """Write what was measured.

        Args:
            evaluation: The metrics.
            scores: Scores of each set of photos.
            label_errors: Photos that may have the wrong label.
            angles: Typology angle of the skin on each described photo, in degrees; None without an estimate.
        """
        evaluation.write(self.root / EVALUATION)
        write_json(self.root / _SCORES, {name: some.as_json() for name, some in scores.items()})
        write_json(self.root / LABEL_ERRORS, label_errors_as_json(label_errors))
        write_json(self.root / _ANGLES, dict(angles))

    def evaluation(self) -> EvaluationRecord:
        """Return the metrics.

        Raises:
            BundleInvalid: The file is missing or damaged.
        """
        return EvaluationRecord.read(self.root / EVALUATION)

    def judged(self) -> ScoredPhotos:
        """Return the scores that decide: of the test photos if there are any, else those by groups held out.

        Raises:
            DataUnusable: The file is missing or damaged.
        """
        found = self.all_scores()
        return found.get(TEST) or self.scores(OUT_OF_FOLD)

    def scores(self, name: str) -> ScoredPhotos:
        """Return one set of scores.

        Raises:
            DataUnusable: The file is missing or damaged.
        """
        found = self.all_scores()
        if name not in found:
            raise DataUnusable(_DAMAGED.format(path=self.root / _SCORES))
        return found[name]

    def all_scores(self) -> dict[str, ScoredPhotos]:
        """Return the scores by name of the set.

        Raises:
            DataUnusable: The file is missing or damaged.
        """
        return _all_scores(self.root / _SCORES)

    def angles(self) -> dict[str, float | None]:
        """Return the typology angle of each described photo by its hash; None without an estimate.

        Raises:
            DataUnusable: The file is missing or damaged.
        """
        path = self.root / _ANGLES
        try:
            return {str(sha256): None if angle is None else float(angle) for sha256, angle in _read(path).items()}
        except (AttributeError, TypeError, ValueError) as error:
            raise DataUnusable(_DAMAGED.format(path=path)) from error

    def label_errors(self) -> tuple[SuspectedLabelError, ...]:
        """Return the photos that may have the wrong label, the plainest first.

        Raises:
            DataUnusable: The file is missing or damaged.
        """
        path = self.root / LABEL_ERRORS
        try:
            return tuple(SuspectedLabelError(**values) for values in _read(path))
        except TypeError as error:
            raise DataUnusable(_DAMAGED.format(path=path)) from error


LABEL_ERRORS = "label_suspicions.json"
_SCORES = "answers.json"
_ANGLES = "typology_angles.json"
_DAMAGED = "{path} is missing or damaged: delete its folder and run again"


def label_errors_as_json(label_errors: Sequence[SuspectedLabelError]) -> list[dict[str, Any]]:
    """Return plain values."""
    return [asdict(one) for one in label_errors]


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError) as error:
        raise DataUnusable(_DAMAGED.format(path=path)) from error


def _all_scores(path: Path) -> dict[str, ScoredPhotos]:
    try:
        return {str(name): ScoredPhotos.from_json(values) for name, values in _read(path).items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DataUnusable(_DAMAGED.format(path=path)) from error
