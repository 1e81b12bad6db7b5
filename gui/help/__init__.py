"""The app's own help: short topics that come with the program and need no network."""
