"""Measurements of single photos: quality, perceptual hash and key points."""
