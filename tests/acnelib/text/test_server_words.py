"""What a server says is passed on: short, in one line, and without a login."""

from __future__ import annotations

import pytest

from acnelib.text.server_words import HIDDEN, MOST, server_words
from acnelib.text.store_failures import failure_in_words, failure_of_answer, store_failure


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("Invalid Host header", "Invalid Host header"),
        (b'{"error_code": "PERMISSION_DENIED", "message": "Permission denied"}', "Permission denied"),
        ('{"detail": [{"msg": "field required", "loc": ["x"]}]}', "field required"),
        ('{"error": {"code": 403, "message": "no quota"}}', "no quota"),
        ("<html><head><title>502 Bad Gateway</title></head><body>x</body></html>", "502 Bad Gateway"),
        ("<html><style>p {}</style><body><h1>Sorry</h1><p>closed &amp; gone</p></body></html>", "Sorry closed & gone"),
        ("<?xml version='1.0'?><Error><Code>X</Code><Message>The clock</Message></Error>", "The clock"),
        ("\x1b[31mred\x1b[0m\nand\r\na line", "\\x1b[31mred\\x1b[0m and a line"),
        ("{broken", "{broken"),
        (b"\xff\xfe", "��"),
        ("", ""),
        ("[1, 2]", "[1, 2]"),
    ],
)
def test_the_message_of_an_answer_is_found(answer, words):
    assert server_words(answer) == words


@pytest.mark.parametrize(
    "answer",
    [
        "ask https://anna:hunter22@mlflow.example/ again",
        "got Authorization: Basic YW5uYTpodW50ZXIyMg== there",
        "got Bearer hunter22.hunter22 there",
        '{"message": "bad token=hunter22&x=1"}',
        'secret: "hunter22"',
        "the password hunter22 is too old",
    ],
)
def test_no_login_is_passed_on(answer):
    words = server_words(answer, secrets=("hunter22",))
    assert "hunter22" not in words
    assert "YW5uYT" not in words
    assert HIDDEN in words or "mlflow.example" in words


def test_a_long_answer_is_cut():
    assert len(server_words("word " * 1000)) <= MOST
    assert server_words("word " * 1000).endswith("…")


@pytest.mark.parametrize(
    ("code", "meaning", "remedy"),
    [
        ("RequestTimeTooSkewed", "clocks differ", "clock"),
        ("ExpiredToken", "session of the keys has ended", "AWS_SESSION_TOKEN"),
        ("AccessDenied", "not permitted", "s3:PutObject"),
        ("InvalidAccessKeyId", "does not know the access key", "AWS_ACCESS_KEY_ID"),
        ("SignatureDoesNotMatch", "secret key is wrong", "AWS_SECRET_ACCESS_KEY"),
        ("NoSuchBucket", "no such bucket", "make it"),
        ("PermanentRedirect", "another region", "AWS_DEFAULT_REGION"),
        ("QuotaExceeded", "no space", "free space"),
        ("Unheard", "Unheard", "log"),
    ],
)
def test_a_code_of_a_store_has_a_meaning_and_a_remedy(code, meaning, remedy):
    xml = f"<Error><Code>{code}</Code><Message>own words</Message></Error>".encode()
    for failure in (store_failure(code, "own words"), failure_of_answer(xml, status=403)):
        assert meaning in failure.reason
        assert f"{code}, own words" in failure.reason
        assert remedy in failure.remedy


def test_a_stores_failure_is_recognised_in_the_words_of_the_server_before_it():
    failure = failure_in_words("An error occurred (RequestTimeTooSkewed) when calling the PutObject operation: The …")
    assert failure
    assert "clock" in failure.remedy
    assert failure_in_words("Forbidden: not found, read only") is None
