"""The widgets and the painting that several rooms share."""
