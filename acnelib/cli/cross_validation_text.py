"""Text output of ``acne cross-validate``: tables by what was held apart, by source and by class, then remarks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from acnelib.text.layout import shorten
from acnelib.validation.cross_validation_record import HeldOutUnit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acnelib.validation.cross_validation_record import (
        CrossValidation,
        EstimatedShare,
        HeldOutEvaluation,
        MeanAndDeviation,
        RecipeEvaluation,
    )

_ROWS = {
    "macro_f1": "macro-F1",
    "balanced_accuracy": "balanced accuracy",
    "accuracy": "accuracy",
    "ece": "ECE",
    "ece_limit": "  calibrated, at most",
    "nll": "NLL",
    "brier": "Brier",
    "coverage": "confident answers",
    "selective_accuracy": "  right of them",
    "out_of_scope": "out of scope",
}
_WITH_INTERVAL = ("macro_f1", "accuracy", "selective_accuracy", "out_of_scope")
_NAME_WIDTH, _CELL_WIDTH, _LINE = 23, 14, 80
_APART_WIDTH, _COUNT_WIDTH, _SHARE_WIDTH, _INTERVAL_WIDTH = 9, 7, 8, 13
_MOST_LABEL = _LINE - 1 - _APART_WIDTH - _COUNT_WIDTH - 2 * (_SHARE_WIDTH + _INTERVAL_WIDTH)


def cross_validation_lines(found: CrossValidation) -> Iterator[str]:
    """Yield the lines of a cross-validation."""
    yield (
        f"{found.photos} photos of {len(found.classes)} classes, without the test photos: "
        f"{found.repeats} × {found.folds} folds"
    )
    for recipe in found.recipes:
        yield ""
        yield f"{recipe.backbone}, weights {recipe.weights}"
        titles = [f"{yardstick.apart} ({yardstick.units})" for yardstick in recipe.yardsticks]
        yield from _table("held apart by", titles, recipe.yardsticks)
        yield from _sources(recipe)
        yield from _classes(recipe)
    yield from _paired(found)
    yield ""
    yield from remarks(found)


def remarks(found: CrossValidation) -> Iterator[str]:
    """Yield remarks on the figures, in sentences; which figure to believe for what comes last."""
    if found.lone:
        yield (
            f"All photos of {', '.join(found.lone)} look like one patient's, so no training photo shows the class "
            "while they are held out: add photos of other patients."
        )
    for recipe in found.recipes:
        name = f"{recipe.backbone}: " if len(found.recipes) > 1 else ""
        yield from (f"{name}{remark}" for remark in _remarks_on(recipe, shuffled=found.shuffled))
    yield from _untaught(found)
    yield _for_other_patients(found)
    yield _for_other_sources(found)
    if found.recipes[0].unseen_conditions is None:
        yield (
            "How many photos of other skin conditions are refused is not known: name photos of such conditions with "
            "--background."
        )


def _table(corner: str, titles: Sequence[str], columns: Sequence[HeldOutEvaluation]) -> Iterator[str]:
    width = max(_CELL_WIDTH, *(len(title) + 1 for title in titles))
    yield _row(corner, titles, width)
    yield _row("photos", [str(column.photos) for column in columns], width)
    if any(column.untaught for column in columns):
        yield _row("  untaught, not scored", [str(sum(column.untaught.values())) for column in columns], width)
    for name, title in _ROWS.items():
        yield _row(title, [_cell(column.figures[name]) for column in columns], width)
        if name in _WITH_INTERVAL:
            yield _row("  95 % interval", [_interval(column.intervals[name]) for column in columns], width)


def _row(title: str, cells: Sequence[str], width: int) -> str:
    return f"{title:<{_NAME_WIDTH}}" + "".join(f"{cell:>{width}}" for cell in cells)


def _cell(figure: MeanAndDeviation) -> str:
    if figure.mean is None:
        return "–"
    return f"{figure.mean:.3f}" + ("" if figure.sd is None else f" ±{figure.sd:.3f}")


def _interval(interval: tuple[float, float] | None, *, sign: str = "") -> str:
    if interval is None:
        return "–"
    low, high = interval
    between = " to " if sign else "–"
    return f"{low:{sign}.3f}{between}{high:{sign}.3f}"


def _sources(recipe: RecipeEvaluation) -> Iterator[str]:
    """Yield a table of the sources held apart, in blocks of as many columns as fit into a line."""
    names = list(recipe.unseen_sources)
    if not names:
        return
    titles = {name: shorten(name, _LINE - _NAME_WIDTH - 1) for name in names}
    width = max(_CELL_WIDTH, *(len(title) + 1 for title in titles.values()))
    block = max(1, (_LINE - _NAME_WIDTH) // width)
    for first in range(0, len(names), block):
        some = names[first : first + block]
        yield ""
        yield from _table(
            "source held apart", [titles[name] for name in some], [recipe.unseen_sources[name] for name in some]
        )


def _classes(recipe: RecipeEvaluation) -> Iterator[str]:
    shown = [one for apart in (HeldOutUnit.SERIES, HeldOutUnit.SOURCES) if (one := recipe.find(apart)) is not None]
    labels = sorted({label for one in shown for label in one.per_class})
    width = max(len(label) for label in ("class", *(one for one in labels if len(one) <= _MOST_LABEL))) + 1
    yield ""
    yield (
        f"{'class':<{width}}{'apart by':<{_APART_WIDTH}}{'photos':>{_COUNT_WIDTH}}"
        f"{'recall':>{_SHARE_WIDTH}}{'95 %':>{_INTERVAL_WIDTH}}{'F1':>{_SHARE_WIDTH}}{'95 %':>{_INTERVAL_WIDTH}}"
    )
    for label in labels:
        if len(label) > _MOST_LABEL:
            yield label
        cell = label if len(label) <= _MOST_LABEL else ""
        for one in shown:
            if values := one.per_class.get(label):
                shares = "".join(map(_share, (values.recall, values.f1)))
                yield f"{cell:<{width}}{one.apart:<{_APART_WIDTH}}{values.photos:>{_COUNT_WIDTH}}{shares}"


def _share(share: EstimatedShare) -> str:
    value = "–" if share.value is None else f"{share.value:.3f}"
    return f"{value:>{_SHARE_WIDTH}}{_interval(share.interval):>{_INTERVAL_WIDTH}}"


def _paired(found: CrossValidation) -> Iterator[str]:
    if not found.paired:
        return
    yield ""
    yield f"Differences from {found.paired[0].against} on the same photos, 95 % intervals over series"
    for backbone in dict.fromkeys(one.backbone for one in found.paired):
        yield f"{backbone}"
        yield f"  {'apart by':<{_APART_WIDTH}}{'macro-F1':>9}{'95 %':>18}{'accuracy':>10}{'95 %':>18}"
        for one in found.paired:
            if one.backbone == backbone:
                macro_f1, accuracy = (
                    _interval(one.macro_f1.interval, sign="+"),
                    _interval(one.accuracy.interval, sign="+"),
                )
                yield (
                    f"  {one.apart:<{_APART_WIDTH}}{one.macro_f1.value:>+9.3f}{macro_f1:>18}"
                    f"{one.accuracy.value:>+10.3f}{accuracy:>18}"
                )


def _remarks_on(recipe: RecipeEvaluation, *, shuffled: bool) -> Iterator[str]:
    macro_f1 = {str(yardstick.apart): _mean(yardstick.figures["macro_f1"]) for yardstick in recipe.yardsticks}
    loose = macro_f1.get("photos")
    if shuffled:
        figures = (
            f"{macro_f1[yardstick.apart]:.3f} against {_mean(yardstick.figures['macro_f1_by_chance']):.3f} "
            f"by {yardstick.apart}"
            for yardstick in recipe.yardsticks
        )
        memory = "" if loose is None else "; folds by photo may be above it, because copies are remembered"
        yield f"Labels were shuffled, so macro-F1 must be what chance gives: {', '.join(figures)}{memory}."
    if loose is not None:
        yield (
            f"Folds by photo change macro-F1 by {loose - macro_f1['groups']:+.3f} against groups and by "
            f"{loose - macro_f1['series']:+.3f} against series."
        )
    if (unseen := recipe.unseen_conditions) is not None:
        yield (
            f"Of {unseen.photos} photos of {unseen.conditions} other conditions, each judged by a scope that never "
            f"saw its condition, {_with_interval(unseen.refused)} are refused as out of scope and "
            f"{_with_interval(unseen.confident)} get a confident answer."
        )


def _with_interval(share: EstimatedShare) -> str:
    interval = "" if share.interval is None else f" ({_interval(share.interval)})"
    return f"{_number(share.value):.3f}{interval}"


def _untaught(found: CrossValidation) -> Iterator[str]:
    for name, one in found.recipes[0].unseen_sources.items():
        if one.untaught:
            classes = ", ".join(f"{number} of {label}" for label, number in one.untaught.items())
            yield (
                f"Not scored while {name} is held apart, because the other sources do not teach their class: {classes}."
            )
    if found.recipes[0].unseen_sources and found.not_held_apart:
        yield (
            f"Not held apart: {', '.join(found.not_held_apart)}; the other sources do not teach two classes, or none "
            "of its own."
        )


def _for_other_patients(found: CrossValidation) -> str:
    from acnelib.dataset.series import MOST_PHOTOS

    recipe = found.recipes[0]
    if found.photos > MOST_PHOTOS:
        return (
            f"For other patients in photos like these, every figure may be too high: beyond {MOST_PHOTOS} photos no "
            "series are searched for, so groups, of copies and scenes only, take their place."
        )
    series, groups = recipe.on(HeldOutUnit.SERIES).units, recipe.on(HeldOutUnit.GROUPS).units
    if series == groups:
        return (
            "For other patients in photos like these, believe series; no photos look like one patient's beyond copies "
            "and scenes, so groups say the same."
        )
    return (
        f"For other patients in photos like these, believe series: they also keep photos together that look like one "
        f"patient's ({series} instead of {groups}), whereas groups, of copies and scenes only, flatter."
    )


def _for_other_sources(found: CrossValidation) -> str:
    if found.recipes[0].unseen_sources:
        return (
            "For photos from elsewhere, of another clinic, camera or collection, believe sources: each was predicted "
            "by what the others teach."
        )
    if len(found.sources) < 2:
        return (
            "There is one source, so no source could be held apart: how good the model is on photos from elsewhere is "
            "not known."
        )
    return (
        "No source could be held apart, because the others do not teach two classes, or none of its own: how good the "
        "model is on photos from elsewhere is not known."
    )


def _mean(figure: MeanAndDeviation) -> float:
    return _number(figure.mean)


def _number(value: float | None) -> float:
    return math.nan if value is None else value
