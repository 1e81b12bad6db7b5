from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from acnelib.inference import ModelIdentity, Prediction, Quality, Verdict
from acnelib.reviews import ReviewVerdict
from gui.photos import texts
from gui.photos.table_model import ResultsModel, Role
from gui.state.results import Results, Row
from gui.state.results_filter import Column, Filter, RowKind, natural_key
from gui.state.review_session import ReviewSubject

MODEL = ModelIdentity(name="acne", version="3", sha256="f" * 64)
UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture
def model(qapp: object) -> ResultsModel:
    """A model that Qt watches: what it says of its changes has to be true."""
    model = ResultsModel(Results())
    model.tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return model


def paths(*names: str) -> list[Path]:
    return [Path("album") / name for name in names]


def answered(row: Row, label: str = "papules", confidence: float = 0.7, verdict: Verdict | None = None) -> Row:
    verdict = verdict or (Verdict.CONFIDENT if confidence >= 0.6 else Verdict.UNCERTAIN)
    scores = {label: confidence, "other": 1 - confidence}
    prediction = Prediction(
        path=None,
        sha256=f"{row.number:064x}",
        label=label,
        confidence=confidence,
        verdict=verdict,
        scores=scores,
        model=MODEL,
    )
    return row.answered(prediction, stage="Production", at="2026-01-01T00:00:00+00:00")


def failed(row: Row) -> Row:
    prediction = Prediction(path=None, sha256=None, model=MODEL, error=f"{row.path} is empty: copy or export it again")
    return row.answered(prediction, stage=None, at="2026-01-01T00:00:00+00:00")


def names(model: ResultsModel) -> list[str]:
    return [row.path.name for row in model.shown_rows()]


def cells(model: ResultsModel, line: int, role: int = Qt.ItemDataRole.DisplayRole) -> list[object]:
    return [model.index(line, column).data(role) for column in Column]


def test_a_row_says_photo_folder_class_score_verdict_and_model(model):
    (row,) = model.add(paths("a.png"))
    model.put([answered(row)])
    assert cells(model, 0) == ["a.png", "album", "Papules", "70\u00a0%", "Confident", "", "acne, version 3"]


def test_the_private_folder_of_sample_pictures_is_called_temporary(model):
    model.add([Path("/tmp") / "acnelib-pictures-x1y2" / "Sample 1.png"])
    assert cells(model, 0)[Column.FOLDER] == texts.TEMPORARY


def test_a_pending_row_says_so(model):
    model.add(paths("a.png"))
    assert cells(model, 0) == ["a.png", "album", texts.PENDING, "", "", "", ""]


def test_a_failed_row_shows_its_reason_and_never_its_folder(model):
    (row,) = model.add(paths("a.png"))
    model.put([failed(row)])
    assert cells(model, 0) == [
        "a.png",
        "album",
        "Is empty: copy or export it again",
        "",
        "Failed",
        "",
        "acne, version 3",
    ]
    assert model.index(0, Column.LABEL).data(Qt.ItemDataRole.ToolTipRole) == "a.png is empty: copy or export it again"


def test_the_path_and_all_scores_are_in_the_tips(model):
    (row,) = model.add(paths("a.png"))
    model.put([answered(row)])
    path, folder, scores, *_, version = cells(model, 0, Qt.ItemDataRole.ToolTipRole)
    assert (path, scores) == (str(Path("album", "a.png")), "Papules: 70\u00a0%\nOther: 30\u00a0%")
    assert folder == "album"
    assert version == f"acne, version 3, Production\nBundle {'f' * 64}"


def test_the_tip_of_a_verdict_says_what_is_wrong_with_the_photo(model):
    (row,) = model.add(paths("a.png"))
    row = answered(row, verdict=Verdict.UNCERTAIN)
    model.put([replace(row, prediction=replace(row.prediction, quality=(Quality.SMALL, Quality.BLURRED)))])
    assert cells(model, 0, Qt.ItemDataRole.ToolTipRole)[Column.VERDICT] == "Uncertain\nPhoto quality: small, blurred"


def test_screen_readers_hear_what_a_cell_is_about(model):
    one, two = model.add(paths("a.png", "b.png"))
    model.put([answered(one), failed(two)])
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert cells(model, 0, spoken) == [
        "a.png",
        "Folder: album",
        "Class: Papules",
        "Score: 70\u00a0%",
        "Verdict: Confident",
        "",
        "Model: acne, version 3",
    ]
    assert model.index(1, Column.LABEL).data(spoken) == "Is empty: copy or export it again"


def test_raw_values_are_for_sorting(model):
    (row,) = model.add(paths("a.png"))
    model.put([answered(row, confidence=0.5)])
    assert model.index(0, Column.SCORE).data(Role.RAW) == 0.5
    assert model.index(0, Column.PHOTO).data(Role.ROW).number == row.number


def test_names_are_sorted_as_people_count(model):
    model.add(paths("photo 10.png", "Photo 2.png", "10.png", "photo.png"))
    model.sort(Column.PHOTO, UP)
    assert names(model) == ["10.png", "Photo 2.png", "photo 10.png", "photo.png"]
    assert natural_key("a") < natural_key("a1") < natural_key("a10")


@pytest.mark.parametrize(("order", "expected"), [(UP, "bcade"), (DOWN, "acbde")])
def test_what_has_no_score_comes_last_either_way(model, order, expected):
    a, b, c, d, _ = model.add(paths(*"abcde"))
    model.put([answered(a, confidence=0.9), answered(b, confidence=0.4), answered(c, confidence=0.5), failed(d)])
    model.sort(Column.SCORE, order)
    assert "".join(names(model)) == expected


def test_a_negative_column_is_the_order_in_which_photos_came(model):
    model.add(paths("b", "a"))
    model.sort(Column.PHOTO, UP)
    model.sort(-1, UP)
    assert names(model) == ["b", "a"]


def test_answers_move_no_row_until_it_is_sorted_again(model):
    rows = model.add(paths("a", "b", "c"))
    model.sort(Column.SCORE, DOWN)
    model.put([answered(row, confidence=score) for row, score in zip(rows, (0.4, 0.5, 0.6), strict=True)])
    assert names(model) == ["a", "b", "c"]
    model.sort_again()
    assert names(model) == ["c", "b", "a"]


def test_a_selected_row_moves_with_its_photo(model):
    model.add(paths("a", "b", "c"))
    held = QPersistentModelIndex(model.index(0, 1))
    model.sort(Column.PHOTO, DOWN)
    assert (held.row(), held.column()) == (2, 1)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), "abcd"),
        (Filter(label="papules"), "ab"),
        (Filter(kind=RowKind.UNCERTAIN), "b"),
        (Filter(kind=RowKind.FAILED), "c"),
        (Filter(kind=RowKind.PENDING), "d"),
        (Filter(kind=RowKind.OUT_OF_SCOPE), ""),
        (Filter(text="B"), "b"),
        (Filter(label="papules", text="c"), ""),
    ],
)
def test_a_filter_lists_some(model, wanted, expected):
    a, b, c, _ = model.add(paths(*"abcd"))
    model.put([answered(a), answered(b, confidence=0.4), failed(c)])
    model.set_filter(wanted)
    assert "".join(names(model)) == expected


def test_answers_come_into_a_filter_and_leave_it(model):
    model.set_filter(Filter(label="papules"))
    a, b, c = model.add(paths(*"abc"))
    model.put([answered(c), answered(b, "cysts")])
    assert names(model) == ["c"]
    model.put([answered(a)])
    assert names(model) == ["a", "c"]
    model.set_filter(Filter(kind=RowKind.PENDING))
    model.reset_answers()
    assert names(model) == ["a", "b", "c"]
    model.put([answered(model.results[1])])
    assert names(model) == ["a", "c"]


def test_verdicts_follow_the_threshold_and_so_does_the_filter(model):
    a, b = model.add(paths("a", "b"))
    model.put([answered(a, confidence=0.9), answered(b, confidence=0.7)])
    model.set_filter(Filter(kind=RowKind.CONFIDENT))
    model.set_threshold(0.8)
    assert names(model) == ["a"]
    model.set_threshold(None)
    assert names(model) == ["a", "b"]


def test_a_file_opened_again_is_pending_in_its_place(model):
    a, b = model.add(paths("a", "b"))
    model.put([answered(a), answered(b)])
    (again,) = model.add(paths("a"))
    assert (names(model), model.line_of(again.number), model.line_of(a.number)) == (["a", "b"], 0, None)
    assert model.index(0, Column.LABEL).data() == texts.PENDING


def test_removed_rows_are_gone_and_late_news_of_them_not_wanted(model):
    a, b, c = model.add(paths("a", "b", "c"))
    model.remove([b.number, 999])
    model.put([answered(b), answered(c)])
    assert names(model) == ["a", "c"]
    assert [model.line_of(row.number) for row in (a, b, c)] == [0, None, 1]


def test_every_second_of_a_thousand_rows_can_be_removed(model):
    rows = model.add(paths(*map(str, range(1000))))
    model.set_filter(Filter(text="1"))
    model.remove([row.number for row in rows[::2]])
    assert names(model) == [str(number) for number in range(1, 1000, 2) if "1" in str(number)]
    model.set_filter(Filter())
    assert model.rowCount() == 500


def test_a_cleared_list_can_be_filled_again(model):
    model.add(paths("a", "b"))
    model.clear()
    model.add(paths("b"))
    assert names(model) == ["b"]


def test_photos_added_to_a_sorted_list_are_sorted_in(model):
    model.add(paths("b", "d"))
    model.sort(Column.PHOTO, UP)
    model.add(paths("c", "a"))
    assert names(model) == ["a", "b", "c", "d"]


def test_two_thousand_answers_are_signalled_at_once(qapp):
    model, reported = ResultsModel(Results()), []
    rows = model.add(paths(*map(str, range(2000))))
    model.dataChanged.connect(lambda top, bottom: reported.append((top.row(), bottom.row())))
    model.put(answered(row) for row in rows)
    assert reported == [(0, 1999)]


def test_the_classes_present_are_known(model):
    a, b, c = model.add(paths("a", "b", "c"))
    model.put([answered(a, "papules"), answered(b, "cysts"), failed(c)])
    assert model.labels == ("cysts", "papules")


class TestSortingIsKept:
    """What the user changes leaves the photos in the order that the user asked for."""

    @pytest.fixture
    def uncertain(self, model):
        rows = model.add(paths(*"abcd"))
        model.put(answered(row, confidence=score) for row, score in zip(rows, (0.5, 0.7, 0.59, 0.88), strict=True))
        model.set_filter(Filter(kind=RowKind.UNCERTAIN))
        model.sort(Column.SCORE, DOWN)
        assert names(model) == ["c", "a"]
        return model

    def test_when_another_threshold_lets_photos_in(self, uncertain):
        uncertain.set_threshold(0.9)
        assert names(uncertain) == ["d", "b", "c", "a"]

    def test_when_the_threshold_changes_what_is_sorted_by(self, uncertain):
        uncertain.set_filter(Filter())
        uncertain.sort(Column.VERDICT, UP)
        uncertain.set_threshold(0.55)
        assert names(uncertain) == ["b", "c", "d", "a"]

    def test_when_all_answers_are_reset(self, uncertain):
        uncertain.set_filter(Filter(kind=RowKind.PENDING))
        uncertain.sort(Column.PHOTO, DOWN)
        uncertain.reset_answers()
        assert names(uncertain) == ["d", "c", "b", "a"]

    def test_when_a_file_is_opened_once_more(self, uncertain):
        uncertain.set_filter(Filter(kind=RowKind.PENDING))
        uncertain.sort(Column.PHOTO, DOWN)
        uncertain.add(paths("a", "b"))
        assert names(uncertain) == ["b", "a"]


class TestReviews:
    @pytest.fixture
    def reviews(self, model):
        rows = model.add(paths("a.png", "b.png"))
        model.put([answered(rows[0], confidence=0.9), answered(rows[1], "cysts", 0.5)])
        reviews = model.view.reviews
        reviews.is_on, reviews.reviewer = True, "R1"
        return reviews

    def review(self, model, line, verdict=ReviewVerdict.NONE, label=None):
        subject = ReviewSubject(sha256=model.row_at(line).prediction.sha256, prediction=model.row_at(line).prediction)
        model.view.reviews.review([subject], verdict, label=label)

    def test_a_review_is_shown_in_words_with_those_of_others(self, model, reviews):
        self.review(model, 0, ReviewVerdict.CLASS, "acne-vulgaris")
        reviews.reviewer = "R2"
        assert model.text(model.row_at(0), Column.REVIEW) == "Acne vulgaris (R1)"
        self.review(model, 0)
        assert model.text(model.row_at(0), Column.REVIEW) == "None of these · Acne vulgaris (R1)"
        reviews.reviewer = ""
        assert model.text(model.row_at(0), Column.REVIEW) == "Acne vulgaris (R1) · None of these (R2)"

    def test_no_cell_gives_a_hidden_answer_away(self, model, reviews):
        reviews.wants_blind = True
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            assert cells(model, 0, role) == ["a.png", "", texts.HIDDEN, "", "", "", ""]
        assert cells(model, 0, Qt.ItemDataRole.ToolTipRole)[1:] == [""] * 6
        assert cells(model, 0, Role.RAW)[1:] == [None] * 6
        assert model.index(0, 0).data(Role.KIND) == RowKind.HIDDEN

    def test_neither_filter_nor_order_give_hidden_answers_away(self, model, reviews):
        reviews.wants_blind = True
        model.reviews_changed()
        model.sort(Column.SCORE, UP)
        assert names(model) == ["a.png", "b.png"]
        model.set_filter(Filter(label="cysts"))
        assert names(model) == []

    def test_an_answer_is_there_once_its_photo_is_reviewed(self, model, reviews):
        reviews.wants_blind = True
        self.review(model, 0)
        model.reviews_changed()
        assert [cells(model, line)[Column.LABEL] for line in (0, 1)] == ["Papules", texts.HIDDEN]

    def test_a_painted_answer_counts_as_shown_and_a_hidden_one_does_not(self, model, reviews):
        subject = ReviewSubject(sha256=f"{1:064x}", prediction=model.row_at(0).prediction)
        reviews.wants_blind = True
        model.text(model.row_at(0), Column.LABEL)
        assert reviews.is_blind(subject)
        reviews.wants_blind = False
        model.text(model.row_at(0), Column.LABEL)
        assert not reviews.is_blind(subject)
