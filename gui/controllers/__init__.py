"""The controllers, which join the window to its workers and to the session."""
