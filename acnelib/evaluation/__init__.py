"""Judging a candidate: the gate, plots, the model card. Numbers in, words and pictures out; no server, no model."""
