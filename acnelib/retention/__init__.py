"""Removal of data: pruning of what nothing refers to, and withdrawal of photos."""
