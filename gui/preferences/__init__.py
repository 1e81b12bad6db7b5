"""Preferences, settings and the dialogs about the app itself."""
