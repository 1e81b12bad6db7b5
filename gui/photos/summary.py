"""The summary of many photos: a bar for each verdict and each class, which filters by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QToolButton, QWidget

from gui.photos import texts
from gui.photos.marks import Marks, paint_bar, selected_ground
from gui.state.counts import Counts
from gui.state.results_filter import UNANSWERED, Filter, RowKind
from gui.state.wording import class_name
from gui.state.wording import number as written
from gui.widgets.design import GAP, HALF, ROUND
from gui.widgets.link_button import LinkButton
from gui.widgets.plain_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

_LETTERS = 28  # of a class, at most
_BAR = 4  # pixels
_MOST_LINES = 2


class SummaryBar(QWidget):
    """Buttons in lines, verdicts first; those that do not fit into the lines, the rarest, are in a menu at the end."""

    filter_requested = Signal(object)  # a Filter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.SUMMARY)
        self._filter = Filter()
        self._counts = Counts()
        self._lines = _MOST_LINES
        self._height = 0
        self._order: list[SummaryButton] = []
        self.kinds: dict[RowKind, SummaryButton] = {}
        self.labels: dict[str, SummaryButton] = {}
        self.more = MoreButton(self)
        self.clear = LinkButton(texts.CLEAR_FILTER.replace("&", ""), self)
        self.clear.clicked.connect(lambda: self.filter_requested.emit(Filter()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Counts, wanted: Filter) -> None:
        """Show numbers of photos, and what the filter asks for; nothing is emitted."""
        self._counts, self._filter = counts, wanted
        highest = max([*counts.kinds.values(), *counts.labels.values()], default=1)
        kinds = list(counts.kinds) if wanted.kind in {None, *counts.kinds} else [*counts.kinds, wanted.kind]
        labels = list(counts.labels) if wanted.label in {None, *counts.labels} else [wanted.label, *counts.labels]
        for kind in kinds:
            if kind is not None:
                button = self.kinds.get(kind) or self._add_kind(kind)
                button.show_number(counts.kinds.get(kind, 0), of=highest, chosen=kind is wanted.kind)
        for label in labels:
            if label is not None:
                button = self.labels.get(label) or self._add_label(label)
                button.show_number(counts.labels.get(label, 0), of=highest, chosen=label == wanted.label)
        self._order = [self.kinds[kind] for kind in kinds if kind is not None]
        self._order += [self.labels[label] for label in labels if label is not None]
        self._arrange()

    def allow_lines(self, lines: int) -> None:
        """Take this many lines at most; none: hide."""
        self.setVisible(lines > 0)
        if lines != self._lines:
            self._lines = lines
            self._arrange()

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for the height of the lines that are used."""
        return QSize(0, self._height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for no width at all."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        """Arrange the buttons in the width."""
        super().resizeEvent(event)
        self._arrange()

    def _add_kind(self, kind: RowKind) -> SummaryButton:
        button = self.kinds[kind] = SummaryButton(texts.kind(kind), self, kind=kind)
        button.clicked.connect(lambda: self._choose(kind=None if self._filter.kind is kind else kind))
        return button

    def _add_label(self, label: str) -> SummaryButton:
        button = self.labels[label] = SummaryButton(class_name(label), self)
        button.clicked.connect(lambda: self._choose(label=None if self._filter.label == label else label))
        return button

    def _choose(self, **changes: RowKind | str | None) -> None:
        now = {"label": self._filter.label, "kind": self._filter.kind, "text": self._filter.text, **changes}
        self.filter_requested.emit(Filter(**now))  # type: ignore[arg-type]

    def _arrange(self) -> None:
        """Place the buttons from left to right, and in further lines while there are any left."""
        shown = {id(button) for button in self._order}
        for button in (*self.kinds.values(), *self.labels.values()):
            if id(button) not in shown:
                button.hide()
        is_filtered = not self._filter.is_empty
        self.clear.setVisible(is_filtered)
        width = self.clear.sizeHint().width()
        self.clear.setGeometry(self.width() - width, 0, width, self._line_height())
        fitting = len(self._places(self._order))
        while fitting < len(self._order):  # the button for the rest needs room itself
            self.more.show_rest(self._order[fitting:])
            if not fitting or len(self._places([*self._order[:fitting], self.more])) > fitting:
                break
            fitting -= 1
        placed: list[QWidget] = [*self._order[:fitting], *([self.more] if fitting < len(self._order) else [])]
        self.more.setVisible(self.more in placed)
        for button in self._order[fitting:]:
            button.hide()
        places = self._places(placed)
        for each, place in zip(placed, places, strict=False):
            each.setGeometry(place)
            each.show()
        if (height := max((place.bottom() + 1 for place in places), default=0)) != self._height:
            self._height = height
            self.updateGeometry()

    def _places(self, buttons: Sequence[QWidget]) -> list[QRect]:
        """Return the places of the first buttons, as many as the lines have room for."""
        reserved = 0 if self._filter.is_empty else self.clear.sizeHint().width() + GAP
        first_label = next(iter(self._order[len(self._counts.kinds) :]), None)
        line, left, height, places = 0, 0, self._line_height(), []
        for button in buttons:
            if button is first_label and left:
                left += GAP  # between verdicts and classes
            width = button.sizeHint().width()
            if left and left + width > self.width() - (reserved if line == 0 else 0):
                line, left = line + 1, 0
            if line >= max(1, self._lines):
                break
            places.append(QRect(left, line * (height + HALF), min(width, self.width()), height))
            left += width + HALF
        return places

    def _line_height(self) -> int:
        return self.fontMetrics().height() + _BAR + 2 * GAP


class MoreButton(QToolButton):
    """The number of bars that have no room, and a menu of them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMenu(QMenu(self))

    def show_rest(self, rest: Sequence[SummaryButton]) -> None:
        """Stand for buttons that are not shown."""
        self.setText(texts.more_bars(len(rest)))
        lines = [texts.summary_spoken(button.name, button.number) for button in rest]
        self.setToolTip(plain_text("\n".join(lines)))
        self.setAccessibleName(", ".join(lines))
        self.menu().clear()
        for line, button in zip(lines, rest, strict=True):
            self.menu().addAction(line.replace("&", "&&"), button.click)


class SummaryButton(QAbstractButton):
    """A name, how many photos it has, and a bar of that length; pressed while the filter asks for it."""

    def __init__(self, name: str, parent: QWidget, *, kind: RowKind | None = None) -> None:
        super().__init__(parent)
        self.name, self.number, self._share = name, 0, 0.0
        self._kind = kind
        self._marks = Marks()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_number(self, number: int, *, of: int, chosen: bool) -> None:
        """Show how many photos there are, beside the most of any button, and whether the filter asks for them."""
        self.number, self._share = number, number / max(1, of)
        self.setChecked(chosen)
        self.setAccessibleName(texts.summary_spoken(self.name, number))
        self.setToolTip(plain_text(texts.summary_tip(self.name, number, chosen=chosen)))
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:  # noqa: N802 Qt's name
        """Leave it to the filter whether it is pressed."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt's name
        """Let Enter press it too."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for room for the words and the number."""
        metrics = self.fontMetrics()
        words = metrics.horizontalAdvance(self.name)
        if self._kind is None:  # names of classes have any length
            words = min(words, metrics.averageCharWidth() * _LETTERS)
        number = metrics.horizontalAdvance(written(self.number))
        return QSize(words + number + self._mark_room() + 2 * GAP + 2 * HALF, metrics.height() + _BAR + 2 * GAP)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint the ground, the mark, the words, the number and the bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        palette, metrics = self.palette(), self.fontMetrics()
        line = QRect(GAP, HALF + 1, self.width() - 2 * GAP, metrics.height())
        if self._kind is not None and self._kind not in UNANSWERED:
            side = metrics.ascent()
            place = QRect(line.left(), line.center().y() - side // 2, side, side)
            self._marks.paint_kind(painter, place, self._kind, palette)
        number = written(self.number)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        single = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(line, single | Qt.AlignmentFlag.AlignRight, number)
        line.setLeft(line.left() + self._mark_room())
        room = line.width() - metrics.horizontalAdvance(number) - HALF
        painter.drawText(line, single, metrics.elidedText(self.name, Qt.TextElideMode.ElideRight, room))
        bar = QRectF(GAP, self.height() - GAP - _BAR + 1, self.width() - 2 * GAP, _BAR)
        paint_bar(painter, bar, self._share, palette)

    def _paint_ground(self, painter: QPainter) -> None:
        palette, place = self.palette(), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        edge = palette.color(QPalette.ColorRole.WindowText)
        edge.setAlphaF(0.3 if self.underMouse() else 0.15)
        ground = selected_ground(palette) if self.isChecked() else palette.color(QPalette.ColorRole.Base)
        if self.isChecked() or self.hasFocus():
            edge = palette.color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(place, ROUND, ROUND)

    def _mark_room(self) -> int:
        has_mark = self._kind is not None and self._kind not in UNANSWERED
        return self.fontMetrics().ascent() + HALF if has_mark else 0
