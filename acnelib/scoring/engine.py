"""The scoring engines by name, so that the command line need not import them."""

from enum import StrEnum


class Engine(StrEnum):
    """A scoring engine."""

    SPARK = "spark"
    LOCAL = "local"
