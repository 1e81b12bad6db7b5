"""Reasons of failures in plain words, from the exceptions of libraries."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 200
"""Characters of a library's own words that are passed on, where there is no translation of them."""

_NO_ADDRESS = "its address cannot be understood"
_BROKEN_OFF = "the connection broke off"
_UNPACKED = "what came cannot be unpacked"

# By name: none of these libraries is imported only to recognise its errors.
_BY_NAME = {
    "InvalidURL": _NO_ADDRESS,
    "MissingSchema": _NO_ADDRESS,
    "InvalidSchema": _NO_ADDRESS,
    "LocationParseError": _NO_ADDRESS,
    "LocationValueError": _NO_ADDRESS,
    "InvalidHeader": "what is to be sent cannot stand in a header",
    "IncompleteRead": _BROKEN_OFF,
    "RemoteDisconnected": _BROKEN_OFF,
    "BadStatusLine": "it does not answer in HTTP",
    "LineTooLong": "it does not answer in HTTP",
    "HeaderParsingError": "it does not answer in HTTP",
    "ContentDecodingError": _UNPACKED,
    "DecodeError": _UNPACKED,
    "ProxyError": "the proxy does not pass it on",
    "TooManyRedirects": "it leads elsewhere again and again",
    "ReadTimeoutError": "no answer in time",
    "ConnectTimeoutError": "no answer in time",
    "ReadTimeout": "no answer in time",
    "ConnectTimeout": "no answer in time",
    "NameResolutionError": "no host of this name is known",
    "NoCredentialsError": "no keys are set",
    "PartialCredentialsError": "only one of the two keys is set",
    "EndpointConnectionError": "no answer",
    "ConnectionClosedError": _BROKEN_OFF,
    "TimeoutExpired": "no answer in time",
    "ValidationError": "it has another form than it should have",
    "BadZipFile": "it is no ZIP archive, or a damaged one",
    "BadGzipFile": "it is damaged",
    "DatabaseError": "the database cannot be used: it is damaged, locked, or another program's",
}
_DATA: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (UnicodeError, "it is no text in UTF-8"),
    (EOFError, "it is cut off"),
    (RecursionError, "it is nested too deeply"),
    ((TypeError, AttributeError, IndexError), "it has another form than it should have"),
)
_OTHER_FORM = re.compile(r"invalid literal|could not convert|isoformat string|time data|is not a valid [A-Z]|unpack")
_OBJECT = re.compile(r"<[^<>]*\bat 0x[0-9a-fA-F]+[^<>]*>[:, ]*")
_CALL = re.compile(r"\b[A-Z]\w*(?:Pool|Connection|Error)\([^()]*\)[:, ]*")


def plain_reason(error: BaseException, *, quoting: bool = True) -> str:
    """Return in one short line why something failed, without types, addresses of objects and codes of libraries.

    The innermost cause with a message counts: that of a failed request is the network's error.

    Args:
        error: What was raised.
        quoting: Whether the message of an unknown error is quoted; not where it may contain secrets.
    """
    chain = list(causes(error))
    for failure in reversed(chain):
        if words := _translated(failure):
            return words
    if not quoting:
        return "it is not as it should be"
    reason = next((words for words in map(_own_words, reversed(chain)) if words), "")
    return reason or "for a reason that it does not give"


def unexpected_reason(error: BaseException) -> str:
    """Return an unforeseen error in one short line with its type, for a fault report."""
    return f"{type(error).__name__}: {_own_words(error)}".removesuffix(": ")


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what caused it, also where a library keeps that in its arguments only."""
    visited: set[int] = set()
    failure: BaseException | None = error
    while failure is not None and id(failure) not in visited:
        visited.add(id(failure))
        yield failure
        inner = next((part for part in failure.args if isinstance(part, BaseException)), None)
        context = None if failure.__suppress_context__ else failure.__context__
        failure = failure.__cause__ or inner or getattr(failure, "reason", None) or context
        if not isinstance(failure, BaseException):
            return


def _translated(error: BaseException) -> str | None:
    names = {kind.__name__ for kind in type(error).__mro__}
    if words := _of_answer(error):
        return words
    if words := next((words for name, words in _BY_NAME.items() if name in names), None):
        return words
    return _of_system(error) or _of_data(error)


def _of_answer(error: BaseException) -> str | None:
    """Return what a server answered, where an error keeps that: an HTTP status, or what a store of files calls it."""
    response = getattr(error, "response", None)
    if isinstance(response, dict) and isinstance(problem := response.get("Error"), dict) and problem.get("Code"):
        return f"it says {problem['Code']}"
    status = getattr(response, "status_code", None)
    return f"HTTP {status}" if isinstance(status, int) else None


def _of_system(error: BaseException) -> str | None:
    if not isinstance(error, OSError):
        return None
    import socket
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    for kind, words in (
        (ssl.SSLError, "no secure connection can be made"),
        (socket.gaierror, "no host of this name is known"),
        (TimeoutError, "no answer in time"),
    ):
        if isinstance(error, kind):
            return words
    return error.strerror if isinstance(error.errno, int) else None


def _of_data(error: BaseException) -> str | None:
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON from line {error.lineno}, column {error.colno} on"
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"{error.name} is not installed"
    if isinstance(error, KeyError) and error.args:
        return f"{error.args[0]!r} is missing"
    if isinstance(error, ValueError) and _OTHER_FORM.search(str(error)):
        return "it has another form than it should have"
    return next((words for kind, words in _DATA if isinstance(error, kind)), None)


def _own_words(error: BaseException) -> str:
    """Return the reason of an error in one line, without internals of a library."""
    text = " ".join(str(error).split())
    return _CALL.sub("", _OBJECT.sub("", text)).strip(" :,")[:MOST]
