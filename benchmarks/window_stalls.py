"""Does the window stay alive, and how fast are photos answered in it? Many photos through the real window.

    python benchmarks/window_stalls.py [--photos 2000] [--bundle DIR] [--platform offscreen]

Prints the longest time for which the window did not react while all photos were answered in it (a timer that is due
every 10 ms), while it was sorted, filtered and scrolled too, photos per second in the window against the same model
without a window and against ``acne predict`` on the same files, and the time from a cancel to its end. Without
``--bundle`` the tiny model of the tests answers: nearly all time is then decoding, the hardest case for a window.
The exit code is 1 where a stall is longer than 100 ms, a cancel takes more than a second, or the window has less than
80 % of the throughput.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.photos.panel import ResultsPanel
    from gui.work import LoadedModel

BEAT = 10  # milliseconds
DISTINCT = 8
LONGEST_STALL, LONGEST_CANCEL, LEAST_SHARE = 100.0, 1.0, 0.8


def draw_photos(folder: Path, number: int) -> list[Path]:
    """Write small photos: a few pictures, each file with bytes of its own."""
    folder.mkdir()
    chance = random.Random(0)
    contents = []
    for _ in range(DISTINCT):
        image = Image.effect_noise((640, 480), 40).convert("RGB")
        draw = ImageDraw.Draw(image)
        for _ in range(20):
            x, y, size = chance.randrange(600), chance.randrange(440), chance.randrange(8, 60)
            draw.ellipse((x, y, x + size, y + size), fill=(200, chance.randrange(140), 90))
        path = folder / "drawn.jpg"
        image.save(path, quality=88)
        contents.append(path.read_bytes())
        path.unlink()
    paths = [folder / f"photo {place}.jpg" for place in range(1, number + 1)]
    for place, path in enumerate(paths):
        path.write_bytes(contents[place % DISTINCT] + str(place).encode())  # what follows a JPEG's end is not decoded
    return paths


def tiny_bundle(folder: Path) -> Path:
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from tiny_bundles import sealed

    return sealed(folder)


@dataclass
class Heart:
    """Notes how late each beat of a timer comes, and how much of that was work of the window's own, in milliseconds."""

    late: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    last: float = 0.0
    last_busy: float = 0.0

    def beat(self) -> None:
        """Note how late this beat is."""
        now, busy = time.perf_counter(), time.thread_time()
        if self.last:
            self.late.append(max(0.0, (now - self.last) * 1_000 - BEAT))
            self.busy.append((busy - self.last_busy) * 1_000)
        self.last, self.last_busy = now, busy

    def percentile(self, share: float) -> float:
        """Return the lateness that this share of the beats does not exceed."""
        return sorted(self.late)[min(len(self.late) - 1, int(len(self.late) * share))]


def run_until(condition: Callable[[], bool]) -> float:
    """Let the window live until something is so; return the seconds that took."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, timer = QEventLoop(), QTimer()
    timer.setInterval(BEAT)
    timer.timeout.connect(lambda: loop.quit() if condition() else None)
    began = time.perf_counter()
    timer.start()
    loop.exec()
    return time.perf_counter() - began


class Window:
    """The app's real window with a loaded model, and when its photos are answered."""

    def __init__(self, bundle: Path) -> None:
        from gui.application import start

        self.is_over = False
        self.controller = start(str(bundle))
        self.controller.classification.ended.connect(self._end)
        run_until(lambda: self.controller.model_selection.model is not None)

    @property
    def panel(self) -> ResultsPanel:
        """The table of photos; it is made for the first of them."""
        return self.controller.window.results

    def open(self, paths: Sequence[Path]) -> None:
        """Have photos answered, as if they were dropped on the window."""
        self.is_over = False
        self.controller.opening.open(paths)

    def close(self) -> None:
        """Leave the app."""
        self.controller.window.close()
        self.controller.close()

    def _end(self) -> None:
        self.is_over = True


def beating() -> tuple[Heart, object]:
    from PySide6.QtCore import Qt, QTimer

    heart, timer = Heart(), QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(heart.beat)
    timer.start(BEAT)
    return heart, timer


def handled(panel: ResultsPanel) -> object:
    """Sort, filter and scroll the table again and again, as an impatient user does; return the timer."""
    from PySide6.QtCore import Qt, QTimer

    acts = [
        lambda: panel.table.sortByColumn(2, Qt.SortOrder.DescendingOrder),
        lambda: panel.table.verticalScrollBar().setValue(panel.table.verticalScrollBar().maximum() // 2),
        lambda: panel.filter_row.text.setText("1"),
        panel.table.selectAll,
        lambda: panel.table.sortByColumn(0, Qt.SortOrder.AscendingOrder),
        lambda: panel.filter_row.text.setText(""),
        lambda: panel.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder),
    ]
    timer = QTimer()
    timer.timeout.connect(lambda: (acts.append(acts.pop(0)), acts[-1]())[1])
    timer.start(150)
    return timer


def without_window(loaded: LoadedModel, paths: Sequence[Path]) -> float:
    began = time.perf_counter()
    for _ in loaded.classify_many(paths):
        pass
    return len(paths) / (time.perf_counter() - began)


def command_line(bundle: Path, folder: Path, home: Path) -> tuple[float, float]:
    """Return the seconds of ``acne predict`` for a folder, and for its first photo alone: what its start takes."""
    seconds = []
    for what in (folder, folder / "photo 1.jpg"):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "acnelib.cli", "predict", str(what), "--model", str(bundle), "--format", "csv"],
            stdout=subprocess.DEVNULL,
            env=os.environ | {"ACNE_HOME": str(home)},
            check=True,
        )
        seconds.append(time.perf_counter() - began)
    return seconds[0], seconds[1]


def measure(bundle: Path, root: Path, number: int) -> bool:
    from gui.work import ask_server, load_found

    paths = draw_photos(root / "photos", number)
    loaded = load_found(str(bundle), ask_server(str(bundle)))
    without_window(loaded, paths[:DISTINCT])  # what is read and loaded once is not measured
    alone = without_window(loaded, paths)
    stalls = {}
    window = Window(bundle)
    heart, timer = beating()
    window.open(paths)
    seconds = run_until(lambda: window.is_over)
    stalls["left alone"] = heart
    heart, timer = beating()
    hands = handled(window.panel)
    window.open(paths)
    run_until(lambda: window.is_over)
    hands.stop()
    stalls["sorted, filtered, scrolled"] = heart
    timer.stop()
    window.open(paths)
    begun = time.perf_counter()
    run_until(lambda: time.perf_counter() - begun > seconds / 4)
    window.controller.classification.cancel()
    cancelled = run_until(lambda: window.is_over)
    window.close()
    whole, start = command_line(bundle, root / "photos", root / "home")
    return report(number, stalls=stalls, speeds=(number / seconds, alone), cli=(whole, start), cancelled=cancelled)


def report(
    number: int,
    *,
    stalls: dict[str, Heart],
    speeds: tuple[float, float],
    cli: tuple[float, float],
    cancelled: float,
) -> bool:
    """Print the figures; return whether all goals are reached."""
    inside, alone = speeds
    whole, start = cli
    command = number / (whole - start)
    print(f"{number:,} photos of 640 × 480 on {os.cpu_count()} cores\n")
    print(
        "| the window, while photos are answered | longest stall | 99th percentile | longest work of its own | beats |"
    )
    print("|---|---|---|---|---|")
    for what, heart in stalls.items():
        late, busy = max(heart.late), max(heart.busy)
        print(f"| {what} | {late:.0f} ms | {heart.percentile(0.99):.0f} ms | {busy:.0f} ms | {len(heart.late):,} |")
    print("\n| photos answered | per second | of which the window has |")
    print("|---|---|---|")
    print(f"| in the window | {inside:.0f} | |")
    print(f"| without a window, same process | {alone:.0f} | {inside / alone:.0%} |")
    print(f"| acne predict, its start left out | {command:.0f} | {inside / command:.0%} |")
    print(f"| acne predict, whole command | {number / whole:.0f} | {inside * whole / number:.0%} |")
    print(f"\nfrom cancel to its end: {cancelled * 1_000:.0f} ms")
    longest = max(max(heart.late) for heart in stalls.values())
    share = min(inside / alone, inside * whole / number)
    return longest <= LONGEST_STALL and cancelled <= LONGEST_CANCEL and share >= LEAST_SHARE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=2_000)
    parser.add_argument("--bundle", type=Path)
    parser.add_argument("--platform", default="offscreen", help="Qt's platform; offscreen: no screen is needed")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = options.platform
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # the offscreen platform has no size hints
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        os.environ["ACNE_HOME"] = str(root / "home")
        bundle = options.bundle.resolve() if options.bundle else tiny_bundle(root / "tiny")
        reached = measure(bundle, root, options.photos)
    application.quit()
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
