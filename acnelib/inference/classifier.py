"""The classifier: a loaded bundle that classifies photos."""

from __future__ import annotations

import copy
import os
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib import bundle as bundles
from acnelib.errors import BundleInvalid, UsageError
from acnelib.imaging import reading, resized
from acnelib.imaging.prepared import prepared
from acnelib.inference.failures import failure_message
from acnelib.inference.graph import new_runner, try_runner
from acnelib.inference.prediction import ModelIdentity, Prediction
from acnelib.native_output import native_output_logged
from acnelib.verdicts import ConfidenceThreshold, verdict_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    import numpy.typing as npt

    from acnelib.bundle import Bundle
    from acnelib.imaging import Picture, PictureSource
    from acnelib.imaging.prepared import PreparedPicture
    from acnelib.imaging.quality import Quality

_AHEAD = 4  # photos per worker that predict_many classifies in advance


@dataclass(frozen=True)
class _ModelOutput:
    """Output of the model for one input.

    Attributes:
        scores: [labels], float64, summing to 1.
        in_scope: Whether the photo is within the limits of the scope; True for a model without this output.
        activation: [rows, columns, labels]; None for a model without this output.
    """

    scores: npt.NDArray[np.float64]
    in_scope: bool
    activation: npt.NDArray[np.float32] | None


class Classifier:
    """Thread-safe classifier of photos with one bundle.

    Each photo is classified on its own, on one thread, so its scores are the same alone, in a batch and on any number
    of cores.

    Args:
        bundle: The bundle.
        identity: Its identity in predictions.
        threshold: The threshold of verdicts; default: the model's own. The site's own is known to
            :mod:`acnelib.models`.

    Raises:
        BundleInvalid: The model cannot be run, or does not fit the bundle's description.
    """

    def __init__(
        self, bundle: Bundle, *, identity: ModelIdentity, threshold: ConfidenceThreshold | None = None
    ) -> None:
        self.bundle = bundle
        self.identity = replace(identity, drawn=bundle.description.drawn)  # the bundle is authoritative
        self.threshold = threshold or ConfidenceThreshold(bundle.description.confidence_threshold)
        self._model = self._path.read_bytes()
        self._local = threading.local()
        # A model that is damaged, or does not fit its description, fails here rather than at the first photo. LiteRT
        # also prints a message about its delegate, once per process. Capturing it later, beside other threads, would
        # capture this program's output as well.
        with native_output_logged():
            try_runner(self._runner(), path=self._path, description=bundle.description)

    @property
    def labels(self) -> tuple[str, ...]:
        """Class labels in the order of the scores."""
        return self.bundle.description.labels

    def at_model_threshold(self) -> Classifier:
        """Return this classifier with the model's own threshold; the loaded model is shared."""
        same = copy.copy(self)
        same.threshold = ConfidenceThreshold(self.bundle.description.confidence_threshold)
        return same

    @property
    def gives_maps(self) -> bool:
        """Whether the model has activation maps."""
        return "activation" in self._runner().get_output_details()

    def predict(self, source: PictureSource) -> Prediction:
        """Classify one photo.

        Examples:
            >>> import acnelib
            >>> classifier = acnelib.load_classifier("model/")
            >>> classifier.predict("photo.png").label
            'red'

        Args:
            source: A path, the bytes of a file, or a Pillow image.

        Raises:
            ImageUnreadable: The source cannot be decoded.
        """
        path = None if isinstance(source, bytes) or not isinstance(source, str | Path) else str(source)
        height, width = self.size
        return self.predict_prepared(prepared(source, height=height, width=width), path=path)

    def predict_prepared(self, picture: PreparedPicture, *, path: str | None = None) -> Prediction:
        """Classify one photo that was prepared for this model's :attr:`size`, such as by another process.

        Args:
            picture: The photo.
            path: Path of the photo in the prediction.
        """
        return self._prediction(
            self._run(picture.pixels), fit=picture.fit, quality=picture.quality, path=path, sha256=picture.sha256
        )

    def predict_many(self, sources: Iterable[PictureSource]) -> Generator[Prediction]:
        """Classify photos lazily, in order, on all cores; an unreadable file yields a prediction with an error.

        Examples:
            >>> import acnelib
            >>> classifier = acnelib.load_classifier("model/")
            >>> for prediction in classifier.predict_many(["photo.png", "missing.png"]):
            ...     print(prediction.path, prediction.label or prediction.error)
            photo.png red
            missing.png missing.png does not exist: check the path
        """
        workers = os.cpu_count() or 1
        pending: deque[Future[Prediction]] = deque()
        pool = ThreadPoolExecutor(workers, thread_name_prefix="acne-predict")
        try:
            for source in sources:
                pending.append(pool.submit(self._predict_or_report, source))
                if len(pending) >= workers * _AHEAD:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def pixels(self, picture: Picture) -> npt.NDArray[np.uint8]:
        """Return the network input for a picture: [height, width, 3], uint8, RGB."""
        height, width = self.size
        return resized(picture.image, height=height, width=width)

    def pixels_of(self, source: PictureSource) -> npt.NDArray[np.uint8]:
        """Return the network input for a photo: [height, width, 3], uint8, RGB.

        Raises:
            ImageUnreadable: The source cannot be decoded.
        """
        with reading(source) as picture:
            return self.pixels(picture)

    def scores(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """Return the calibrated scores of one input: [labels], float64, summing to 1."""
        return self._run(pixels).scores

    def activation_map(self, source: PictureSource, *, label: str | None = None) -> npt.NDArray[np.float32]:
        """Return the contribution of each region of the upright photo to the logit of a label.

        Class activation maps (Zhou et al. 2016); the mean over all regions, plus a constant, is the logit.

        Args:
            source: A path, the bytes of a file, or a Pillow image.
            label: Label; default: the label with the highest score.

        Returns:
            [rows, columns], float32, covering the whole upright photo; positive values support the label,
            negative ones oppose it.

        Raises:
            ImageUnreadable: The source cannot be decoded.
            UsageError: The model lacks the label, or has no activation maps.
        """
        output = self._run(self.pixels_of(source))
        if label is not None and label not in self.labels:
            raise UsageError(f"the model knows no label {label!r}: it has {', '.join(self.labels)}")
        if output.activation is None:
            raise UsageError(f"the bundle {self.bundle.path} gives no activation maps: train again")
        column = int(output.scores.argmax()) if label is None else self.labels.index(label)
        return output.activation[:, :, column]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the model's input in pixels."""
        description = self.bundle.description
        return description.height, description.width

    def _predict_or_report(self, source: PictureSource) -> Prediction:
        path = str(source) if isinstance(source, str | Path) else None
        try:
            return self.predict(source)
        except Exception as error:  # noqa: BLE001 - the failure of one photo must not affect the others
            return Prediction(
                path=path, sha256=None, model=self.identity, error=failure_message(error, path or "picture")
            )

    def _run(self, pixels: npt.NDArray[np.uint8]) -> _ModelOutput:
        outputs = self._runner()(image=pixels[np.newaxis].astype(np.float32))
        scores = outputs["scores"][0].astype(np.float64)
        if not (np.isfinite(scores).all() and scores.sum() > 0):
            raise BundleInvalid(f"{self._path} gives no scores for this picture: train again")
        return _ModelOutput(
            scores=scores / scores.sum(),
            in_scope="distance" not in outputs or bool(outputs["distance"][0, 0] <= 1),
            activation=outputs["activation"][0] if "activation" in outputs else None,
        )

    def _prediction(
        self,
        output: _ModelOutput,
        *,
        fit: bool,
        quality: tuple[Quality, ...],
        path: str | None,
        sha256: str | None,
    ) -> Prediction:
        scores = output.scores
        best = int(scores.argmax())
        confidence = float(scores[best])
        return Prediction(
            path=path,
            sha256=sha256,
            label=self.labels[best],
            confidence=confidence,
            verdict=verdict_of(
                confidence,
                threshold=self.threshold.value,
                in_scope=output.in_scope,
                fit=fit,
                drawn=self.identity.drawn,
            ),
            threshold=self.threshold,
            quality=quality,
            fit=fit,
            scores={label: float(score) for label, score in zip(self.labels, scores, strict=True)},
            model=self.identity,
        )

    def _runner(self) -> Any:
        runner = getattr(self._local, "runner", None)
        if runner is None:
            runner = self._local.runner = self._new_runner()
        return runner

    def _new_runner(self) -> Any:
        return new_runner(self._model, path=self._path, description=self.bundle.description)

    @property
    def _path(self) -> Path:
        return self.bundle.path / bundles.LITERT
