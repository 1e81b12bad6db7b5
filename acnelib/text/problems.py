"""Problems that several checks found, reported together: a user mends them all before the next attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from acnelib.errors import AcneError, SettingsInvalid, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Problems:
    """The problems found so far."""

    def __init__(self) -> None:
        self._found: list[AcneError] = []

    def check(self, call: Callable[[], T]) -> T | None:
        """Return the result of a call; keep its failure for later, and return None instead."""
        try:
            return call()
        except AcneError as error:
            self._found.append(error)
            return None

    def add(self, problem: AcneError) -> None:
        """Add a problem that was found elsewhere."""
        self._found.append(problem)

    def raise_all(self) -> None:
        """Raise what was found: the only failure as it is, several as one error.

        Raises:
            AcneError: There is at least one problem.
        """
        if not self._found:
            return
        if len(self._found) == 1:
            raise self._found[0]
        sentences = [text for error in self._found for text in _sentences(error)]
        only_settings = all(isinstance(error, SettingsInvalid) for error in self._found)
        raise (SettingsInvalid if only_settings else UsageError)(*dict.fromkeys(sentences)) from self._found[0]


def _sentences(error: AcneError) -> tuple[str, ...]:
    return error.problems if isinstance(error, UsageError) else (str(error),)
