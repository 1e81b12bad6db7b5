"""Conditions of a visit to a site: its address, and a contact if the site requires one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.errors import UsageError
from acnelib.scraping.addresses import is_site

if TYPE_CHECKING:
    from acnelib.scraping.layout import Layout


def base_of(layout: Layout, *, address: str | None) -> str:
    """Return the address of a site.

    Raises:
        UsageError: The address cannot be used, or is missing.
    """
    base = address or layout.base
    if base is None:
        raise UsageError(f"{layout.title} has no fixed address: name one, like {layout.name}@http://127.0.0.1:8000")
    if not is_site(base):
        raise UsageError(f"{base!r} is no address of a site: write http:// or https://, host and port, no more")
    return base


def check_contact(layout: Layout, contact: str | None) -> None:
    """Check that a contact is set if the site requires one.

    Raises:
        UsageError: The site requires a contact, and none is set.
    """
    if layout.needs_contact and not contact:
        raise UsageError(
            f"{layout.title} asks its visitors how they can be reached: set ACNE_CONTACT (or contact in settings.toml) "
            "to your e-mail address or a page about you"
        )
