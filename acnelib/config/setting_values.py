"""The checks of single settings, made when a setting is read and long before it is used."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from acnelib.config.loopback import is_loopback
from acnelib.errors import SettingsInvalid
from acnelib.text.redaction import without_logins
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable

S3_ADDRESS = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?P<prefix>[^\s?#]*))?")
"""An address of an export in a bucket."""

MOST_CHARACTERS = 250
"""Length of a model's name; the databases of MLflow servers keep 256 characters."""

_MLFLOW_STORES = ("sqlite", "file", "postgresql", "mysql", "mssql", "databricks", "uc")


def checked_model_name(name: str, *, called: str = "model_name") -> str:
    """Return the name of a registered model, which is its experiment's name, too.

    Raises:
        SettingsInvalid: No MLflow server takes the name.
    """
    shown = f"{called} = {visible(name)!r}"
    if "/" in name or ":" in name or name in {".", ".."}:
        raise SettingsInvalid(
            f"{shown}: MLflow allows neither / nor : in the name of a model, nor . alone: choose another"
        )
    if "'" in name and '"' in name:
        raise SettingsInvalid(f"{shown}: MLflow cannot search for a name with both ' and \": leave one of them out")
    if name != name.strip() or not name or visible(name) != name:
        raise SettingsInvalid(f"{shown}: leave out blanks at its ends, and characters that cannot be seen")
    if len(name) > MOST_CHARACTERS:
        raise SettingsInvalid(f"{called} has {len(name)} characters: choose a name with at most {MOST_CHARACTERS}")
    return name


def checked_server_address(address: str, *, called: str, example: str) -> str:
    """Return the address of a server, without a slash at its end.

    Args:
        address: The address; it may contain a login, which no message shows.
        called: What messages call the setting.
        example: An address that is right.

    Raises:
        SettingsInvalid: It is no HTTP address.
    """
    text = address.strip().rstrip("/")
    shown = f"{called} = {visible(without_logins(text))!r}"
    parts = _parts_of(text, lambda: SettingsInvalid(f"{shown} is no address: write one such as {example}"))
    if parts.scheme.partition("+")[0] in _MLFLOW_STORES or text in _MLFLOW_STORES:
        raise SettingsInvalid(
            f"{shown} has no HTTP address: start `mlflow server --backend-store-uri …` on that store, and write the "
            f"server's address, such as {example}"
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsInvalid(f"{shown} has no HTTP address: write one such as {example}")
    if parts.query or parts.fragment or visible(text) != text or any(letter.isspace() for letter in text):
        raise SettingsInvalid(f"{shown}: leave out blanks, and what follows ? or #")
    return text


def checked_webhook(address: str, *, plain: bool, called: str = "webhook") -> str:
    """Return the address of a webhook; as it may contain a token, no message shows it.

    Args:
        address: The address.
        plain: Whether it may be plain http:// on another machine.
        called: What messages call the setting.

    Raises:
        SettingsInvalid: It is no address, or not a safe one.
    """
    parts = _parts_of(address, lambda: SettingsInvalid(f"{called} is not a valid URL: write https://host/path"))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsInvalid(f"{called} = {parts.scheme or '…'}:… is not a web address: write https://host/path")
    if visible(address) != address or any(letter.isspace() for letter in address):
        raise SettingsInvalid(f"{called} has blanks or characters that cannot be seen: copy the address again")
    if parts.scheme == "http" and not plain and not is_loopback(parts.hostname):
        raise SettingsInvalid(
            f"{called}: http://{parts.hostname} would be sent without encryption: write https://, or set "
            'webhook_plain = "yes"'
        )
    return address


def checked_share(text: str, *, least: float, such_as: float, called: str) -> float:
    """Return a number from ``least`` to below 1.

    Raises:
        SettingsInvalid: It is no such number.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value < 1:
        raise SettingsInvalid(f"{called} = {text!r}: write a number from {least} to below 1, such as {such_as}")
    return value


def checked_yes_or_no(text: str, *, called: str) -> bool:
    """Return a decision.

    Raises:
        SettingsInvalid: It is neither yes nor no.
    """
    if text not in {"yes", "no"}:
        raise SettingsInvalid(f"{called} = {text!r}: write yes or no")
    return text == "yes"


def checked_folder(text: str, *, cwd: Path, called: str) -> Path:
    """Return the absolute path of a folder.

    Raises:
        SettingsInvalid: It cannot be a path.
    """
    if "\0" in text:
        raise SettingsInvalid(f"{called} = {visible(text)!r} cannot be a path: leave out the character NUL")
    try:
        return (cwd / Path(text).expanduser()).absolute()
    except RuntimeError as error:  # pathlib's error for the home of an unknown user
        raise SettingsInvalid(f"{called} = {visible(text)!r}: there is no such user: write the whole path") from error


def checked_export(text: str, *, cwd: Path, called: str) -> str:
    """Return the destination of exports: the absolute path of a folder, or an address in a bucket.

    Raises:
        SettingsInvalid: It is neither.
    """
    if "://" not in text:
        return str(checked_folder(text, cwd=cwd, called=called))
    if S3_ADDRESS.fullmatch(text) is None:
        raise SettingsInvalid(f"{called} = {visible(without_logins(text))!r}: name a folder, or s3://BUCKET/PREFIX")
    return text


def _parts_of(address: str, failure: Callable[[], SettingsInvalid]) -> SplitResult:
    """Return the parts of an address whose host and port can be understood."""
    try:
        parts = urlsplit(address)
        (parts.hostname or "").encode("idna")
        if parts.port == 0:
            raise failure()
    except ValueError as error:
        raise failure() from error
    return parts
