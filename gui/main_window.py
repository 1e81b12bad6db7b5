"""The window: widgets that show a session and say what the user wants; nothing is decided here."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMainWindow, QPushButton, QVBoxLayout, QWidget

from gui import texts
from gui.answer_panel import AnswerPanel
from gui.image_view import ImageView
from gui.session import ModelMissing, ModelReady, Session, Shown
from gui.text_widgets import Line

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent

_PANEL_LETTERS = 42  # width of the panel


class MainWindow(QMainWindow):
    """A picture on the left, the answer on the right, the model below."""

    painted = Signal()  # once, when the window can be seen
    photos_handed_over = Signal(object)  # list of paths, never empty
    model_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_painted = False
        self._folder = ""
        self.view = ImageView()
        self.panel = AnswerPanel()
        self.panel.retry_wanted.connect(self.model_wanted)
        self.open_button = QPushButton(texts.OPEN)
        self.open_button.setMinimumHeight(self.fontMetrics().height() * 2)
        self.photo_name = Line()
        self.model_line = Line()
        self.research_tool = QLabel(texts.RESEARCH_TOOL)
        self._add_actions()
        self._lay_out()
        self.setAcceptDrops(True)
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * 100, self.fontMetrics().height() * 36)
        self.resize(960, 640)

    def show_session(self, session: Session) -> None:
        """Show a session as it is now."""
        photo = session.photo
        self.setWindowTitle(texts.window_title(photo))
        self.photo_name.setText(texts.photo_name(photo))
        self.model_line.setText(texts.model_line(session.model, now=datetime.now().astimezone()))
        self.model_line.setToolTip(texts.model_details(session.model))
        if photo is not None:
            self._folder = str(photo.path.parent)
            self.photo_name.setToolTip(str(photo.path))
        if photo is None or (photo.picture is None and photo.error is not None):
            self.view.show_invitation()
        else:
            self.view.show_picture(photo.picture, name=photo.path.name)
        self._show_beside_picture(session)

    @Slot()
    def choose_photo(self) -> None:
        """Let the user choose a photo."""
        path, _ = QFileDialog.getOpenFileName(self, texts.CHOOSE, self._folder, texts.PHOTO_FILES)
        if path:
            self.photos_handed_over.emit([Path(path)])

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 Qt's name
        """Paint, and say so the first time."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.painted.emit)  # when the widgets in it are painted too

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 Qt's name
        """Welcome files."""
        if _files(event.mimeData()):
            event.acceptProposedAction()
            self.view.mark_drop(wanted=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 Qt's name
        """Forget what was dragged over the window."""
        super().dragLeaveEvent(event)
        self.view.mark_drop(wanted=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 Qt's name
        """Hand dropped files over."""
        self.view.mark_drop(wanted=False)
        if files := _files(event.mimeData()):
            event.acceptProposedAction()
            self.photos_handed_over.emit(files)

    def _show_beside_picture(self, session: Session) -> None:
        model, photo = session.model, session.photo
        match session.shown:
            case Shown.INVITATION:
                self.panel.show_message(texts.no_answer_yet(model))
            case Shown.READING:
                self.panel.show_wait(texts.READING)
            case Shown.WAITING:
                self.panel.show_wait(texts.LOADING_MODEL)
            case Shown.CLASSIFYING:
                self.panel.show_wait(texts.CLASSIFYING)
            case Shown.NO_MODEL if isinstance(model, ModelMissing):
                self.panel.show_message(texts.reason(model.reason), title=texts.NO_MODEL, retry=True)
            case Shown.FAILURE if photo is not None:
                reason = texts.reason(str(photo.error), photo.path)
                self.panel.show_message(reason, title=texts.failure_title(photo))
            case Shown.ANSWER if isinstance(model, ModelReady) and photo is not None and photo.prediction is not None:
                self.panel.show_answer(photo.prediction, confident_at=model.confident_at)

    def _add_actions(self) -> None:
        open_photo = QAction(texts.OPEN, self, shortcut=QKeySequence(QKeySequence.StandardKey.Open))
        open_photo.triggered.connect(self.choose_photo)
        leave = QAction(texts.QUIT, self, shortcut=QKeySequence("Ctrl+Q"))
        leave.setMenuRole(QAction.MenuRole.QuitRole)
        leave.triggered.connect(self.close)
        menu = self.menuBar().addMenu(texts.FILE_MENU)
        menu.addAction(open_photo)
        menu.addSeparator()
        menu.addAction(leave)
        self.open_button.clicked.connect(self.choose_photo)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addWidget(self.open_button)
        side.addWidget(self.photo_name)
        side.addSpacing(6)
        side.addWidget(self.panel, 1)
        beside = QWidget()
        beside.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        beside.setFixedWidth(self.fontMetrics().averageCharWidth() * _PANEL_LETTERS)
        above = QHBoxLayout()
        above.setSpacing(20)
        above.addWidget(self.view, 1)
        above.addWidget(beside)
        below = QHBoxLayout()
        below.addWidget(self.model_line, 1)
        below.addWidget(self.research_tool)
        whole = QVBoxLayout()
        whole.setContentsMargins(16, 12, 16, 10)
        whole.setSpacing(10)
        whole.addLayout(above, 1)
        whole.addWidget(_rule())
        whole.addLayout(below)
        central = QWidget()
        central.setLayout(whole)
        self.setCentralWidget(central)
        QWidget.setTabOrder(self.open_button, self.panel.message.retry)
        self.open_button.setFocus()


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFrameShape(QFrame.Shape.HLine)
    rule.setFrameShadow(QFrame.Shadow.Sunken)
    return rule
