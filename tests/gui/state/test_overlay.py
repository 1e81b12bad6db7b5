from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gui.state.overlay import Overlay, overlay_of


def opacity(overlay: Overlay) -> npt.NDArray[np.uint8]:
    return np.frombuffer(overlay.rgba, np.uint8).reshape(overlay.height, overlay.width, 4)[:, :, 3]


def test_what_speaks_against_a_label_is_clear_and_what_speaks_for_it_is_not() -> None:
    activation = np.full((4, 4), -1, np.float32)
    activation[0, 3] = 2
    seen = opacity(overlay_of("cysts", activation, size=(80, 40)))
    assert seen.shape == (40, 80)
    assert seen[2, 77] == 255
    assert seen[:, :40].max() == seen[20:].max() == 0


def test_a_map_in_which_nothing_speaks_for_the_label_has_no_colours() -> None:
    assert overlay_of("cysts", np.full((4, 4), -1, np.float32), size=(80, 40)).is_empty


def test_a_large_photo_has_a_small_overlay_of_its_own_proportions() -> None:
    overlay = overlay_of("cysts", np.ones((4, 4), np.float32), size=(6000, 3000))
    assert (overlay.width, overlay.height) == (480, 240)


def test_smoothing_a_fine_map_moves_nothing() -> None:
    activation = np.zeros((33, 33), np.float32)
    activation[16, 16] = 1
    seen = opacity(overlay_of("cysts", activation, size=(99, 99))).astype(int)
    assert np.array_equal(seen, seen[::-1])
    assert np.array_equal(seen, seen[:, ::-1])
    assert seen[49, 49] == seen.max() > 0
