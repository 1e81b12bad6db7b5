"""Import of TensorFlow without its announcements."""

from __future__ import annotations

import os
from typing import Any

from acnelib.errors import UsageError
from acnelib.native_output import native_output_logged


def import_tensorflow() -> Any:
    """Return the module ``tensorflow``; its announcements go to the debug log.

    Raises:
        UsageError: It is not installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with native_output_logged():
            import tensorflow as tf
    except ImportError as error:
        raise UsageError(f"training needs TensorFlow ({error}): pip install 'acnelib[train,pipeline]'") from error
    return tf
