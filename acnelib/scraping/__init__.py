"""From a site in a declared layout, or a folder of class folders, to image records."""
