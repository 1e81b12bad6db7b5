"""Files and folders on disk: atomic writes, the working folder, and the formats of what lies in it."""
