"""The desktop app as a program: small, without anything foreign, and at home where there is no Python."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from tiny_bundles import sealed

REPOSITORY = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def built():
    made = subprocess.run(["make", "desktop"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return REPOSITORY / "dist" / "acnelib"


@pytest.fixture
def model(tmp_path):
    return sealed(tmp_path / "tiny")


def check(built, *arguments):
    python = REPOSITORY / ".venv-desktop" / "bin" / "python"
    script = REPOSITORY / "packaging" / "check_desktop_build.py"
    command = [python, script, "--built", built, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_knows_its_version(built):
    reported = subprocess.run([built / "acnelib", "--version"], capture_output=True, text=True, check=True).stdout
    assert re.fullmatch(r"acnelib \d+\.\d+\.\d+\n", reported)


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs a screen that nobody looks at: Debian's xvfb")
def test_it_answers_where_nothing_but_libraries_is(built, model, tmp_path):
    from pillow_heif import from_pillow

    png, heic = tmp_path / "red.png", tmp_path / "blue.heic"
    Image.new("RGB", (64, 48), (255, 0, 0)).save(png)
    from_pillow(Image.new("RGB", (64, 48), (0, 0, 255))).save(heic)
    checked = check(built, "--model", model, png, heic)
    assert (checked.returncode, checked.stderr) == (0, "")
    for photo in (png, heic):
        assert re.search(
            rf"^{photo.name}: window shown: .*model ready: .*first prediction: ", checked.stdout, re.MULTILINE
        )


def test_a_build_with_something_foreign_in_it_is_refused(built, tmp_path):
    other = shutil.copytree(built, tmp_path / "acnelib", symlinks=True)
    (other / "_internal" / "tensorflow").mkdir()
    (other / "_internal" / "libQt6Quick.so.6").touch()
    checked = check(other)
    assert checked.returncode == 1
    assert checked.stderr.splitlines() == [
        "wrong: it holds tensorflow",
        "wrong: it holds _internal/libQt6Quick.so.6",
    ]
