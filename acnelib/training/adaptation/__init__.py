"""Adaptation: networks fine-tuned on photos of other skin conditions, so that their embeddings have seen skin."""
