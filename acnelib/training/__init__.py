"""Training of a candidate from pretrained weights: networks, embeddings, head, calibration, LiteRT export.

TensorFlow lives here only, and is imported inside functions, so that asking for a cached embedding or parsing a
network's name costs nothing.
"""
