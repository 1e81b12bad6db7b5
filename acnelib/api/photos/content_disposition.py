"""File names in the Content-Disposition header of a form's part, as the various clients write them.

RFC 7578 and the HTML standard have ``filename="…"`` in UTF-8 with ``%22`` for a quotation mark; RFC 6266 has
``filename*=UTF-8''…``, which takes precedence; .NET and Java write encoded words of RFC 2047; older ones write Latin-1.
"""

from __future__ import annotations

import contextlib
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from urllib.parse import unquote, unquote_to_bytes

_PARAMETER = re.compile(r""";\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)""", re.ASCII)
_CONTINUED = re.compile(r"filename\*(\d+)(\*?)")
_HTML_ESCAPE = re.compile(r"%(22|0D|0A)", re.IGNORECASE)


def parameters(header: bytes) -> dict[str, str]:
    """Return the parameters of a header by their names in small letters; each character of a value is a byte."""
    found = _PARAMETER.findall(header.decode("latin-1"))
    return {name.lower(): _unquoted(value.strip()) for name, value in found}


def file_name(header: bytes) -> str | None:
    """Return the file name that a header gives; None if it gives none."""
    given = parameters(header)
    for extended in (given.get("filename*"), _continued(given)):
        if extended is not None and (name := _of_extended(extended)) is not None:
            return name
    plain = given.get("filename")
    return None if plain is None else _of_plain(plain)


def _unquoted(value: str) -> str:
    return value[1:-1].replace('\\"', '"') if value.startswith('"') and len(value) > 1 else value


def _of_extended(value: str) -> str | None:
    """Return the text of a value of RFC 5987; None if it is not one, or its character set is unknown."""
    character_set, mark, rest = value.partition("'")
    _, second_mark, encoded = rest.partition("'")
    if not (mark and second_mark):
        return None
    try:
        return unquote_to_bytes(encoded.encode("latin-1")).decode(character_set or "utf-8")
    except (LookupError, UnicodeError):
        return None


def _continued(given: dict[str, str]) -> str | None:
    """Return a value that RFC 2231 spreads over several parameters, as one value of RFC 5987."""
    pieces = sorted((int(found[1]), found[2], given[name]) for name in given if (found := _CONTINUED.fullmatch(name)))
    if not pieces:
        return None
    character_set = "" if pieces[0][1] else "utf-8''"
    return character_set + "".join(value if escaped else value.replace("%", "%25") for _, escaped, value in pieces)


def _of_plain(value: str) -> str:
    with contextlib.suppress(UnicodeError):
        value = value.encode("latin-1").decode()
    if "=?" in value:
        with contextlib.suppress(HeaderParseError, LookupError, UnicodeError, ValueError):
            value = str(make_header(decode_header(value)))
    return _HTML_ESCAPE.sub(lambda found: unquote(found[0]), value)
