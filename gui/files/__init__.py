"""Files that are opened, exported and saved."""
