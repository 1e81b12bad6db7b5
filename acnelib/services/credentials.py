"""The credentials of a stack: its identity, the login of its servers and the keys of its S3 store."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING

from acnelib.errors import ServiceFailed
from acnelib.guard.login import ServerLogin
from acnelib.storage.files import write_json
from acnelib.storage.trust import check_trusted
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from pathlib import Path

USERNAME = "acne"


@dataclass(frozen=True, kw_only=True)
class StackCredentials:
    """The credentials of a stack, created once and stored in its folder, readable by the owner only.

    Attributes:
        identity: Random name of the stack; it does not change.
        access_key: Access key of the only user of the S3 store.
        secret_key: Secret key of that user; never logged or put on a command line.
        username: Name of the only account of MLflow and luigid.
        password: Its password; never logged or put on a command line.
    """

    identity: str
    access_key: str
    secret_key: str = field(repr=False)
    username: str
    password: str = field(repr=False)

    @property
    def login(self) -> ServerLogin:
        """The login of MLflow and luigid."""
        return ServerLogin(username=self.username, password=self.password)

    @classmethod
    def unknown(cls) -> StackCredentials:
        """Return empty credentials, for services that are not started, such as those that are stopped."""
        return cls(**{each.name: "" for each in fields(cls)})

    @staticmethod
    def path(folder: Path) -> Path:
        """Return the path of the credentials of the stack in ``folder``."""
        return folder / "credentials.json"

    @classmethod
    def load(cls, folder: Path) -> StackCredentials:
        """Read the credentials of an existing stack.

        Raises:
            ServiceFailed: There is no stack in ``folder``, or its file is damaged.
            SettingsInvalid: Another user may have written it.
        """
        path = cls.path(folder)
        check_trusted(path)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{each.name: str(content[each.name]) for each in fields(cls)})
        except FileNotFoundError as error:
            raise ServiceFailed(f"no stack was ever started in {folder}: run `acne up`") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ServiceFailed(
                f"{path} cannot be read ({plain_reason(error, quoting=False)}): delete it and run `acne up`, "
                "which makes new keys"
            ) from error

    @classmethod
    def load_or_make(cls, folder: Path) -> StackCredentials:
        """Read the credentials of the stack in ``folder``; create them if there are none.

        Raises:
            ServiceFailed: The file is damaged.
        """
        path = cls.path(folder)
        if not path.exists():
            made = cls(
                identity=secrets.token_hex(16),
                access_key=secrets.token_hex(10),
                secret_key=secrets.token_urlsafe(32),
                username=USERNAME,
                password=secrets.token_urlsafe(32),
            )
            write_json(path, asdict(made), mode=0o600)
        return cls.load(folder)
