"""Failures as text for luigid: the reason, then the path through the code, without private paths."""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING

from acnelib.errors import AcneError
from acnelib.text.plain_reasons import unexpected_reason
from acnelib.text.redaction import redact_paths
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PACKAGE = re.compile(r"(?:^|.*[/\\])(?=(?:acnelib|luigi_tasks)[/\\])|.*[/\\](?:site-packages|python3\.\d+)[/\\]")


def failure_text(error: BaseException, *, known: Mapping[Path, str]) -> str:
    """Return why a task failed, and the frames of the code down to the failure.

    Args:
        error: The exception that the task raised.
        known: Folders, and the text that replaces the path of each.
    """
    reason = str(error) if isinstance(error, AcneError) else unexpected_reason(error)
    lines = [visible(redact_paths(reason, known=known)), ""]
    for failure in _chain(error):
        lines.append(type(failure).__name__)
        lines.extend(
            f"  {_PACKAGE.sub('', frame.filename)}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(failure.__traceback__)
        )
    return "\n".join(lines)


def _chain(error: BaseException) -> list[BaseException]:
    """Return a failure and its causes, the first cause last."""
    found: list[BaseException] = []
    failure: BaseException | None = error
    while failure is not None and failure not in found:
        found.append(failure)
        failure = failure.__cause__ or (None if failure.__suppress_context__ else failure.__context__)
    return found
