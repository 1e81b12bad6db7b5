"""Text from elsewhere inside Markdown that others show: licences, sources and reasons are words there, never markup."""

from __future__ import annotations

import re

from acnelib.text.visible import visible

_MARKUP = re.compile(r"[\\`*\[\]<>|~]")


def plain_markdown(text: str) -> str:
    """Return a text as Markdown that shows just that text: no picture, link or tag in it is one."""
    return _MARKUP.sub(r"\\\g<0>", visible(text))


def code_markdown(text: str) -> str:
    """Return a text as Markdown's code, which it cannot end by itself."""
    return f"`{visible(text).replace('`', chr(0x2019))}`"
