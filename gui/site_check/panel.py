"""The panel of the site's own check: a quiet line until there are enough blind reviews, then the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.site_check import texts
from gui.site_check.texts import Figure
from gui.state.site_check import FEWEST_BLIND, SiteCheckView
from gui.widgets.link_button import LinkButton
from gui.widgets.plain_text import plain_text
from gui.widgets.text_widgets import Paragraph, scaled_font
from gui.widgets.verdict_mark import VerdictMark

if TYPE_CHECKING:
    from acnelib.site_check import SiteValidation
    from gui.state.site_check import SiteCheck

_QUIET = 0.9  # size of what stands beside the figures


class SiteCheckPanel(QWidget):
    """Shows a check and signals what the user wants of the threshold."""

    use_requested = Signal(object)  # SiteThreshold to use here; None: the model's own
    undo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._validation: SiteValidation | None = None
        self.title = QLabel(texts.TITLE)
        self.title.setFont(scaled_font(self.font(), 1.1, bold=True))
        self.bar = QProgressBar()
        self.bar.setRange(0, FEWEST_BLIND)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(max(6, self.fontMetrics().height() // 3))
        self.bar.setAccessibleName(texts.TITLE)
        self.count = QLabel()
        self.missing = _quiet()
        self.mark = VerdictMark()
        self.conclusion = Paragraph()
        self.conclusion.setFont(scaled_font(self.font(), 1.0, bold=True))
        self.explanation = _quiet()
        self.figures = _FigureTable()
        self.not_counted = _quiet()
        self.measured = _quiet()
        self.threshold = Paragraph()
        self.use = QPushButton()
        self.use.setAutoDefault(False)
        self.use.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the photos
        self.use.setToolTip(plain_text(texts.USE_TIP))
        self.undo = LinkButton(texts.UNDO)
        self.own = LinkButton(texts.USE_OWN)
        self.use.clicked.connect(self._use)
        self.undo.clicked.connect(self.undo_requested)
        self.own.clicked.connect(lambda: self.use_requested.emit(None))
        self._lay_out()
        self.show_view(SiteCheckView())

    def show_view(self, view: SiteCheckView) -> None:
        """Show a check; nothing is emitted."""
        check = view.check
        self.setVisible(check is not None)
        if check is None:
            return
        found = self._validation = check.validation
        self._show_count(check)
        self.measured.show_text(check.measured)
        self.not_counted.show_text(texts.not_counted(check))
        self.not_counted.setVisible(bool(self.not_counted.text()))
        for part in (self.mark, self.conclusion, self.explanation, self.figures, self.threshold):
            part.setVisible(found is not None)
        used = view.threshold
        if found is not None and used is not None:
            self.mark.show_verdict("confident" if found.trusted else "uncertain")
            self.conclusion.show_text(texts.conclusion(found))
            self.explanation.show_text(texts.explanation(found))
            self.figures.show_figures(texts.figures(found, view.tested))
            self.threshold.show_text(texts.threshold(found, used))
            self.use.setText(texts.use(found))
        self.use.setVisible(
            check.finds_copies and found is not None and used is not None and not texts.is_used(found, used)
        )
        self.undo.setVisible(view.can_undo)
        self.own.setVisible(used is not None and used.origin == "site" and not view.can_undo)

    def show_failure(self, reason: str) -> None:
        """Show why the model could not be checked."""
        self.missing.show_text(texts.NOT_CHECKED + reason)
        self.missing.show()

    def _show_count(self, check: SiteCheck) -> None:
        is_missing = check.validation is None
        self.bar.setValue(min(check.blind, FEWEST_BLIND))
        self.count.setText(texts.blind_reviews(check))
        self.missing.show_text(texts.missing(check) if is_missing else "")
        for part in (self.bar, self.count, self.missing):
            part.setVisible(is_missing)

    def _use(self) -> None:
        if self._validation is not None:
            self.use_requested.emit(self._validation.as_site_threshold())

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(self.title)
        whole.addLayout(_row(self.bar, self.count, stretched=self.bar))
        whole.addWidget(self.missing)
        whole.addLayout(_row(self.mark, self.conclusion, stretched=self.conclusion))
        whole.addWidget(self.explanation)
        whole.addWidget(self.figures)
        whole.addWidget(self.not_counted)
        whole.addWidget(self.threshold)
        whole.addLayout(_row(self.use, self.undo, self.own, stretched=None))
        whole.addWidget(self.measured)
        for paragraph in self.findChildren(Paragraph):
            paragraph.setMinimumWidth(1)  # it may break anywhere, and Qt would ask for more than a narrow panel has


class _FigureTable(QWidget):
    """A figure in two lines: its name and its value here; below, how sure that is, and what the model says itself."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 2)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._cells: list[tuple[QLabel, QLabel, Paragraph]] = []

    @property
    def lines(self) -> tuple[Figure, ...]:
        """What is shown."""
        return tuple(
            Figure(name=name.text(), meaning="", here=here.text(), beside=beside.accessibleName())
            for name, here, beside in self._cells
        )

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        """Show figures; a tooltip says what each means."""
        for number, figure in enumerate(figures):
            if number == len(self._cells):
                self._add_line()
            name, here, beside = cells = self._cells[number]
            name.setText(figure.name)
            here.setText(figure.here)
            beside.show_text(figure.beside)
            for cell in cells:
                cell.setToolTip(plain_text(figure.meaning))
            name.setAccessibleName(texts.spoken(figure))

    def _add_line(self) -> None:
        name, here, beside = _plain_label(), _plain_label(), _quiet()
        here.setFont(scaled_font(self.font(), 1.0, bold=True))
        beside.setContentsMargins(0, 0, 0, 5)
        line = 2 * len(self._cells)
        self._cells.append((name, here, beside))
        self._grid.addWidget(name, line, 0)
        self._grid.addWidget(here, line, 1, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(beside, line + 1, 0, 1, 2)


def _plain_label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _quiet() -> Paragraph:
    """Return a paragraph in smaller and paler letters."""
    paragraph = Paragraph()
    paragraph.setFont(scaled_font(paragraph.font(), _QUIET))
    paragraph.setForegroundRole(QPalette.ColorRole.WindowText)
    return paragraph


def _row(*parts: QWidget, stretched: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part, 1 if part is stretched else 0)
    if stretched is None:
        row.addStretch(1)
    return row
