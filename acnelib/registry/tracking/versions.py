"""The versions of the registered model: registering a bundle, staging, and the one function that sets production.

The alias is the truth, the (deprecated) stage its mirror; both are written here only.
"""

from __future__ import annotations

import contextlib
import io
import json
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acnelib.registry.reading import BUNDLE_TAG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mlflow import MlflowClient

PYFUNC_MODEL = Path(__file__).parent.parent / "pyfunc_model.py"
REQUIREMENTS = ("acnelib", "pandas")


class Decision(StrEnum):
    """What the gate decided."""

    PROMOTED = "promoted"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Versions:
    """The versions of one registered model on one server."""

    client: MlflowClient
    name: str

    def register(self, bundle: Path, *, sha256: str) -> str:
        """Upload a sealed bundle as a pyfunc model of the open run, a version in Staging; return its number.

        A version that already holds this bundle is taken as it is.

        Args:
            bundle: Folder of the bundle; it must be called ``bundle``.
            sha256: Digest of its SHA256SUMS.
        """
        version = self._holding(sha256) or self._upload(bundle, sha256=sha256)
        if self.stage(version) == "None":  # a version that was judged already stays what it became
            with _quiet():
                self.client.set_registered_model_alias(self.name, "staging", version)
                self.client.transition_model_version_stage(self.name, version, "Staging")
        return version

    def decide(self, version: str, decision: Decision, reasons: Sequence[str], *, previous: str | None) -> None:
        """Write the gate's decision on a version, then make it production or archive it.

        The decision comes first, so that a killed process leaves a decision to be carried out and never a production
        version that nobody knows the reasons of.
        """
        record = {
            "decision": str(decision),
            "reasons": json.dumps(list(reasons), ensure_ascii=False),
            "decided_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "previous_version": previous or "none",
        }
        for key, value in record.items():
            self.client.set_model_version_tag(self.name, version, f"acnelib.{key}", value)
        self.carry_out(version, decision)

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

    def stage(self, version: str) -> str:
        """Return the stage of a version."""
        return str(self.client.get_model_version(self.name, version).current_stage)

    def decision(self, version: str) -> tuple[Decision, tuple[str, ...]] | None:
        """Return what the gate decided about a version, with its reasons; None when it has not."""
        tags = self.client.get_model_version(self.name, version).tags
        decided = tags.get("acnelib.decision"), tags.get("acnelib.reasons"), tags.get("acnelib.previous_version")
        if None in decided:  # the last is written last: without it the others may be half a record
            return None
        return Decision(str(decided[0])), tuple(json.loads(str(decided[1])))

    def _holding(self, sha256: str) -> str | None:
        found = self.client.search_model_versions(f"name = '{self.name}' and tags.`{BUNDLE_TAG}` = '{sha256}'")
        ready = sorted(int(version.version) for version in found if version.status == "READY")
        return str(ready[-1]) if ready else None

    def _upload(self, bundle: Path, *, sha256: str) -> str:
        import mlflow

        with _quiet():
            logged = mlflow.pyfunc.log_model(
                name="model",
                python_model=str(PYFUNC_MODEL),
                artifacts={"bundle": str(bundle)},
                signature=_signature(),
                pip_requirements=list(REQUIREMENTS),
            )
            made: Any = mlflow.register_model(
                f"models:/{logged.model_id}", self.name, tags={BUNDLE_TAG: sha256}, await_registration_for=60
            )
        return str(made.version)


def _signature() -> Any:
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    outputs = [("string", "label"), ("double", "confidence"), ("string", "verdict"), ("string", "error")]
    return ModelSignature(
        inputs=Schema([ColSpec("string", "image")]),
        outputs=Schema([ColSpec(kind, name) for kind, name in outputs]),
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Stages are deprecated and models without an example unusual, both on purpose; MLflow need not say so."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
