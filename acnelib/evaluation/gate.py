"""The gate: a candidate replaces production only if it is better, or as good with another advantage.

Both models are compared on the same photos, by answers of heads that never saw the photo, or on photos kept out for a
test. A candidate is *better* if the paired bootstrap reaches the probability that :class:`GateRules` require. It is *as
good with another advantage* if it is not worse by more than a margin and was trained on more photos, is smaller, faster
or better calibrated, refuses more photos of skin conditions that neither learnt from, is free of withdrawn photos, or
states changed licences of the same photos. In both cases no class may lose more than half of its recall. The required
probability rises with the number of candidates since the last promotion, because the best of many can be better by
chance (Bonferroni correction).

Further functions judge where there is nothing to compare: no production yet, one model of drawn pictures only, other
classes, no photo left, no record of production's photos.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.text.formatting import format_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.evaluation.paired_comparison import PairedComparison
    from acnelib.evaluation.refusal_comparison import RefusalComparison

FEWEST_GROUPS = 10
"""Fewest groups of photos for comparing two models."""

KEPT_RECALL = 0.5
"""Share of production's recall that every class must keep."""

MOST_MISSING = 0.2
"""Largest share of production's class photos, and of its background photos, that a candidate's data may lack."""

_BY_HAND = "`acne promote VERSION --reason …`"
_JUDGED_CLASS = 2  # photos; the recall of a class with one photo can only be 0 or 1
_LARGER, _LESS = 1.05, 0.8  # trained on 5 % more photos; a fifth smaller or faster


@dataclass(frozen=True, kw_only=True)
class GateRules:
    """Requirements of the gate.

    Attributes:
        confidence: Required probability of being better, 0.5–1.
        margin: Largest loss of macro-F1 of a candidate with another advantage, 0–1.
    """

    confidence: float = 0.9
    margin: float = 0.02

    def required(self, judged: int) -> float:
        """Return the required probability beside a number of other candidates."""
        return 1 - (1 - self.confidence) / (judged + 1)


@dataclass(frozen=True, kw_only=True)
class Traits:
    """Properties of a model other than its performance.

    Attributes:
        train_photos: Number of training photos.
        size: Size of its LiteRT model in bytes.
        milliseconds: Shortest latency of its LiteRT model on this machine.
        withdrawn: Training photos that have been withdrawn since.
        relicensed: Whether its card states other licences for the same photos than the card of the other model.
    """

    train_photos: int
    size: int
    milliseconds: float
    withdrawn: int = 0
    relicensed: bool = False


@dataclass(frozen=True, kw_only=True)
class LackedPhotos:
    """Photos that production learnt from and the candidate's data lack, apart from withdrawn ones.

    Photos are compared, and not the names of sources, since a folder that was moved has another name.

    Attributes:
        kind: What they show, in words, such as "photos of the classes".
        lacked: Number of photos that the candidate's data lack.
        learnt: Number of photos that production learnt from.
    """

    kind: str
    lacked: int
    learnt: int

    @property
    def share(self) -> float:
        """Share of production's photos that is lacked, 0–1."""
        return self.lacked / self.learnt if self.learnt else 0.0


@dataclass(frozen=True, kw_only=True)
class JudgedPhotos:
    """The photos that two models are compared on.

    Attributes:
        known: Photos that both learnt from; each is answered by heads that never saw it.
        new: Photos that production never saw, and answers itself.
        left_out: Photos without a fair answer of production.
        not_blind: Photos that are not judged by, because reviewers gave their labels with a model's answer in sight.
        tested: Whether the photos were kept out for a test, so that the candidate answers itself.
        lost: What cannot be read of production's run, so that only photos new to production are compared; else None.
    """

    known: int
    new: int
    left_out: int = 0
    not_blind: int = 0
    tested: bool = False
    lost: str | None = None

    def remarks(self) -> list[str]:
        """Return what a reader of the decision must know about these photos, in sentences."""
        found = []
        if self.left_out:
            found.append(
                f"{self.left_out} photos were left out: production has learnt from them or from others of their groups"
            )
        if self.not_blind:
            found.append(
                f"{self.not_blind} photos were left out: reviewers gave their labels with a model's answer in sight"
            )
        if self.lost is not None:
            found.append(f"only photos that production never saw can be compared, because {self.lost}")
        return found


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Decision of the gate.

    Attributes:
        promote: Whether the candidate becomes production.
        reasons: Reasons, in sentences with numbers.
        numbers: Underlying numbers, by name, for programs.
    """

    promote: bool
    reasons: tuple[str, ...]
    numbers: dict[str, float]


def judge_first(*, candidate: float, majority: float, n: int, why_first: str) -> Judgement:
    """Judge a candidate without a production model: it must beat a model that always answers the majority class.

    Args:
        candidate: Macro-F1 of the candidate on photos that it never saw.
        majority: Macro-F1 of a model that always answers the majority class of the training photos.
        n: Number of these photos.
        why_first: Reason for having no production model, as a sentence.
    """
    better = candidate > majority
    comparison = "beats" if better else "does not beat"
    return Judgement(
        promote=better,
        reasons=(
            why_first,
            f"macro-F1 {candidate:.3f} on {n} photos held out {comparison} the majority class ({majority:.3f})",
        ),
        numbers={"photos": n, "candidate": candidate, "majority": majority},
    )


def judge_against_production(
    comparison: PairedComparison,
    *,
    version: str,
    candidate: Traits,
    production: Traits,
    photos: JudgedPhotos,
    refusals: RefusalComparison | None = None,
    lacked: Sequence[LackedPhotos] = (),
    other_candidates: int = 0,
    rules: GateRules | None = None,
) -> Judgement:
    """Judge a candidate on the photos about which both it and production have fair answers.

    Args:
        comparison: Performance of both on these photos.
        version: Version in production.
        candidate: Traits of the candidate.
        production: Traits of production.
        photos: How these photos were chosen.
        refusals: Refusals of both of photos of conditions that neither knows; None without enough of them.
        lacked: Photos of each kind that production learnt from and the candidate's data lack.
        other_candidates: Other candidates since the last promotion, those of the same run included.
        rules: Requirements.
    """
    rules = rules or GateRules()
    required = rules.required(other_candidates)
    visible = comparison.minimum_detectable_difference(required)
    losses = [*_narrowings(lacked, version=version), *_losses(comparison)]
    better = comparison.better >= required
    advantages = _advantages(comparison, candidate, production, required)
    if refusals is not None and refusals.better >= required:
        advantages.append(
            f"it refuses {refusals.candidate:.0%} of {refusals.photos} photos of {refusals.conditions} other skin "
            f"conditions that neither learnt from, production {refusals.production:.0%}"
        )
    as_good = comparison.difference >= -rules.margin and bool(advantages)
    enough = comparison.groups >= FEWEST_GROUPS
    compared = (
        f"macro-F1 {comparison.candidate:.3f} against {comparison.production:.3f} of production (version {version}) "
        f"on the same {comparison.photos} photos ({comparison.groups} groups), {_how(photos)}: "
        f"better with probability {comparison.better:.2f}, {required:.2f} is required"
    )
    reasons = [compared]
    if not enough:
        reasons.append(
            f"too few to judge on ({FEWEST_GROUPS} groups are needed), so production stays: add photos, or {_BY_HAND}"
        )
    elif not better:
        advantage = f"not worse by more than {rules.margin:.2f}, and {', '.join(advantages)}"
        power = f"a difference of less than {visible:.2f} cannot be detected with these photos"
        reasons.append(advantage if as_good else power if comparison.spread else "both answer these photos alike")
    reasons += losses
    if other_candidates:
        candidates = "1 other candidate" if other_candidates == 1 else f"{other_candidates} other candidates"
        reasons.append(f"{candidates} since the last promotion, so a higher probability is required")
    reasons += photos.remarks()
    return Judgement(
        promote=enough and (better or as_good) and not losses,
        reasons=tuple(reasons),
        numbers={
            "photos": comparison.photos,
            "groups": comparison.groups,
            "known": photos.known,
            "new": photos.new,
            "left_out": photos.left_out,
            "not_blind": photos.not_blind,
            "other_candidates": other_candidates,
            "candidate": comparison.candidate,
            "production": comparison.production,
            "probability_better": comparison.better,
            "probability_required": required,
            "probability_better_calibrated": comparison.better_calibrated,
            "smallest_visible_difference": visible,
            "margin": rules.margin,
            **_refused(refusals),
            **{f"lacked_{one.kind.replace(' ', '_')}": one.lacked for one in lacked},
        },
    )


def _refused(refusals: RefusalComparison | None) -> dict[str, float]:
    if refusals is None:
        return {}
    return {
        "condition_photos": refusals.photos,
        "candidate_refused": refusals.candidate,
        "production_refused": refusals.production,
        "probability_refuses_more": refusals.better,
    }


def _how(photos: JudgedPhotos) -> str:
    """Return which answers are compared, in words."""
    if photos.tested:
        return "kept out for a test"
    if not photos.new:
        return "each held out from both"
    if not photos.known:
        return "all of them new to production"
    return f"{photos.known} of them held out from both and {photos.new} new to production"


def judge_without_photos(*, version: str, photos: JudgedPhotos) -> Judgement:
    """Keep production if it has no fair answer about any photo."""
    reason = f"no photo is left to compare on, so production (version {version}) stays: add photos, or {_BY_HAND}"
    numbers: dict[str, float] = {"photos": 0, "left_out": photos.left_out}
    return Judgement(promote=False, reasons=(reason, *photos.remarks()), numbers=numbers)


def judge_without_records(*, version: str) -> Judgement:
    """Keep production if neither its run nor its bundle states which photos it learnt from."""
    reason = (
        f"it is unknown which photos production (version {version}) has learnt from, since its run is gone and its "
        f"bundle does not list them, so no comparison would be fair and production stays: {_BY_HAND}"
    )
    return Judgement(promote=False, reasons=(reason,), numbers={})


def judge_drawn(*, version: str) -> Judgement:
    """Keep a production model trained on photos over one trained on drawn pictures, whatever their metrics."""
    reason = f"it only knows drawn pictures, and production (version {version}) was trained on photos, so it stays"
    remedy = f"{_BY_HAND} changes over in spite of it"
    return Judgement(promote=False, reasons=(f"{reason}: {remedy}",), numbers={})


def judge_other_classes(*, candidate: Sequence[str], production: Sequence[str], version: str) -> Judgement:
    """Keep production if the classes differ, because the models cannot be compared."""
    added = ", ".join(sorted(set(candidate) - set(production))) or "none"
    gone = ", ".join(sorted(set(production) - set(candidate))) or "none"
    reason = f"production (version {version}) knows other classes and cannot be compared (new: {added}; gone: {gone})"
    remedy = f"{_BY_HAND} changes over to them"
    return Judgement(promote=False, reasons=(f"{reason}: {remedy}",), numbers={})


def _advantages(comparison: PairedComparison, candidate: Traits, production: Traits, required: float) -> list[str]:
    advantages = []
    if production.withdrawn:
        advantages.append(
            f"free of {production.withdrawn} photos that production was trained on and that were withdrawn"
        )
    if candidate.relicensed:
        advantages.append("its card tells the licences of the photos as they are now")
    if candidate.train_photos >= _LARGER * production.train_photos:
        advantages.append(f"trained on more photos ({candidate.train_photos}, production {production.train_photos})")
    if candidate.size <= _LESS * production.size:
        advantages.append(f"smaller ({format_bytes(candidate.size)}, production {format_bytes(production.size)})")
    if candidate.milliseconds <= _LESS * production.milliseconds:
        advantages.append(f"faster ({candidate.milliseconds:.1f} ms, production {production.milliseconds:.1f} ms)")
    if comparison.better_calibrated >= required:
        advantages.append(f"better calibrated with probability {comparison.better_calibrated:.2f}")
    return advantages


def _losses(comparison: PairedComparison) -> list[str]:
    return [
        f"{label}: recall {recall:.2f} on {photos} photos, production {before:.2f}: a class may not lose more than half"
        for label, (recall, before, photos) in comparison.recalls.items()
        if photos >= _JUDGED_CLASS and recall < KEPT_RECALL * before
    ]


def _narrowings(lacked: Sequence[LackedPhotos], *, version: str) -> list[str]:
    """Return why the candidate knows less than production; what it no longer knows cannot be seen on its own photos."""
    counts = [f"{one.lacked} of the {one.learnt} {one.kind}" for one in lacked if one.share > MOST_MISSING]
    if not counts:
        return []
    reason = f"its data lack {' and '.join(counts)} that production (version {version}) learnt from"
    return [f"{reason}, so production stays: name all sources, or {_BY_HAND} changes over in spite of it"]
