"""Look at the built desktop app: how large it is, what is in it, and whether it starts where there is no Python."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BUILT = Path(__file__).parents[1] / "dist" / "acnelib"
MOST_MEGABYTES = 260
NEEDED = {"PIL", "PySide6", "acnelib", "ai_edge_litert", "gui", "numpy", "pillow_heif", "simplejpeg"}
FOREIGN = {
    *(
        "PyInstaller",
        "boto3",
        "cv2",
        "fastapi",
        "jax",
        "keras",
        "luigi",
        "luigi_tasks",
        "matplotlib",
        "mlflow",
        "pandas",
    ),
    *("pip", "pyarrow", "pydantic", "pytest", "scipy", "setuptools", "sklearn", "tensorflow", "tkinter", "torch"),
    *("uvicorn",),
}
FOREIGN_FILES = re.compile(
    r"Qt6?(3D|Multimedia|Network|Pdf|Qml|Quick|Sql|WebEngine)|/qml/|/translations/(?!(qtbase_de|acnelib_de)\.qm)|libgtk|direct_url"
)
TRACED = ("window shown", "model ready", "first prediction")
TEXTS_AND_KEYS = ("/etc/fonts", "/usr/share/fonts", "/usr/share/X11", "/usr/lib/locale/C.utf8")
PATIENCE = 120  # seconds

# Run by sh with the empty root, the program's folder and the arguments: joins what only the kernel can give.
INTO_THE_ROOT = """
set -e
root=$1 program=$2; shift 2
mount --bind "$program" "$root/program"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot "$root" /program/acnelib "$@"
"""


def main() -> int:
    """Print what was found; return 1 when something is wrong with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", metavar="PHOTO", nargs="*", type=Path, help="photos to start the app with, in turn")
    parser.add_argument("--built", metavar="DIR", type=Path, default=BUILT, help="where the build is")
    parser.add_argument("--model", metavar="DIR", type=Path, help="the folder of a bundle to start with")
    arguments = parser.parse_args()
    built = arguments.built.resolve()
    if not (built / "acnelib").is_file():
        print(f"{built} holds no program: build it with `make desktop`", file=sys.stderr)
        return 1
    problems = [*size_problems(built), *content_problems(built)]
    if arguments.photos:
        problems += start_problems(built, arguments.model.resolve(), arguments.photos)
    for problem in problems:
        print(f"wrong: {problem}", file=sys.stderr)
    return 1 if problems else 0


def size_problems(built: Path) -> list[str]:
    """Print how large the build is and what is largest in it."""
    sizes = {file: file.stat().st_size for file in built.rglob("*") if file.is_file() and not file.is_symlink()}
    megabytes = sum(sizes.values()) / 1e6
    print(f"{built.name}: {megabytes:.0f} MB, {len(sizes)} files")
    for file in sorted(sizes, key=sizes.__getitem__, reverse=True)[:8]:
        print(f"  {sizes[file] / 1e6:5.1f} MB  {file.relative_to(built)}")
    return [] if megabytes <= MOST_MEGABYTES else [f"{megabytes:.0f} MB, meant to be {MOST_MEGABYTES} at most"]


def content_problems(built: Path) -> list[str]:
    """Return what is in the build and should not be, or the other way round."""
    modules = archived_modules(built / "acnelib") | {path.name for path in (built / "_internal").iterdir()}
    foreign = sorted(modules & FOREIGN)
    files = sorted(str(file.relative_to(built)) for file in built.rglob("*") if FOREIGN_FILES.search(str(file)))
    home = str(BUILT.parents[1]).encode()
    telling = [file.name for file in built.rglob("*") if file.is_file() and home in file.read_bytes()]
    return [
        *(f"it holds {name}" for name in [*foreign, *files]),
        *(f"it lacks {name}" for name in sorted(NEEDED - modules)),
        *(f"{name} names the folder that it was built in" for name in telling),
    ]


def archived_modules(program: Path) -> set[str]:
    """Return the packages that lie inside the program's own file."""
    from PyInstaller.archive.readers import CArchiveReader

    modules = CArchiveReader(str(program)).open_embedded_archive("PYZ.pyz").toc
    return {name.split(".")[0] for name in modules}


def start_problems(built: Path, model: Path, photos: Sequence[Path]) -> list[str]:
    """Start the program where there is nothing but the libraries that it takes from the system."""
    libraries, missing = system_libraries(built)
    print(f"from the system: {', '.join(sorted(library.name for library in libraries))}")
    problems = [f"{name} is not on this machine" for name in missing]
    with tempfile.TemporaryDirectory() as folder, screen() as display:
        root = empty_root(Path(folder), libraries)
        shutil.copytree(model, root / "model")
        for photo in photos:
            shutil.copy(photo, root / photo.name)
            command = [*in_the_root(root, built), "--model", "/model", "--trace-startup", f"/{photo.name}"]
            environment = {"DISPLAY": display, "HOME": "/home", "LANG": "C.UTF-8", "PATH": "/nothing"}
            ran = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
            print(f"{photo.name}: {', '.join(ran.stdout.splitlines())}")
            said = tuple(line.partition(":")[0] for line in ran.stdout.splitlines())
            if ran.returncode or ran.stderr or said != TRACED:
                problems.append(f"with {photo.name} it left with {ran.returncode}: {ran.stderr.strip() or said}")
    return problems


def system_libraries(built: Path) -> tuple[set[Path], set[str]]:
    """Return the libraries that the build finds in the system, and the names of those that it does not find."""
    libraries = [file for file in (built / "_internal").rglob("*") if file.is_file() and is_elf(file)]
    told = loader_says([built / "acnelib"], beside=None) + loader_says(libraries, beside=built / "_internal")
    found = {Path(path) for path in re.findall(r"(?:=> |^\t)(/\S+) \(0x", told, re.MULTILINE)}
    outside = {path for path in found if not path.resolve().is_relative_to(built)}
    return outside, set(re.findall(r"(\S+) => not found", told))


def loader_says(files: Sequence[Path], *, beside: Path | None) -> str:
    """Return what the loader finds for these; the program makes it look beside the others once it runs."""
    environment = os.environ | ({} if beside is None else {"LD_LIBRARY_PATH": str(beside)})
    return subprocess.run(["ldd", *files], env=environment, capture_output=True, text=True, check=False).stdout


def is_elf(file: Path) -> bool:
    """Return whether a file is a Linux program or library."""
    with file.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def empty_root(root: Path, libraries: set[Path]) -> Path:
    """Lay out a system that has these libraries, fonts and keyboards, and not even a shell."""
    for place in ("program", "proc", "dev", "tmp", "home"):
        (root / place).mkdir()
    for library in libraries:
        copy = root / library.relative_to("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, copy)
    for place in TEXTS_AND_KEYS:
        shutil.copytree(place, root / place.lstrip("/"), ignore_dangling_symlinks=True)
    return root


def in_the_root(root: Path, built: Path) -> list[str]:
    """Return the command that starts the program in a root of its own, seen by nobody else."""
    alone = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    script = f"PATH={os.defpath}:/usr/sbin{INTO_THE_ROOT}"
    return [shutil.which(alone[0]) or alone[0], *alone[1:], "/bin/sh", "-c", script, "sh", str(root), str(built)]


@contextmanager
def screen() -> Iterator[str]:
    """Lend a screen that nobody looks at; it is on an abstract socket, which every root can reach."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x1000x24"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as stream:
                yield f":{stream.readline().strip()}"
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
