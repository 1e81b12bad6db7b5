"""Text for people: redacted, safe to print, formatted."""
