"""Reports as PDF: one photo in full, or a batch as a summary and a list."""
