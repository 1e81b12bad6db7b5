"""The site's own check as the window shows it; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acnelib.evaluation_record import Metrics
    from acnelib.site_check import SiteValidation
    from acnelib.verdicts import ConfidenceThreshold

FEWEST_BLIND = 30
"""Blind reviews that a check needs: as many photos as `acne validate`, which a test compares."""


@dataclass(frozen=True, kw_only=True)
class SiteCheck:
    """How often a model is right on the photos that were reviewed here.

    Attributes:
        blind: Photos with a blind review and an answer that the model did not learn from.
        in_sight: Photos that were reviewed with the answer in sight only, which are not counted.
        learnt_from: Blind photos that were left out because the model learnt from them; None: it does not say which.
        measured: On photos of which sources the verdicts were measured, and what that says of other photos.
        validation: The figures; None with fewer than :data:`FEWEST_BLIND` blind photos.
        finds_copies: Whether copies and shots of one scene were searched for; else each photo counts as one case.
    """

    blind: int
    in_sight: int
    learnt_from: int | None
    measured: str
    validation: SiteValidation | None = None
    finds_copies: bool = True


@dataclass(frozen=True, kw_only=True)
class SiteCheckView:
    """What the panel of the check shows.

    Attributes:
        check: The check; None before the first.
        tested: The model's own test; None where its bundle does not say.
        threshold: The threshold in force; None without a model.
        can_undo: Whether a threshold was changed here that can be changed back.
    """

    check: SiteCheck | None = None
    tested: Metrics | None = None
    threshold: ConfidenceThreshold | None = None
    can_undo: bool = False
