"""The versions of the registered model: registration, staging, and `carry_out`, the one function that sets production.

The alias is the truth, the (deprecated) stage its mirror; both are written here only.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from acnelib.registry import decisions
from acnelib.registry.decisions import DECISIONS_TAG, Decision
from acnelib.registry.names import name_filter
from acnelib.registry.tags import BUNDLE_TAG, DRAWN_TAG, PRUNED_TAG, WITHDRAWN_TAG
from acnelib.registry.tracking import notes
from acnelib.registry.tracking.pyfunc_upload import log_bundle
from acnelib.registry.version_facts import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mlflow import MlflowClient

    from acnelib.registry.decisions import DecisionRecord
    from acnelib.registry.version_facts import VersionFacts


@dataclass(frozen=True)
class Versions:
    """The versions of one registered model on one server."""

    client: MlflowClient
    name: str

    def register(self, bundle: Path, *, sha256: str, drawn: bool = False, facts: VersionFacts = UNKNOWN) -> str:
        """Upload a sealed bundle as a pyfunc model of the open run, a version in Staging; return its number.

        A version that already holds this bundle is taken as it is.

        Args:
            bundle: Folder of the bundle; it must be called ``bundle``.
            sha256: Digest of its SHA256SUMS.
            drawn: Whether it was trained on drawn pictures only.
            facts: What lists of versions say of it.
        """
        tags = {BUNDLE_TAG: sha256, **({DRAWN_TAG: "yes"} if drawn else {}), **facts.as_tags()}
        version = self._holding(sha256) or self._upload(bundle, tags=tags)
        if self.stage(version) == "None":  # a version that was judged already stays what it became
            with _quiet():
                self.client.set_registered_model_alias(self.name, "staging", version)
                self.client.transition_model_version_stage(self.name, version, "Staging")
        return version

    def decide(self, record: DecisionRecord) -> None:
        """Write a decision on a version, then make it production or archive it.

        The decision comes first, so that a killed process leaves a decision to be carried out and never a production
        version without known reasons.
        """
        for key, value in decisions.tags_of((*self.decisions(record.version), record)).items():
            self.client.set_model_version_tag(self.name, record.version, key, value)
        before = self.client.get_model_version(self.name, record.version).description or ""
        described = notes.decided(self.decisions(record.version), before)
        self.client.update_model_version(self.name, record.version, description=described)
        self.carry_out(record.version, record.decision)

    def carry_out(self, version: str, decision: Decision) -> None:
        """Make a version production, alias and stage at once, or archive it."""
        with _quiet():
            if decision == Decision.PROMOTED:
                self.client.set_registered_model_alias(self.name, "production", version)
                self.client.transition_model_version_stage(
                    self.name, version, "Production", archive_existing_versions=True
                )
            else:
                self.client.transition_model_version_stage(self.name, version, "Archived")
                if str(self.client.get_registered_model(self.name).aliases.get("staging")) == version:
                    self.client.delete_registered_model_alias(self.name, "staging")

    def take_back(self, record: DecisionRecord, *, why: str, at: str) -> None:
        """Undo a promotion, and write that down: what was in production before it is so again.

        Args:
            record: The promotion.
            why: The reason why it is rejected, in words.
            at: When, ISO 8601 in UTC.
        """
        aliases = self.client.get_registered_model(self.name).aliases
        if str(aliases.get("production")) == record.version:  # else another one was promoted since
            if record.previous is not None:
                self.carry_out(record.previous, Decision.PROMOTED)
            else:
                self.client.delete_registered_model_alias(self.name, "production")
        self.decide(replace(record, decision=Decision.REJECTED, reasons=(why,), decided_at=at))

    def is_pruned(self, version: str) -> bool:
        """Say whether a version's artifacts were taken away, or are being taken away."""
        return PRUNED_TAG in self.client.get_model_version(self.name, version).tags

    def describe(self, version: str, about: str) -> None:
        """Describe a version that has no description yet, in Markdown."""
        if not self.client.get_model_version(self.name, version).description:
            self.client.update_model_version(self.name, version, description=notes.fitting(about))

    def mark_withdrawn(self, version: str, marking: str) -> None:
        """Write on a version which of its photos were withdrawn; what stood there before is replaced.

        Args:
            version: Its number.
            marking: How many by subset, and when the last one was, JSON.
        """
        self.client.set_model_version_tag(self.name, version, WITHDRAWN_TAG, marking)

    def stage(self, version: str) -> str:
        """Return the stage of a version."""
        return str(self.client.get_model_version(self.name, version).current_stage)

    def decisions(self, version: str) -> tuple[DecisionRecord, ...]:
        """Return what was decided about a version, oldest first."""
        tags = self.client.get_model_version(self.name, version).tags
        return decisions.read(tags.get(DECISIONS_TAG), where=f"version {version} of {self.name}")

    def _holding(self, sha256: str) -> str | None:
        found = self.client.search_model_versions(f"{name_filter(self.name)} and tags.`{BUNDLE_TAG}` = '{sha256}'")
        # One that is being pruned says so before it stops saying which bundle it holds.
        whole = [version for version in found if version.status == "READY" and PRUNED_TAG not in version.tags]
        ready = sorted(int(version.version) for version in whole)
        return str(ready[-1]) if ready else None

    def _upload(self, bundle: Path, *, tags: dict[str, str]) -> str:
        import mlflow

        with _quiet():
            made: Any = mlflow.register_model(
                f"models:/{log_bundle(bundle)}", self.name, tags=tags, await_registration_for=60
            )
        return str(made.version)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Stages are deprecated and models without an example unusual, both on purpose; MLflow need not say so."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
