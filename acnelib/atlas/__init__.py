"""The bundled sample atlas: draws its pictures, and serves them in DermNet's layout.

What may live here: drawing, on numpy and Pillow alone, deterministic by seed; the site and its small server.
Nothing that scrapes, trains or judges: to the other rooms the atlas is a site like any other.
"""
