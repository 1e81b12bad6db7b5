"""The controller of the site's own check: it follows the reviews, and keeps the threshold that they suggest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from acnelib.verdicts import ConfidenceThreshold
from gui.background import Background
from gui.site_check.checker import CheckedMoment, SiteChecker
from gui.site_check.keeping import ThresholdChange, change_threshold
from gui.state.session import ModelReady
from gui.state.site_check import SiteCheckView
from gui.state.wording import error_text

if TYPE_CHECKING:
    from acnelib.evaluation_record import Metrics
    from acnelib.site_threshold import SiteThreshold
    from gui.background import Worker
    from gui.controllers.review import ReviewController
    from gui.model.selection import ModelSelection
    from gui.photos.table_model import ResultsModel
    from gui.review.panel import ReviewPanel
    from gui.site_check.panel import SiteCheckPanel
    from gui.state.model_facts import ModelFacts
    from gui.state.session import ModelState
    from gui.state.site_check import SiteCheck
    from gui.work import LoadedModel

_PAUSE = 200
"""Milliseconds without a review after which the figures are computed again."""


class SiteCheckController(QObject):
    """Joins the panel of the check to the reviews, to the model in use and to its threshold at this site.

    Attributes:
        panel: The panel; None before the first review.
    """

    message = Signal(str)  # sentences for the user

    def __init__(
        self,
        rows: ResultsModel,
        *,
        review: ReviewController,
        selection: ModelSelection,
        worker: Worker,
        parent: QObject | None = None,
    ) -> None:
        """Join a check to what it depends on.

        Args:
            rows: The listed photos, with the session of reviews.
            review: Says when reviews have changed, and makes the panel in which the check is shown.
            selection: The model in use, which is loaded again when its threshold has changed.
            worker: On which photos are measured.
            parent: Its owner.
        """
        super().__init__(parent)
        self._rows, self._reviews = rows, rows.view.reviews
        self.panel: SiteCheckPanel | None = None
        self._checker: SiteChecker | None = None
        self._sha256 = ""  # of the model in use
        self._threshold: ConfidenceThreshold | None = None
        self._check: SiteCheck | None = None
        self._tested: Metrics | None = None
        self._undo: ThresholdChange | None = None
        self._announces = False  # the next threshold of the model is what the user has asked for
        self._checks, self._changes = Background(worker, self), Background(worker, self)
        self._checks.item_done.connect(self._checked)
        self._checks.item_failed.connect(self._not_checked)
        self._changes.item_done.connect(self._changed)
        self._changes.item_failed.connect(lambda _, reason: self.message.emit(error_text(reason)))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._start)
        rows.changed.connect(self.refresh)
        review.hidden_changed.connect(self.refresh)
        review.panel_made.connect(self._connect_panel)
        selection.loaded.connect(self._use_model)
        selection.changed.connect(self._show_model)
        self._load_again = selection.load_again

    @property
    def is_busy(self) -> bool:
        """Whether figures are about to change."""
        return self._timer.isActive() or self._checks.is_busy or self._changes.is_busy

    @Slot(object)
    def _connect_panel(self, review: ReviewPanel) -> None:
        """Show the check below the reviews."""
        from gui.site_check.panel import SiteCheckPanel

        self.panel = SiteCheckPanel()
        self.panel.use_requested.connect(self._use)
        self.panel.undo_requested.connect(self._take_back)
        review.add_below(self.panel)
        self._show()

    @Slot(object)
    def _use_model(self, loaded: LoadedModel) -> None:
        """Check another model from now on, or the same one with another threshold."""
        bundle = None if loaded.found is None else loaded.found.bundle
        if bundle is None or bundle.sha256 is None:  # a candidate, which no threshold can be kept for
            self._forget()
            return
        if self._checker is None or bundle.sha256 != self._sha256:
            self._forget()
            self._checker, self._sha256, self._tested = SiteChecker(bundle), bundle.sha256, None
        self.refresh()

    @Slot(object)
    def _show_model(self, model: ModelState) -> None:
        """Take the threshold in force."""
        before, self._threshold = self._threshold, None
        if isinstance(model, ModelReady):
            self._threshold = ConfidenceThreshold(model.confidence_threshold, model.threshold_origin)
        if self._threshold == before:
            return
        if self._announces and self._threshold is not None:
            from gui.site_check import texts

            self._announces = False
            self.message.emit(texts.changed(self._threshold))
        self.refresh()
        self._show()

    def show_facts(self, facts: ModelFacts | None) -> None:
        """Take what the model's own test found."""
        self._tested = None if facts is None else facts.metrics
        self._show()

    @Slot()
    def refresh(self) -> None:
        """Compute the figures again once there is a pause in what changes them."""
        if self.panel is not None and self._reviews.is_on and self._checker is not None:
            self._timer.start()

    def close(self) -> None:
        """Abandon the check; a change of the threshold is finished."""
        self._timer.stop()
        self._checks.abandon()
        if self._checker is not None:
            self._checker.stop()

    def _forget(self) -> None:
        self._timer.stop()
        self._checks.abandon()
        if self._checker is not None:
            self._checker.stop()
        self._checker, self._check, self._undo, self._sha256 = None, None, None, ""
        self._show()

    @Slot()
    def _start(self) -> None:
        if self._checker is None or self._threshold is None:
            return
        moment = CheckedMoment(
            rows=tuple(self._rows.results), reviews=self._reviews.all_reviews(), threshold=self._threshold
        )
        self._checks.start(self._checker.check, [moment])

    @Slot(object, object)
    def _checked(self, _moment: CheckedMoment, check: SiteCheck) -> None:
        self._check = check
        self._show()

    @Slot(object, str)
    def _not_checked(self, _moment: CheckedMoment, reason: str) -> None:
        if self.panel is not None:
            self.panel.show_failure(error_text(reason))

    @Slot(object)
    def _use(self, wanted: SiteThreshold | None) -> None:
        self._changes.start(change_threshold, [ThresholdChange(bundle_sha256=self._sha256, wanted=wanted)])

    @Slot()
    def _take_back(self) -> None:
        if self._undo is not None:
            self._changes.start(change_threshold, [self._undo])

    @Slot(object, object)
    def _changed(self, change: ThresholdChange, reverse: ThresholdChange) -> None:
        self._undo = None if change is self._undo else reverse
        self._announces = True
        self._load_again()
        self._show()

    def _show(self) -> None:
        if self.panel is None:
            return
        self.panel.show_view(
            SiteCheckView(
                check=self._check,
                tested=self._tested,
                threshold=self._threshold,
                can_undo=self._undo is not None,
            )
        )
