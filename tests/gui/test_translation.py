"""The app in German: every text has a translation, and the window shows it; English needs none."""

from __future__ import annotations

import ast
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import pytest
import translations
from PySide6.QtCore import QTranslator

from gui import translation
from gui.answer import class_meaning
from gui.state import class_names
from gui.state.wording import class_name, written_time
from gui.translation import ENGLISH, GERMAN, LANGUAGES, translate, use_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TS = translations.TRANSLATIONS / "acnelib_de.ts"
QM = TS.with_suffix(".qm")
EMPHASIS = re.compile(r"(?<!\*)\*([A-ZÄÖÜ][^*]*)\*(?!\*)")
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


class Text(NamedTuple):
    context: str
    source: str


class Translated(NamedTuple):
    text: str
    finished: bool


def read(ts: Path) -> dict[Text, Translated]:
    found = {}
    for context in ET.parse(ts).getroot().iter("context"):
        for message in context.iter("message"):
            target = message.find("translation")
            key = Text(context.findtext("name"), message.findtext("source"))
            found[key] = Translated(target.text or "", finished="type" not in target.attrib)
    return found


GERMAN_TEXTS = read(TS)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Leave every other test the language in which its texts were imported."""
    yield
    use_language(ENGLISH.code)


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Take the warnings of a test out of the log, so that they may be expected."""

    def taken() -> list[str]:
        messages = [each.getMessage() for each in caplog.get_records("call") if each.levelno >= logging.WARNING]
        caplog.clear()
        return messages

    return taken


@pytest.fixture(scope="module")
def window(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What the real window says in English and in German, each in a process of its own."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("german")
    Image.new("RGB", (96, 96), (255, 0, 0)).save(folder / "photo.png")
    apps = {code: start(code, bundle, folder / "photo.png", home=folder / code) for code in LANGUAGES}
    found = {}
    for code, app in apps.items():
        out, err = app.communicate(timeout=60)
        assert app.returncode == 0, err
        found[code] = json.loads(out)
    return found


def start(code: str, *arguments: Path, home: Path) -> subprocess.Popen[str]:
    home.mkdir()
    root = Path(__file__).parents[2]
    environment = {"PYTHONPATH": str(root), "QT_QPA_PLATFORM": "offscreen", "ACNE_HOME": str(home), "TZ": "UTC"}
    command = [sys.executable, "-W", "error", str(Path(__file__).with_name("german_app.py")), code]
    return subprocess.Popen(
        [*command, *map(str, arguments)],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def language_of_system(variables: dict[str, str]) -> subprocess.Popen[str]:
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment |= {"PYTHONPATH": str(Path(__file__).parents[2])} | variables
    code = "from gui.translation import SYSTEM, use_language; print(use_language(SYSTEM).code)"
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)


class TestTheFileOfTranslations:
    def test_has_every_text_of_the_sources_and_no_other(self, tmp_path: Path) -> None:
        gathered = tmp_path / "acnelib_de.ts"
        gathered.write_bytes(TS.read_bytes())
        translations.update(gathered)
        assert read(gathered) == GERMAN_TEXTS

    def test_misses_no_call_in_the_sources(self) -> None:
        calls = {
            Text(*(argument.value for argument in node.args))
            for module in translations.sources()
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "translate"
        }
        assert calls == GERMAN_TEXTS.keys()

    def test_leaves_no_text_untranslated(self) -> None:
        assert [key for key, german in GERMAN_TEXTS.items() if not (german.finished and german.text)] == []

    def test_keeps_the_places_of_values(self) -> None:
        def places(text: str) -> set[str]:
            return set(PLACEHOLDER.findall(text))

        assert [key for key, german in GERMAN_TEXTS.items() if places(key.source) != places(german.text)] == []

    def test_keeps_the_number_of_letters_that_are_pressed_with_alt(self) -> None:
        assert [k for k, german in GERMAN_TEXTS.items() if k.source.count("&") != german.text.count("&")] == []

    def test_keeps_what_follows_and_what_stands_at_the_ends(self) -> None:
        def ends(text: str) -> tuple[bool, bool, bool]:
            return text.endswith("…"), text[0].isspace(), text[-1].isspace()

        assert [key for key, german in GERMAN_TEXTS.items() if ends(key.source) != ends(german.text)] == []

    def test_says_that_the_app_gives_no_diagnosis_and_nothing_else_about_one(self) -> None:
        named = [german.text for german in GERMAN_TEXTS.values() if "diagnos" in german.text.lower()]
        assert named == ["Forschungswerkzeug, keine Diagnose"]

    def test_has_german_quotation_marks(self) -> None:
        assert [german.text for german in GERMAN_TEXTS.values() if re.search("[\"”’']", german.text)] == []
        unpaired = {key: re.sub("„[^„“]+“", "", german.text) for key, german in GERMAN_TEXTS.items()}
        assert [text for text in unpaired.values() if "„" in text or "“" in text] == []

    def test_is_what_the_app_loads(self, tmp_path: Path) -> None:
        translations.release(TS, tmp_path / "now.qm")
        now, shipped = QTranslator(), QTranslator()
        assert now.load(str(tmp_path / "now.qm"))
        assert shipped.load(str(QM))
        texts = {key: german.text for key, german in GERMAN_TEXTS.items()}
        assert {key: now.translate(*key) for key in GERMAN_TEXTS} == texts
        assert {key: shipped.translate(*key) for key in GERMAN_TEXTS} == texts


class TestTheWindow:
    def test_has_german_menus_and_keeps_its_keys(self, window: dict[str, dict]) -> None:
        german = window["de"]["menus"]
        assert list(german) == ["&Datei", "&Liste", "&Prüfung", "&Ansicht", "&Modell", "&Hilfe"]
        assert german["&Datei"][0] == "Fotos ö&ffnen…"
        assert window["de"]["keys"] == window["en"]["keys"]

    def test_has_no_menu_in_which_a_letter_stands_for_two_commands(self, window: dict[str, dict]) -> None:
        menus = window["de"]["menus"]
        for texts in [list(menus), *menus.values()]:
            letters = [found[1].lower() for text in texts if (found := re.search("&([^&])", text))]
            assert sorted(letters) == sorted(set(letters)), texts

    def test_names_and_explains_the_class_in_german(self, window: dict[str, dict]) -> None:
        panel = window["de"]["panel"]
        assert "Papeln" in panel
        assert "Kleine, erhabene, entzündete Knötchen ohne sichtbaren Eiter" in panel
        assert "Papules" not in panel

    def test_has_the_buttons_of_qt_in_german(self, window: dict[str, dict]) -> None:
        assert window["de"]["buttons"] == ["Schließen", "Abbrechen"]

    def test_writes_numbers_and_times_as_germans_do(self, window: dict[str, dict]) -> None:
        assert window["de"]["numbers"] == ["1.234", "0,71", "67\u00a0%", "30.11.2026\u00a014:05"]
        assert window["en"]["numbers"] == ["1,234", "0.71", "67\u00a0%", "2026-11-30\u00a014:05"]

    def test_exports_the_same_in_every_language(self, window: dict[str, dict]) -> None:
        assert any("papules" in line for line in window["en"]["exported"])
        assert window["de"]["exported"] == window["en"]["exported"]

    @pytest.mark.parametrize("code", LANGUAGES)
    def test_cuts_the_words_of_no_button(self, window: dict[str, dict], code: str) -> None:
        assert window[code]["cut"] == []

    def test_lets_the_user_choose_the_language_in_its_own_words(self, window: dict[str, dict]) -> None:
        assert window["de"]["languages"] == ["System", "English", "Deutsch"]
        assert (window["de"]["language"], window["de"]["settings"]) == ("Deutsch", "Einstellungen")
        assert (window["en"]["language"], window["en"]["settings"]) == ("English", "Settings")


class TestTheHelp:
    def test_has_the_same_topics_in_both_languages(self, window: dict[str, dict]) -> None:
        topics = {code: window[code]["topics"] for code in LANGUAGES}
        assert topics["de"][0][0] == "Erste Schritte"
        assert len(topics["de"]) == len(topics["en"])
        counted = {code: [text.count("\n- ") for _, _, text in topics[code]] for code in LANGUAGES}
        assert counted["de"] == counted["en"]

    @pytest.mark.parametrize("code", LANGUAGES)
    def test_names_only_what_is_in_a_menu_or_on_a_button(self, window: dict[str, dict], code: str) -> None:
        for _, _, text in window[code]["topics"]:
            assert set(EMPHASIS.findall(text)) <= set(window[code]["controls"])

    @pytest.mark.parametrize("code", LANGUAGES)
    def test_links_to_topics_that_it_has(self, window: dict[str, dict], code: str) -> None:
        links = {link for _, _, text in window[code]["topics"] for link in re.findall(r"\]\(([^)]+)\)", text)}
        assert links <= {anchor for _, anchor, _ in window[code]["topics"]}


class TestTheChoice:
    def test_follows_the_system(self) -> None:
        wanted = [
            ({"LANGUAGE": "de"}, GERMAN),
            ({"LANG": "de_AT.UTF-8"}, GERMAN),
            ({"LANGUAGE": "fr:de"}, GERMAN),
            ({"LANGUAGE": "en", "LANG": "de_DE.UTF-8"}, ENGLISH),
            ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, ENGLISH),
            ({"LANG": "fr_FR.UTF-8"}, ENGLISH),
        ]
        systems = [language_of_system(variables) for variables, _ in wanted]  # Qt asks once in a process
        found = [system.communicate(timeout=60)[0].strip() for system in systems]
        assert found == [language.code for _, language in wanted]

    def test_translates_from_then_on(self) -> None:
        use_language("de")
        assert translate("state", "confident") == "sicher"
        assert translate("state", "a text without a translation") == "a text without a translation"

    def test_is_english_where_the_language_is_not_known(self, warnings: Callable[[], list[str]]) -> None:
        assert use_language("tlh") is ENGLISH
        assert warnings() == ["the app has no language 'tlh': it is shown in English"]

    @pytest.mark.parametrize("content", [None, b"", b"no translation", QM.read_bytes()[:4000]])
    def test_is_english_where_the_translation_is_missing_or_damaged(
        self, tmp_path: Path, warnings: Callable[[], list[str]], content: bytes | None
    ) -> None:
        if content is not None:
            (tmp_path / QM.name).write_bytes(content)
        assert use_language("de", folder=tmp_path) is ENGLISH
        assert translate("state", "confident") == "confident"
        assert warnings() == ["the translation acnelib_de.qm is missing or damaged: its texts are shown in English"]


class TestEnglish:
    def test_loads_no_translator_and_changes_no_text(self) -> None:
        use_language("en")
        assert translation._Chosen.translator is None
        assert [key for key in GERMAN_TEXTS if translate(*key) != key.source] == []

    def test_names_classes_as_their_labels_do(self) -> None:
        from acnelib.labels import display_name

        labels = {*class_names._NAMES, *class_meaning._TEXTS}
        assert {label: class_name(label) for label in labels} == {label: display_name(label) for label in labels}

    def test_is_chosen_before_any_text_is_imported(self) -> None:
        code = "import gui.application, sys; print([m for m in sys.modules if m.endswith(('.texts', '.wording'))])"
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        result = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        assert result.stdout == "[]\n"


def test_a_class_without_a_translation_keeps_its_english_name() -> None:
    use_language("de")
    assert class_name("grade-1+") == "Grade 1+"


def test_what_a_user_wrote_is_never_a_pattern() -> None:
    from gui.files import texts

    assert texts.picture_saved(Path("{0} {name}.png")).startswith("Saved the picture to {0} {name}.png,")


def test_dates_follow_the_language() -> None:
    from datetime import datetime

    use_language("de")
    assert written_time(datetime.fromisoformat("2026-11-30T14:05:00")) == "30.11.2026 14:05"
