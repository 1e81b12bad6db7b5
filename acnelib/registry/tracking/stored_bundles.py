"""Bundles of registered versions compared with the local ones, byte by byte, and stored again where they differ.

A version's tag says which bundle was uploaded, not what has become of it: a bit may flip on the way, an object may be
lost. Storing the same content under the same name again heals the version, whose number and tag stay.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from acnelib import bundle as bundles
from acnelib.errors import TrackingFailed
from acnelib.registry.reading import BUNDLE_IN_VERSION
from acnelib.registry.rest import MlflowRest

if TYPE_CHECKING:
    from acnelib.bundle import Bundle

_TRIES = 4


def store_whole(bundle: Bundle, *, server: str, model_name: str, version: str) -> tuple[str, ...]:
    """See to it that a version holds exactly the files of a bundle.

    Args:
        bundle: The sealed bundle that was uploaded.
        server: Address of the tracking server.
        model_name: Name of the registered model.
        version: Number of the version.

    Returns:
        Names of the files that had to be stored again; none if all were whole.

    Raises:
        TrackingFailed: The server does not answer, or keeps giving back other content than it was given.
        ModelUnavailable: There is no such version.
    """
    where = f"version {version} of {model_name} at {server}"
    contents = {path.name: path.read_bytes() for path in sorted(bundle.path.iterdir())}
    repaired: set[str] = set()
    with contextlib.closing(MlflowRest(server)) as rest:
        root = str(rest.get("model-versions/get-download-uri", name=model_name, version=version, gives="artifact_uri"))
        for attempt in range(_TRIES):
            wrong = [name for name, content in contents.items() if _stored(rest, root, name, where=where) != content]
            if not wrong:
                return tuple(sorted(repaired))
            if attempt < _TRIES - 1:
                for name in wrong:
                    rest.store(root, f"{BUNDLE_IN_VERSION}/{name}", contents[name], where=where)
                repaired.update(wrong)
    raise TrackingFailed(
        f"{where} does not keep {', '.join(wrong)} as uploaded, {_TRIES} times: "
        "see to its artifact store, then run again"
    )


def _stored(rest: MlflowRest, root: str, name: str, *, where: str) -> bytes | None:
    """Return a stored file; None if it is not to be had, which storing it again mends or explains."""
    try:
        return rest.artifact(root, f"{BUNDLE_IN_VERSION}/{name}", where=where, largest=bundles.largest(name))
    except TrackingFailed:
        return None
