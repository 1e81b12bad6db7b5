"""The language of the app's texts; English is in the sources, the others come from Qt's translation files.

The language is chosen once, before the rooms' texts are imported, since most of these are constants. In English nothing
is loaded, and no text is looked up.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication, QTranslator

logger = logging.getLogger(__name__)

SYSTEM = "system"
"""The preference for the language of the system."""
FOLDER = Path(__file__).with_name("translations")


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language of the app.

    Attributes:
        code: Its code (ISO 639-1).
        name: Its own name for itself.
        decimal_mark: The character before the digits of a fraction.
        group_mark: The character between thousands.
        date: The pattern of a date, as ``strftime`` takes it.
    """

    code: str
    name: str
    decimal_mark: str
    group_mark: str
    date: str


ENGLISH = Language(code="en", name="English", decimal_mark=".", group_mark=",", date="%Y-%m-%d")
GERMAN = Language(code="de", name="Deutsch", decimal_mark=",", group_mark=".", date="%d.%m.%Y")
LANGUAGES = {language.code: language for language in (ENGLISH, GERMAN)}


class _Chosen:
    """What was chosen for the whole process."""

    language = ENGLISH
    translator: QTranslator | None = None


def translate(context: str, text: str) -> str:
    """Return a text in the chosen language; in English where it has no translation.

    ``pyside6-lupdate`` reads the calls from the sources, so both arguments are literals, and values are filled in
    afterwards: ``translate("files", "Saved {name}.").format(name=name)``.

    Args:
        context: The room that the text belongs to.
        text: The English text.
    """
    translator = _Chosen.translator
    return text if translator is None else translator.translate(context, text) or text


def language() -> Language:
    """Return the chosen language."""
    return _Chosen.language


def use_language(preference: str, *, folder: Path = FOLDER) -> Language:
    """Choose the language for all texts that are imported from now on; English where another cannot be had.

    Args:
        preference: The code of a language, or ``SYSTEM``.
        folder: The folder of the translations.
    """
    code = _language_of_system() if preference == SYSTEM else preference
    found = LANGUAGES.get(code)
    if found is None:
        logger.warning("the app has no language %r: it is shown in English", code)
    translator = None if found is None or found is ENGLISH else _loaded(folder / f"acnelib_{found.code}.qm")
    if found is None or translator is None:
        found = ENGLISH
    _Chosen.language, _Chosen.translator = found, translator
    return found


def translate_qt(application: QCoreApplication) -> None:
    """Let Qt's own words, such as those of its buttons and of file dialogs, be in the chosen language, too."""
    if _Chosen.language is ENGLISH:
        return
    from PySide6.QtCore import QLibraryInfo, QLocale

    QLocale.setDefault(QLocale(_Chosen.language.code))
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    translator = _loaded(folder / f"qtbase_{_Chosen.language.code}.qm")
    if translator is not None:
        translator.setParent(application)
        application.installTranslator(translator)


def _loaded(path: Path) -> QTranslator | None:
    from PySide6.QtCore import QTranslator

    translator = QTranslator()
    if translator.load(str(path)) and not translator.isEmpty():
        return translator
    logger.warning("the translation %s is missing or damaged: its texts are shown in English", path.name)
    return None


def _language_of_system() -> str:
    """Return the first of the user's languages that the app has; English without one."""
    from PySide6.QtCore import QLocale

    codes = (tag.replace("_", "-").partition("-")[0].lower() for tag in QLocale.system().uiLanguages())
    return next((code for code in codes if code in LANGUAGES), ENGLISH.code)
