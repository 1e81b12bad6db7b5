"""Training with one's own reviews: ``acne pipeline`` as a process of its own, and what it has changed."""
