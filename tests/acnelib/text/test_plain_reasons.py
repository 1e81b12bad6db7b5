"""Why something failed, without the insides of the libraries that found out."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import ssl
import zipfile
from pathlib import Path

import pytest
import requests

from acnelib.text.plain_reasons import plain_reason, unexpected_reason

INSIDES = re.compile(r"0x[0-9a-f]+|Errno|Pool|\b\w+Error\b|HTTPConnection|line \d+ column|\(char|b'|\n")


def raised(fail):
    try:
        fail()
    except Exception as error:  # noqa: BLE001 - any kind is meant
        return error
    raise AssertionError("nothing failed")


def asked(url):
    with requests.Session() as session:
        session.trust_env = False
        session.get(url, timeout=5)


@pytest.mark.parametrize(
    ("fail", "reason"),
    [
        (lambda: asked("http://127.0.0.1:9/a?token=secret"), "Connection refused"),
        (lambda: asked("http://[bad"), "its address cannot be understood"),
        (lambda: asked("no address"), "its address cannot be understood"),
        (lambda: json.loads('{"a": 1,}'), "it is no JSON from line 1, column 9 on"),
        (b"\xff".decode, "it is no text in UTF-8"),
        (Path("/no/such/file").read_text, "No such file or directory"),
        (lambda: zipfile.ZipFile(__file__), "it is no ZIP archive, or a damaged one"),
        (lambda: sqlite3.connect(__file__).execute("select 1 from a"), "the database cannot be used"),
        (lambda: {}["labels"], "'labels' is missing"),
        (lambda: len(3), "it has another form than it should have"),
        (lambda: int("three"), "it has another form than it should have"),
        (lambda: __import__("no_such_package"), "no_such_package is not installed"),
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_error_is_told_in_plain_words(fail, reason):
    reported = plain_reason(raised(fail))
    assert reported.startswith(reason)
    assert not INSIDES.search(reported)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (socket.gaierror(-2, "Name or service not known"), "no host of this name is known"),
        (TimeoutError("timed out"), "no answer in time"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] (_ssl.c:1016)"), "no secure connection can be made"),
        (ValueError("<Thing object at 0x7f00>: two\nlines"), "two lines"),
        (ValueError(""), "for a reason that it does not give"),
    ],
)
def test_what_the_system_says_is_translated(error, reason):
    assert plain_reason(error) == reason


def test_an_unknown_error_says_nothing_where_it_may_hold_secrets():
    assert plain_reason(ValueError("token abc"), quoting=False) == "it is not as it should be"


def test_what_nobody_foresaw_keeps_its_kind_in_one_line():
    assert unexpected_reason(ValueError("<A at 0x12ab> x\ny")) == "ValueError: x y"
