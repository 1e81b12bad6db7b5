"""A patch of skin as maps of blood, pigment, pus and height, and the light that makes a picture of them.

Lesions paint into the maps; nothing here knows what a lesion is.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Plane = npt.NDArray[np.float32]
"""One value per pixel, [height, width]."""

WIDTH, HEIGHT = 320, 240

# sRGB of bare skin from the lightest to the darkest, evenly spread over the tone 0 to 1.
_TONES = np.array(
    [[0.95, 0.82, 0.74], [0.87, 0.70, 0.58], [0.74, 0.55, 0.42], [0.56, 0.39, 0.28], [0.38, 0.26, 0.19]],
    dtype=np.float32,
)
# What full blood, or full pigment, takes away from each of red, green and blue.
_BLOOD = np.array([0.16, 0.60, 0.52], dtype=np.float32)
_PIGMENT = np.array([0.55, 0.66, 0.70], dtype=np.float32)
_PUS = np.array([0.93, 0.87, 0.68], dtype=np.float32)
_PLUG = np.array([0.16, 0.12, 0.10], dtype=np.float32)


@dataclass(frozen=True)
class Light:
    """The light and camera of a picture.

    Attributes:
        angle: where the light comes from, in radians.
        relief: how strongly slopes show.
        gradient: how much brighter one side of the picture is than the other (0 to 1).
        exposure: factor on all channels.
        balance: factors on red, green and blue.
        shine: how much slopes towards the light shine.
        blur: radius in pixels of the camera's blur.
        noise: standard deviation of the sensor's noise, as a share of full scale.
    """

    angle: float
    relief: float
    gradient: float
    exposure: float
    balance: tuple[float, float, float]
    shine: float
    blur: float
    noise: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Light":
        """Any light a photo of skin may have been taken in."""
        warmth, tint = rng.uniform(-0.09, 0.09), rng.uniform(-0.04, 0.04)
        return cls(
            angle=rng.uniform(0, 2 * np.pi),
            relief=rng.uniform(0.8, 1.3),
            gradient=rng.uniform(0.0, 0.45),
            exposure=rng.uniform(0.78, 1.12),
            balance=(1 + warmth, 1 + tint, 1 - warmth),
            shine=rng.uniform(0.0, 0.5),
            blur=rng.uniform(0.3, 1.2),
            noise=rng.uniform(0.004, 0.022),
        )

    def again(self, rng: np.random.Generator) -> "Light":
        """Nearly the same light, as in the next photo of a series."""
        return Light(
            angle=self.angle + rng.normal(0, 0.15),
            relief=self.relief,
            gradient=self.gradient * rng.uniform(0.8, 1.2),
            exposure=self.exposure * rng.uniform(0.95, 1.05),
            balance=self.balance,
            shine=self.shine,
            blur=rng.uniform(0.3, 1.2),
            noise=self.noise,
        )


class Canvas:
    """The maps of one picture.

    Attributes:
        blood: redness, 0 (none) to 1.
        pigment: brownness, 0 (none) to 1.
        pus: how much of the yellow-white of pus covers the skin, 0 to 1.
        plug: how much of the black of an open comedo covers the skin, 0 to 1.
        height: relief in pixels.
    """

    def __init__(self) -> None:
        shape = (HEIGHT, WIDTH)
        self.blood: Plane = np.zeros(shape, np.float32)
        self.pigment: Plane = np.zeros(shape, np.float32)
        self.pus: Plane = np.zeros(shape, np.float32)
        self.plug: Plane = np.zeros(shape, np.float32)
        self.height: Plane = np.zeros(shape, np.float32)

    def photograph(self, light: Light, *, tone: float, rng: np.random.Generator) -> Image.Image:
        """The picture of this skin.

        Args:
            light: how it is lit and taken.
            tone: of the bare skin, 0 (lightest) to 1 (darkest).
            rng: for the sensor's noise.

        Returns:
            An RGB picture of 320 x 240 pixels.
        """
        red, green, blue = self._reflectance(tone)
        shade, shine = self._shading(light)
        planes = []
        noise = rng.standard_normal((HEIGHT, WIDTH), dtype=np.float32) * np.float32(light.noise)
        for plane, balance in zip((red, green, blue), light.balance, strict=True):
            lit = plane * shade * np.float32(light.exposure * balance) + shine
            planes.append(Image.fromarray(_to_bytes(lit)))
        picture = Image.merge("RGB", planes).filter(ImageFilter.GaussianBlur(light.blur))
        grainy = np.asarray(picture, np.float32) / np.float32(255) + noise[:, :, None]
        return Image.fromarray(_to_bytes(grainy))

    def _reflectance(self, tone: float) -> list[Plane]:
        bare = _bare(tone)
        blood, pigment = np.clip(self.blood, 0, 1), np.clip(self.pigment, 0, 1)
        pus, plug = np.clip(self.pus, 0, 1), np.clip(self.plug, 0, 1)
        # Pus and plugs are visible through the same skin: darker on darker skin, but less so.
        dimming = np.float32(1 - 0.35 * tone)
        planes = []
        for channel in range(3):
            plane = bare[channel] * (1 - blood * _BLOOD[channel]) * (1 - pigment * _PIGMENT[channel])
            plane += pus * (_PUS[channel] * dimming - plane)
            plane += plug * (_PLUG[channel] * dimming - plane)
            planes.append(plane)
        return planes

    def _shading(self, light: Light) -> tuple[Plane, Plane]:
        """Factor on every pixel, and what shines on top."""
        across, down = np.float32(np.cos(light.angle)), np.float32(np.sin(light.angle))
        slope = np.zeros((HEIGHT, WIDTH), np.float32)
        slope[:, 1:-1] = (self.height[:, 2:] - self.height[:, :-2]) * across
        slope[1:-1] += (self.height[2:] - self.height[:-2]) * down
        slope *= np.float32(0.5 * light.relief)
        x = np.linspace(-0.5, 0.5, WIDTH, dtype=np.float32) * across
        y = np.linspace(-0.5, 0.5, HEIGHT, dtype=np.float32) * down
        side = 1 - np.float32(light.gradient) * (x[None, :] + y[:, None] + np.float32(0.4))
        shade = np.clip(1 - np.float32(0.5) * slope, 0.35, 1.5) * side
        shine = np.float32(0.5 * light.shine) * np.clip(-slope - np.float32(0.25), 0, 0.8)
        return shade, shine


def lightness(tone: float) -> float:
    """The brightness of bare skin of this tone, 0 to 1."""
    return float(_bare(tone).mean())


def _bare(tone: float) -> Plane:
    place = tone * (len(_TONES) - 1)
    return np.array([np.interp(place, range(len(_TONES)), _TONES[:, c]) for c in range(3)], np.float32)


def _to_bytes(plane: Plane) -> npt.NDArray[np.uint8]:
    return (np.clip(plane, 0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8)
