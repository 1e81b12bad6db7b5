"""Options shared by several commands."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from acnelib.config.settings import Settings
from acnelib.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.scraping.sources import Sources
    from acnelib.text.problems import Problems

SourceNames: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="NAME|DIR",
        help="sample, a layout, layout@address, or a folder of class folders; repeat the option to learn from several "
        "(default: sample).",
    ),
]

BackgroundNames: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--background",
        metavar="NAME|DIR",
        help="Photos that show none of the classes: a layout, or a folder with a sub-folder for each condition; may be "
        "repeated.",
    ),
]

HeldOutFolder: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--test",
        metavar="DIR",
        help="Test on the photos of this folder of class folders; neither they nor their copies are learnt from "
        "(default: cross-validation of all photos).",
    ),
]

HeldOutShare: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--test-share",
        metavar="F",
        help="Keep out this share of the photos of each class for a test, such as 0.15; not with --test.",
    ),
]

AllowMissingSource: TypeAlias = Annotated[
    bool,
    typer.Option("--allow-missing-source", help="Go on without sources that fail, as long as one is left."),
]

AcceptTerms: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--accept-terms", help="Confirm that you have read the site's terms and may use its photos under them."
    ),
]

Backbones: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--backbone",
        metavar="NAME",
        help="Network, such as mobilenet_v2_0.35_224, or several joined by +; with -whole at the end they see the "
        "whole photo once. Repeat it for more candidates (default: mobilenet_v1_0.75_160+mobilenet_v2_0.35_224; "
        "fine-tuned mobilenet_v1_0.75_160+mobilenet_v2_0.35_160-whole; with starter weights mobilenet_v1_0.25_128).",
    ),
]

Weights: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="NAME|FILE|DIR",
        help="Pretrained weights: imagenet, starter, a file or a folder (default: imagenet; sample: starter).",
    ),
]

ReviewFiles: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--reviews",
        metavar="FILE",
        help="Reviews that overrule the labels of the sources, as the app writes them; may be repeated.",
    ),
]

Adapt: TypeAlias = Annotated[
    bool, typer.Option("--adapt", help="Fine-tune the networks on the photos of --background first.")
]

Epochs: TypeAlias = Annotated[
    int | None,
    typer.Option("--epochs", metavar="N", min=1, help="Most passes over the photos of an adaptation (default: 12)."),
]

Workdir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--workdir", metavar="DIR", help="Working folder (default: ACNE_WORKDIR, the setting workdir, or ./data)."
    ),
]


def checked_options(
    problems: Problems,
    *,
    source: list[str] | None,
    background: list[str] | None,
    test: str | None,
    test_share: float | None,
    reviews: list[Path] | None = None,
    allow_missing_source: bool,
    backbone: list[str] | None,
    workdir: Path | None,
) -> tuple[Settings, Sources]:
    """Return the settings and the sources of runs; what is wrong with any option is reported in one list.

    Raises:
        AcneError: There are problems, those that the caller found among them.
    """
    from acnelib.dataset.test_part import check_test_share
    from acnelib.reviews import read_reviews
    from acnelib.scraping.sources import SAMPLE, Sources
    from acnelib.training.networks.recipes import Recipe

    settings = problems.check(lambda: settings_in(workdir))
    sources = problems.check(
        lambda: Sources.parse(
            source or [SAMPLE],
            background=background or (),
            test=test,
            reviews=reviews or (),
            settings=settings,
            missing_folder=allow_missing_source,
        )
    )
    if sources is not None:  # a damaged file is named before anything is fetched
        problems.check(lambda: read_reviews(sources.reviews))
    problems.check(lambda: check_test_share(test_share, test_folder=test is not None))
    for name in backbone or ():
        problems.check(partial(Recipe.parse, name))
    problems.raise_all()
    if settings is None or sources is None:
        raise AssertionError("a check without a result has a problem")
    return settings, sources


def settings_in(workdir: Path | None) -> Settings:
    """Return the settings, with the working folder if one is named."""
    settings = Settings.load()
    return replace(settings, workdir=workdir.expanduser().absolute()) if workdir else settings


def checked_recipes(
    backbones: Sequence[str], weights: str | None, *, source: str, adapt: bool = False
) -> tuple[str, ...]:
    """Return the names of the recipes, each once, after checking that there are weights for each.

    The check comes before anything is fetched. ImageNet weights are not checked: they can be downloaded.

    Args:
        backbones: Names of recipes; none: the best whose weights are available.
        weights: As of the option.
        source: Name of the sources of the classes.
        adapt: Whether the networks will be fine-tuned.

    Raises:
        UsageError: There is no such network.
        WeightsUnavailable: Weights are missing.
    """
    from acnelib.stages.features import default_recipe, default_weights
    from acnelib.training.networks.recipes import Recipe, weights_of
    from acnelib.training.networks.weights_files import IMAGENET

    weights = weights or default_weights(source)
    recipes = [Recipe.parse(name) for name in backbones] or [default_recipe(weights, adapt=adapt)]
    if weights != IMAGENET:
        for recipe in recipes:
            weights_of(recipe, weights)
    return tuple(dict.fromkeys(map(str, recipes)))


def check_terminal(why: str) -> None:
    """Check that a command that needs confirmation can ask for it.

    Args:
        why: Reason for asking; the start of the message.

    Raises:
        UsageError: There is no terminal.
    """
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{why}, and there is no terminal for the question: add --yes, or look first with --dry-run")
