"""Runs of the pipeline: their stages, their outcome, their history, and notifications of their end."""
