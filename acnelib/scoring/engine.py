"""Who scores; a module of its own, so that the command line knows the names without loading what does the work."""

from enum import StrEnum


class Engine(StrEnum):
    """Who does the work."""

    SPARK = "spark"
    LOCAL = "local"
