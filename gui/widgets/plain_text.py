"""Text for tooltips and other places where Qt guesses whether it is HTML: what stands in a name is never markup."""

from __future__ import annotations

from acnelib.text.visible import visible_lines


def plain_text(text: str) -> str:
    """Return a text that Qt shows exactly as it is, whatever tags it seems to have, and nothing in it hidden."""
    shown = visible_lines(text)
    if not {"<", "&"} & set(shown):  # Qt sees HTML where there may be a tag or an entity, and nowhere else
        return shown
    import html  # for the few texts that need it: it takes milliseconds of the start

    return f"<qt>{html.escape(shown, quote=False).replace(chr(10), '<br>')}</qt>"
