"""The window: widgets that show a session and say what the user wants; nothing is decided here."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMainWindow, QPushButton, QVBoxLayout, QWidget

from gui import texts
from gui.actions import Actions
from gui.answer_panel import AnswerPanel
from gui.image_view import ImageView
from gui.picture_bar import PictureBar
from gui.session import ModelMissing, ModelReady, Session, Shown
from gui.text_widgets import Line

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent
    from PySide6.QtWidgets import QDialog

    from gui.model_facts import ModelFacts

_PANEL_LETTERS = 42  # width of the panel


class MainWindow(QMainWindow):
    """A picture on the left, the answer on the right, the model below."""

    painted = Signal()  # once, when the window can be seen
    photos_handed_over = Signal(object)  # list of paths, never empty
    model_wanted = Signal()
    facts_wanted = Signal()
    overlay_wanted = Signal(bool)
    opacity_wanted = Signal(float)  # 0–1
    label_chosen = Signal(str)  # of which it is to be shown where the model looked

    def __init__(self) -> None:
        super().__init__()
        self._is_painted = False
        self._folder = ""
        self.about: QDialog | None = None
        self.commands = Actions(self)
        self.view = ImageView()
        self.picture_bar = PictureBar(self.commands)
        self.panel = AnswerPanel()
        self.open_button = QPushButton(texts.OPEN)
        self.open_button.setMinimumHeight(self.fontMetrics().height() * 2)
        self.photo_name = Line()
        self.model_line = Line()
        self.research_tool = QLabel(texts.RESEARCH_TOOL)
        self._connect()
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
            pixels = None if photo.picture is None else photo.picture.pixels
            self.view.show_picture(pixels, name=photo.path.name)
        self._show_over_picture(session)
        self._show_beside_picture(session)

    def show_facts(self, facts: ModelFacts) -> None:
        """Show what there is to say about the model, beside the window that goes on."""
        from gui.model_dialog import ModelDialog

        if self.about is not None:
            self.about.deleteLater()
        self.about = ModelDialog(facts, self)
        self.about.show()

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

    def _show_over_picture(self, session: Session) -> None:
        overlay, commands = session.overlay, self.commands
        self.view.show_overlay(overlay, opacity=session.opacity)
        self.picture_bar.show_legend(
            texts.legend(session), opacity=session.opacity, speaks=bool(overlay and overlay.speaks)
        )
        ready = isinstance(session.model, ModelReady)
        commands.about_model.setEnabled(ready)
        commands.overlay.setEnabled(isinstance(session.model, ModelReady) and bool(session.model.gives_maps))
        commands.overlay.setChecked(session.overlay_wanted)
        commands.overlay.setToolTip(texts.overlay_tip(session))

    @Slot(object)
    def _show_zoom(self, scale: float | None) -> None:
        self.picture_bar.show_zoom(scale)
        for command in self.commands.zooms:
            command.setEnabled(scale is not None)

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
                if photo.picture is not None:
                    self.panel.show_answer(
                        photo.prediction, model=model, photo=photo.picture, explained=session.explained
                    )

    def _connect(self) -> None:
        commands, view = self.commands, self.view
        self.open_button.clicked.connect(self.choose_photo)
        self.panel.retry_wanted.connect(self.model_wanted)
        self.panel.label_chosen.connect(self.label_chosen)
        self.picture_bar.opacity_wanted.connect(self.opacity_wanted)
        view.zoomed.connect(self._show_zoom)
        commands.open.triggered.connect(self.choose_photo)
        commands.quit.triggered.connect(self.close)
        commands.zoom_in.triggered.connect(view.zoom_in)
        commands.zoom_out.triggered.connect(view.zoom_out)
        commands.fit.triggered.connect(view.fit)
        commands.actual_size.triggered.connect(view.show_actual_size)
        commands.overlay.triggered.connect(self.overlay_wanted)
        commands.about_model.triggered.connect(self.facts_wanted)
        self._show_zoom(None)

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
        picture = QVBoxLayout()
        picture.setSpacing(8)
        picture.addWidget(self.view, 1)
        picture.addWidget(self.picture_bar)
        above.addLayout(picture, 1)
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
