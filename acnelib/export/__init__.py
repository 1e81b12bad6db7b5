"""Export of models for phones and boards."""
