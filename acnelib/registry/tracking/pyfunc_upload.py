"""The upload of a bundle as a pyfunc model: what MLflow keeps of it names no folder of this machine."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acnelib.registry.tracking.run_context import logged_by_program

if TYPE_CHECKING:
    from collections.abc import Iterator

PYFUNC_MODEL = Path(__file__).parent.parent / "pyfunc_model.py"
REQUIREMENTS = ("acnelib", "pandas")

_CODE = "model_code_path"
_WORDS = ("verdict", "quality", "error")


def log_bundle(bundle: Path) -> str:
    """Upload a bundle to the open run, and return the id of the logged model.

    Args:
        bundle: Folder of the bundle; it must be called ``bundle``.
    """
    from mlflow.models import Model

    with logged_by_program(), _in_a_folder_of_names(bundle):
        logged = Model.log(
            None,
            name="model",
            flavor=_NamelessPyfunc,
            python_model=PYFUNC_MODEL.name,
            artifacts={"bundle": bundle.name},
            signature=_signature(),
            pip_requirements=list(REQUIREMENTS),
        )
    return str(logged.model_id)


class _NamelessPyfunc:
    """MLflow's flavour of Python functions, which keeps the whole path of the code that it has copied."""

    __name__ = "mlflow.pyfunc"

    @staticmethod
    def save_model(path: str, mlflow_model: Any, **options: Any) -> None:
        """Save a model in a folder."""
        import mlflow.pyfunc
        from mlflow.models.model import MLMODEL_FILE_NAME

        mlflow.pyfunc.save_model(path=path, mlflow_model=mlflow_model, **options)
        flavour = mlflow_model.flavors[mlflow.pyfunc.FLAVOR_NAME]
        flavour[_CODE] = Path(flavour[_CODE]).name
        mlflow_model.save(str(Path(path) / MLMODEL_FILE_NAME))


@contextlib.contextmanager
def _in_a_folder_of_names(bundle: Path) -> Iterator[None]:
    """Work in a folder in which the model's parts are known by their names, as MLflow keeps the paths it is given.

    MLflow would also add the project's own files of the package manager uv from the current folder.
    """
    with tempfile.TemporaryDirectory(prefix="acne-model-") as folder:
        shutil.copyfile(PYFUNC_MODEL, Path(folder) / PYFUNC_MODEL.name)
        shutil.copytree(bundle, Path(folder) / bundle.name)
        with contextlib.chdir(folder):
            yield


def _signature() -> Any:
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    outputs = [("string", "label"), ("double", "confidence"), *(("string", name) for name in _WORDS)]
    return ModelSignature(
        inputs=Schema([ColSpec("string", "image")]),
        outputs=Schema([ColSpec(kind, name) for kind, name in outputs]),
    )
