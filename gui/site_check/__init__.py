"""The site's own check: how far to trust a model on the photos that were reviewed here."""
