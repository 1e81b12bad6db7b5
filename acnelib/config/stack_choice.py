"""The choice of the embedded stack that every command, the app and the server use.

The first of these applies:

1. a named stack: ``ACNE_STACK``, or the setting ``stack``,
2. the user's stack, which ``stack.json`` in the home records, as long as its folder still holds it,
3. the default: ``mlruns`` beside the nearest ``luigi.cfg``, else in the home.

The user's stack applies whether it runs or not. Otherwise an empty stack would take the place of one that was stopped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from acnelib.config.loopback import is_loopback_url
from acnelib.errors import SettingsInvalid
from acnelib.storage.trust import check_trusted
from acnelib.text.plain_reasons import plain_reason

RECORD = "stack.json"
"""File with the addresses of a stack: in its own folder, and in the home for the user's stack."""

_STACK_FILES = ("credentials.json", "mlflow.db")

_folders: dict[str, Path] = {}  # of the stacks that this process has met, by the addresses of their servers


class StackRule(StrEnum):
    """The rule by which a stack is chosen."""

    NAMED = "named"
    RECORDED = "recorded"
    DEFAULT = "default"


@dataclass(frozen=True, kw_only=True)
class StackChoice:
    """The stack that is used.

    Attributes:
        folder: Its folder.
        rule: The rule that chose it.
        reason: The reason, for people; it follows the folder in a sentence.
        record: Its addresses, as :data:`RECORD` has them; empty: it was never started.
        passed_over: The default folder in place of which the user's stack is used; None: no other one.
        elsewhere: The user's stack, in place of which the named one is used; None: no other one.
    """

    folder: Path
    rule: StackRule
    reason: str
    record: dict[str, Any] = field(default_factory=dict, repr=False)
    passed_over: Path | None = None
    elsewhere: Path | None = None


def choose_stack(*, named_by: str | None, folder: Path, home_record: Path) -> StackChoice:
    """Apply the rules.

    Args:
        named_by: The variable or file that names a stack; None: none does.
        folder: The folder of the named stack, else the default one.
        home_record: The record in the home.

    Raises:
        SettingsInvalid: A record that decides cannot be read.
    """
    choice = _choose(named_by=named_by, folder=folder, home_record=home_record)
    for entry in choice.record.get("services", {}).values():
        _folders[str(entry["url"])] = choice.folder
    return choice


def folder_of(address: str) -> Path | None:
    """Return the folder of the stack that has a server at an address; None: this process has met no such stack."""
    folder = _folders.get(address)
    if folder is None:
        return None
    try:
        own = read_record(folder / RECORD).get("services", {})
    except SettingsInvalid:
        return None
    # Its servers may have moved since, and another program have taken the port.
    return None if own and address not in {str(entry["url"]) for entry in own.values()} else folder


def _choose(*, named_by: str | None, folder: Path, home_record: Path) -> StackChoice:
    if named_by is not None:
        return _named(folder, named_by=named_by, home_record=home_record)
    recorded = read_record(home_record)
    if recorded and (place := users_stack(recorded, default=folder)):
        return StackChoice(
            folder=place,
            rule=StackRule.RECORDED,
            reason=f"your stack, recorded in {home_record}",
            record=_own_record(place) or recorded,
            passed_over=None if is_same(place, folder) else folder,
        )
    reason = "the default: no other stack is recorded or named"
    return StackChoice(folder=folder, rule=StackRule.DEFAULT, reason=reason, record=_own_record(folder))


def _named(folder: Path, *, named_by: str, home_record: Path) -> StackChoice:
    own = _own_record(folder)
    try:
        recorded = read_record(home_record)
    except SettingsInvalid:
        if not own:
            raise
        recorded = {}  # it decides nothing here
    users = users_stack(recorded, default=folder) if recorded else None
    return StackChoice(
        folder=folder,
        rule=StackRule.NAMED,
        reason=f"named by {named_by}",
        record=own or _if_of(folder, recorded),
        elsewhere=users if users and not is_same(users, folder) else None,
    )


def users_stack(record: dict[str, Any], *, default: Path) -> Path | None:
    """Return the folder of a recorded stack; None where the folder no longer holds one."""
    if not record.get("directory"):
        return default
    folder = Path(str(record["directory"]))
    return folder if any((folder / name).exists() for name in _STACK_FILES) else None


def ports_of(record: dict[str, Any]) -> set[int]:
    """Return the ports of a record's services."""
    return {port for entry in record.get("services", {}).values() if (port := urlsplit(str(entry["url"])).port)}


def is_same(one: Path, other: Path) -> bool:
    """Return whether two paths name one folder."""
    return one.resolve() == other.resolve()


def read_record(path: Path) -> dict[str, Any]:
    """Return the content of a record; empty when there is none.

    Raises:
        SettingsInvalid: The file is not a record, or another user may have written it.
    """
    check_trusted(path)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise SettingsInvalid(f"{path} cannot be read ({plain_reason(error)}): delete it and run `acne up`") from error
    if not isinstance(record, dict) or not isinstance(record.get("services", {}), dict):
        raise SettingsInvalid(f"{path} names no stack: delete it and run `acne up`")
    # Logins of the stack are sent there.
    if not all(is_loopback_url(_url_of(entry)) for entry in record.get("services", {}).values()):
        raise SettingsInvalid(f"{path} names a server on another machine: delete it and run `acne up`")
    return record


def _url_of(entry: Any) -> str:
    return str(entry.get("url")) if isinstance(entry, dict) else ""


def _own_record(folder: Path) -> dict[str, Any]:
    return _if_of(folder, read_record(folder / RECORD))


def _if_of(folder: Path, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of this folder, else an empty one: the copy of a stack has the addresses of the original."""
    directory = record.get("directory")
    return record if directory is None or is_same(Path(str(directory)), folder) else {}
