"""Labels of a site's topics, with aliases resolved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from acnelib.storage.manifest import PhotoRole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.label_aliases import LabelAliases
    from acnelib.scraping.layout import Layout
    from acnelib.scraping.pages import Topic


def labelled_topics(
    topics: Sequence[Topic], *, layout: Layout, aliases: LabelAliases
) -> tuple[list[Topic], tuple[str, ...]]:
    """Return topics under the labels that their own stand for, and what the user should know about it.

    A background topic is left out if its condition turns out to be one of the layout's classes: it is called by its own
    name, or by an alias of the class.

    Args:
        topics: Topics as the site and the layout name them.
        layout: How the site is laid out.
        aliases: Other names of class labels.
    """
    classes = {aliases.label(label) for label in layout.classes}
    kept, notes = [], list(aliases.renamed(topic.label for topic in topics))
    for topic in topics:
        label = aliases.label(topic.label)
        if topic.role == PhotoRole.BACKGROUND and label in classes:
            notes.append(
                f"the background topic {topic.topic} is left out: {label} is a class of the layout {layout.name}"
            )
        else:
            kept.append(replace(topic, label=label))
    return kept, tuple(notes)
