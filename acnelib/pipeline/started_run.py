"""The photos that a run was started with; the name of its folder tells neither its background nor its test part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.errors import UsageError
from acnelib.stages.results import ScrapeResult, SplitResult

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.scraping.sources import Sources


def check_same_photos(folder: Path, sources: Sources, *, test_share: float | None) -> None:
    """Check that a run that was started before has the same sources, background, test part and number of review files.

    Args:
        folder: Folder of the run.
        sources: Sources that are requested now.
        test_share: Share of the photos kept out for a test that is requested now; None before the split is reached.

    Raises:
        UsageError: They differ from those of the run.
    """
    if (target := folder / "scrape.json").is_file():
        scraped = ScrapeResult.read(target)
        before = {source.name for source in scraped.sources}
        if before != {source.name for source in sources.learnt}:
            raise UsageError(
                f"the run {folder.name} was started with the sources {', '.join(sorted(before))}: resume it with the "
                "same --source and --background, or start another one without --at"
            )
        tested = scraped.test.name if scraped.test else None
        if tested != (sources.test.name if sources.test else None):
            raise _another_test_part(folder, f"the test folder {tested}" if tested else "no test folder")
        reviewed = scraped.reviews.files if scraped.reviews else 0
        if reviewed != len(sources.reviews):
            raise UsageError(
                f"the run {folder.name} was started with another number of review files ({reviewed}): resume it with "
                "the same --reviews, or start another one without --at"
            )
    if test_share is not None and (target := folder / "split.json").is_file():
        share = SplitResult.read(target).test_share
        if share != test_share:
            raise _another_test_part(folder, f"--test-share {share:g}" if share else "no --test-share")


def _another_test_part(folder: Path, before: str) -> UsageError:
    return UsageError(
        f"the run {folder.name} was started with {before}: resume it with the same --test or --test-share, or start "
        "another one without --at"
    )
