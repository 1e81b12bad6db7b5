"""The text that luigid shows for a failed task: a redacted reason, then a traceback."""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING

from acnelib.errors import AcneError
from acnelib.text.plain_reasons import unexpected_reason

if TYPE_CHECKING:
    from acnelib.text.redaction import Redaction

_PACKAGE = re.compile(r"(?:^|.*[/\\])(?=(?:acnelib|luigi_tasks)[/\\])|.*[/\\](?:site-packages|python3\.\d+)[/\\]")


def failure_text(error: BaseException, *, redact: Redaction) -> str:
    """Return the reason why a task failed, and its traceback without source lines.

    Args:
        error: The exception that the task raised.
        redact: The redaction of the source's messages.
    """
    reason = str(error) if isinstance(error, AcneError) else unexpected_reason(error)
    lines = [redact(reason), ""]
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
