"""The desktop app as a program: small, without anything foreign, and at home where there is no Python."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from acnelib import bundle as bundles

REPOSITORY = Path(__file__).parents[2]
TINY = REPOSITORY / "tests" / "data" / "tiny.tflite"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def built():
    made = subprocess.run(["make", "desktop"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return REPOSITORY / "dist" / "acnelib"


@pytest.fixture
def model(tmp_path):
    provenance = bundles.Provenance(
        candidate="c",
        backbone="none",
        weights="none",
        weights_sha256="0" * 64,
        source="colours",
        data="d" * 64,
        photos={"train": 20, "validation": 5, "test": 4},
        licences={"not stated": 29},
        split="s",
        test_sha256="t",
        run_id=None,
        code="test",
        created_at="2026-01-01T00:00:00+00:00",
    )
    description = bundles.Description(
        labels=("papules", "comedones", "cysts"),
        height=8,
        width=8,
        temperature=1.0,
        confident_at=0.6,
        confident_accuracy=0.9,
        false_rejection=0.02,
        provenance=provenance,
    )
    folder = tmp_path / "tiny"
    folder.mkdir()
    shutil.copy(TINY, folder / bundles.LITERT)
    bundles.write_description(folder, description)
    return bundles.seal(folder).path


def check(built, *arguments):
    python = REPOSITORY / ".venv-desktop" / "bin" / "python"
    script = REPOSITORY / "packaging" / "check_desktop_build.py"
    command = [python, script, "--built", built, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_knows_its_version(built):
    told = subprocess.run([built / "acnelib", "--version"], capture_output=True, text=True, check=True).stdout
    assert re.fullmatch(r"acnelib \d+\.\d+\.\d+\n", told)


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
