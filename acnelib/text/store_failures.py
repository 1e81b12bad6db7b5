"""Failures of S3 stores: what a code means, and what helps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acnelib.text.server_words import safe_words, server_words

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOCK = "set the clock of this machine or of the store (`timedatectl` shows whether it is synchronised)"
_KEYS = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_NEW_KEYS = "log in to the cloud again, or set new AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"
_PERMISSION = "let these keys read, write and delete there (s3:GetObject, s3:PutObject, s3:DeleteObject)"
_REGION = "set AWS_DEFAULT_REGION to the region of the bucket"
_SPACE = "free space in the store, or raise its quota"
_LATER = "look at the store, and try again later"

_CODES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("RequestTimeTooSkewed", "RequestExpired"), ("the clocks differ too much", _CLOCK)),
    **dict.fromkeys(
        ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"),
        ("the session of the keys has ended", _NEW_KEYS),
    ),
    **dict.fromkeys(("InvalidToken", "UnrecognizedClientException"), ("the session token is wrong", _NEW_KEYS)),
    "InvalidAccessKeyId": ("the store does not know the access key", _KEYS),
    "SignatureDoesNotMatch": ("the secret key is wrong", _KEYS),
    **dict.fromkeys(("AccessDenied", "AllAccessDisabled", "Forbidden", "403"), ("it is not permitted", _PERMISSION)),
    "AccountProblem": ("the account is blocked", "ask its administrator"),
    **dict.fromkeys(("NoSuchBucket", "404", "NotFound"), ("there is no such bucket", "make it, or name another")),
    **dict.fromkeys(
        ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"),
        ("the bucket is in another region", _REGION),
    ),
    **dict.fromkeys(
        ("QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage"),
        ("it has no space left", _SPACE),
    ),
    **dict.fromkeys(("MethodNotAllowed", "XMinioReadOnly", "ReadOnly"), ("it is read-only", _PERMISSION)),
    **dict.fromkeys(("SlowDown", "ServiceUnavailable", "InternalError", "503", "500"), ("it is not well", _LATER)),
}
_PROSE = {"Forbidden", "NotFound", "ReadOnly"}  # codes that may be words of another message
_NAMED = sorted((code for code in _CODES if not code.isdigit() and code not in _PROSE), key=len, reverse=True)
_IN_TEXT = re.compile(rf"\b({'|'.join(_NAMED)})\b")


@dataclass(frozen=True)
class StoreFailure:
    """What a store answered.

    Attributes:
        reason: Why it refuses: its code, the meaning of this, and its own words.
        remedy: What helps.
    """

    reason: str
    remedy: str


def store_failure(code: str, message: str) -> StoreFailure:
    """Return what a code and a message of a store mean."""
    meaning, remedy = _CODES.get(code, ("", "look at the log of the store"))
    words = safe_words(message)
    reason = ": ".join(part for part in (meaning, ", ".join(part for part in (code, words) if part)) if part)
    return StoreFailure(reason or "it does not say why", remedy)


def failure_of_client(error: Any) -> StoreFailure:
    """Return what an error of boto3, with an answer of a store, means."""
    answered = error.response.get("Error", {})
    return store_failure(str(answered.get("Code", "")), str(answered.get("Message", "")))


def failure_of_answer(content: bytes, *, status: int) -> StoreFailure:
    """Return what the XML of a store means."""
    code = re.search(rb"<Code>(\w+)</Code>", content)
    return store_failure(code[1].decode() if code else str(status), server_words(content))


def failure_in_words(text: str) -> StoreFailure | None:
    """Return the failure of a store that another server passed on in its own words; None where there is none."""
    found = _IN_TEXT.search(text)
    return StoreFailure(f"{_CODES[found[1]][0]} ({found[1]})", _CODES[found[1]][1]) if found else None
