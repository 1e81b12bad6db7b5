"""The tags that acnelib writes on registered versions, and searches for in the registry."""

from __future__ import annotations

BUNDLE_TAG = "acnelib.bundle_sha256"
"""On a version: digest of its bundle's SHA256SUMS."""

PRUNED_TAG = "acnelib.pruned"
"""On a version: when its artifacts were taken away, which bundle it was, and whether that came to its end; JSON."""

DRAWN_TAG = "acnelib.drawn"
"""Marks a version that was trained on drawn pictures only."""

MACRO_F1_TAG = "acnelib.macro_f1"
"""On a version: macro-F1 of its model on photos that it never saw."""

SOURCES_TAG = "acnelib.sources"
"""On a version: the sources of the photos that its model was trained on."""

WITHDRAWN_TAG = "acnelib.withdrawn"
"""On a version: how many of its photos were withdrawn since, by subset, and when the last one was; JSON."""
