"""Translations of the app's texts: gather the texts from the sources, and compile the translations.

``make translations`` runs it: ``pyside6-lupdate`` writes new texts into ``gui/translations/acnelib_de.ts`` and drops
those that are gone, and ``pyside6-lrelease`` makes the ``.qm`` file of it that the app loads.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
TRANSLATIONS = ROOT / "gui" / "translations"


def sources() -> list[Path]:
    """Return the modules with texts, sorted."""
    modules = sorted((ROOT / "gui").glob("*/*.py"))
    return [module for module in modules if "translate(" in module.read_text(encoding="utf-8")]


def update(ts: Path) -> None:
    """Bring a file of translations up to date with the sources."""
    # Without places: these would change with every line above a text.
    _run("lupdate", "-no-obsolete", "-locations", "none", *(str(path) for path in sources()), "-ts", str(ts))


def release(ts: Path, qm: Path) -> None:
    """Compile a file of translations; texts without a finished translation are left out."""
    _run("lrelease", str(ts), "-qm", str(qm))


def main() -> None:
    """Bring every language up to date, and compile it."""
    for ts in sorted(TRANSLATIONS.glob("*.ts")):
        update(ts)
        release(ts, ts.with_suffix(".qm"))


def _run(tool: str, *arguments: str) -> None:
    program = Path(sysconfig.get_path("scripts")) / f"pyside6-{tool}"
    result = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{program.name} failed: {result.stderr or result.stdout}")


if __name__ == "__main__":
    main()
