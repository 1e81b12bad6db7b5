"""The panel of reviews, and the file that they are kept in."""
