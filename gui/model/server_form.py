"""The form for a tracking server: its address, and the fields of the chosen login."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from gui.model import texts
from gui.model.banner import BannerMark
from gui.model.news import BannerKind
from gui.model.server_choice import ServerChoice, StoredServer, warnings_about
from gui.widgets.text_widgets import Paragraph

if TYPE_CHECKING:
    from acnelib.config.credentials import Credentials


class Login(StrEnum):
    """How the app logs in to a server."""

    STORED = texts.LOGIN_STORED
    NONE = texts.LOGIN_NONE
    PASSWORD = texts.LOGIN_PASSWORD
    TOKEN = texts.LOGIN_TOKEN


class ServerForm(QWidget):
    """An address and a login; a stored login is named, never shown."""

    changed = Signal()
    entered = Signal()  # Return was pressed in a field

    def __init__(self) -> None:
        super().__init__()
        self._stored = StoredServer()
        self.address, self.username = QLineEdit(), QLineEdit()
        self.address.setPlaceholderText(texts.ADDRESS_EXAMPLE)
        self.password, self.token = _secret(), _secret()
        self.login = QComboBox()
        self.overrides, self.warning, self.storage_note = Paragraph(), Paragraph(), Paragraph()
        self.storage_note.show_text(texts.STORED_LOGIN)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.addRow(self.overrides)
        fields = {
            texts.ADDRESS: self.address,
            texts.LOGIN: self.login,
            texts.USERNAME: self.username,
            texts.PASSWORD: self.password,
            texts.TOKEN: self.token,
        }
        for name, field in fields.items():
            field.setAccessibleName(name.replace("&", ""))
            self._form.addRow(name, field)
            if isinstance(field, QLineEdit):
                field.textChanged.connect(self._follow)
                field.returnPressed.connect(self.entered)
        self._warning_row = _with_mark(self.warning)
        self._form.addRow(self._warning_row)
        self._form.addRow(self.storage_note)
        self.show_stored(StoredServer())
        self.login.currentIndexChanged.connect(self._follow)

    def show_stored(self, stored: StoredServer) -> None:
        """Show what is stored, and what overrides it; a stored login is named and not shown."""
        self._stored = stored
        self.login.blockSignals(True)  # noqa: FBT003 Qt's
        self.login.clear()
        self.login.addItems([each for each in Login if each is not Login.STORED or stored.has_login])
        self.login.setCurrentIndex(0)
        self.login.blockSignals(False)  # noqa: FBT003 Qt's
        self.address.setText(stored.address)
        overrides = [texts.environment_wins(stored.variable, stored.decided)] if stored.variable else []
        overrides += [texts.environment_login_wins(stored.login_variable)] if stored.login_variable else []
        self.overrides.show_text("\n".join(overrides))
        self._form.setRowVisible(self.overrides, bool(overrides))
        self._follow()

    def choice(self) -> ServerChoice:
        """Return what was entered.

        Raises:
            UsageError: The login is none.
        """
        return ServerChoice(address=self.address.text(), credentials=self._credentials())

    def forget_typed(self) -> None:
        """Empty the fields of secrets."""
        for field in (self.username, self.password, self.token):
            field.clear()

    def _credentials(self) -> Credentials | None:
        from acnelib.config.credentials import Credentials

        login = self.login.currentText()
        if login == Login.STORED:
            return None
        if login == Login.TOKEN:
            return Credentials(token=self.token.text().strip())
        if login == Login.PASSWORD:
            return Credentials(username=self.username.text().strip(), password=self.password.text())
        return Credentials()

    @Slot()
    def _follow(self) -> None:
        login = self.login.currentText()
        self._form.setRowVisible(self.username, login == Login.PASSWORD)
        self._form.setRowVisible(self.password, login == Login.PASSWORD)
        self._form.setRowVisible(self.token, login == Login.TOKEN)
        is_typed = login in {Login.PASSWORD, Login.TOKEN}
        self._form.setRowVisible(self.storage_note, is_typed)
        warning = warnings_about(self.address.text(), has_login=is_typed or login == Login.STORED)
        self.warning.show_text(warning)
        self._form.setRowVisible(self._warning_row, bool(warning))
        self.changed.emit()


def _secret() -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def _with_mark(paragraph: Paragraph) -> QWidget:
    """Return a paragraph beside the shape of what is to be heeded."""
    mark, whole = BannerMark(), QWidget()
    mark.show_kind(BannerKind.OTHER)
    line = QHBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(paragraph, 1)
    return whole
