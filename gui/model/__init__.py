"""The model in the window: banner, picker, server and first run."""
