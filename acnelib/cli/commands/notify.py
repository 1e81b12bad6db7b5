"""The command notify: shows and tests the webhook."""

from __future__ import annotations

from typing import Annotated

import typer

from acnelib.cli.output import show
from acnelib.config.settings import Settings
from acnelib.errors import UsageError


def notify(
    test: Annotated[bool, typer.Option("--test", help="Send a test notification (event `test`) now.")] = False,
) -> None:
    """Show or test the webhook that is notified of how runs end.

    Its address is the setting webhook (ACNE_WEBHOOK). It is notified of runs that fail, and of versions promoted or
    rejected.
    """
    from acnelib.runs.notifications import Event, Notification, Webhook

    webhook = Webhook.of(Settings.load())
    if webhook is None:
        if test:
            raise UsageError("no webhook is set: set ACNE_WEBHOOK, or webhook in settings.toml, to an https:// address")
        show("No webhook is set, so no notifications are sent.")
        return
    signed = "signed" if webhook.secret else "not signed"
    if not test:
        show(f"{webhook.place} is notified of how runs end; notifications are {signed}. Test it with --test.")
        return
    webhook.send(Notification(event=Event.TEST, reasons=("this is a test: no run has ended",)))
    show(f"{webhook.place} accepted a test notification ({signed}).")
