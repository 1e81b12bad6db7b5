"""Read access to the registry by REST: versions, their bundles and the artifacts of their runs.

MLflow itself is not needed, and its import would cost a second. The alias says which version is in production; the
deprecated stage is read only where a server has no such alias, and a difference between the two is reported.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from acnelib import bundle as bundles
from acnelib.errors import BundleInvalid, ModelUnavailable, RunRecordLost, TrackingFailed
from acnelib.registry import decisions
from acnelib.registry.decisions import DECISIONS_TAG, Decision
from acnelib.registry.names import name_filter
from acnelib.registry.rest import MlflowRest
from acnelib.registry.tags import BUNDLE_TAG, DRAWN_TAG, PRUNED_TAG, WITHDRAWN_TAG
from acnelib.registry.version_facts import UNKNOWN, VersionFacts
from acnelib.storage.assignments import assignments_from_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from acnelib.config.credentials import Credentials
    from acnelib.config.settings import Settings
    from acnelib.registry.decisions import DecisionRecord
    from acnelib.storage.assignments import Assignment

BUNDLE_IN_VERSION = "artifacts/bundle"
"""Path of the bundle in a registered version, among the artifacts of its pyfunc model."""

ASSIGNMENTS_ARTIFACT = "split/assignments.json"
"""Artifact of a run that lists its photos, by hash, with the subset, group and folds of each."""

OUT_OF_FOLD_ARTIFACT = "evaluation/out_of_fold.json"
"""Artifact of a run: the answers about its photos, each by a head that never saw the photo."""

_STAGES = {"production": "Production", "staging": "Staging"}
_NO_STAGE = "None"  # MLflow's word
_MOST_LISTED = 10_000
_LARGEST_BUNDLE = 2_000_000_000  # bytes


@dataclass(frozen=True, kw_only=True)
class RegisteredVersion:
    """A registered version as the server describes it.

    Attributes:
        version: Its number.
        stage: Its stage, a mirror of the alias.
        run_id: The run that made it; None when it names none.
        bundle_sha256: Digest of its bundle's SHA256SUMS; None when it is not one of ours.
        withdrawn: Photos that it was trained or calibrated on and that were withdrawn since.
        pruned: Whether its bundle was deleted to make room.
        drift: Where alias and stage differ, in words; None when they agree.
        promoted_at: When it was promoted last (ISO 8601, UTC); None when it never was, or it is unknown.
    """

    version: str
    stage: str
    run_id: str | None
    bundle_sha256: str | None
    withdrawn: int = 0
    pruned: bool = False
    drift: str | None = None
    promoted_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListedVersion:
    """A registered version in a list of all versions.

    Attributes:
        version: Its number.
        stage: ``Production``, ``Staging`` or another stage; None where it has none.
        made_at: When it was registered (ISO 8601, UTC); None where it is unknown.
        drawn: Whether it was trained on drawn pictures alone, according to its tag.
        facts: Its macro-F1 and its sources, as far as they are known.
    """

    version: str
    stage: str | None = None
    made_at: str | None = None
    drawn: bool = False
    facts: VersionFacts = UNKNOWN


class RegistryReader:
    """Reads one registered model of one tracking server; a context manager that closes its connection."""

    def __init__(
        self,
        server: str,
        *,
        model_name: str,
        environ: Mapping[str, str] | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self._rest = MlflowRest(server, environ=environ, credentials=credentials)
        self.server = self._rest.server
        self.model_name = model_name

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """Return the reader of the model that settings name; None where no tracking server is known."""
        server = settings.server()
        return None if server is None else cls(server, model_name=settings.model_name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find(self, name: str) -> RegisteredVersion:
        """Return the version that a name means: ``production``, ``staging`` or a number.

        Raises:
            ModelUnavailable: The server knows no such version.
            TrackingFailed: The server cannot be reached, or its response is invalid.
        """
        return self._by_alias(name) if name in _STAGES else self._by_number(name)

    def production(self) -> RegisteredVersion | None:
        """Return the version in production; None when there is none yet."""
        try:
            return self.find("production")
        except ModelUnavailable:
            return None

    def versions(self) -> tuple[ListedVersion, ...]:
        """Return the versions that there are, the newest first; of very many, those that changed last.

        Raises:
            ModelUnavailable: The server knows no such model.
            TrackingFailed: The server cannot be reached, or its response is invalid.
        """
        try:
            model = self._rest.get("registered-models/get", name=self.model_name, gives="registered_model")
        except ModelUnavailable as error:
            raise ModelUnavailable(self._no_such_model()) from error
        production = next(
            (str(alias["version"]) for alias in model.get("aliases", []) if alias.get("alias") == "production"), None
        )
        listed = [_listed(values, production=production) for values in self._all()]
        return tuple(sorted(listed, key=lambda one: int(one.version), reverse=True))

    def decisions(self) -> tuple[DecisionRecord, ...]:
        """Return what was decided about every version; of each version, the oldest first.

        Raises:
            TrackingFailed: The server cannot be reached, or its response or a tag is invalid.
        """
        return tuple(
            record
            for values in self._all()
            for record in decisions.read(
                _tags(values).get(DECISIONS_TAG), where=f"version {values['version']} of {self.model_name}"
            )
        )

    def withdrawal_tags(self) -> dict[str, str | None]:
        """Return the tag about withdrawn photos of each version, the oldest first; None where there is none.

        Raises:
            TrackingFailed: The server cannot be reached, or its response is invalid.
        """
        versions = sorted(self._all(), key=lambda values: int(values["version"]))
        return {str(values["version"]): _tags(values).get(WITHDRAWN_TAG) for values in versions}

    def download(self, version: RegisteredVersion, into: Path) -> None:
        """Download a version's bundle into an empty folder, each file checked against SHA256SUMS.

        Raises:
            BundleInvalid: The version holds no bundle, or another one than its tag says.
            ModelUnavailable: Its bundle was deleted to make room.
            TrackingFailed: The server or its artifact store does not answer.
        """
        where = f"version {version.version} of {self.model_name} at {self.server}"
        if version.pruned:
            raise ModelUnavailable(f"the bundle of {where} was deleted by `acne prune`: name another version")
        root = str(
            self._rest.get(
                "model-versions/get-download-uri", name=self.model_name, version=version.version, gives="artifact_uri"
            )
        )

        def content(name: str) -> bytes:
            return self._rest.artifact(
                root, f"{BUNDLE_IN_VERSION}/{name}", where=where, largest=min(bundles.largest(name), left)
            )

        left = _LARGEST_BUNDLE
        sums = content(bundles.SUMS)
        for name in bundles.parse_sums(sums, where=f"{where}: {bundles.SUMS}"):
            left -= (into / name).write_bytes(content(name))
        (into / bundles.SUMS).write_bytes(sums)
        opened = bundles.open_bundle(into)
        if version.bundle_sha256 and opened.sha256 != version.bundle_sha256:
            raise BundleInvalid(f"{where} holds another bundle than its tag {BUNDLE_TAG} says: register it again")

    def assignments(self, version: RegisteredVersion) -> dict[str, Assignment]:
        """Return what each photo, by hash, served for when a version was trained, with its group and folds.

        Raises:
            RunRecordLost: Its run is gone, or kept no such record.
            TrackingFailed: The server or its artifact store does not answer.
        """
        where = self._run_name(version)
        try:
            return assignments_from_json(self._run_json(version, ASSIGNMENTS_ARTIFACT))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RunRecordLost(f"{where}: {ASSIGNMENTS_ARTIFACT} cannot be understood: train it again") from error

    def out_of_fold(self, version: RegisteredVersion) -> Any:
        """Return the record of a version's answers about photos that its heads never saw, as it was logged.

        Raises:
            RunRecordLost: Its run is gone, or kept no such record.
            TrackingFailed: The server or its artifact store does not answer.
        """
        return self._run_json(version, OUT_OF_FOLD_ARTIFACT)

    def _run_name(self, version: RegisteredVersion) -> str:
        return f"the run of version {version.version} of {self.model_name} at {self.server}"

    def _run_json(self, version: RegisteredVersion, artifact: str) -> Any:
        where = self._run_name(version)
        if version.run_id is None:
            raise RunRecordLost(f"{where} is not named by the version: register it with `acne pipeline`")
        try:
            run = self._rest.get("runs/get", run_id=version.run_id, gives="run")
        except ModelUnavailable as error:
            raise RunRecordLost(f"{where} was deleted: restore run {version.run_id} in MLflow") from error
        try:
            content = self._rest.artifact(str(run["info"]["artifact_uri"]), artifact, where=where)
        except TrackingFailed as error:
            if not self._lacks(version.run_id, artifact):
                raise
            raise RunRecordLost(f"{where} has no {artifact}: train it again") from error
        try:
            return json.loads(content)
        except ValueError as error:
            raise RunRecordLost(f"{where}: {artifact} cannot be understood: train it again") from error

    def _lacks(self, run_id: str, artifact: str) -> bool:
        """Say whether a run has no such artifact; False where that is unknown, since its store does not answer."""
        folder = artifact.rpartition("/")[0]
        try:
            files = self._rest.get("artifacts/list", run_id=run_id, path=folder, gives="files", absent=[])
        except (ModelUnavailable, TrackingFailed):
            return False
        return artifact not in {file["path"] for file in files}

    def close(self) -> None:
        """Close the connection."""
        self._rest.close()

    def _all(self) -> list[dict[str, Any]]:
        """Return every version as the server describes it; none where it does not know the model."""
        found = self._rest.get(
            "model-versions/search",
            filter=name_filter(self.model_name),
            max_results=str(_MOST_LISTED),
            gives="model_versions",
            absent=[],
        )
        return list(found)

    def _by_alias(self, alias: str) -> RegisteredVersion:
        try:
            found = self._rest.get("registered-models/alias", name=self.model_name, alias=alias, gives="model_version")
        except ModelUnavailable:
            return self._by_stage(alias)
        stage = str(found.get("current_stage", "None"))
        # A staged version that was promoted keeps its alias; production is where alias and stage must agree.
        drift = (
            f"version {found['version']} has the alias production but the stage {stage}; the alias counts"
            if alias == "production" and stage != _STAGES[alias]
            else None
        )
        return _version(found, drift=drift)

    def _by_stage(self, alias: str) -> RegisteredVersion:
        call, stage = "registered-models/get-latest-versions", _STAGES[alias]
        try:
            latest = self._rest.get(call, name=self.model_name, stages=stage, gives="model_versions", absent=[])
        except ModelUnavailable as error:
            raise ModelUnavailable(self._no_such_model()) from error
        if not latest:
            raise ModelUnavailable(
                f"{self.model_name} has no {alias} version at {self.server}: run `acne pipeline`, or name a version"
            )
        newest = max(latest, key=lambda version: int(version["version"]))
        drift = f"version {newest['version']} has the stage {stage} but nothing has the alias {alias}; the stage counts"
        return _version(newest, drift=drift)

    def _by_number(self, number: str) -> RegisteredVersion:
        return _version(
            self._rest.get("model-versions/get", name=self.model_name, version=number, gives="model_version")
        )

    def _no_such_model(self) -> str:
        names: list[str] = []
        with contextlib.suppress(ModelUnavailable, TrackingFailed):
            found = self._rest.get("registered-models/search", gives="registered_models", absent=[])
            names = sorted(str(model["name"]) for model in found)
        there = f"it has {', '.join(names)} (ACNE_MODEL_NAME names another)" if names else "it has none yet"
        return f"no registered model {self.model_name!r} at {self.server}: {there}; run `acne pipeline` to make one"


def _version(values: Mapping[str, Any], *, drift: str | None = None) -> RegisteredVersion:
    tags = _tags(values)
    return RegisteredVersion(
        version=str(values["version"]),
        stage=str(values.get("current_stage", "None")),
        run_id=values.get("run_id") or None,
        bundle_sha256=tags.get(BUNDLE_TAG),
        withdrawn=_withdrawn(tags.get(WITHDRAWN_TAG)),
        pruned=PRUNED_TAG in tags,
        drift=drift,
        promoted_at=_promoted_at(tags.get(DECISIONS_TAG)),
    )


def _tags(values: Mapping[str, Any]) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in values.get("tags", [])}


def _listed(values: Mapping[str, Any], *, production: str | None) -> ListedVersion:
    version, stage = str(values["version"]), str(values.get("current_stage") or _NO_STAGE)
    if production is not None:  # the alias counts
        if version == production:
            stage = _STAGES["production"]
        elif stage == _STAGES["production"]:
            stage = _NO_STAGE
    made = values.get("creation_timestamp")  # milliseconds, as a number or in digits
    return ListedVersion(
        version=version,
        stage=None if stage == _NO_STAGE else stage,
        made_at=datetime.fromtimestamp(int(made) / 1000, UTC).isoformat(timespec="seconds") if made else None,
        drawn=DRAWN_TAG in _tags(values),
        facts=VersionFacts.of_tags(_tags(values)),
    )


def stage_of(version: RegisteredVersion, *, name: str) -> str | None:
    """Return the stage of a version requested by name; the alias decides about production; None: none."""
    stage = _STAGES["production"] if name == "production" else version.stage
    return None if stage == _NO_STAGE else stage


def _promoted_at(tag: str | None) -> str | None:
    try:
        records = decisions.read(tag, where="")
    except TrackingFailed:
        return None  # another program wrote the tag, and the commands that decide report it
    return next((one.decided_at for one in reversed(records) if one.decision is Decision.PROMOTED), None)


def _withdrawn(tag: str | None) -> int:
    try:
        numbers = json.loads(tag or "{}")
        return int(numbers.get("train", 0))
    except (ValueError, TypeError, AttributeError):
        return 0  # another program wrote the tag, and `acne withdraw` replaces it
