"""The checker of a model on reviewed photos, off the UI thread; without Qt."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acnelib.errors import AcneError
from gui.state.promise_lines import measured_line
from gui.state.reviewed_answers import reviewed_answers
from gui.state.site_check import FEWEST_BLIND, SiteCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acnelib.bundle import Bundle
    from acnelib.reviews import Review
    from acnelib.site_check import PhotoComparison
    from acnelib.verdicts import ConfidenceThreshold
    from gui.state.results import Row


class CheckStopped(AcneError):
    """The app is about to close, so no photo is measured any more."""


@dataclass(frozen=True, kw_only=True)
class CheckedMoment:
    """The photos and reviews of one moment, which do not change any more.

    Attributes:
        rows: The listed photos.
        reviews: The last reviews by hash and reviewer.
        threshold: The threshold in force.
    """

    rows: tuple[Row, ...]
    reviews: Mapping[str, Mapping[str, Review]]
    threshold: ConfidenceThreshold


class SiteChecker:
    """Checks one model, by the same figures as ``acne validate``; each photo is measured once.

    For one thread, except :meth:`stop`.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._comparison: PhotoComparison | None = None
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Measure no further photo."""
        self._stopped.set()

    def check(self, moment: CheckedMoment) -> SiteCheck:
        """Return how often the model is right on the blindly reviewed photos of a moment.

        Raises:
            AcneError: The settings or the bundle cannot be understood.
        """
        from acnelib.config.settings import Settings
        from acnelib.label_aliases import LabelAliases
        from acnelib.reviews import decide
        from acnelib.site_check import site_validation
        from acnelib.site_check.figures import SitePhotos

        settings, description = Settings.load(), self._bundle.description
        aliases = LabelAliases.load(settings.home)
        answers = reviewed_answers(
            moment.rows,
            decide(review for each in moment.reviews.values() for review in each.values()),
            model_sha256=str(self._bundle.sha256),
            known=description.labels,
            label_of=lambda label: aliases.label_among(label, description.labels),
        )
        comparison = self._compared()
        names = [str(answer.sha256) for _, answer in answers.blind]
        learnt = comparison.learnt_from(names)
        if len(set(names) - (learnt or frozenset())) >= FEWEST_BLIND:
            comparison.add(answers.paths, progress=self._progress)  # which finds copies of training photos, too
            learnt = comparison.learnt_from(names)
        usable = [each for each in answers.blind if each[1].sha256 not in (learnt or ())]
        check = SiteCheck(
            blind=len(usable),
            in_sight=answers.in_sight,
            learnt_from=None if learnt is None else len(answers.blind) - len(usable),
            measured=measured_line(description),
            finds_copies=comparison.finds_copies,
        )
        if len(usable) < FEWEST_BLIND:
            return check
        validation = site_validation(
            SitePhotos.of(usable, comparison.groups([str(answer.sha256) for _, answer in usable])),
            promised=description.promise.level,
            threshold=moment.threshold,
            learnt_from=check.learnt_from,
            compared=comparison.compared,
        )
        return replace(check, validation=validation)

    def _compared(self) -> PhotoComparison:
        from acnelib.config.settings import Settings
        from acnelib.site_check import PhotoComparison, can_find_copies

        if self._comparison is None:
            workdir = Settings.load().workdir
            self._comparison = PhotoComparison(self._bundle.path, workdir=workdir, finds_copies=can_find_copies())
        return self._comparison

    def _progress(self, _done: int, _total: int, _what: str) -> None:
        if self._stopped.is_set():
            raise CheckStopped("no photo is measured any more: the app is about to close")
