"""Export: a model in a folder for phones and boards, with everything that its recipients need to know.

::

    README.md          licences first; inputs, outputs, limits
    model.tflite       float32
    model.int8.tflite  its scores in 8-bit integers, where they agree
    labels.txt         one label a line, in the order of the scores
    model_card.md      what it is for and what it is not
    example.py         classifies one picture, with Pillow, numpy and LiteRT only
    learnt_from.txt    where it is asked for: beginnings of the training photos' SHA-256
    SHA256SUMS         written last

Nothing else about the training photos leaves with it: everyone who has a photo could look up whether the model was
trained on it.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib import bundle as bundles
from acnelib.config.settings import Settings
from acnelib.errors import AcneError
from acnelib.export.destinations import EXAMPLE, README, destination_of
from acnelib.export.readme import called, export_readme
from acnelib.models import check_model, find_model
from acnelib.storage.files import sha256_of_file, write_text
from acnelib.storage.licences import warnings_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acnelib.bundle import Bundle
    from acnelib.inference import ModelIdentity

logger = logging.getLogger(__name__)

_COPIED = (bundles.LITERT, bundles.INT8, bundles.LABELS, bundles.CARD)


@dataclass(frozen=True, kw_only=True)
class ExportResult:
    """An export.

    Attributes:
        place: The folder, or its address in an S3 store.
        model: Description of the exported model.
        files: Names of its files, sorted.
        warnings: What the photos' licences forbid, in sentences.
    """

    place: str
    model: str
    files: tuple[str, ...]
    warnings: tuple[str, ...]


def export_promoted(version: str, settings: Settings) -> None:
    """Export a promoted version, if the settings name a destination; a failure does not undo the promotion."""
    if settings.export_to is None:
        return
    try:
        export(settings.export_to, model=version, settings=settings)
    except (AcneError, OSError) as error:
        logger.warning(
            "version %s is in production, but was not exported (%s): run `acne export --to %s`",
            version,
            error,
            settings.export_to,
        )


def export(
    to: str | Path,
    *,
    model: str | Path = "production",
    training_hashes: bool = False,
    settings: Settings | None = None,
) -> ExportResult:
    """Write a model and all that belongs to it into a folder, or under a prefix of an S3 bucket.

    An earlier export is replaced as a whole; other files are never overwritten. An S3 store is found by what boto3 and
    MLflow always read, ``AWS_*`` and ``MLFLOW_S3_ENDPOINT_URL``; without them it is the embedded one, if in use.

    Args:
        to: The folder, or ``s3://BUCKET/PREFIX``.
        model: ``"production"``, ``"staging"``, the number of a version, or the folder of a bundle.
        training_hashes: Whether the beginnings of the training photos' SHA-256 are exported, too. They let those who
            have a photo find out whether the model learnt from it.
        settings: Where the registry, the cache and the embedded stack are.

    Raises:
        UsageError: The destination holds other files, or is not valid.
        ModelUnavailable: There is no such model.
        BundleInvalid: Its bundle is damaged, or its model does not fit the description.
        StorageFailed: The S3 store does not take it.
    """
    settings = settings or Settings.load()
    place = destination_of(str(to), settings=settings)  # invalid destinations fail before a download
    found = find_model(model, settings=settings)
    check_model(found.bundle)
    with tempfile.TemporaryDirectory(prefix="acne-export-") as made:
        folder = Path(made)
        _fill(folder, found.bundle, found.identity, copied=(*_COPIED, *((bundles.LEARNT_FROM,) * training_hashes)))
        place.take(folder)
        files = tuple(sorted(path.name for path in folder.iterdir()))
    return ExportResult(
        place=place.name,
        model=called(found.identity),
        files=files,
        warnings=warnings_of(found.bundle.description.provenance.licences),
    )


def _fill(folder: Path, bundle: Bundle, identity: ModelIdentity, *, copied: Iterable[str]) -> None:
    for name in copied:
        if (bundle.path / name).is_file():
            shutil.copyfile(bundle.path / name, folder / name)
    shutil.copyfile(Path(__file__).with_name("example.py"), folder / EXAMPLE)
    write_text(folder / README, export_readme(bundle, identity))
    names = sorted(path.name for path in folder.iterdir())
    write_text(folder / bundles.SUMS, "".join(f"{sha256_of_file(folder / name)}  {name}\n" for name in names))
