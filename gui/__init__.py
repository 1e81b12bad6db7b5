"""The desktop app: PySide6 lives here only. It uses acnelib.models and never the stages, TensorFlow or MLflow."""
