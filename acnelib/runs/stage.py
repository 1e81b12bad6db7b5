"""The stages of the walk by name, in order; naming one imports none of them."""

from enum import StrEnum


class Stage(StrEnum):
    """A stage of the walk, and where a run can be cut off."""

    SCRAPE = "scrape"
    CURATE = "curate"
    SPLIT = "split"
    FEATURES = "features"
    TRAIN = "train"
    EVALUATE = "evaluate"
    REGISTER = "register"
    PROMOTE = "promote"
