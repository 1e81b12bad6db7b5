"""The command that tries the webhook."""

from __future__ import annotations

from typing import Annotated

import typer

from acnelib.cli.output import show
from acnelib.config.settings import Settings
from acnelib.errors import UsageError


def notify(
    test: Annotated[bool, typer.Option("--test", help="Send a notification of the event `test` now.")] = False,
) -> None:
    """Show who is told how runs end, or try it.

    The address is the setting webhook (ACNE_WEBHOOK): told of runs that fail, and of what is promoted or rejected.
    """
    from acnelib.runs.notifications import Event, Notification, Webhook

    webhook = Webhook.of(Settings.load())
    if webhook is None:
        if test:
            raise UsageError("no webhook is set: set ACNE_WEBHOOK, or webhook in settings.toml, to an https:// address")
        show("Nobody is told how runs end: no webhook is set.")
        return
    signed = "signed" if webhook.secret else "not signed"
    if not test:
        show(f"{webhook.place} is told how runs end; notifications are {signed}. Try it with --test.")
        return
    webhook.send(Notification(event=Event.TEST, reasons=("this is a test: no run has ended",)))
    show(f"{webhook.place} took a test notification ({signed}).")
