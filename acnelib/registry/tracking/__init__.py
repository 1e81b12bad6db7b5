"""Runs, versions and promotion, through MLflow. MLflow is imported here, and in `pyfunc_model`, only."""

from acnelib.registry.tracking.server import Tracking

__all__ = ["Tracking"]
