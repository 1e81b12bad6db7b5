"""From pretrained weights to a candidate: networks, vectors, head, calibration, LiteRT export.

TensorFlow lives here only, and is imported inside functions, so that asking for a cached vector or parsing a
network's name costs nothing.
"""
