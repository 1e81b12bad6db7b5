"""Request for a run of the pipeline: sources, time, networks and last stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from acnelib.dataset.test_part import check_test_share
from acnelib.errors import UsageError
from acnelib.runs.stage import Stage
from acnelib.stages.features import default_recipe, default_weights
from acnelib.storage.workspace import Workspace
from acnelib.training.adaptation.learning_set import NO_PHOTOS
from acnelib.training.networks.recipes import Recipe, replacement_note, weights_of
from acnelib.training.networks.weights_files import IMAGENET

if TYPE_CHECKING:
    from collections.abc import Callable

    from acnelib.config.settings import Settings
    from acnelib.scraping.sources import Source, Sources

TIME_FORMAT = "%Y-%m-%dT%H%M%S"
"""Format of a run's time in folder names and options."""

_WITHOUT_NETWORKS = {Stage.SCRAPE, Stage.CURATE, Stage.SPLIT}


@dataclass(frozen=True, kw_only=True)
class PipelineRun:
    """A run of the pipeline.

    Attributes:
        sources: Where the photos come from, and the test folder if there is one.
        test_share: Share of the photos of each class to keep out for a test; None for no part of the sources.
        at: Its time, to the second.
        backbones: Names of networks; empty: the default for the weights.
        weights: ``imagenet``, ``starter``, a file or a folder; None: the default for the sources.
        until: The last stage.
        accept_terms: The user has read the terms of the sites and accepts them.
        allow_missing_source: Go on without sources that fail.
        adapt: Fine-tune the networks on the background photos first.
        epochs: Most epochs of this; None: the default.
    """

    sources: Sources
    test_share: float | None = None
    at: datetime
    backbones: tuple[str, ...] = ()
    weights: str | None = None
    until: Stage = Stage.PROMOTE
    accept_terms: bool = False
    allow_missing_source: bool = False
    adapt: bool = False
    epochs: int | None = None

    def __post_init__(self) -> None:
        """Check the test part.

        Raises:
            UsageError: The share is out of range, or there is a test folder, too.
        """
        check_test_share(self.test_share, test_folder=self.sources.test is not None)

    @property
    def time(self) -> str:
        """The time as text: the name of the run's folder."""
        return self.at.strftime(TIME_FORMAT)

    @property
    def chosen_weights(self) -> str:
        """The weights, or the default for the sources: starter weights if the sample is the only one."""
        return self.weights or default_weights(self.sources.name)

    def networks(self) -> tuple[str, ...]:
        """Return the names of the networks, each once; the default if none is named.

        Raises:
            UsageError: There is no such network.
            WeightsUnavailable: No network is named, and no weights are available for the known ones.
        """
        if not self.backbones:
            return (default_network(self.chosen_weights, adapt=self.adapt),)
        return tuple(dict.fromkeys(str(Recipe.parse(name)) for name in self.backbones))

    def checked_networks(self, report: Callable[[str], None]) -> tuple[str, ...]:
        """Return the networks of the candidates, after checking that their weights are available.

        The check comes before hours of scraping. ImageNet weights of named networks are not checked: they can be
        downloaded.

        Args:
            report: Receives a line if the best recipe is replaced by a smaller one.

        Raises:
            UsageError: There is no such network.
            WeightsUnavailable: Weights are missing.
        """
        check_adaptation(
            adapt=self.adapt, epochs=self.epochs, background=bool(self.sources.background), until=self.until
        )
        if self.until in _WITHOUT_NETWORKS:
            return tuple(str(Recipe.parse(name)) for name in self.backbones)
        networks = self.networks()
        if not self.backbones and (note := replacement_note(networks, adapted=self.adapt)):
            report(note)
        if self.backbones and self.chosen_weights != IMAGENET:
            for network in networks:
                weights_of(Recipe.parse(network), self.chosen_weights)
        return networks


def check_adaptation(*, adapt: bool, epochs: int | None, background: bool, until: Stage) -> None:
    """Check the options of a run that concern the adaptation of its networks.

    Args:
        adapt: Whether the networks are fine-tuned.
        epochs: Most epochs; None for the default.
        background: Whether there are sources of background photos.
        until: Last stage of the run.

    Raises:
        UsageError: An adaptation has no photos, or an option belongs to an adaptation that is not requested.
    """
    if adapt and not background:
        raise UsageError(NO_PHOTOS)
    if not adapt and (until == Stage.ADAPT or epochs is not None):
        raise UsageError("the stage adapt and its --epochs are part of a run with --adapt only: add --adapt")


def default_network(weights: str, *, adapt: bool) -> str:
    """Return the name of the network, or joined networks, used if none is named.

    Args:
        weights: As of a run.
        adapt: Whether the networks are fine-tuned.

    Raises:
        WeightsUnavailable: No weights are available.
    """
    return str(default_recipe(weights, adapt=adapt))


def new_run_time(sources: Sources | Source, settings: Settings) -> datetime:
    """Return the present second, or the next one at which no run of these sources exists."""
    at = datetime.now().replace(microsecond=0)  # noqa: DTZ005 - people read run names, in their own time
    while Workspace(settings.workdir).run(sources.name, at.strftime(TIME_FORMAT)).exists():
        at += timedelta(seconds=1)
    return at
