"""A server's own words about a failure, made safe for a message: short, in one line, without logins."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from acnelib.text.redaction import without_logins
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Collection

MOST = 200
"""Characters of a server's words that are passed on."""

HIDDEN = "<hidden>"

_SEARCHED = 20_000  # characters of an answer
_SHORTEST_SECRET = 4  # characters; a shorter one would be replaced within other words
_NOT_SHOWN = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LOGIN = re.compile(r"\b(Basic|Bearer|Digest)\s+[A-Za-z0-9+/=._~-]{8,}", re.IGNORECASE)
_SECRET = re.compile(
    r"((?:password|passwd|secret|token|signature|credential|api[-_]?key)[\w-]*[\"']?\s*[=:]\s*)[\"']?[^\s\"'&,;<>]+",
    re.IGNORECASE,
)
_MEMBERS = ("message", "error_description", "detail", "error", "title")
"""Members of JSON that hold a message, in servers of several kinds."""


def server_words(answer: str | bytes, *, secrets: Collection[str] = ()) -> str:
    """Return what an answer says; empty where it says nothing.

    Args:
        answer: The body of the answer: JSON, XML, HTML or plain text.
        secrets: Texts that are not shown, such as the password that was sent.
    """
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return safe_words(_message_of(text[:_SEARCHED]), secrets=secrets)


def safe_words(text: str, *, secrets: Collection[str] = ()) -> str:
    """Return words from elsewhere, short, in one line and without logins."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    text = visible(" ".join(without_logins(text).split()))
    text = _SECRET.sub(rf"\1{HIDDEN}", _LOGIN.sub(rf"\1 {HIDDEN}", text)).strip(" .:")
    return text if len(text) <= MOST else f"{text[: MOST - 1].rstrip()}…"


def _message_of(text: str) -> str:
    stripped = text.strip()
    if stripped.startswith("{"):
        try:
            return _message_in(json.loads(stripped))
        except ValueError:
            pass
    if stripped.startswith("<"):
        return _text_of_markup(stripped)
    return stripped


def _message_in(value: Any) -> str:
    """Return the message in JSON; nested ones, as FastAPI's and Google's, too."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value:
        return _message_in(value[0])
    if not isinstance(value, dict):
        return ""
    return next((words for name in (*_MEMBERS, "msg") if (words := _message_in(value.get(name)))), "")


def _text_of_markup(text: str) -> str:
    """Return the message of XML as S3 sends it; of HTML the title, which names the error, or else the text."""
    if message := re.search(r"<Message>(.*?)</Message>", text, re.DOTALL):
        return html.unescape(message[1])
    title = _TITLE.search(text)
    shown = _TAG.sub(" ", _NOT_SHOWN.sub(" ", text))
    words = (title[1] if title else "").strip() or shown
    return html.unescape(words)
