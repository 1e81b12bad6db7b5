"""What stands in the name of a file or class is never markup in the app."""

from __future__ import annotations

import pytest
from PySide6.QtGui import Qt, QTextDocument

from gui.answer.score_bars import ScoreRow
from gui.widgets.plain_text import plain_text
from gui.widgets.text_widgets import Line, Paragraph

NAMES = [
    "<img src=http://example.org/a.png>.png",
    "<b>bold</b>",
    "a < b & c",
    "<!-- a",
    "a\u202egpj\n<i>",
    "&lt;b&gt;.jpg",
]


def as_shown(tip):
    """Return what Qt shows of a tooltip."""
    if not Qt.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


@pytest.mark.parametrize("name", NAMES)
def test_a_tooltip_shows_a_name_as_it_is(qtbot, name):
    assert as_shown(plain_text(name)) == name.replace("\u202e", r"\u202e")


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_plain_and_hide_nothing(qtbot, name):
    line, paragraph = Line(), Paragraph()
    qtbot.addWidget(line)
    qtbot.addWidget(paragraph)
    line.setText(name)
    paragraph.show_text(name)
    assert {line.textFormat(), paragraph.textFormat()} == {Qt.TextFormat.PlainText}
    assert not {"\u202e", "\n"} & set(line.text())
    assert "\u202e" not in paragraph.text()


def test_a_class_with_tags_in_its_name_is_shown_with_them(qtbot):
    row = ScoreRow()
    qtbot.addWidget(row)
    row.show_score("<b>acne</b>", 0.5, muted=False)
    row.show_choice(can_choose=True, chosen=False)
    assert "<b>acne</b>" in as_shown(row.toolTip()).casefold()
