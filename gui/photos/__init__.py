"""The table of photos."""
