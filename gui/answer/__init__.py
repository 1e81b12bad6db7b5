"""The answer panel."""
