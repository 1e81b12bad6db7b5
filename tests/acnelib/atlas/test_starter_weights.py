"""The starter weights: what is shipped, and what their training refuses before it takes any time."""

from importlib.resources import as_file, files

import numpy as np
import pytest
from starter_network import ALPHA, INPUT_SIZE, WEIGHTS_NAME, pretrain_starter

from acnelib.errors import DataUnusable, UsageError


def test_the_shipped_starter_weights_load_into_plain_keras_and_are_below_a_megabyte():
    keras = pytest.importorskip("keras")
    network = keras.applications.MobileNet(
        alpha=ALPHA, include_top=False, input_shape=(INPUT_SIZE, INPUT_SIZE, 3), weights=None
    )
    with as_file(files("acnelib.training") / "weights" / WEIGHTS_NAME) as path:
        assert path.stat().st_size < 1_000_000
        network.load_weights(path)
    # Trained, not as it was made: moving variances start at exactly 1.
    assert float(network.get_layer("conv1_bn").moving_variance.numpy().std()) > 0


@pytest.mark.parametrize(
    ("images", "targets", "said"),
    [
        (np.zeros((2, 96, 96, 3), np.uint8), np.zeros((2, 1), np.float32), "96"),
        (np.zeros((2, 128, 128, 3), np.float32), np.zeros((2, 1), np.float32), "float32"),
        (np.zeros((2, 128, 128, 3), np.uint8), np.zeros((3, 1), np.float32), "one row of targets"),
        (np.zeros((0, 128, 128, 3), np.uint8), np.zeros((0, 1), np.float32), "0 images"),
    ],
)
def test_images_and_targets_that_do_not_fit_are_refused(images, targets, said, tmp_path):
    with pytest.raises(DataUnusable, match=said):
        pretrain_starter(images, targets, to=tmp_path / "a.weights.h5", seed=0)


def test_a_file_name_that_keras_would_not_load_is_refused(tmp_path):
    images, targets = np.zeros((2, 128, 128, 3), np.uint8), np.zeros((2, 1), np.float32)
    with pytest.raises(UsageError, match=r"\.weights\.h5"):
        pretrain_starter(images, targets, to=tmp_path / "a.h5", seed=0)
