"""File formats: what reaches the decoder, and whether all pixels are there."""
