"""The model in service: loaded, asked after now and then, and swapped while requests are under way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acnelib.api.problems import Problem
from acnelib.errors import AcneError
from acnelib.imaging import open_image
from acnelib.inference import Classifier, Prediction, why_not
from acnelib.models import REGISTERED_NAMES, find_model
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from acnelib.config.settings import Settings
    from acnelib.models import FoundModel

logger = logging.getLogger(__name__)

REFRESH_SECONDS = 10.0

_NAMED_BY_HASH = re.compile(r"^picture [0-9a-f]{12}")


@dataclass(frozen=True)
class Served:
    """A model that answers.

    Attributes:
        classifier: The model, loaded.
        found: How it was found when it was put into service.
    """

    classifier: Classifier
    found: FoundModel


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How the last look for the model went.

    Attributes:
        trouble: Why there is no newer word from the registry; None when there is.
        asked_at: When the registry last said what the name means; None when it never did.
        drift: Where the registry's alias and stage differ, in words; None when they agree.
    """

    trouble: str | None = None
    asked_at: str | None = None
    drift: str | None = None


class ModelService:
    """Keeps the model that a name means in service, and classifies with it on all cores.

    A request takes the model once and keeps it to its end; what comes after a swap takes the new one.

    Args:
        name: What :func:`acnelib.models.find_model` understands.
        settings: Where the registry and the cache are.
        refresh: Seconds between two looks.
    """

    def __init__(self, name: str, *, settings: Settings, refresh: float = REFRESH_SECONDS) -> None:
        self.name = name
        self.refresh = refresh
        self.asked = Asked(trouble="the model is being loaded")
        self._settings = settings
        self._served: Served | None = None
        self._looking = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    @property
    def is_followed(self) -> bool:
        """Whether the name may come to mean another version."""
        return self.name in REGISTERED_NAMES

    @property
    def is_asked_for(self) -> bool:
        """Whether a registry is asked; a bundle's folder needs none."""
        return self.is_followed or self.name.isdecimal()

    def served(self) -> Served | None:
        """Return the model in service; None before the first one."""
        return self._served

    def in_service(self) -> Served:
        """Return the model in service.

        Raises:
            Problem: There is none yet.
        """
        if self._served is None:
            raise Problem(
                503, "no-model", f"no model is in service: {self.asked.trouble}", headers={"Retry-After": "10"}
            )
        return self._served

    def look(self) -> None:
        """Ask what the name means, and put a new version into service; without an answer, go on with what is there."""
        with self._looking:
            try:
                found = find_model(self.name, settings=self._settings)
                if self._is_news(found):
                    self._served = Served(Classifier(found.bundle, identity=found.identity), found)
                    if found.identity.note:
                        logger.warning("%s", found.identity.note)
                self._note(Asked(trouble=found.offline, asked_at=found.asked_at, drift=found.drift))
            except AcneError as error:
                self._note(replace(self.asked, trouble=str(error)))
            except Exception as error:
                logger.exception("looking for the model failed")  # and the next look may go better
                self._note(replace(self.asked, trouble=f"looking for it failed ({plain_reason(error)})"))

    async def predict(self, served: Served, content: bytes, *, name: str, pixels: int) -> Prediction:
        """Classify one photo off the event loop; a bad one is a row that says why.

        Args:
            served: Which model answers.
            content: The bytes of its file.
            name: What the row calls it.
            pixels: How many it may have.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, _predict, served.classifier, content, name, pixels)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Load the model, and follow what its name means for as long as the block lasts."""
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="acne-serve")
        looker = ThreadPoolExecutor(1, thread_name_prefix="acne-follow")
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(looker, self.look)
        following = asyncio.create_task(self._follow(looker))
        try:
            yield
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
            await asyncio.to_thread(looker.shutdown)
            await asyncio.to_thread(self._pool.shutdown)

    async def _follow(self, looker: ThreadPoolExecutor) -> None:
        while self.is_followed or self._served is None:
            await asyncio.sleep(self.refresh)
            await asyncio.get_running_loop().run_in_executor(looker, self.look)

    def _is_news(self, found: FoundModel) -> bool:
        if self._served is None:
            return True
        return found.offline is None and found.identity != self._served.classifier.identity

    def _note(self, asked: Asked) -> None:
        if asked.trouble != self.asked.trouble and asked.trouble:
            logger.warning("%s", asked.trouble)
        self.asked = asked


def _predict(classifier: Classifier, content: bytes, name: str, pixels: int) -> Prediction:
    try:
        _check_pixels(content, name, pixels)
        return replace(classifier.predict(content), path=name)
    except Exception as error:  # noqa: BLE001 - one photo's failure, whatever it is, must not cost the others
        return failed(_NAMED_BY_HASH.sub(lambda _: name, why_not(error, name)), name=name, classifier=classifier)


def failed(error: str, *, name: str, classifier: Classifier) -> Prediction:
    """Return the row of a photo that cannot be classified."""
    return Prediction(path=name, sha256=None, model=classifier.identity, error=error)


class _TooManyPixels(AcneError):
    """A photo with more pixels than one request may ask for."""


def _check_pixels(content: bytes, name: str, pixels: int) -> None:
    """Look at a photo's size before it is decoded; whoever decodes it says what else is wrong with it."""
    try:
        with open_image(content) as image:
            size = image.size
    except Exception:  # noqa: BLE001 - decoders fail in many ways
        return
    if size[0] * size[1] > pixels:
        raise _TooManyPixels(f"{name} has more than {pixels} pixels: scale it down")
