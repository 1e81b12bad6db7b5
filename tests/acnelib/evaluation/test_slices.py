"""Metrics of slices: claims only where there are photos enough for them."""

from __future__ import annotations

from acnelib.evaluation.skin_tone import FAMILY, Tone
from acnelib.evaluation.slices import TOO_FEW, slice_families

RIGHT, WRONG = (0.9, 0.1, 0.0), (0.1, 0.9, 0.0)


def family_of(answers, names, name="Place"):
    slice_of = {photo.sha256: part for photo, part in zip(answers.photos, names, strict=False)}
    (family,) = slice_families(answers, {name: slice_of})
    return family


def test_a_slice_has_its_photos_groups_and_accuracy(scored):
    answers = scored([RIGHT] * 15 + [WRONG] * 15, ["cysts"] * 30, groups=[place // 2 for place in range(30)])
    face = family_of(answers, ["face"] * 30).slices[0]
    assert (face.name, face.n, face.groups, face.accuracy.value) == ("face", 30, 15, 0.5)


def test_of_fewer_than_ten_groups_nothing_is_claimed(scored):
    (few,) = family_of(scored([RIGHT] * 18, ["cysts"] * 18, groups=[i // 2 for i in range(18)]), ["x"] * 18).slices
    assert few.has_too_few_groups
    assert (few.accuracy.interval, few.accuracy.note, few.macro_f1.note) == (None, TOO_FEW, TOO_FEW)


def test_slices_whose_intervals_do_not_overlap_are_told_in_a_sentence(scored):
    answers = scored([RIGHT] * 20 + [WRONG] * 20, ["cysts"] * 40)
    family = family_of(answers, ["face"] * 20 + ["back"] * 20)
    assert family.differences[0].startswith("Accuracy is higher on “face” (1.00, 0.84–1.00) than on “back” (0.00, ")


def test_slices_whose_intervals_overlap_are_not_called_different(scored):
    scores = [RIGHT] * 12 + [WRONG] * 8 + [RIGHT] * 8 + [WRONG] * 12
    assert not family_of(scored(scores, ["cysts"] * 40), ["face"] * 20 + ["back"] * 20).differences


def test_copies_do_not_make_slices_different(scored):
    of_face, of_back = [RIGHT] * 7 + [WRONG] * 4, [RIGHT] * 4 + [WRONG] * 7
    scores = [score for score in of_face + of_back for _ in range(20)]
    answers = scored(scores, ["cysts"] * 440, groups=[place // 20 for place in range(440)])
    assert not family_of(answers, ["face"] * 220 + ["back"] * 220).differences


def test_macro_f1_is_not_claimed_where_a_class_has_one_group(scored):
    answers = scored([RIGHT] * 12 + [WRONG], ["cysts"] * 12 + ["papules"])
    (one,) = family_of(answers, ["face"] * 13).slices
    assert one.accuracy.interval is not None
    assert (one.macro_f1.interval, one.macro_f1.note) == (None, "a class of one group: no claim")


def test_tones_stand_from_light_to_dark_and_are_called_estimates(scored):
    names = ["no estimate", str(Tone.DARK), str(Tone.VERY_LIGHT), str(Tone.TAN)]
    family = family_of(scored([RIGHT] * 4, ["cysts"] * 4), names, name=FAMILY)
    assert [one.name for one in family.slices] == ["very light", "tan", "dark", "no estimate"]
    assert "Estimated from the photo" in family.note


def test_photos_in_no_slice_are_counted_and_unknown_ones_passed_over(scored):
    answers = scored([RIGHT] * 5, ["cysts"] * 5)
    (family,) = slice_families(answers, {"Place": {answers.photos[0].sha256: "face", "unknown": "back"}})
    assert [one.name for one in family.slices] == ["face"]
    assert family.without == 4
