"""Folders of photos: the walk through one, its structure, and the labels that its names give."""
