"""What is known of photos before a model sees them: facts, duplicates, curation, splitting. No network, no model."""
