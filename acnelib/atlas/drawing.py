"""Pictures of skin that the project draws itself: no photo of a real person, and any number of them.

A picture depends on its index and the seed alone, so that any one can be drawn without the others, and the
same number of pictures is the beginning of a larger number.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from acnelib.atlas.canvas import HEIGHT, WIDTH, Canvas, Light, lightness
from acnelib.atlas.lesions import HABITS, Lesion, LesionKind, paint
from acnelib.atlas.mark import MARK
from acnelib.atlas.skin import Skin, View
from acnelib.errors import UsageError
from acnelib.labels import file_name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

LABELS: tuple[str, ...] = tuple(sorted(kind.value for kind in LesionKind))
"""The classes of the drawn pictures, for every seed and number."""

DRAWING_VERSION = 2
"""Raised whenever a change makes any picture's file another: served ETags and caches depend on it."""

# Photos of each patient within twelve successive photos of one class, before they are shuffled.
_SERIES = ((1, 1, 1, 1, 1, 2, 2, 3), (1, 1, 1, 1, 1, 1, 2, 4))
_BLOCK, _PATIENTS = 12, 8
# What a generator is for: none draws the numbers of another.
_FOR_SERIES, _FOR_PATIENT, _FOR_VIEW, _FOR_MIXTURE, _FOR_DIFFICULTY = range(5)
# The kind that each one is most easily mistaken for.
_LOOK_ALIKES = {
    LesionKind.COMEDONES: LesionKind.PAPULES,
    LesionKind.PAPULES: LesionKind.PUSTULES,
    LesionKind.PUSTULES: LesionKind.PAPULES,
    LesionKind.CYSTS: LesionKind.PAPULES,
    LesionKind.ROSACEA: LesionKind.PAPULES,
}


@dataclass(frozen=True)
class DrawnPicture:
    """A drawn picture and what is known about it.

    Attributes:
        name: file name without ending, such as ``papules-12``; unique among the pictures of a seed.
        label: the class, one of :data:`LABELS`.
        patient: number of the drawn patient; pictures of one patient are a series.
        image: 320 x 240 pixels, RGB.
        lesions: the visible lesions, in pixels of the image; the first ones are of the labelled kind.
    """

    name: str
    label: str
    patient: int
    image: Image.Image
    lesions: tuple[Lesion, ...]

    def jpeg(self) -> bytes:
        """Return the picture as a JPEG file; the same picture gives the same bytes."""
        return encode_jpeg(self.image)


@dataclass(frozen=True)
class DrawnMixture:
    """A drawn picture with lesions of several kinds and no class: something to pretrain on.

    Attributes:
        image: 320 x 240 pixels, RGB.
        counts: how many lesions of each kind of :data:`LABELS` are visible, in that order.
        lightness: of the bare skin, 0 to 1.
        redness: of the skin between the lesions, about 0 to 1.
        blur: radius of the camera's blur in pixels.
    """

    image: Image.Image
    counts: tuple[int, ...]
    lightness: float
    redness: float
    blur: float


def encode_jpeg(image: Image.Image, *, quality: int = 92) -> bytes:
    """Return an image as a JPEG file marked as drawn; the same image gives the same bytes."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, subsampling=0, comment=MARK)
    return stream.getvalue()


def draw_pictures(number: int, *, seed: int) -> Iterator[DrawnPicture]:
    """Draw pictures one by one, all classes equally often (give or take one).

    Args:
        number: how many pictures.
        seed: another seed gives other patients.

    Raises:
        UsageError: the number or the seed is negative.
    """
    _check(number, seed, what="number of pictures")
    return (draw_picture(index, seed=seed) for index in range(number))


def draw_picture(index: int, *, seed: int, difficulty: float = 0.0) -> DrawnPicture:
    """Draw one picture by its place among the pictures of a seed.

    Args:
        index: its place.
        seed: another seed gives other patients.
        difficulty: share of the patients (0 to 1) who are hard to tell apart: their lesions are small and pale, and
            among them are as many of the kind that theirs is most easily mistaken for.

    Raises:
        UsageError: the index or the seed is negative.
    """
    _check(index, seed, what="index of a picture")
    label, place = LABELS[index % len(LABELS)], index // len(LABELS)
    patient, photo = _patient_of(label, place, seed)
    rng = np.random.default_rng([_FOR_PATIENT, seed, patient])
    skin, light = Skin.draw(rng), Light.draw(rng)
    lesions = _lesions_of(LesionKind(label), rng)
    hard_rng = np.random.default_rng([_FOR_DIFFICULTY, seed, patient])
    if hard_rng.random() < difficulty:
        lesions = _hard_to_tell(lesions, hard_rng)
    view_rng = np.random.default_rng([_FOR_VIEW, seed, index])
    view = View() if photo == 0 else View.draw(view_rng)
    if photo > 0:
        light = light.again(view_rng)
    image, visible = _photograph(skin, lesions, view, light, view_rng)
    return DrawnPicture(
        name=f"{file_name_of(label)}-{place + 1}", label=label, patient=patient, image=image, lesions=visible
    )


def draw_mixture(index: int, *, seed: int) -> DrawnMixture:
    """Draw a picture with a random mixture of lesions; it is none of :func:`draw_picture`'s for any seed.

    Raises:
        UsageError: the index or the seed is negative.
    """
    _check(index, seed, what="index of a picture")
    rng = np.random.default_rng([_FOR_MIXTURE, seed, index])
    skin, light = Skin.draw(rng), Light.draw(rng)
    size = rng.uniform(0.75, 1.3)
    redness = rng.uniform(0.3, 0.9)
    lesions: list[Lesion] = []
    for kind in LesionKind:
        if rng.random() < 0.4:
            _scatter(lesions, kind, int(rng.integers(1, HABITS[kind].most + 1)), rng, redness, size=size)
    image, visible = _photograph(skin, lesions, View(), light, rng)
    kinds = [lesion.kind.value for lesion in visible]
    return DrawnMixture(
        image=image,
        counts=tuple(kinds.count(label) for label in LABELS),
        lightness=lightness(skin.tone),
        redness=skin.redness,
        blur=light.blur,
    )


def label_of(index: int) -> str:
    """Return the class of the picture at this place, without drawing it."""
    return LABELS[index % len(LABELS)]


def _check(number: int, seed: int, *, what: str) -> None:
    if number < 0:
        raise UsageError(f"the {what} is {number}: it must be 0 or more")
    if seed < 0:
        raise UsageError(f"the seed is {seed}: it must be 0 or more")


def _patient_of(label: str, place: int, seed: int) -> tuple[int, int]:
    """Return the patient of a class's photo, and the how-manieth photo of the patient it is."""
    block, within = divmod(place, _BLOCK)
    number = LABELS.index(label)
    rng = np.random.default_rng([_FOR_SERIES, seed, number, block])
    sizes = rng.permutation(_SERIES[rng.integers(len(_SERIES))])
    ends = np.cumsum(sizes)
    who = int(np.searchsorted(ends, within, side="right"))
    photo = within - int(ends[who] - sizes[who])
    return (block * _PATIENTS + who) * len(LABELS) + number, photo


def _lesions_of(kind: LesionKind, rng: np.random.Generator) -> list[Lesion]:
    """Return lesions of the kind that names the class and, now and then, a few of another."""
    lesions: list[Lesion] = []
    redness, size = rng.uniform(0.25, 0.9), rng.uniform(0.7, 1.1)
    habit = HABITS[kind]
    _scatter(lesions, kind, int(rng.integers(habit.fewest, habit.most + 1)), rng, redness, size=size)
    if rng.random() < 0.5:
        # Few enough that what the picture shows stays beyond doubt.
        other = [LesionKind.COMEDONES, LesionKind.PAPULES, LesionKind.PUSTULES][int(rng.integers(3))]
        _scatter(lesions, other, int(rng.integers(1, 4)), rng, redness, size=size)
    return lesions


def _hard_to_tell(lesions: list[Lesion], rng: np.random.Generator) -> list[Lesion]:
    """Return lesions that are smaller and paler, among as many of a kind that they are easily mistaken for."""
    shrink, pale = rng.uniform(0.55, 0.9), rng.uniform(0.5, 1.0)
    kind = lesions[0].kind
    own = [lesion for lesion in lesions if lesion.kind is kind]
    mixed = [replace(one, radius=one.radius * shrink, redness=one.redness * pale) for one in own]
    other = _LOOK_ALIKES[kind]
    number = int(rng.integers(HABITS[other].fewest, HABITS[other].most + 1))
    _scatter(mixed, other, number, rng, float(rng.uniform(0.25, 0.9)), size=float(rng.uniform(0.7, 1.1)))
    return mixed


def _scatter(
    lesions: list[Lesion],
    kind: LesionKind,
    number: int,
    rng: np.random.Generator,
    redness: float,
    *,
    size: float = 1.0,
) -> None:
    """Add lesions where there is room; fewer where there is none."""
    habit = HABITS[kind]
    for _ in range(number):
        radius = size * rng.uniform(habit.smallest, habit.largest)
        margin = min(radius, 20.0)
        for _ in range(12):
            x, y = rng.uniform(margin, WIDTH - margin), rng.uniform(margin, HEIGHT - margin)
            if all(
                np.hypot(x - other.x, y - other.y) > habit.spacing * (radius + other.radius)
                for other in lesions
                if kind is other.kind or LesionKind.ROSACEA not in {kind, other.kind}
            ):
                own = float(np.clip(redness + rng.normal(0, 0.1), 0.15, 1.0))
                lesions.append(Lesion(kind, x, y, radius, own, int(rng.integers(2**31))))
                break


def _photograph(
    skin: Skin, lesions: list[Lesion], view: View, light: Light, rng: np.random.Generator
) -> tuple[Image.Image, tuple[Lesion, ...]]:
    canvas = Canvas()
    skin.paint(canvas, view)
    visible = []
    for lesion in lesions:
        x, y = view.place(lesion.x, lesion.y)
        moved = replace(lesion, x=x, y=y, radius=lesion.radius * view.zoom)
        paint(canvas, moved, turn=view.turn)
        if 0 <= x < WIDTH and 0 <= y < HEIGHT:
            visible.append(moved)
    return canvas.photograph(light, tone=skin.tone, rng=rng), tuple(visible)
