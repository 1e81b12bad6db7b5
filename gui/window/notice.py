"""The notice above the picture: the result of an action, until the user dismisses it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gui.state.wording import without_code_marks
from gui.widgets.bar import MessageBar
from gui.widgets.design import GAP, HALF
from gui.widgets.text_widgets import Paragraph
from gui.window import texts


class Notice(MessageBar):
    """Some sentences and a button that dismisses them; hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = Paragraph()
        self.text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.dismiss = QToolButton()
        self.dismiss.setText("✕")
        self.dismiss.setAutoRaise(True)
        self.dismiss.setAccessibleName(texts.DISMISS)
        self.dismiss.setToolTip(texts.DISMISS)
        self.dismiss.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GAP + HALF, HALF, HALF, HALF)
        layout.setSpacing(GAP)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @Slot(str)
    def show_text(self, text: str) -> None:
        """Show some sentences; empty: hide the notice."""
        self.text.show_text(without_code_marks(text))
        self.setVisible(bool(text))
