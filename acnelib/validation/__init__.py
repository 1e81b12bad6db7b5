"""Estimates of performance on photos that a model has not seen."""
