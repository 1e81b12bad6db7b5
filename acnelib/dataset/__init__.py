"""Photos before a model sees them: measurements, duplicates, curation, splitting. No network, no model."""
