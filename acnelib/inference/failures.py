"""What the row of a photo says that could not be classified."""

from __future__ import annotations

import logging

from acnelib.errors import AcneError

logger = logging.getLogger(__name__)


def failure_message(error: Exception, name: str) -> str:
    """Return why a photo has no answer, in a user's words; what nobody foresaw is logged in its own.

    Args:
        error: What its classification ended with.
        name: What the row calls it.
    """
    if isinstance(error, AcneError):
        return str(error)
    logger.debug("%s failed", name, exc_info=error)
    if isinstance(error, MemoryError):
        return f"{name} needs more memory than there is: scale it down, or close other programs"
    return f"{name} cannot be classified for a reason that was not foreseen: export it again as JPEG or PNG"
