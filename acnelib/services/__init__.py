"""The embedded stack: an S3 store, an MLflow server and luigid, on this machine and for this user only."""

from acnelib.services.credentials import Credentials
from acnelib.services.stack import ServiceStatus, Stack

__all__ = ["Credentials", "ServiceStatus", "Stack"]
