from __future__ import annotations

from gui.widgets.text_widgets import breakable


def test_a_long_path_may_be_broken_and_ordinary_words_may_not() -> None:
    text = "run `acne demo` or read /home/somebody/a_rather_long_folder/model"
    broken = breakable(text)
    assert broken.replace("\u200b", "") == text
    assert broken.startswith("run `acne demo` or read ")
    assert max(len(piece) for piece in broken.replace("\u200b", " ").split()) <= 13
