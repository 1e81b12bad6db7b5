"""The page that every report is: one file of HTML that loads nothing, runs no script and says that it stays here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def rendered(template: str, *, package: str, filters: Mapping[str, Callable[..., object]], **content: Any) -> str:
    """Return a report; equal content gives equal text.

    Args:
        template: Name of a template that fills the blocks of ``page.html``.
        package: The package that contains it.
        filters: What it needs beside ``number``, ``counted`` and ``linkable``.
        content: What it shows, by name: ``content`` with ``made_at``, ``contents`` and ``thumbnails`` by SHA-256 among
            it.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package, ""), PackageLoader("acnelib.report_page", "")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "counted": _counted, "linkable": _linkable, **filters}
    return environment.get_template(template).render(**content)


def _number(value: int) -> str:
    return f"{value:,}"


def _counted(value: int, noun: str) -> str:
    return f"{value:,} {noun}{'' if value == 1 else 's'}"


def _linkable(address: str) -> bool:
    """Return whether following an address can only open a page: anything but http and https may do more."""
    return address.casefold().startswith(("http://", "https://"))
