"""Build the starter weights: draw mixed pictures, train a small network on them, write its weights.

Run ``python tools/pretrain_starter.py --to FILE``; it takes about a quarter of an hour on two cores.
"""

from __future__ import annotations

import argparse
import logging
import time
from pathlib import Path

import numpy as np
from PIL import Image
from starter_network import INPUT_SIZE, WEIGHTS_NAME, check_weights_name, pretrain_starter

from acnelib.atlas.drawing import DrawnMixture, draw_mixture
from acnelib.errors import UsageError
from acnelib.text.visible import log_visibly

_log = logging.getLogger(__name__)

SEED = 20_000
NUMBER = 8_000


def pretrain(to: Path, *, seed: int = SEED, number: int = NUMBER, epochs: int = 15) -> float:
    """Draw pictures without a class, train on how many lesions of each kind they show, write the weights.

    Args:
        to: file for the weights, ending with ``.weights.h5``.
        seed: of the pictures and the training.
        number: how many pictures to draw.
        epochs: number of passes over the pictures.

    Returns:
        The mean squared error of the last epoch (1 would be guessing the mean).

    Raises:
        UsageError: the file's name, the seed or the number is wrong.
    """
    check_weights_name(to)
    if number < 1:
        raise UsageError(f"the number of pictures is {number}: draw at least 1, better {NUMBER}")
    images = np.empty((number, INPUT_SIZE, INPUT_SIZE, 3), np.uint8)
    targets = np.empty((number, len(targets_of(draw_mixture(0, seed=seed)))), np.float32)
    started = time.monotonic()
    for index in range(number):
        mixture = draw_mixture(index, seed=seed)
        images[index] = np.asarray(mixture.image.resize((INPUT_SIZE, INPUT_SIZE), Image.Resampling.BICUBIC))
        targets[index] = targets_of(mixture)
    _log.info("drew %d pictures in %.0f s", number, time.monotonic() - started)
    error = pretrain_starter(images, targets, to=to, seed=seed, epochs=epochs)
    _log.info("wrote %s (%d bytes) after %.0f s", to, to.stat().st_size, time.monotonic() - started)
    return error


def targets_of(mixture: DrawnMixture) -> tuple[float, ...]:
    """Return what the network learns to read off a picture; none of it is an atlas class."""
    counts = (float(np.log1p(count)) for count in mixture.counts)
    return (*counts, mixture.lightness, mixture.redness, mixture.blur)


def main() -> None:
    """Read the arguments and make the weights."""
    parser = argparse.ArgumentParser(prog="python tools/pretrain_starter.py", description=__doc__)
    parser.add_argument("--to", type=Path, required=True, help=f"file to write, such as {WEIGHTS_NAME}")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--number", type=int, default=NUMBER, help="how many pictures to draw")
    arguments = parser.parse_args()
    log_visibly(level=logging.INFO, pattern="%(asctime)s %(message)s")
    try:
        pretrain(arguments.to, seed=arguments.seed, number=arguments.number)
    except UsageError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
