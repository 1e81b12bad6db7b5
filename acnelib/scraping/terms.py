"""Terms of a site: confirmed once by the user, stored in settings.toml, and confirmed again when they change."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from acnelib.config.loopback import is_loopback_url
from acnelib.config.settings_file import read_table, write_table_entry
from acnelib.errors import UsageError
from acnelib.scraping.addresses import host_of
from acnelib.storage.files import digest_of
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from acnelib.scraping.layout import Layout

log = logging.getLogger(__name__)

TABLE = "accepted_terms"
"""Table of settings.toml: the layout, or layout@address, and which terms were confirmed when."""


def check_terms(layout: Layout, *, address: str | None, accepted: bool, settings_toml: Path, today: date) -> None:
    """See to it that the user has confirmed a site's terms, and remember a confirmation.

    A site on this machine, such as a mirror or a test, belongs to the user and needs no confirmation.

    Args:
        layout: The site.
        address: Its address, if it differs from the layout's; terms are confirmed for each address.
        accepted: The user says now that they have read the terms and may use the photos under them.
        settings_toml: Where confirmations are remembered.
        today: The date of a confirmation.

    Raises:
        UsageError: The terms, or their present text, were not confirmed.
        SettingsInvalid: settings.toml cannot be understood.
    """
    if not layout.terms or (address is not None and is_loopback_url(address)):
        return
    name = layout.name if address is None else f"{layout.name}@{host_of(address)}"
    digest = digest_of("terms", layout.terms)[:16]
    before = read_table(settings_toml, TABLE).get(name, {})
    if before.get("terms") == digest:
        return
    if not accepted:
        state = f"that have changed since you confirmed them on {before.get('on')}" if before else "to confirm first"
        raise UsageError(
            f"{layout.title} has terms {state}: {layout.terms} Once you have read them and may use its photos under "
            f"them, say so with --accept-terms: this is stored in {settings_toml} and needed only once"
        )
    try:
        write_table_entry(settings_toml, TABLE, name, {"terms": digest, "on": today.isoformat()})
    except OSError as error:
        log.warning("that you accept the terms of %s cannot be remembered (%s)", layout.title, plain_reason(error))
