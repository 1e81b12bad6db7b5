"""Error messages for photos that could not be classified."""

from __future__ import annotations

import logging

from acnelib.errors import AcneError

logger = logging.getLogger(__name__)


def failure_message(error: Exception, name: str) -> str:
    """Return the reason for a failed classification in the user's words; an unexpected error is also logged.

    Args:
        error: The error.
        name: Name of the photo in the message.
    """
    if isinstance(error, AcneError):
        return str(error)
    logger.debug("%s failed", name, exc_info=error)
    if isinstance(error, MemoryError):
        return f"{name} needs more memory than there is: scale it down, or close other programs"
    return f"{name} cannot be classified because of an unexpected error: export it again as JPEG or PNG"
