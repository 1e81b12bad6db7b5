"""The words for failure: every mistake a user can make is one of these.

::

    AcneError
    ├── UsageError            wrong arguments, unknown names: exit 2
    │   ├── SourceUnknown     no such source of photos
    │   └── SettingsInvalid   a setting, variable or file of settings cannot be understood
    ├── ImageUnreadable       bytes that are not a picture we can decode
    │   ├── ImageTruncated    a picture of which pixels are missing
    │   └── ImageTooCostly    a picture that would take too much memory or time
    ├── BundleInvalid         a model bundle is damaged, altered or newer than this program
    ├── ModelUnavailable      no such model, or none cached and no server to ask
    ├── WeightsUnavailable    pretrained weights cannot be had, or belong to another network
    ├── ScrapeFailed          a site refuses, or no longer fits its layout
    ├── DataUnusable          the photos do not suffice for the request
    ├── ServerFailed          a server does not answer as it should
    │   ├── TrackingFailed    the tracking server or its artifact store
    │   │   └── RunRecordLost a run is gone, or a record of it is missing or damaged
    │   └── ServiceFailed     a service of the embedded stack, which does not start, stop or answer
    └── StorageFailed         a file or folder cannot be read or written: full, read-only, something in the way

Every message says what happened, where, and what to do, with the value shown.
"""


class AcneError(Exception):
    """Something a user can understand and mend; the command line prints it in one line and exits 1."""


class UsageError(AcneError):
    """The command cannot be carried out as it was given; the command line exits 2.

    Attributes:
        problems: What is wrong, one sentence each; the message lists them all.
    """

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        several = " ".join(f"({number}) {problem}" for number, problem in enumerate(problems, start=1))
        super().__init__(f"{len(problems)} problems: {several}" if len(problems) > 1 else "".join(problems))


class SourceUnknown(UsageError):
    """No such source of photos."""


class SettingsInvalid(UsageError):
    """A setting cannot be understood."""


class ImageUnreadable(AcneError):
    """Bytes that cannot be decoded as a picture."""


class ImageTruncated(ImageUnreadable):
    """A picture of which some pixels never arrived."""


class ImageTooCostly(ImageUnreadable):
    """A picture whose decoding would take, or took, more memory or time than one picture may."""


class BundleInvalid(AcneError):
    """A model bundle that is damaged, altered, incomplete or newer than this program."""


class ModelUnavailable(AcneError):
    """A model that cannot be had: no such name, or nothing cached and no server to ask."""


class WeightsUnavailable(AcneError):
    """Pretrained weights that cannot be had, or that belong to another network."""


class ScrapeFailed(AcneError):
    """A site that refuses, cannot be reached or no longer fits its layout.

    Attributes:
        kind: What failures of single pictures and pages are counted by.
    """

    def __init__(self, message: str, *, kind: str = "of another kind") -> None:
        super().__init__(message)
        self.kind = kind


class DataUnusable(AcneError):
    """Photos that do not suffice for the request."""


class ServerFailed(AcneError):
    """A server that does not answer as it should.

    Attributes:
        reason: What failed and why, the message without its remedy.
        remedy: What to do; empty if the message itself says so.
    """

    def __init__(self, reason: str, *, remedy: str = "") -> None:
        super().__init__(f"{reason}: {remedy}" if remedy else reason)
        self.reason, self.remedy = reason, remedy


class TrackingFailed(ServerFailed):
    """A tracking server, or its artifact store, that does not answer as it should."""


class RunRecordLost(TrackingFailed):
    """A run that is gone, or a record of it that is missing or damaged; asking again does not help."""


class ServiceFailed(ServerFailed):
    """A service of the embedded stack that does not start or stop."""


class StorageFailed(AcneError):
    """A file or folder that cannot be read or written."""
