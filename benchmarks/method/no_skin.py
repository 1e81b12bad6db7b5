"""Pictures that show no skin: drawn ones of many kinds, and pieces of scikit-learn's two sample photos."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 640, 480

Draw = Callable[[np.random.Generator], Image.Image]


def drawn(each: int = 6, *, seed: int = 0) -> dict[str, list[Image.Image]]:
    """Return pictures of each kind, the same for the same seed."""
    return {
        name: [draw(np.random.default_rng([seed, place, number])) for number in range(each)]
        for place, (name, draw) in enumerate(KINDS.items())
    }


def sample_photos() -> dict[str, list[Image.Image]]:
    """Return scikit-learn's two photos, whole and in twelve pieces each."""
    from sklearn.datasets import load_sample_images

    found = {}
    for name, pixels in zip(("palace", "flower"), load_sample_images().images, strict=True):
        photo = Image.fromarray(pixels)
        width, height = photo.size
        pieces = [
            photo.crop((x * width // 4, y * height // 3, (x + 1) * width // 4, (y + 1) * height // 3))
            for x in range(4)
            for y in range(3)
        ]
        found[name], found[f"pieces of the {name}"] = [photo], pieces
    return found


def _colour(random: np.random.Generator, low: int = 0, high: int = 256) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in random.integers(low, high, 3))
    return red, green, blue


def _gradient(random: np.random.Generator) -> Image.Image:
    start, end = (np.array(_colour(random), float) for _ in range(2))
    along = np.linspace(0, 1, WIDTH)[None, :, None] * random.random() + np.linspace(0, 1, HEIGHT)[:, None, None]
    return Image.fromarray((start + (end - start) * along / along.max()).astype(np.uint8))


def _plain(random: np.random.Generator) -> Image.Image:
    return Image.new("RGB", (WIDTH, HEIGHT), _colour(random))


def _noise(random: np.random.Generator) -> Image.Image:
    grain = int(random.choice([1, 4, 16]))
    small = random.integers(0, 256, (HEIGHT // grain, WIDTH // grain, 3)).astype(np.uint8)
    return Image.fromarray(small).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def _landscape(random: np.random.Generator) -> Image.Image:
    sky = np.linspace(0, 1, HEIGHT)[:, None, None]
    top, low = np.array(_colour(random, 60, 200)) + np.array([0, 20, 55]), np.array(_colour(random, 150, 250))
    picture = Image.fromarray(np.broadcast_to(top + (low - top) * sky, (HEIGHT, WIDTH, 3)).astype(np.uint8))
    canvas = ImageDraw.Draw(picture)
    for ridge in range(4):
        steps = np.cumsum(random.normal(0, 3, WIDTH)) + HEIGHT * (0.35 + 0.15 * ridge)
        shade = (int(random.integers(20, 110)), int(random.integers(50, 150)), int(random.integers(20, 110)))
        canvas.polygon([(0, HEIGHT), *zip(range(WIDTH), steps.tolist(), strict=True), (WIDTH, HEIGHT)], fill=shade)
    for _ in range(30):
        x, y = random.integers(0, WIDTH), random.integers(HEIGHT // 2, HEIGHT)
        tall = random.integers(15, 60)
        green = (20, int(random.integers(60, 140)), 30)
        canvas.polygon([(x, y - tall), (x - tall // 3, y), (x + tall // 3, y)], fill=green)
    return _grainy(picture, random)


def _street(random: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), _colour(random, 130, 240))
    canvas = ImageDraw.Draw(picture)
    left = 0
    while left < WIDTH:
        wide, top = int(random.integers(60, 140)), int(random.integers(40, 250))
        canvas.rectangle((left, top, left + wide, HEIGHT), fill=_colour(random, 40, 200))
        for x in range(left + 8, left + wide - 12, 22):
            for y in range(top + 10, HEIGHT - 60, 30):
                canvas.rectangle((x, y, x + 10, y + 16), fill=_colour(random, 30, 255))
        left += wide
    canvas.rectangle((0, HEIGHT - 50, WIDTH, HEIGHT), fill=(70, 70, 75))
    return _grainy(picture, random)


def _objects(random: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), _colour(random, 90, 230))
    canvas = ImageDraw.Draw(picture)
    for _ in range(int(random.integers(3, 9))):
        x, y = random.integers(0, WIDTH - 100), random.integers(0, HEIGHT - 100)
        wide, high = random.integers(50, 260, 2)
        shape = random.choice(["ellipse", "rectangle", "rounded_rectangle"])
        options = {"radius": 20} if shape == "rounded_rectangle" else {}
        box = tuple(int(value) for value in (x, y, x + wide, y + high))
        getattr(canvas, str(shape))(box, fill=_colour(random), outline=(20, 20, 20), width=3, **options)
    return _grainy(picture.filter(ImageFilter.GaussianBlur(1)), random)


def _text(random: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), _colour(random, 225, 256))
    canvas = ImageDraw.Draw(picture)
    size = int(random.integers(10, 22))
    font = ImageFont.load_default(size)
    letters = list("abcdefghijklmnopqrstuvwxyz       ")
    for y in range(20, HEIGHT - 20, int(size * 1.5)):
        canvas.text((20, y), "".join(random.choice(letters, 700 // size)), fill=(20, 20, 30), font=font)
    return picture


def _chart(random: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    canvas = ImageDraw.Draw(picture)
    canvas.line((50, 20, 50, 440, 620, 440), fill="black", width=2)
    for number, x in enumerate(range(70, 600, 60)):
        if random.random() < 0.5:
            canvas.rectangle((x, int(random.integers(40, 420)), x + 40, 439), fill=_colour(random))
        canvas.text((x, 445), str(number), fill="black")
    for _ in range(2):
        steps = 240 + np.cumsum(random.normal(0, 25, 55))
        canvas.line(list(zip(range(60, 610, 10), steps.tolist(), strict=True)), fill=_colour(random), width=3)
    return picture


def _screen(random: np.random.Generator) -> Image.Image:
    dark = random.random() < 0.5
    picture = Image.new("RGB", (WIDTH, HEIGHT), (30, 30, 34) if dark else (243, 243, 245))
    canvas = ImageDraw.Draw(picture)
    canvas.rectangle((0, 0, WIDTH, 30), fill=_colour(random))
    canvas.rectangle((0, 30, 140, HEIGHT), fill=(45, 45, 52) if dark else (228, 228, 232))
    ink = (220, 220, 220) if dark else (40, 40, 40)
    for y in range(45, HEIGHT - 20, 26):
        canvas.rounded_rectangle((12, y, 12 + int(random.integers(40, 110)), y + 12), 4, fill=ink)
        canvas.text((160, y), "item " * int(random.integers(1, 12)), fill=ink, font=ImageFont.load_default(14))
    canvas.rounded_rectangle((480, 400, 610, 440), 8, fill=_colour(random))
    return picture


def _leaves(random: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), (25, 50, 20))
    for _ in range(180):
        leaf = Image.new("RGBA", (90, 40))
        shade = (int(random.integers(20, 120)), int(random.integers(80, 190)), int(random.integers(10, 80)), 255)
        ImageDraw.Draw(leaf).ellipse((0, 5, 88, 35), fill=shade, outline=(10, 40, 10, 255))
        leaf = leaf.rotate(float(random.uniform(0, 360)), expand=True)
        picture.paste(leaf, (int(random.integers(-40, WIDTH)), int(random.integers(-40, HEIGHT))), leaf)
    return _grainy(picture, random)


def _stripes(random: np.random.Generator) -> Image.Image:
    angle, period = random.uniform(0, np.pi), random.uniform(6, 60)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period)
    if random.random() < 0.5:
        wave *= np.sin((x * np.sin(angle) - y * np.cos(angle)) * 2 * np.pi / period)
    one, other = (np.array(_colour(random), float) for _ in range(2))
    return Image.fromarray(np.where(wave[..., None] > 0, one, other).astype(np.uint8))


def _clouds(random: np.random.Generator) -> Image.Image:
    """Fractal noise between two colours that may be those of skin: the hardest kind."""
    spectrum = np.fft.rfft2(random.normal(size=(HEIGHT, WIDTH)))
    frequency = np.hypot(np.fft.fftfreq(HEIGHT)[:, None], np.fft.rfftfreq(WIDTH)[None])
    field = np.fft.irfft2(spectrum / np.maximum(frequency, 1 / WIDTH) ** random.uniform(1, 1.8), (HEIGHT, WIDTH))
    field = (field - field.min()) / np.ptp(field)
    one, other = (np.array(_colour(random), float) for _ in range(2))
    return Image.fromarray((one + (other - one) * field[..., None]).astype(np.uint8))


def _grainy(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    pixels = np.asarray(picture, dtype=float) + random.normal(0, 5, (HEIGHT, WIDTH, 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


KINDS: dict[str, Draw] = {
    "landscape": _landscape,
    "street": _street,
    "objects": _objects,
    "leaves": _leaves,
    "text": _text,
    "chart": _chart,
    "screen": _screen,
    "plain colour": _plain,
    "gradient": _gradient,
    "noise": _noise,
    "stripes": _stripes,
    "clouds": _clouds,
}
