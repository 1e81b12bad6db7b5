"""Runs that the API starts: processes, records and routes."""
