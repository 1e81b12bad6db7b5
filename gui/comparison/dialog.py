"""The window with two photos side by side, each with its answer; both zoom and move on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from gui.background import Background
from gui.comparison import texts
from gui.picture.image_view import ImageView
from gui.widgets.design import GAP, SECTION_GAP
from gui.widgets.dialog_buttons import dialog_buttons
from gui.widgets.text_widgets import Line
from gui.work import read_photo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.background import Worker
    from gui.state.results import Row
    from gui.state.session import ReadPhoto, Session


class ComparisonDialog(QDialog):
    """Shows two photos."""

    def __init__(self, rows: Sequence[Row], session: Session, *, worker: Worker, parent: QWidget | None = None) -> None:
        """Read two photos and show them.

        Args:
            rows: The two photos, as the user may see them.
            session: The session, with the user's threshold.
            worker: On which the photos are read.
            parent: The window.
        """
        super().__init__(parent)
        self.setWindowTitle(texts.TITLE)
        self._session = session.with_overlay_requested(requested=False)
        self.sides = {row.number: _Side(row, threshold=session.threshold) for row in rows}
        reading = Background(worker, self)
        reading.item_done.connect(self._show)
        reading.item_failed.connect(lambda row, reason: self.sides[row.number].answer.setText(reason))
        self._lay_out()
        reading.start(_read, list(rows))

    @Slot(object, object)
    def _show(self, row: Row, picture: ReadPhoto) -> None:
        opened = self._session.opened(row.unanswered()).with_picture(row.number, picture)
        self.sides[row.number].view.show_session(opened)

    def _lay_out(self) -> None:
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        sides = QHBoxLayout()
        sides.setSpacing(SECTION_GAP)
        for side in self.sides.values():
            sides.addWidget(side, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SECTION_GAP, SECTION_GAP, SECTION_GAP, SECTION_GAP)
        layout.setSpacing(GAP)
        layout.addLayout(sides, 1)
        layout.addWidget(buttons)
        room = self.screen().availableGeometry().size() * 0.85
        self.resize(min(1100, room.width()), min(640, room.height()))


class _Side(QWidget):
    """One photo: its name, its picture and its answer."""

    def __init__(self, row: Row, *, threshold: float | None) -> None:
        super().__init__()
        self.name, self.view, self.answer = Line(), ImageView(), Line()
        self.name.setText(row.path.name)
        self.answer.setText(texts.answer(row, threshold=threshold))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.name)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.answer)


def _read(row: Row) -> ReadPhoto:
    return read_photo(row.path)
