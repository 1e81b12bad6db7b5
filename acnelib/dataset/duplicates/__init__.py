"""Pairs of photos that show the same: candidates, confirmation and groups."""
