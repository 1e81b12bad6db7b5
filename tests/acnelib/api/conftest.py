"""The API served for real on a free port, with a tiny model and runs that are quickly over."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from api_client import PATIENCE, QUICK, TOKEN, Api

from acnelib.api.access import Token
from acnelib.api.application import create_app
from acnelib.api.limits import Limits
from acnelib.api.model_service import ModelService
from acnelib.api.photos.fetching import PhotoFetcher
from acnelib.api.runs.processes import RunManager
from acnelib.api.runs.requests import CheckedSource, CheckedSources
from acnelib.api.server import Server
from acnelib.config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def any_sources(request: Any) -> CheckedSources:
    def sources(texts: list[str]) -> tuple[CheckedSource, ...]:
        return tuple(CheckedSource(name=text, text=text, folder=None) for text in texts)

    (test,) = sources([request.test]) if request.test else (None,)
    return CheckedSources(classes=sources(request.sources), background=sources(request.background), test=test)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(Settings.load(), workdir=tmp_path / "work", stack=tmp_path / "stack")


@pytest.fixture
def serve(settings: Settings, tiny_bundle: Path) -> Iterator[Callable[..., Api]]:
    """Serve the API with some parts replaced; stop it after the test."""
    stops: list[Callable[[], None]] = []

    def serve(
        model: str | None = None,
        *,
        script: str = QUICK,
        settings: Settings = settings,
        refresh: float = 0.05,
        **parts: Any,
    ) -> Api:
        limits = parts.get("limits", Limits())
        model_service = ModelService(model or str(tiny_bundle), settings=settings, refresh=refresh)
        runs = RunManager(settings, check=parts.get("check", any_sources), command=[sys.executable, "-c", script])
        server = Server(host="127.0.0.1", port=0, limits=limits)
        app = create_app(
            settings=settings,
            token=Token(TOKEN, where="the tests"),
            model_service=model_service,
            runs=runs,
            fetcher=parts.get("fetcher") or PhotoFetcher(limits, allowed=parts.get("allowed", ())),
            limits=limits,
            stopping=lambda: server.stopping,
        )
        ready = threading.Event()
        url = server.url
        thread = threading.Thread(target=server.run, args=(app,), kwargs={"ready": ready.set}, name="api")
        thread.start()
        api = Api(url, model_service, runs, settings)

        def stop() -> None:
            api.session.close()
            server.stop()
            thread.join(PATIENCE)
            assert not thread.is_alive()

        stops.append(stop)
        assert ready.wait(PATIENCE)
        return api

    yield serve
    for stop in stops:
        stop()


@pytest.fixture
def api(serve: Callable[..., Api]) -> Api:
    return serve()
