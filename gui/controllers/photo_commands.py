"""The controller of what is done with listed photos: their answers are copied, reported and shown in their folder."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from gui.files import texts
from gui.files.folder_view import show_in_folder
from gui.state.answer_lines import answer_lines
from gui.state.session import Shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gui.background import Worker
    from gui.controllers.chosen_photos import ChosenPhotos
    from gui.files.writing import Writing
    from gui.photos.panel import ResultsPanel
    from gui.photos.table_model import ResultsModel
    from gui.report.content import BatchReport, PhotoReport
    from gui.state.results import Row
    from gui.state.session import Session
    from gui.window.dialogs import Dialogs
    from gui.window.main_window import MainWindow


class PhotoCommandsController(QObject):
    """Does what the menus offer for the selected photos, or else for the open one."""

    message = Signal(str)  # a sentence for the user

    def __init__(
        self,
        window: MainWindow,
        rows: ResultsModel,
        *,
        chosen: ChosenPhotos,
        session: Callable[[], Session],
        writing: Writing,
        dialogs: Dialogs,
        worker: Worker,
        parent: QObject | None = None,
    ) -> None:
        """Join a window to the commands.

        Args:
            window: The window.
            rows: Its photos.
            chosen: Which of them are meant.
            session: Returns the session at the time.
            writing: Writes the reports.
            dialogs: The dialogs beside the window.
            worker: On which photos are read.
            parent: Its owner.
        """
        super().__init__(parent)
        self._window, self._rows, self._chosen = window, rows, chosen
        self._session, self._writing, self._dialogs, self._worker = session, writing, dialogs, worker
        commands = window.commands
        commands.copy_answer.triggered.connect(self.copy_answers)
        commands.compare.triggered.connect(self.compare)
        commands.copy_path.triggered.connect(self.copy_paths)
        commands.show_in_folder.triggered.connect(self.show_folder)
        commands.print_photo.triggered.connect(self.print_photo)
        commands.print_list.triggered.connect(self.print_list)
        window.files.photo_report_chosen.connect(self.report_photo)
        window.files.list_report_chosen.connect(self.report_list)
        window.view.menu_requested.connect(self.show_menu)

    def connect_panel(self, panel: ResultsPanel) -> None:
        """Offer the commands in the table, too."""
        panel.table.menu_requested.connect(self.show_menu)

    def show_session(self, session: Session) -> None:
        """Offer what can be done in a session."""
        commands = self._window.commands
        for command in (commands.copy_path, commands.show_in_folder, commands.compare):
            command.setEnabled(session.photo is not None)
        has_answer = session.shown is Shown.ANSWER and not session.answer_hidden
        for command in (commands.copy_answer, commands.print_photo, commands.photo_report):
            command.setEnabled(has_answer)

    @Slot()
    def copy_answers(self) -> None:
        """Copy the answers of the chosen photos as lines of text."""
        lines = answer_lines(
            [self._rows.view.exported(row) for row in self._chosen.rows()], threshold=self._session().threshold
        )
        if not lines:
            self.message.emit(texts.NO_ANSWER_TO_COPY)
            return
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.message.emit(texts.answers_copied(len(lines)))

    @Slot()
    def compare(self) -> None:
        """Show two selected photos side by side; with one, the next of the list beside it."""
        from gui.comparison.dialog import ComparisonDialog

        rows = self._two()
        if len(rows) != 2:
            self.message.emit(texts.SELECT_TWO)
            return
        shown = [self._rows.view.exported(row) for row in rows]
        self._dialogs.show(
            ComparisonDialog,
            lambda: ComparisonDialog(shown, self._session(), worker=self._worker, parent=self._window),
        )

    def _two(self) -> tuple[Row, ...]:
        chosen, listed = self._chosen.rows(), self._rows.shown_rows()
        if len(chosen) == 1 and len(listed) > 1 and chosen[0] in listed:
            place = listed.index(chosen[0])
            return chosen[0], listed[place + 1 if place + 1 < len(listed) else place - 1]
        return chosen

    @Slot()
    def copy_paths(self) -> None:
        """Copy the paths of the chosen photos, one on a line."""
        paths = [str(row.path) for row in self._chosen.rows()]
        QGuiApplication.clipboard().setText("\n".join(paths))
        self.message.emit(texts.paths_copied(len(paths)))

    @Slot()
    def show_folder(self) -> None:
        """Show the first chosen photo in its folder."""
        for row in self._chosen.rows()[:1]:
            if not show_in_folder(row.path):
                self.message.emit(texts.folder_not_shown(row.path.parent))

    @Slot(object)
    def report_photo(self, path: Path) -> None:
        """Write the report of the open photo."""
        if (report := self._photo_report()) is not None:
            self._writing.write_report(path, report)

    @Slot(object)
    def report_list(self, path: Path) -> None:
        """Write the report of the photos as they are listed; hidden answers are left out."""
        if (report := self._list_report()) is not None:
            self._writing.write_report(path, report)

    @Slot()
    def print_photo(self) -> None:
        """Print the report of the open photo as it is when the command is given."""
        self._print(self._photo_report())

    @Slot()
    def print_list(self) -> None:
        """Print the report of the photos as they are listed; hidden answers are left out."""
        self._print(self._list_report())

    def _print(self, report: PhotoReport | BatchReport | None) -> None:
        if report is not None and (printer := self._window.files.ask_printer()) is not None:
            self._writing.print_report(printer, report)

    def _photo_report(self) -> PhotoReport | None:
        from gui.report.content import photo_report

        return photo_report(self._session(), at=datetime.now().astimezone())

    def _list_report(self) -> BatchReport | None:
        from gui.report.content import batch_report

        rows = self._rows.exported_rows()
        report = batch_report(rows, threshold=self._session().threshold, at=datetime.now().astimezone())
        if report is None:
            self.message.emit(texts.NOTHING_TO_REPORT)
        return report

    @Slot(QPoint)
    def show_menu(self, at: QPoint) -> None:
        """Show the commands where the user asked for them."""
        if not self._chosen.rows():
            return
        commands, menu = self._window.commands, QMenu(self._window)
        menu.addActions([commands.compare, commands.copy_answer, commands.copy_path, commands.show_in_folder])
        menu.addSeparator()
        if commands.review.toggle.isChecked():
            review = commands.review
            menu.addActions([*review.classes, review.none, review.unsure, review.agree])
        else:
            menu.addAction(commands.review.toggle)
        menu.addSeparator()
        menu.addActions([commands.print_photo, commands.photo_report, commands.remove])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
