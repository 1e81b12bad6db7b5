"""One plain function per stage, where the rooms below are joined; nothing here knows Luigi.

::

    scraped   = stages.scrape("sample")
    splitted  = stages.split(stages.curate(scraped))
    trained   = stages.train(stages.features(splitted, weights="starter"))
    registered = stages.register([stages.evaluate(trained)])
    promoted  = stages.promote(registered)

Every stage takes what the one before it gave and returns a small record. What it makes is kept by the digest of
its inputs: asked again for the same, it gives the earlier result in a moment.
"""

from acnelib.stages.curate import curate
from acnelib.stages.evaluate import evaluate
from acnelib.stages.features import features
from acnelib.stages.promote import promote
from acnelib.stages.register import register
from acnelib.stages.scrape import scrape
from acnelib.stages.sources import Source
from acnelib.stages.split import split
from acnelib.stages.train import train

__all__ = [
    "Source",
    "curate",
    "evaluate",
    "features",
    "promote",
    "register",
    "scrape",
    "split",
    "train",
]
