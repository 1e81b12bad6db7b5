"""Exported models for phones and boards."""
