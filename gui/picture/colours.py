"""The colours of where the model looked, for the photo and for its legend."""

SPEAKING = ((0, 60, 255), (0, 150, 255), (0, 215, 255), (150, 255, 255))
"""Of what speaks a little for a label to what speaks most; equally far apart.

From blue to a pale cyan: told from skin of any tone by those who do not see red or green, and lighter as it grows
stronger for those who see no colour.
"""
