"""The pages of the sample atlas, in the layout of today's DermNet, as text."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from acnelib.atlas.site import LICENCE, LICENCE_URL, PAGE_VARIANT, TILE_VARIANT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acnelib.atlas.site import SitePhoto

ROBOTS = "User-agent: *\nDisallow: /admin\n"

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: #faf8f6; margin: 0 auto;
       max-width: 68rem; padding: 1rem 1.5rem; }
header, footer { border-color: #ddd; border-style: solid; border-width: 0 0 1px; padding: .5rem 0; }
footer { border-width: 1px 0 0; margin-top: 2rem; font-size: .9rem; color: #555; }
a { color: #8a3b2a; }
.imageList, .imageLinkBlock { display: grid; gap: 1rem;
       grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); }
.imageList__group__item { text-decoration: none; }
img { width: 100%; display: block; border-radius: 4px; background: #eee; }
h6, p.imageLinkBlock__item__caption { font-size: .85rem; margin: .4rem 0; }
"""

# As on the real site, the tiles are filled from JSON: who reads the page alone finds none.
_TILES_SCRIPT = """
fetch("/image-library/imagesJson").then(answer => answer.json()).then(topics => {
  const list = document.querySelector(".imageList__group");
  for (const topic of topics) {
    const tile = document.createElement("a");
    tile.className = "imageList__group__item";
    tile.href = topic.url;
    const frame = document.createElement("div");
    frame.className = "imageList__group__item__image";
    const image = document.createElement("img");
    image.src = topic.thumbnail;
    image.alt = "";
    frame.append(image);
    const name = document.createElement("h6");
    name.textContent = topic.name;
    tile.append(frame, name);
    list.append(tile);
  }
});
"""


def topic_path(topic: str) -> str:
    """Return the address of a topic's pictures."""
    return f"/topics/{topic}-images"


def topic_title(topic: str) -> str:
    """Return a topic's name as its page shows it: ``papular-acne`` → ``Papular acne images``."""
    return f"{topic.replace('-', ' ').capitalize()} images"


def landing_page(topics: Mapping[str, Sequence[SitePhoto]]) -> str:
    """Return the page that explains the atlas to a visitor."""
    tiles = "\n".join(
        f'<a class="imageList__group__item" href="{topic_path(topic)}">'
        f'<img src="{photos[0].variant_path(TILE_VARIANT)}" alt="">'
        f"<h6>{escape(topic_title(topic))} ({len(photos)})</h6></a>"
        for topic, photos in topics.items()
    )
    number = sum(len(photos) for photos in topics.values())
    return _page(
        "Sample atlas",
        f"<p>This is the sample atlas that comes with acnelib: {number} pictures of skin, drawn by a program. "
        "They show no real person, and are for trials only: not a diagnosis.</p>\n"
        "<p>A few flaws are there on purpose, because real atlases have them: copies, a broken file, "
        "one picture under two topics, several pictures of one patient.</p>\n"
        f'<div class="imageList">\n{tiles}\n</div>\n'
        '<p><a href="/image-library">The image library</a>, as a scraper sees it.</p>',
    )


def library_page() -> str:
    """Return the index of topics, which a script fills."""
    return _page(
        "Image library",
        '<div class="imageList imageList__group"></div>\n'
        '<noscript><p>The list of topics is at <a href="/image-library/imagesJson">imagesJson</a>.</p></noscript>\n'
        f"<script>{_TILES_SCRIPT}</script>",
    )


def library_json(topics: Mapping[str, Sequence[SitePhoto]]) -> str:
    """Return the list of topics that the index is filled from."""
    return json.dumps(
        [
            {
                "name": topic_title(topic),
                "page_name": topic_title(topic),
                "url": topic_path(topic),
                "thumbnail": photos[0].variant_path(TILE_VARIANT),
            }
            for topic, photos in topics.items()
        ]
    )


def topic_page(topic: str, photos: Sequence[SitePhoto]) -> str:
    """Return the page with a topic's pictures, each as a resized variant."""
    items = "\n".join(
        '<div class="imageLinkBlock__item">\n'
        f'<div class="imageLinkBlock__item__image"><img src="{photo.variant_path(PAGE_VARIANT)}" '
        f'alt="{escape(photo.caption)}" loading="lazy"></div>\n'
        f'<p class="imageLinkBlock__item__caption">{escape(photo.caption)}</p>\n</div>'
        for photo in photos
    )
    return _page(topic_title(topic), f'<div class="imageLinkBlock">\n{items}\n</div>')


def missing_page(path: str) -> str:
    """Return what is shown where nothing is."""
    return _page("Not found", f"<p>Nothing is at {escape(path)}.</p>")


def _page(title: str, body: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)} | acnelib sample atlas</title>
<style>{_STYLE}</style>
</head>
<body>
<header><a href="/">acnelib sample atlas</a></header>
<h1>{escape(title)}</h1>
{body}
<footer>Drawn by acnelib. Licence: <a rel="license" href="{LICENCE_URL}">{LICENCE}</a></footer>
</body>
</html>
"""
