"""Figures as inline SVG for HTML pages, with selectable text in the page's font and colours."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from acnelib.evaluation.report.plots import INK, LINE, SERIES, SOFT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_VARIABLES = {INK: "--ink", SOFT: "--soft", LINE: "--line"} | {
    colour: f"--series-{place}" for place, colour in enumerate(SERIES)
}
_PRELUDE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_NOT_FOR_PAGES = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->|<style[^>]*>.*?</style>", re.DOTALL)


def inline_svg(figure: Figure, *, name: str, title: str) -> str:
    """Return a figure as an ``<svg>`` element; the same figure gives the same text.

    The colours of :mod:`acnelib.evaluation.report.plots` become the page's variables ``--ink``, ``--soft``,
    ``--line`` and ``--series-0`` to ``--series-5``. Ids begin with the name, so they are unique in the page.

    Args:
        figure: Drawn in those colours.
        name: Unique in the page; letters and hyphens.
        title: Text for screen readers; letters, digits and spaces.
    """
    import matplotlib as mpl

    stream = io.StringIO()
    # matplotlib reads a file matplotlibrc of the current folder, which could ask for LaTeX.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "text.usetex": False}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    svg = _NOT_FOR_PAGES.sub("", _PRELUDE.sub("", stream.getvalue()))
    opening, rest = svg.split(">", 1)
    view = re.search(r'viewBox="[^"]*"', opening)
    svg = f'<svg class="plot" role="img" aria-label="{title}" {view.group() if view else ""}>{rest}'
    svg = re.sub(r'(?<= id=")', f"{name}-", svg)
    svg = re.sub(r'(?<=url\(#)|(?<=xlink:href="#)', f"{name}-", svg).replace("xlink:href", "href")
    svg = re.sub(r"'DejaVu Sans'(?:, [^;\"]*)?", "inherit", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(f": {colour}", f": var({variable})")
    return "\n".join(line for line in svg.splitlines() if line.strip())
