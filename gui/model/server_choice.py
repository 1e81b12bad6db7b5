"""The tracking server that the user enters: its test, its storage and its deletion; without Qt."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.model import texts

if TYPE_CHECKING:
    from acnelib.config.credentials import Credentials
    from acnelib.config.settings import Settings


@dataclass(frozen=True, kw_only=True)
class ServerChoice:
    """A server as the user entered it.

    Attributes:
        address: Its address.
        credentials: The login; empty ones: none; None: what is stored for this address.
    """

    address: str
    credentials: Credentials | None = None


@dataclass(frozen=True, kw_only=True)
class StoredServer:
    """What is stored, as far as it may be shown.

    Attributes:
        address: The address in ``settings.toml``; empty when there is none.
        has_login: Whether a login is stored for it.
        variable: The environment variable that overrides it with another server; None when none does.
        decided: The address that it names; empty when none does.
        login_variable: The environment variable that overrides a stored login; None when none does.
    """

    address: str = ""
    has_login: bool = False
    variable: str | None = None
    decided: str = ""
    login_variable: str | None = None


def stored_server() -> StoredServer:
    """Return what is stored, and what overrides it.

    Raises:
        SettingsInvalid: ``settings.toml`` cannot be read.
    """
    from acnelib.config.credentials import VARIABLES, CredentialStore
    from acnelib.config.settings import Settings, naming_variable
    from acnelib.config.settings_file import read_setting

    settings, variable = Settings.load(), naming_variable()
    address = read_setting(settings.toml_file, "tracking_uri") or ""
    return StoredServer(
        address=address,
        has_login=bool(address) and CredentialStore(settings.home).of(address) is not None,
        variable=variable,
        decided=os.environ[variable] if variable else "",
        login_variable=next((name for name in VARIABLES if os.environ.get(name)), None),
    )


def try_server(choice: ServerChoice) -> str:
    """Ask a server for its production model and return what it says in a sentence; takes as long as a server does.

    Raises:
        AcneError: It does not answer as a tracking server, refuses, or the address or the login is none.
    """
    from contextlib import closing

    from acnelib.config.credentials import Credentials, checked_address
    from acnelib.config.settings import Settings
    from acnelib.errors import ModelUnavailable
    from acnelib.registry.reading import RegistryReader

    settings, address = Settings.load(), checked_address(choice.address)
    # Tested is what will be used later: the environment's login overrides any other.
    credentials = None if Credentials.of_environment(os.environ) else choice.credentials
    with closing(RegistryReader(address, model_name=settings.model_name, credentials=credentials)) as reader:
        try:
            found = reader.find("production")
        except ModelUnavailable as error:
            return texts.nothing_to_use(str(error))
    return texts.found_in_production(settings.model_name, found.version)


def store_server(choice: ServerChoice) -> None:
    """Store a server's address in ``settings.toml`` and its login in a file of its own (mode 0600).

    Raises:
        AcneError: The address is none, or a file cannot be written.
    """
    from acnelib.config.credentials import CredentialStore, checked_address
    from acnelib.config.settings import Settings
    from acnelib.config.settings_file import write_setting
    from acnelib.storage.files import storage_failure

    settings, address = Settings.load(), checked_address(choice.address)
    store = CredentialStore(settings.home)
    try:
        # The login first: an address whose login is missing would be asked without it.
        if choice.credentials is not None:
            store.keep(address, choice.credentials)
        elif store.of(address) is None:
            store.delete()  # it was another server's
        write_setting(settings.toml_file, "tracking_uri", address)
    except OSError as error:
        raise storage_failure(error) from error


def forget_server(settings: Settings) -> None:
    """Delete the stored address and login; the environment stays as it is.

    Raises:
        AcneError: ``settings.toml`` cannot be read, or not be changed.
        OSError: A file cannot be deleted or written.
    """
    from acnelib.config.credentials import CredentialStore
    from acnelib.config.settings_file import write_setting

    CredentialStore(settings.home).delete()
    write_setting(settings.toml_file, "tracking_uri", None)


def warnings_about(address: str, *, has_login: bool) -> str:
    """Return what the user must know before a login is sent to an address; empty where there is nothing."""
    from acnelib.config.credentials import is_readable_on_the_way

    try:
        return texts.PLAIN_HTTP if has_login and is_readable_on_the_way(address) else ""
    except ValueError:
        return ""  # no address yet
