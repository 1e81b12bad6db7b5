"""Runs, versions and promotion, through MLflow. MLflow is imported here only, and only when something is written."""

from acnelib.registry.tracking.server import Tracking

__all__ = ["Tracking"]
