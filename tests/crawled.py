"""What the crawler's tests look at: a picture of the site, and why others were not had."""

from __future__ import annotations

PICTURE = "/assets/comedones-1.png"


def reasons(collected):
    return [failure.reason for failure in collected.failures]
