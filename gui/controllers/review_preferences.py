"""What a reviewer has chosen, kept from the first review on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.state.review_session import QueueOrder

if TYPE_CHECKING:
    from pathlib import Path

    from gui.state.preferences import PreferenceStore
    from gui.state.review_session import ReviewSession


class ReviewPreferences:
    """The pseudonym, whether answers are hidden, the order and the folder, in the preferences of the app."""

    def __init__(self, store: PreferenceStore) -> None:
        self._store = store

    def use(self, reviews: ReviewSession) -> None:
        """Give a session what was chosen last."""
        preferences = self._store.load()
        reviews.reviewer, reviews.wants_blind = preferences.reviewer, preferences.blind
        reviews.order = QueueOrder(preferences.review_order)

    def keep(self, reviews: ReviewSession, file: Path) -> None:
        """Write what is chosen in a session whose reviews are in a file."""
        chosen = {"reviewer": reviews.reviewer, "blind": reviews.wants_blind, "review_order": reviews.order.value}
        chosen["review_folder"] = str(file.parent)
        kept = self._store.load()
        if any(getattr(kept, name) != value for name, value in chosen.items()):
            self._store.remember(**chosen)
