"""Train: vectors and labels → a calibrated candidate, with its run."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING

import numpy as np

from acnelib import licences
from acnelib.bundle import Description, Provenance, read_candidate, write_description
from acnelib.dataset.folds import group_folds
from acnelib.dataset.splitting import USED, Split, Subset
from acnelib.errors import AcneError, DataUnusable
from acnelib.evaluation.answers import Answer, Answers
from acnelib.files import digest_of, write_json
from acnelib.images import read_picture
from acnelib.inference import Classifier, ModelIdentity
from acnelib.manifest import licences_of, read_manifest
from acnelib.settings import Settings
from acnelib.stages.keeping import Progress, kept_folder, silent
from acnelib.stages.results import Featured, Splitted, Trained
from acnelib.stages.tracked import tracking_of, written_record
from acnelib.training import calibration
from acnelib.training.backbones import Backbone
from acnelib.training.export import export_models, keras_scores
from acnelib.training.fitting import REGULARISATION, Head, fit_head
from acnelib.training.out_of_fold import out_of_fold_logits
from acnelib.training.vectors import VectorStore
from acnelib.training.weights_files import WeightsFile
from acnelib.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.registry.tracking import Tracking

RECIPE = 2
"""To be counted up when the same photos would give another candidate."""

OUT_OF_FOLD = "out_of_fold.json"
"""Beside the candidate: scores of its train photos by heads that never saw them."""

PARITY = 1e-3
"""Largest difference of any score between the Keras and the LiteRT model."""

_PARITY_PHOTOS = 8
_NEVER_CONFIDENT = 1.0


def train(featured: Featured, *, settings: Settings | None = None, progress: Progress = silent) -> Trained:
    """Fit and calibrate a head, write the candidate, and open its run.

    Args:
        featured: Vectors of a split's photos.
        settings: Where the working folder and the tracking server are.
        progress: Told how far it is.

    Raises:
        DataUnusable: There are no photos to learn two classes from.
        TrackingFailed: The tracking server does not answer.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    digest = digest_of("train", RECIPE, REGULARISATION, featured.network, featured.splitted.digest)
    candidate = Workspace(settings.workdir).result("train", digest) / "candidate"
    started = time.monotonic()
    made = kept_folder(
        candidate.parent,
        lambda folder: _Fitting(featured, digest, Workspace(settings.workdir), progress).write(folder),
    )
    seconds = time.monotonic() - started if made else 0.0
    record = written_record(settings, tracking, "train", digest)
    if record.is_file():
        earlier = Trained.read(record)
        return earlier.model_copy(update={"featured": featured, "seconds": seconds})
    progress(0, 0, "run opened")
    trained = _open_run(featured, tracking, candidate, digest, seconds)
    trained.write(record)
    return trained


class _Fitting:
    """The making of one candidate."""

    def __init__(self, featured: Featured, digest: str, workspace: Workspace, progress: Progress) -> None:
        self._featured, self._digest, self._workspace, self._progress = featured, digest, workspace, progress
        self._split = Split.read(featured.splitted.split)
        self._vectors = VectorStore(featured.vectors).load(
            [*self._split.of(Subset.TRAIN), *self._split.of(Subset.VALIDATION)]
        )

    def write(self, made: Path) -> None:
        folder = made / "candidate"
        folder.mkdir()
        self._progress(1, 4, "fitting the head")
        head = fit_head(*self._photos(Subset.TRAIN))
        self._progress(2, 4, "calibrating")
        temperature, confident_at = self._calibration(head)
        write_json(made / OUT_OF_FOLD, self._out_of_fold(head, temperature, confident_at).as_json())
        self._progress(3, 4, "converting to LiteRT")
        backbone = Backbone.parse(self._featured.backbone)
        description = self._description(head, backbone, temperature, confident_at)
        write_description(folder, description)
        weights = WeightsFile(
            name=self._featured.weights, path=self._featured.weights_file, sha256=self._featured.weights_sha256
        )
        model = export_models(folder, backbone=backbone, weights=weights, head=head.cooled(temperature))
        self._check_parity(folder, model)
        self._progress(4, 4, "candidate written")

    def _photos(self, subset: Subset) -> tuple[npt.NDArray[np.float32], list[str]]:
        photos = self._split.of(subset)
        return np.stack([self._vectors[sha256] for sha256 in photos]), [self._split.label(sha) for sha in photos]

    def _calibration(self, head: Head) -> tuple[float, float]:
        if not self._split.of(Subset.VALIDATION):
            return 1.0, _NEVER_CONFIDENT  # nothing to calibrate on: every answer is uncertain
        vectors, labels = self._photos(Subset.VALIDATION)
        if lacking := sorted(set(labels) - set(head.labels)):
            raise DataUnusable(f"no photo to learn {', '.join(lacking)} from: add photos of other patients to it")
        logits = head.logits(vectors[:, 0])
        true = np.array([head.labels.index(label) for label in labels])
        temperature = calibration.fit_temperature(logits, true)
        return temperature, calibration.fit_threshold(calibration.scores_at(logits, temperature), true)

    def _out_of_fold(self, head: Head, temperature: float, confident_at: float) -> Answers:
        """Return what heads say of the train photos that they were not fitted on."""
        photos = self._split.of(Subset.TRAIN)
        vectors, truth = self._photos(Subset.TRAIN)
        groups = [self._split.photos[sha256].group for sha256 in photos]
        logits = out_of_fold_logits(vectors, truth, labels=head.labels, folds=group_folds(truth, groups))
        scores = calibration.scores_at(logits, temperature).tolist()
        answers = (
            Answer(sha256=sha256, truth=label, group=group, scores=tuple(row))
            for sha256, label, group, row in zip(photos, truth, groups, scores, strict=True)
            if not np.isnan(row).any()
        )
        return Answers(labels=head.labels, confident_at=confident_at, photos=tuple(answers))

    def _description(self, head: Head, backbone: Backbone, temperature: float, confident_at: float) -> Description:
        scraped = self._featured.splitted.curated.scraped
        return Description(
            labels=head.labels,
            height=backbone.size,
            width=backbone.size,
            temperature=temperature,
            confident_at=confident_at,
            provenance=Provenance(
                candidate=self._digest,
                backbone=str(backbone),
                weights=self._featured.weights,
                weights_sha256=self._featured.weights_sha256,
                source=scraped.source,
                data=scraped.digest,
                photos={str(subset): len(self._split.of(subset)) for subset in USED},
                licences=licences.counted(used_licences(self._featured).values()),
                split=self._featured.splitted.digest,
                test_sha256=self._featured.splitted.test_sha256,
                run_id=None,
                code=metadata.version("acnelib"),
                created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            ),
        )

    def _check_parity(self, folder: Path, model: object) -> None:
        """Keras and LiteRT must agree on real photos, or the candidate is no candidate."""
        classifier = Classifier(
            read_candidate(folder), identity=ModelIdentity(name="candidate", version=None, sha256="")
        )
        pixels = np.stack(
            [
                classifier.pixels(read_picture(self._workspace.images.path(sha256)))
                for sha256 in self._split.of(Subset.TRAIN)[:_PARITY_PHOTOS]
            ]
        )
        litert = np.stack([classifier.scores(one) for one in pixels])
        apart = float(np.abs(litert - keras_scores(model, pixels)).max())
        if not apart <= PARITY:  # so that NaN fails, too
            raise AcneError(
                f"the LiteRT model of {self._featured.backbone} differs from the Keras model by {apart:.2g} "
                f"(at most {PARITY}): the conversion is faulty, try another --backbone"
            )


def _data_summary(splitted: Splitted) -> dict[str, object]:
    """Return what is said of the data in numbers and sentences, without any photo or path."""
    curated = splitted.curated
    return {
        "records": curated.scraped.photos,
        "used": curated.used,
        "left_out": curated.excluded,
        "pairs": curated.pairs,
        "gives_classes_away": curated.warnings,
        "subsets": splitted.counts,
        "statements": splitted.statements,
        "changes": splitted.changes,
        "test_sha256": splitted.test_sha256,
    }


def used_licences(featured: Featured) -> dict[str, str | None]:
    """Return the licence of every photo that a candidate is made from or tested on, by hash."""
    split = Split.read(featured.splitted.split)
    used = [sha256 for subset in USED for sha256 in split.of(subset)]
    return licences_of(used, read_manifest(featured.splitted.curated.scraped.manifest))


def _open_run(featured: Featured, tracking: Tracking, candidate: Path, digest: str, seconds: float) -> Trained:
    description = read_candidate(candidate).description
    split = Split.read(featured.splitted.split)
    source = featured.splitted.curated.scraped.source
    tags = {"acnelib.source": source, "acnelib.split": split.digest, "acnelib.test": split.test_sha256}
    with tracking.candidate_run(digest, name=featured.backbone, tags=tags, stage="train") as run:
        run.log_parameters(
            {
                "backbone": featured.backbone,
                "weights": featured.weights,
                "regularisation": REGULARISATION,
                "temperature": round(description.temperature, 4),
                "confident_at": round(description.confident_at, 4),
                "classes": len(description.labels),
                "split": split.digest[:16],
                **{f"{subset}_photos": number for subset, number in description.provenance.photos.items()},
            }
        )
        for subset, context in (
            (Subset.TRAIN, "training"),
            (Subset.VALIDATION, "validation"),
            (Subset.TEST, "testing"),
        ):
            if photos := split.of(subset):
                labels: Sequence[str] = [split.label(sha256) for sha256 in photos]
                run.log_photos(photos, labels, name=f"{source}-{subset}", context=context)
        run.log_json(_data_summary(featured.splitted), "split/summary.json")
        run.log_json(used_licences(featured), "split/licences.json")
        run.log_subsets({sha256: str(subset) for sha256, subset in split.subsets_seen.items()})
        return Trained(
            featured=featured,
            candidate=candidate,
            out_of_fold=candidate.with_name(OUT_OF_FOLD),
            digest=digest,
            run_id=run.run_id,
            run_url=tracking.run_url(run.run_id),
            seconds=seconds,
        )
