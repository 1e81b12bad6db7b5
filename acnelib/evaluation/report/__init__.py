"""The evaluation report and the model card."""
