"""The model in service: loaded, checked for updates, and replaced while requests are being handled."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acnelib.api.photos.predicting import PhotoClassifier
from acnelib.api.problems import Problem
from acnelib.errors import AcneError, BundleInvalid
from acnelib.models import classifier_of, find_model, threshold_of
from acnelib.registry.names import ALIASES, is_registered
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from acnelib.config.settings import Settings
    from acnelib.inference import Classifier, Prediction
    from acnelib.models import FoundModel

logger = logging.getLogger(__name__)

REFRESH_SECONDS = 10.0


@dataclass(frozen=True)
class ServedModel:
    """A model in service.

    Attributes:
        classifier: The model, loaded.
        found: How it was found when it was loaded.
    """

    classifier: Classifier
    found: FoundModel


@dataclass(frozen=True, kw_only=True)
class RegistryStatus:
    """The result of the last query of the registry.

    Attributes:
        trouble: Why the last query failed; None after a success.
        refused: Whether it was answered, but with a version that is no usable model.
        asked_at: Time of the last successful query; None before the first.
        drift: Where the registry's alias and stage differ; None when they agree.
    """

    trouble: str | None = None
    refused: bool = False
    asked_at: str | None = None
    drift: str | None = None


class ModelService:
    """Keeps the model behind a name in service, and classifies with it on all cores.

    A request uses one model until it ends; requests that arrive after a replacement use the new one.

    Args:
        name: A name for :func:`acnelib.models.find_model`.
        settings: Location of the registry and the cache.
        refresh: Seconds between two queries of the registry.
    """

    def __init__(self, name: str, *, settings: Settings, refresh: float = REFRESH_SECONDS) -> None:
        self.name = name
        self.refresh = refresh
        self.registry_status = RegistryStatus(trouble="the model is being loaded")
        self._settings = settings
        self._loaded: ServedModel | None = None
        self._checking = threading.Lock()
        self._photos: PhotoClassifier | None = None

    @property
    def is_followed(self) -> bool:
        """Whether the version behind the name may change."""
        return self.name in ALIASES

    @property
    def uses_registry(self) -> bool:
        """Whether the registry is queried; the folder of a bundle needs none."""
        return is_registered(self.name)

    def loaded(self) -> ServedModel | None:
        """Return the model in service; None before the first is loaded."""
        return self._loaded

    def in_service(self) -> ServedModel:
        """Return the model in service.

        Raises:
            Problem: No model is loaded yet.
        """
        if self._loaded is None:
            raise Problem(
                503,
                "no-model",
                f"no model is in service: {self.registry_status.trouble}",
                headers={"Retry-After": "10"},
            )
        return self._loaded

    def check_registry(self) -> None:
        """Resolve the name and load a new version; without a usable one, keep the present model."""
        with self._checking:
            try:
                found = find_model(self.name, settings=self._settings)
                if self._is_new(found):
                    self._loaded = ServedModel(classifier_of(found, settings=self._settings), found)
                    if found.identity.note:
                        logger.warning("%s", found.identity.note)
                self._note(
                    RegistryStatus(
                        trouble=found.offline, refused=found.refused, asked_at=found.asked_at, drift=found.drift
                    )
                )
            except AcneError as error:
                refused = isinstance(error, BundleInvalid)
                self._note(replace(self.registry_status, trouble=str(error), refused=refused))
            except Exception as error:
                logger.exception("looking the model up failed")  # the next one may succeed
                self._note(
                    replace(
                        self.registry_status,
                        trouble=f"looking the model up failed ({plain_reason(error)})",
                        refused=False,
                    )
                )

    def check_threshold(self) -> None:
        """Serve a fixed model at this site's present threshold; if that cannot be read, keep the one before."""
        with self._checking:
            loaded = self._loaded
            try:
                if loaded and threshold_of(loaded.found.bundle, settings=self._settings) != loaded.classifier.threshold:
                    self._loaded = ServedModel(classifier_of(loaded.found, settings=self._settings), loaded.found)
            except AcneError as error:
                self._note(replace(self.registry_status, trouble=str(error)))

    async def predict(self, loaded: ServedModel, content: bytes, *, name: str, pixels: int) -> Prediction:
        """Classify one photo outside the event loop; an unreadable photo gives a row with an error.

        Args:
            loaded: The model.
            content: The bytes of its file.
            name: The name in the row.
            pixels: The limit of its pixels.
        """
        if self._photos is None:
            raise Problem(503, "stopping", "the server does not answer yet, or no longer: send the request again later")
        return await self._photos.predict(loaded.classifier, content, name=name, pixels=pixels)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Load the model, and keep it up to date while the block runs."""
        self._photos = PhotoClassifier()
        checker = ThreadPoolExecutor(1, thread_name_prefix="acne-follow")
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(checker, self.check_registry)
        following = asyncio.create_task(self._follow(checker))
        try:
            async with self._photos.running():
                yield
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
            await asyncio.to_thread(checker.shutdown)

    async def _follow(self, checker: ThreadPoolExecutor) -> None:
        while True:
            await asyncio.sleep(self.refresh)
            fixed = self._loaded is not None and not self.is_followed
            check = self.check_threshold if fixed else self.check_registry
            await asyncio.get_running_loop().run_in_executor(checker, check)

    def _is_new(self, found: FoundModel) -> bool:
        if self._loaded is None:
            return True
        loaded = self._loaded.classifier
        if found.identity != loaded.identity:
            return found.offline is None
        return threshold_of(found.bundle, settings=self._settings) != loaded.threshold

    def _note(self, status: RegistryStatus) -> None:
        if status.trouble != self.registry_status.trouble and status.trouble:
            logger.warning("%s", status.trouble)
        self.registry_status = status
