"""Luigi's client of a scheduler that asks for a login: the login is in no address, and so in no log or error.

Luigi takes a login from the address (``http://NAME:PASSWORD@HOST``), and prints that address whenever a request fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import luigi
import luigi.rpc

from acnelib.config.stack_login import with_login

if TYPE_CHECKING:
    from acnelib.config.credentials import AddressLogin


class LoginFetcher(luigi.rpc.RequestsFetcher):
    """Sends each request with a login, in processes that a worker forks, too."""

    def __init__(self, login: AddressLogin) -> None:
        super().__init__()
        self._login = login

    def fetch(self, full_url: str, body: Any, timeout: float) -> str:
        """Return the answer to one request.

        Raises:
            requests.RequestException: The scheduler does not answer, or refuses.
        """
        self.check_pid()
        # Given with the request, else ~/.netrc would take its place.
        response = self.session.post(full_url, data=body, timeout=timeout, auth=self._login.auth)
        response.raise_for_status()
        return str(response.text)


class LoginScheduler(luigi.rpc.RemoteScheduler):
    """A scheduler whose address is kept apart from its login."""

    def __init__(self, url: str = "http://localhost:8082/", connect_timeout: float | None = None) -> None:
        login = with_login(url)
        super().__init__(login.address, connect_timeout)
        if login.auth is not None and luigi.rpc.HAS_REQUESTS:
            self._fetcher = LoginFetcher(login)


def keep_logins_apart() -> None:
    """Let Luigi use this client, no matter which command started it."""
    luigi.rpc.RemoteScheduler = LoginScheduler
    luigi.RemoteScheduler = LoginScheduler
