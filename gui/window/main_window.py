"""The main window: widgets that show a session and signal what the user asks for; nothing is decided here."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QMainWindow, QSplitter, QStackedWidget, QWidget

from gui.answer.panel import AnswerPanel
from gui.files.intake import accept_as_copy, can_open
from gui.model.banner import ModelBanner
from gui.picture.image_view import ImageView
from gui.picture.picture_bar import PictureBar
from gui.state.wording import RESEARCH_TOOL
from gui.widgets.design import GAP, SECTION_GAP
from gui.widgets.plain_text import plain_text
from gui.widgets.text_widgets import Line
from gui.window import texts
from gui.window.actions import Actions
from gui.window.file_questions import FileQuestions
from gui.window.hold_to_compare import HoldToCompare
from gui.window.layout import SidePanel, beside, column, least_size, status_line
from gui.window.notice import Notice
from gui.window.toolbar import Toolbar
from gui.window.window_state import make_room

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent, QResizeEvent

    from gui.photos.panel import ResultsPanel
    from gui.photos.table_model import ResultsModel
    from gui.review.panel import ReviewPanel
    from gui.state.session import Session

_TALL_LINES = 54  # height of a window with a table in it, if the screen has so much
_HIGH_LINES = 42  # height from which on nothing need give way


class MainWindow(QMainWindow):
    """A picture on the left, below it the table once there are several photos; the answer on the right."""

    painted = Signal()  # once, when the window can be seen
    closing = Signal()  # while its position can still be read
    paths_received = Signal(object)  # list of paths, never empty
    data_received = Signal(object)  # QMimeData, of a drop or the clipboard
    model_requested = Signal()
    overlay_requested = Signal(bool)
    opacity_requested = Signal(float)  # 0–1
    overlay_style_requested = Signal(object)  # OverlayStyle
    label_chosen = Signal(str)  # to show where the model looked for it
    results_made = Signal(object)  # the panel with the table, which is made when it is first needed

    def __init__(self, rows: ResultsModel) -> None:
        super().__init__()
        self._rows = rows
        self._is_painted = False
        self.results: ResultsPanel | None = None
        self.review: ReviewPanel | None = None
        self.setup: QWidget | None = None
        self.commands = Actions(self)
        self.files = FileQuestions(self)
        self.tools = Toolbar(self.commands)
        self.addToolBar(self.tools)
        self.banner = ModelBanner()
        self.notice = Notice()
        self.view = ImageView()
        self.picture = QStackedWidget()  # the view, or a page to set up a model
        self.picture.addWidget(self.view)
        commands = self.commands
        self.picture_bar = PictureBar(
            overlay=commands.overlay,
            zoom_out=commands.zoom_out,
            zoom_in=commands.zoom_in,
            fit=commands.fit,
            actual_size=commands.actual_size,
        )
        self.panel = AnswerPanel()
        self.photo_name = Line()
        self.model_line = Line()
        self.research_tool = QLabel(RESEARCH_TOOL)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)

    def show_session(self, session: Session) -> None:
        """Show a session as it is now."""
        photo = session.photo
        self.files.photo = None if photo is None else photo.path
        self.setWindowTitle(texts.window_title(photo))
        self.photo_name.setText(texts.photo_name(photo))
        self.photo_name.setToolTip("" if photo is None else plain_text(str(photo.path)))
        self.model_line.setText(texts.model_line(session.model, now=datetime.now().astimezone()))
        self.model_line.setToolTip(plain_text(texts.model_details(session.model)))
        self.view.show_session(session)
        self.picture_bar.show_session(session)
        self.panel.show_session(session)
        self.commands.show_session(session)

    def show_setup(self, page: QWidget | None) -> None:
        """Show a page in place of the picture; None: the picture again."""
        if page is not self.setup and self.setup is not None:
            self.picture.removeWidget(self.setup)
            self.setup.deleteLater()
        if page is not None and page is not self.setup:
            self.picture.addWidget(page)
        self.setup = page
        self.picture.setCurrentWidget(page or self.view)
        self.picture_bar.setVisible(page is None)

    def make_review(self) -> ReviewPanel:
        """Make the panel of reviews, above the answer, and return it."""
        from gui.review.panel import ReviewPanel

        self.review = ReviewPanel()
        self.panel.put_above(self.review)
        return self.review

    def focus_photos(self) -> None:
        """Give the keyboard to the photos: to the table or grid, or where there is none, to the picture."""
        (self.view if self.results is None or not self.results.isVisible() else self.results.view).setFocus()

    @Slot()
    def paste(self) -> None:
        """Open what the clipboard holds."""
        from PySide6.QtGui import QGuiApplication

        self.data_received.emit(QGuiApplication.clipboard().mimeData())

    @Slot()
    def find_photos(self) -> None:
        """Give the keyboard to the field that filters by name, where photos are listed."""
        if self.results is not None and self.results.isVisible():
            self.results.filter_row.text.setFocus()
            self.results.filter_row.text.selectAll()

    @Slot(bool)
    def fill_screen(self, on: bool) -> None:  # noqa: FBT001 Qt's signal
        """Use the whole screen, or go back to a window."""
        self.showFullScreen() if on else self.showNormal()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 Qt's name
        """Paint, and signal the first time."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.painted.emit)  # after its widgets are painted

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        """Leave more of a low window to the picture and the table."""
        super().resizeEvent(event)
        self.side.follow_width(self.width())
        self.picture_bar.keep_room(kept=self.height() >= self.fontMetrics().height() * _HIGH_LINES)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 Qt's name
        """Signal it while the window still has its position."""
        self.closing.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 Qt's name
        """Accept what can be opened or explained."""
        is_own = isinstance(event.source(), QWidget)  # of the list: they are open already
        if not is_own and can_open(event.mimeData()) and accept_as_copy(event):
            self.view.mark_drop(wanted=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 Qt's name
        """Remove the mark of a drop."""
        super().dragLeaveEvent(event)
        self.view.mark_drop(wanted=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 Qt's name
        """Open what was dropped."""
        self.view.mark_drop(wanted=False)
        if accept_as_copy(event):
            self.data_received.emit(event.mimeData())

    @Slot(object)
    def _show_zoom(self, scale: float | None) -> None:
        self.picture_bar.show_zoom(scale)
        for command in self.commands.zooms:
            command.setEnabled(scale is not None)

    @Slot()
    def _show_rows(self) -> None:
        """Show the table from the second photo on, and for as long as there is one."""
        number, commands = len(self._rows.results), self.commands
        if self.results is None and number > 1:
            self._make_results()
        if self.results is not None:
            self.results.setVisible(number > 0)
        for command in (
            commands.export,
            commands.print_list,
            commands.list_report,
            commands.classify_again,
            commands.remove,
            commands.clear,
        ):
            command.setEnabled(number > 0)
        for command in (commands.previous, commands.next, commands.find, commands.grid):
            command.setEnabled(number > 1)

    def _make_results(self) -> None:
        from gui.photos.panel import ResultsPanel

        self.results = ResultsPanel(self._rows)
        self.splitter.addWidget(self.results)
        make_room(self, self.fontMetrics().height() * _TALL_LINES)
        height = self.splitter.height()
        self.splitter.setSizes([height * 3 // 5, height * 2 // 5])
        self.results_made.emit(self.results)
        self._show_grid()

    @Slot()
    def _show_grid(self) -> None:
        if self.results is not None:
            self.results.show_grid(shown=self.commands.grid.isChecked())

    def _connect(self) -> None:
        commands, view = self.commands, self.view
        self.files.photos_chosen.connect(self.paths_received)
        self.panel.retry_requested.connect(self.model_requested)
        self.panel.label_chosen.connect(self.label_chosen)
        self.picture_bar.opacity_requested.connect(self.opacity_requested)
        self.picture_bar.style_requested.connect(self.overlay_style_requested)
        self.picture_bar.bare_requested.connect(lambda bare: view.show_bare(bare=bare))
        view.zoomed.connect(self._show_zoom)
        view.samples_requested.connect(commands.samples.trigger)
        commands.open.triggered.connect(self.files.choose_photos)
        commands.open_folder.triggered.connect(self.files.choose_folder)
        commands.paste.triggered.connect(self.paste)
        commands.export.triggered.connect(self.files.choose_table_file)
        commands.save_picture.triggered.connect(self.files.choose_picture_file)
        commands.photo_report.triggered.connect(self.files.choose_photo_report_file)
        commands.list_report.triggered.connect(self.files.choose_list_report_file)
        commands.find.triggered.connect(self.find_photos)
        commands.full_screen.toggled.connect(self.fill_screen)
        commands.quit.triggered.connect(self.close)
        commands.zoom_in.triggered.connect(view.zoom_in)
        commands.zoom_out.triggered.connect(view.zoom_out)
        commands.fit.triggered.connect(view.fit)
        commands.actual_size.triggered.connect(view.show_actual_size)
        commands.grid.triggered.connect(self._show_grid)
        commands.overlay.triggered.connect(self.overlay_requested)
        HoldToCompare(self, view)
        self._rows.changed.connect(self._show_rows)
        self._show_zoom(None)
        self._show_rows()

    def _lay_out(self) -> None:
        self.setMinimumSize(least_size(self))
        picture = column(self.picture, self.picture_bar, stretched=self.picture)
        self.splitter.addWidget(picture)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(GAP)
        status = status_line(self.model_line, self.research_tool)
        left = column(self.banner, self.notice, self.splitter, status, stretched=self.splitter)
        left.setContentsMargins(SECTION_GAP, GAP, SECTION_GAP, GAP)
        self.side = SidePanel(self.photo_name, self.panel)
        self.setCentralWidget(beside(left, self.side))
        self.setFocus()  # else the first button of the toolbar has the keyboard
