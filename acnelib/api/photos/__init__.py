"""Photos in requests: uploads, URLs and the prediction routes."""
