"""An adaptation learns, stops in time, and continues from its last finished epoch after any end."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from acnelib.errors import DataUnusable, WeightsUnavailable
from acnelib.storage.files import remove_unfinished
from acnelib.training.adaptation.checkpoints import Checkpoint, Epoch
from acnelib.training.adaptation.options import AdaptationOptions
from acnelib.training.networks.backbones import Architecture, Backbone
from acnelib.training.networks.building import build_network
from acnelib.training.networks.weights_files import WeightsFile

PATIENCE = 120.0
BACKBONE = Backbone.parse("mobilenet_v1_0.25_32")
EPOCHS = 3


class Interrupted(Exception):
    pass


def in_epoch(number):
    """Return a function for progress that ends a run in an epoch."""

    def progress(done, total, what):
        if f"epoch {number} of" in what:
            raise Interrupted

    return progress


@pytest.fixture(scope="module")
def whole(attempt_in, tmp_path_factory):
    """A run from the first epoch to the last."""
    one = attempt_in(tmp_path_factory.mktemp("whole"))
    return one, one.run()


def figures(curve):
    return [replace(epoch, seconds=0) for epoch in curve]


def test_the_loss_falls_and_each_epoch_has_its_figures(whole):
    _, adapted = whole
    assert len(adapted.curve) == EPOCHS
    assert adapted.curve[-1].loss < adapted.curve[0].loss
    assert all(0 <= epoch.top1 <= epoch.top5 <= 1 for epoch in adapted.curve)
    assert adapted.curve[adapted.best_epoch - 1].held_out_loss == min(epoch.held_out_loss for epoch in adapted.curve)


def test_an_estimate_comes_before_the_first_step(whole, learning_set):
    one, _ = whole
    first = one.lines[0]
    assert f"{len(learning_set.training_rows)} photos" in first
    assert "s a step on" in first
    assert one.lines[1] == "steps, epoch 1 of 3"


def test_keras_loads_the_weights_and_so_does_the_product(whole):
    import keras

    one, _ = whole
    network = keras.applications.MobileNet(alpha=0.25, include_top=False, input_shape=(32, 32, 3), weights=None)
    network.load_weights(one.weights)
    ours = build_network(BACKBONE, WeightsFile.of(one.weights, name="adapted"))
    assert not ours.trainable
    assert all(np.array_equal(a, b) for a, b in zip(network.get_weights(), ours.get_weights(), strict=True))


def changed_weights(before, weights_file):
    """Return the names of weights, and whether those of any layer changed."""
    after = build_network(BACKBONE, WeightsFile.of(weights_file, name="adapted"))
    return {
        (old.name, bool((np.asarray(old) != np.asarray(new)).any()))
        for old, new in zip(before.weights, after.weights, strict=True)
    }


def test_without_residual_connections_batch_normalization_learns_its_statistics_as_well(whole):
    one, _ = whole
    before = build_network(BACKBONE, one.adaptation.weights)
    assert {changed for _, changed in changed_weights(before, one.weights)} == {True}


def test_batch_normalization_can_keep_its_statistics_while_all_other_weights_change(attempt):
    attempt.change(batch_statistics=False)
    attempt.run()
    changes = changed_weights(build_network(BACKBONE, attempt.adaptation.weights), attempt.weights)
    assert {name for name, changed in changes if not changed} == {"moving_mean", "moving_variance"}
    assert not {("moving_mean", True), ("moving_variance", True)} & changes


@pytest.mark.parametrize(("architecture", "learns"), [("v1", True), ("v2", False), ("v3_small", False)])
def test_networks_with_residual_connections_keep_the_statistics_of_their_pretraining(architecture, learns):
    assert AdaptationOptions().learns_statistics(Architecture(f"mobilenet_{architecture}")) == learns


def test_a_run_that_was_interrupted_in_an_epoch_gives_the_curve_of_one_that_was_not(whole, attempt):
    with pytest.raises(Interrupted):
        attempt.run(progress=in_epoch(2))
    assert not attempt.weights.exists()
    checkpoint = Checkpoint.read(attempt.adaptation.checkpoint)
    assert len(checkpoint.curve) == 1
    attempt.lines.clear()
    resumed = attempt.run()
    assert "continues after epoch 1" in attempt.lines[0]
    assert not [line for line in attempt.lines if "epoch 1 of" in line]
    assert resumed.curve[0] == checkpoint.curve[0]
    losses, expected = ([epoch.loss for epoch in run.curve] for run in (resumed, whole[1]))
    assert losses == pytest.approx(expected, rel=1e-3)


def test_a_finished_run_is_not_repeated(whole):
    first, adapted = whole
    one = replace(first, lines=[])
    again = one.run()
    assert figures(again.curve) == figures(adapted.curve)
    assert not [line for line in one.lines if line.startswith("steps")]


def test_a_process_that_is_killed_in_an_epoch_leaves_its_checkpoint_and_nothing_half_written(attempt, tmp_path):
    attempt.change(epochs=1000, patience=1000)
    task = tmp_path / "task.pickle"
    task.write_bytes(pickle.dumps((attempt.adaptation, attempt.weights)))
    code = "import pickle, sys; one, to = pickle.load(open(sys.argv[1], 'rb')); one.run(to)"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(task)],
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        deadline = time.monotonic() + PATIENCE
        while not attempt.adaptation.checkpoint.exists():
            assert process.poll() is None, "it ended by itself"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    remove_unfinished(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"network.npz", "task.pickle"}
    done = len(Checkpoint.read(attempt.adaptation.checkpoint).curve)
    attempt.change(epochs=done + 1)
    assert len(attempt.run().curve) == done + 1


def test_training_ends_when_photos_kept_out_gain_nothing_for_too_long(attempt):
    attempt.change(epochs=50, rate=10.0, warm_up=0, patience=2)
    adapted = attempt.run()
    assert len(adapted.curve) == adapted.best_epoch + 2 < 50


def test_early_layers_can_be_kept_as_they_are(attempt):
    attempt.change(epochs=1, early_rate=0.0)
    attempt.run()
    before = build_network(BACKBONE, attempt.adaptation.weights).get_weights()
    after = build_network(BACKBONE, WeightsFile.of(attempt.weights, name="adapted")).get_weights()
    assert np.array_equal(before[0], after[0])
    assert any(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_weights_of_another_network_are_refused_before_any_step(attempt):
    attempt.adaptation = replace(attempt.adaptation, backbone=Backbone.parse("mobilenet_v2_0.35_32"))
    with pytest.raises(WeightsUnavailable, match="do not belong to mobilenet_v2"):
        attempt.run()
    assert not list(attempt.folder.iterdir())


def test_a_damaged_checkpoint_is_named_and_not_overwritten(attempt):
    attempt.adaptation.checkpoint.write_bytes(b"PK\x03\x04 half of it")
    with pytest.raises(DataUnusable, match=r"network\.npz is damaged: delete it"):
        attempt.run()
    assert attempt.adaptation.checkpoint.read_bytes().startswith(b"PK")


def test_a_checkpoint_of_another_training_is_refused(attempt):
    Checkpoint(
        curve=(Epoch(loss=1, held_out_loss=1, top1=0, top5=1, seconds=1),), state={}, best=[], best_epoch=1
    ).write(attempt.adaptation.checkpoint)
    with pytest.raises(DataUnusable, match="another training"):
        attempt.run()


def test_on_a_full_disk_the_checkpoint_before_stays(attempt, monkeypatch):
    with pytest.raises(Interrupted):
        attempt.run(progress=in_epoch(2))
    before = attempt.adaptation.checkpoint.read_bytes()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space left") as failure:
        attempt.run()
    assert failure.value.filename == str(attempt.adaptation.checkpoint)
    assert attempt.adaptation.checkpoint.read_bytes() == before
    assert [path.name for path in attempt.folder.iterdir()] == ["network.npz"]


@pytest.fixture
def small_disk():
    """Let no file grow beyond 300 kB, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_the_weights_fail_in_one_error_that_names_their_file(whole, small_disk, tmp_path, capfd):
    one, _ = whole
    with pytest.raises(OSError, match="File too large") as failure:
        one.adaptation.run(tmp_path / one.weights.name)
    assert failure.value.filename == str(tmp_path / one.weights.name)
    assert "Traceback" not in capfd.readouterr().err
