"""Files and folders on disk: atomic writes, the working folder, and its file formats."""
