"""The embedded stack: an S3 store, an MLflow server and luigid, on this machine and for this user only.

What may live here: how each service is started as a process, asked for its health and ended, its ports and its
generated credentials. The services' own libraries are never imported, and no other room is known here.
"""

from acnelib.services.credentials import StackCredentials
from acnelib.services.stack import ServiceStatus, Stack

__all__ = ["ServiceStatus", "Stack", "StackCredentials"]
