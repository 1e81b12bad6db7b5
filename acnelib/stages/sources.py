"""Sources of photos: the sample atlas, a site in a declared layout, or a folder of class folders."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from acnelib.errors import SourceUnknown
from acnelib.files import digest_of
from acnelib.scraping.layout import layout_names

SAMPLE = "sample"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where photos come from.

    Attributes:
        name: What logs, targets, luigid and MLflow call it: never a path.
        folder: The folder, for a folder of class folders.
        layout: Name of the layout, for a site.
        address: Address of the site, when it is not the layout's own.
    """

    name: str
    folder: Path | None = None
    layout: str | None = None
    address: str | None = None

    @classmethod
    def parse(cls, text: str) -> Source:
        """Return the source that a user means; an existing folder wins.

        Raises:
            SourceUnknown: It is neither a folder nor the name of a layout.
        """
        path = Path(text).expanduser()
        if path.is_dir():
            folder = path.resolve()
            return cls(name=f"{_slug(folder.name) or 'folder'}-{digest_of(str(folder))[:8]}", folder=folder)
        layout, _, address = text.partition("@")
        if layout in layout_names():
            host = _slug(address.partition("://")[2])
            return cls(name=f"{layout}-{host}" if host else layout, layout=layout, address=address or None)
        raise SourceUnknown(_unknown(text, layout))


def _unknown(text: str, layout: str) -> str:
    names = layout_names()
    if Path(text).expanduser().exists():
        return f"{text!r} is a file: name a folder with one sub-folder of photos per class, or {', '.join(names)}"
    if re.search(r"[/\\.~]", text.partition("@")[0]):
        return f"no folder {text!r}: name a folder with one sub-folder of photos per class, or {', '.join(names)}"
    close = difflib.get_close_matches(layout, names, n=1)
    guess = f"did you mean {close[0]}? " if close else ""
    return f"no source {text!r}: {guess}There are {', '.join(names)}, or name a folder of class folders"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
