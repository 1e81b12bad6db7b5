"""Classification of photos from strangers: decoded in processes that can be killed, answered by the model here."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from acnelib.errors import ImageUnreadable
from acnelib.imaging import check_size
from acnelib.imaging.isolation import DecodingPool, Lane, PictureRequest
from acnelib.inference import Prediction, failure_message

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from acnelib.inference import Classifier

_PATIENCE = 20.0  # seconds that a costly photo waits for its turn


class PhotoClassifier:
    """Classifies photos on all cores.

    Costly photos wait for each other, in a lane of their own; others never wait for them.
    """

    def __init__(self) -> None:
        self._decoding = DecodingPool()
        # One thread more than cores, since a thread is idle while a worker decodes its photo.
        self._ordinary = ThreadPoolExecutor((os.cpu_count() or 1) + 1, thread_name_prefix="acne-serve")
        self._costly = ThreadPoolExecutor(1, thread_name_prefix="acne-serve-costly")

    async def predict(self, classifier: Classifier, content: bytes, *, name: str, pixels: int) -> Prediction:
        """Classify one photo outside the event loop; an unreadable photo gives a row with an error.

        Args:
            classifier: The model.
            content: The bytes of its file.
            name: The name in the row.
            pixels: The limit of its pixels.
        """
        height, width = classifier.size
        request = PictureRequest(content=content, name=name, height=height, width=width, pixels=pixels)
        loop = asyncio.get_running_loop()
        prediction = await loop.run_in_executor(self._ordinary, self._predicted, classifier, request)
        if prediction is not None:
            return prediction
        until = time.monotonic() + _PATIENCE
        return await loop.run_in_executor(self._costly, self._predicted_costly, classifier, request, until)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Classify while the block runs; what is being decoded at its end is given up."""
        try:
            yield
        finally:
            await asyncio.to_thread(self._decoding.close)
            for pool in (self._ordinary, self._costly):
                await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    def _predicted_costly(self, classifier: Classifier, request: PictureRequest, until: float) -> Prediction:
        if time.monotonic() > until:
            error = (
                f"{request.name} waited {_PATIENCE:.0f} s for other large photos: send it again later, or scaled down"
            )
            return failed(error, name=request.name, classifier=classifier)
        return self._predicted(classifier, request, Lane.COSTLY) or failed(
            f"{request.name} costs too much", name=request.name, classifier=classifier
        )

    def _predicted(
        self, classifier: Classifier, request: PictureRequest, lane: Lane = Lane.ORDINARY
    ) -> Prediction | None:
        """Return the prediction; None where the photo belongs into the costly lane."""
        try:
            check_size(len(request.content), request.name)
            picture = self._decoding.prepare(request, lane=lane)
            return None if picture is None else classifier.predict_prepared(picture, path=request.name)
        except ImageUnreadable as error:
            return failed(str(error), name=request.name, classifier=classifier)
        except Exception as error:  # noqa: BLE001 - the failure of one photo must not affect the others
            return failed(failure_message(error, request.name), name=request.name, classifier=classifier)


def failed(error: str, *, name: str, classifier: Classifier) -> Prediction:
    """Return the row of a photo that cannot be classified."""
    return Prediction(path=name, sha256=None, model=classifier.identity, error=error)
