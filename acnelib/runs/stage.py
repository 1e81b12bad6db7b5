"""The names of the stages of the pipeline, in order, without importing the stages."""

from enum import StrEnum


class Stage(StrEnum):
    """A stage of the pipeline, after which a run can be stopped."""

    SCRAPE = "scrape"
    CURATE = "curate"
    SPLIT = "split"
    ADAPT = "adapt"
    FEATURES = "features"
    TRAIN = "train"
    EVALUATE = "evaluate"
    REGISTER = "register"
    PROMOTE = "promote"
