"""Stages of the pipeline, one plain function each; nothing here knows Luigi.

::

    scrape_result = stages.scrape("sample")
    split_result = stages.split(stages.curate(scrape_result))
    train_result = stages.train(stages.features(split_result, weights="starter"))
    register_result = stages.register([stages.evaluate(train_result)])
    promote_result = stages.promote(register_result)

Every stage takes the result of the one before it and returns a flat record. Its files are kept by the digest of its
inputs: with equal inputs a stage returns the earlier result in a moment.
"""

from acnelib.scraping.sources import Source, Sources
from acnelib.stages.adapt import adapt
from acnelib.stages.curate import curate
from acnelib.stages.evaluate import evaluate
from acnelib.stages.features import features
from acnelib.stages.promote import promote
from acnelib.stages.register import register
from acnelib.stages.scrape import scrape
from acnelib.stages.split import split
from acnelib.stages.train import train

__all__ = [
    "Source",
    "Sources",
    "adapt",
    "curate",
    "evaluate",
    "features",
    "promote",
    "register",
    "scrape",
    "split",
    "train",
]
