"""Removal of the artifacts and runs of registered versions.

A pruned version keeps its number, its stage and its decisions, since the gate counts judgements. Its run is deleted as
MLflow deletes, and keeps the subset of each photo, which withdrawals ask for.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from acnelib.registry import decisions
from acnelib.registry.decisions import DECISIONS_TAG, Decision
from acnelib.registry.names import name_filter
from acnelib.registry.reading import ASSIGNMENTS_ARTIFACT
from acnelib.registry.tags import BUNDLE_TAG, PRUNED_TAG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.registry.tracking.server import Tracking

JUDGED = "Archived"
"""The stage of a version that was judged and is not in production; a version in another stage may be needed."""

_LOGGED_MODEL = "models:/"
_MOST_VERSIONS = 10_000  # in one answer


@dataclass(frozen=True, kw_only=True)
class PruneMark:
    """The tag of a version whose bundle is removed.

    Attributes:
        at: When the removal began, ISO 8601 in UTC.
        bundle_sha256: Digest of the bundle; None when there was none.
        whole: Whether the last file is removed.
    """

    at: str
    bundle_sha256: str | None
    whole: bool = False

    @classmethod
    def read(cls, text: str | None) -> PruneMark | None:
        """Return the mark in a tag; None where there is none, or acnelib did not write it."""
        try:
            values = json.loads(text or "")
            return cls(at=values["at"], bundle_sha256=values["bundle_sha256"], whole=bool(values["whole"]))
        except (ValueError, TypeError, KeyError):
            return None

    def written(self) -> str:
        """Return the text of a tag."""
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True, kw_only=True)
class StoredVersion:
    """A version, and what is kept for it.

    Attributes:
        version: Its number.
        stage: Its stage.
        aliases: Names that mean it.
        run_id: Its run; None when it names none.
        model_id: Its logged model, whose artifacts hold the bundle; None when it names none.
        bundle_sha256: Digest of its bundle; None when it has none, or no longer.
        before: Versions that were in production when it was promoted.
        marked: Whether the removal of its artifacts has begun.
        pruned: Whether it is finished.
    """

    version: str
    stage: str
    aliases: tuple[str, ...]
    run_id: str | None
    model_id: str | None
    bundle_sha256: str | None
    before: frozenset[str]
    marked: bool
    pruned: bool


@dataclass(frozen=True)
class VersionRemover:
    """All versions of the registered model of one tracking server."""

    tracking: Tracking

    def versions(self) -> list[StoredVersion]:
        """Return the versions, the oldest first; none where there is no such model."""
        client, name = self.tracking.client, self.tracking.model_name
        models = client.search_registered_models(name_filter(name), max_results=1)
        if not models:
            return []
        aliases = {alias: str(number) for alias, number in models[0].aliases.items()}
        found = client.search_model_versions(name_filter(name), max_results=_MOST_VERSIONS)
        return [
            self._stored(one, tuple(alias for alias, number in aliases.items() if number == str(one.version)))
            for one in sorted(found, key=lambda one: int(one.version))
        ]

    def size_of_version(self, version: StoredVersion) -> int:
        """Return the bytes that a version's bundle takes."""
        root = self._model_root(version.model_id)
        return sum(self._files(root).values()) if root else 0

    def size_of_run(self, run_id: str, *, with_assignments: bool = True) -> int:
        """Return the bytes of a run's artifacts, with or without the record of each photo's subset and folds."""
        files = self._files(self._run_root(run_id))
        return sum(size for path, size in files.items() if with_assignments or path != ASSIGNMENTS_ARTIFACT)

    def remove_version(self, version: StoredVersion, *, at: str) -> bool:
        """Remove the bundle of a version, which is marked before the first file goes and again after the last one.

        Return False, with nothing removed, where the version came into use since it was looked at.

        Args:
            version: The version.
            at: When, ISO 8601 in UTC.
        """
        client, name = self.tracking.client, self.tracking.model_name
        if self._is_used(version.version):
            return False
        tags = client.get_model_version(name, version.version).tags
        mark = PruneMark.read(tags.get(PRUNED_TAG)) or PruneMark(at=at, bundle_sha256=version.bundle_sha256)
        self._mark(version.version, replace(mark, whole=False))
        # A promotion looks for this mark afterwards; of the two, at least one sees the other.
        if self._is_used(version.version):
            if not version.marked:
                client.delete_model_version_tag(name, version.version, PRUNED_TAG)
            return False
        if version.bundle_sha256:  # a search for this bundle must not find a version without it
            client.delete_model_version_tag(name, version.version, BUNDLE_TAG)
        if root := self._model_root(version.model_id):
            self._remove_files(root)
        self._mark(version.version, replace(mark, whole=True))
        return True

    def remove_run(self, run_id: str, *, keep_assignments: bool = False) -> None:
        """Remove a run's artifacts and delete it; MLflow keeps the rest of deleted runs until its own `gc`.

        Args:
            run_id: Which run.
            keep_assignments: Keep the record of each photo's subset and folds.
        """
        self._remove_files(self._run_root(run_id), but=ASSIGNMENTS_ARTIFACT if keep_assignments else None)
        self.tracking.client.delete_run(run_id)

    def living_runs(self) -> set[str]:
        """Return the ids of the experiment's runs that are not deleted and not open."""
        experiment = self.tracking.client.get_experiment_by_name(self.tracking.model_name)
        token, found = None, set[str]()
        while experiment is not None:
            page = self.tracking.client.search_runs([experiment.experiment_id], page_token=token)
            found |= {str(run.info.run_id) for run in page if run.info.status != "RUNNING"}
            if not (token := page.token):
                break
        return found

    def _stored(self, one: Any, aliases: tuple[str, ...]) -> StoredVersion:
        where = f"version {one.version} of {self.tracking.model_name}"
        mark = PruneMark.read(one.tags.get(PRUNED_TAG))
        records = decisions.read(one.tags.get(DECISIONS_TAG), where=where)
        return StoredVersion(
            version=str(one.version),
            stage=str(one.current_stage),
            aliases=aliases,
            run_id=one.run_id or None,
            model_id=str(one.source).removeprefix(_LOGGED_MODEL) if str(one.source).startswith(_LOGGED_MODEL) else None,
            bundle_sha256=one.tags.get(BUNDLE_TAG),
            before=frozenset(
                record.previous for record in records if record.decision == Decision.PROMOTED and record.previous
            ),
            marked=PRUNED_TAG in one.tags,
            pruned=mark is not None and mark.whole,
        )

    def _is_used(self, version: str) -> bool:
        client, name = self.tracking.client, self.tracking.model_name
        aliased = map(str, client.get_registered_model(name).aliases.values())
        return version in aliased or client.get_model_version(name, version).current_stage != JUDGED

    def _mark(self, version: str, mark: PruneMark) -> None:
        self.tracking.client.set_model_version_tag(self.tracking.model_name, version, PRUNED_TAG, mark.written())

    def _model_root(self, model_id: str | None) -> str | None:
        from mlflow.exceptions import MlflowException

        if model_id is None:
            return None
        try:
            return str(self.tracking.client.get_logged_model(model_id).artifact_location)
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                return None
            raise

    def _run_root(self, run_id: str) -> str:
        return str(self.tracking.client.get_run(run_id).info.artifact_uri)

    def _files(self, root: str) -> dict[str, int]:
        repository = self._repository(root)

        def below(path: str | None) -> Iterator[tuple[str, int]]:
            for entry in repository.list_artifacts(path):
                if entry.is_dir:
                    yield from below(entry.path)
                else:
                    yield entry.path, int(entry.file_size or 0)

        return dict(below(None))

    def _remove_files(self, root: str, *, but: str | None = None) -> None:
        repository = self._repository(root)
        for entry in repository.list_artifacts(None):
            if but is None or not but.startswith(f"{entry.path}/"):
                repository.delete_artifacts(entry.path)
            else:
                for inner in repository.list_artifacts(entry.path):
                    if inner.path != but:
                        repository.delete_artifacts(inner.path)

    def _repository(self, root: str) -> Any:
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        return get_artifact_repository(root, tracking_uri=self.tracking.server)
