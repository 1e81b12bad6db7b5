"""Pretrained networks: architectures, weights, recipes, views and feature extraction."""
