"""The model registry: reading it by REST (the light path), writing it through MLflow (``tracking``)."""
