"""The artifact roots that the embedded MLflow server takes and serves: its own, and nothing else of this machine.

MLflow reads and writes wherever the root of an experiment, run, version or model leads, with the rights of its owner:
``file:`` would be every file of the account.
"""

from __future__ import annotations

import os
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

OWN_SCHEME = "mlflow-artifacts"
_DESTINATION = "_MLFLOW_SERVER_ARTIFACT_DESTINATION"  # the variable that `mlflow server` sets for its workers
_REFERENCES = {"runs", "models"}  # names in MLflow; the root behind each is checked when it is opened
_ROOT_NAMES = {"artifactlocation", "artifacturi", "artifactroot", "defaultartifactroot", "storagelocation"}
_TRACE_ROOTS = {"mlflow.artifactLocation", "mlflow.trace.archiveLocation"}
_UNCLEAN = re.compile(r"[\x00-\x1f\x7f\\?#;]|//")


def is_own_root(root: str, *, bucket: str) -> bool:
    """Return whether an artifact root lies in the server's own store.

    Args:
        root: The address of the root, or of something below it.
        bucket: Name of the server's bucket.
    """
    try:
        parts = urlsplit(root)
    except ValueError:
        return False
    rest = root.partition(":")[2]
    if parts.scheme == OWN_SCHEME:
        # With a host in it, another server would be asked.
        return rest.startswith("/") and _is_clean(rest)
    path = rest.removeprefix(f"//{bucket}")
    return parts.scheme == "s3" and path != rest and path[:1] in {"", "/"} and _is_clean(path)


def _is_clean(path: str) -> bool:
    """Return whether every reader of a path understands the same place, however often it decodes it."""
    while (decoded := unquote(path)) != path:
        path = decoded
    return _UNCLEAN.search(path) is None and not {".", ".."}.intersection(path.split("/"))


def own_bucket() -> str:
    """Return the name of this server's bucket."""
    return urlsplit(os.environ.get(_DESTINATION, "")).netloc


def check_root(root: str, field: str) -> None:
    """Refuse an artifact root that is not the server's own.

    Args:
        root: The address.
        field: What the request, or the message, calls it.

    Raises:
        MlflowException: It leads elsewhere; MLflow answers with HTTP 400.
    """
    if not is_own_root(root, bucket=own_bucket()):
        from mlflow.exceptions import MlflowException

        raise MlflowException.invalid_parameter_value(
            f"{field} = {root[:200]!r} is refused: this server keeps artifacts in its own store only "
            f"({OWN_SCHEME}:/… or s3://{own_bucket()}/…). Leave it out."
        )


def _check_source(source: str, field: str) -> None:
    """Check what a request names as a root or a source, as MLflow's own handlers ask."""
    from mlflow.prompt.constants import _PROMPT_SOURCE_PLACEHOLDERS

    parts = urlsplit(source) if source.partition(":")[0] in _REFERENCES else None
    if parts is not None and not parts.netloc and _is_clean(source.partition(":")[2]):
        return
    if source not in _PROMPT_SOURCE_PLACEHOLDERS:
        check_root(source, field)


def allow_own_roots_only() -> None:
    """Let MLflow in this process take and serve no other artifact roots; to be called before it answers.

    Raises:
        AttributeError: This version of MLflow has no such place.
    """
    from mlflow.server import app, handlers
    from mlflow.store.artifact import artifact_repository_registry

    # Creation: experiments, workspaces, and sources of versions ask this function.
    _replace(handlers, "_validate_artifact_uri_scheme", lambda _original: _check_source)
    app.before_request(_check_named_roots)
    # Use: whatever is in the database already.
    _replace(handlers, "_is_servable_proxied_run_artifact_root", _checking_first)
    registry = artifact_repository_registry._artifact_repository_registry  # noqa: SLF001
    repositories: dict[str, Any] = dict(artifact_repository_registry.get_registered_artifact_repositories())
    for scheme, repository in repositories.items():
        if scheme not in _REFERENCES:
            registry.register(scheme, _checking_first(repository))  # type: ignore[no-untyped-call]


def _replace(module: ModuleType, name: str, replacement: Callable[[Any], Any]) -> None:
    setattr(module, name, replacement(getattr(module, name)))


def _checking_first(function: Callable[..., Any]) -> Callable[..., Any]:
    def checked(root: str, *arguments: Any, **options: Any) -> Any:
        check_root(root, "the artifact root")
        return function(root, *arguments, **options)

    return checked


def _check_named_roots() -> Any:
    """Check every member of a request that names a root, even where MLflow would ignore it."""
    from flask import request
    from mlflow.exceptions import MlflowException

    if not request.path.rstrip("/").endswith(("create", "update", "traces", "logged-models", "workspaces", "tags")):
        return None
    try:
        for field, root in _named_roots(request.get_json(force=True, silent=True)):
            check_root(root, field)
    except MlflowException as error:
        body = {"error_code": error.error_code, "message": error.message}
        return body, HTTPStatus.BAD_REQUEST
    return None


def _named_roots(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the members of a parsed body that name artifact roots."""
    if isinstance(value, list):
        for each in value:
            yield from _named_roots(each)
    elif isinstance(value, dict):
        if value.get("key") in _TRACE_ROOTS:
            yield str(value["key"]), str(value.get("value"))
        for name, member in value.items():
            is_root = name.replace("_", "").lower() in _ROOT_NAMES or name in _TRACE_ROOTS
            if is_root and isinstance(member, str) and member:
                yield name, member
            else:
                yield from _named_roots(member)
