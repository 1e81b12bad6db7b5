"""Settings, credentials and this machine's addresses."""
