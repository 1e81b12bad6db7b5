"""The bundled sample atlas: draws its pictures, and serves them in DermNet's layout."""
