"""The picture and the activation map over it."""
