"""Fixtures of a stack, a working folder and sources of drawn pictures, shared by all workers, for tests of stages.

Each story has a model of its own. What was computed once is kept by its digest, so a story under another model name
costs an upload and no training. A plugin of all tests, so heavy libraries are imported inside functions: where only the
core is installed, these fixtures are not used.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
import requests
from filelock import FileLock

from acnelib.config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from acnelib.services import Stack
    from acnelib.stages.results import EvaluateResult, FeatureResult, PromoteResult, SplitResult
    from acnelib.storage.results import StageResult

R = TypeVar("R", bound="StageResult")

BACKBONE = "mobilenet_v1_0.25_128"
PHOTOS = 80


@dataclass(frozen=True)
class Workplace:
    """Where the stages run, and a model's records as anybody's client sees them."""

    root: Path

    @property
    def settings(self) -> Settings:
        folders = {name: self.root / name for name in ("home", "cache", "stack", "workdir")}
        return Settings(**folders)

    @property
    def stack(self) -> Stack:
        from acnelib.services import Stack

        return Stack(self.settings, preferred_ports={"mlflow": 0, "luigid": 0, "s3": 0})

    def settings_of(self, model: str) -> Settings:
        return replace(self.settings, model_name=model)

    def draw(self, source: str, indices: range, *, seed: int = 1) -> Path:
        """Put drawn pictures into the class folders of a source."""
        from acnelib.atlas.drawing import draw_picture

        for index in indices:
            picture = draw_picture(index, seed=seed)
            path = self.root / source / picture.label / f"{picture.name}-{seed}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture.jpeg())
        return self.root / source

    def split(self, source: Path, *, model: str = "nobody-yet") -> SplitResult:
        """Split a source; for a model without a production version there is no split to go on from."""
        from acnelib import stages

        settings = self.settings_of(model)
        scrape_result = self._kept(stages.scrape(str(source), settings=settings), model)
        curate_result = self._kept(stages.curate(scrape_result, settings=settings), model)
        return self._kept(stages.split(curate_result, settings=settings), model)

    def features(self, source: Path, *, model: str = "nobody-yet") -> FeatureResult:
        from acnelib import stages

        split_result, settings = self.split(source, model=model), self.settings_of(model)
        return self._kept(stages.features(split_result, backbone=BACKBONE, weights="starter", settings=settings), model)

    def evaluated(self, source: Path, *, model: str) -> EvaluateResult:
        from acnelib import stages

        settings = self.settings_of(model)
        train_result = self._kept(stages.train(self.features(source, model=model), settings=settings), model)
        return stages.evaluate(train_result, settings=settings)

    def latest(self, kind: type[R], *, model: str) -> R:
        """Return the latest result of a stage for a model."""
        return kind.read(self.root / "latest" / model / f"{kind.__name__}.json")

    def _kept(self, result: R, model: str) -> R:
        result.write(self.root / "latest" / model / f"{type(result).__name__}.json")
        return result

    def walk(self, source: Path, *, model: str) -> PromoteResult:
        """Go all the way by the six calls."""
        from acnelib import stages

        settings = self.settings_of(model)
        registered = stages.register([self.evaluated(source, model=model)], settings=settings)
        return stages.promote(registered, settings=settings)

    def ask(self, call: str, body: dict[str, Any] | None = None, **parameters: str) -> dict[str, Any]:
        """Ask the MLflow server as any client that has the login may."""
        url, keys = f"{self.settings.server()}/api/2.0/mlflow/{call}", self.stack.credentials()
        login = (keys.username, keys.password)
        if body is None:
            response = requests.get(url, params=parameters, auth=login, timeout=20)
        else:
            response = requests.post(url, json=body, auth=login, timeout=20)
        response.raise_for_status()
        return dict(response.json())

    def run(self, run_id: str) -> dict[str, Any]:
        return dict(self.ask("runs/get", run_id=run_id)["run"])

    def runs(self, model: str) -> list[dict[str, Any]]:
        experiment = self.ask("experiments/get-by-name", experiment_name=model)["experiment"]["experiment_id"]
        return list(self.ask("runs/search", {"experiment_ids": [experiment]}).get("runs", []))

    def version(self, model: str, number: str) -> dict[str, Any]:
        version = self.ask("model-versions/get", name=model, version=number)["model_version"]
        return version | {"tags": {tag["key"]: tag["value"] for tag in version.get("tags", [])}}

    def versions(self, model: str) -> list[dict[str, Any]]:
        return list(self.ask("model-versions/search", filter=f"name = '{model}'").get("model_versions", []))

    def production(self, model: str) -> str:
        return str(self.ask("registered-models/alias", name=model, alias="production")["model_version"]["version"])

    def bucket(self) -> list[str]:
        """Return the keys of everything in the bucket."""
        import boto3

        keys = self.stack.credentials()
        client = boto3.client(
            "s3",
            endpoint_url=self.stack.status()["s3"].url,
            region_name="us-east-1",
            aws_access_key_id=keys.access_key,
            aws_secret_access_key=keys.secret_key,
        )
        try:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket="acne")
            return [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        finally:
            client.close()


@pytest.fixture(scope="session")
def workplace() -> Iterator[Workplace]:
    """The stack is started by the first worker that wants it and stopped by the last one."""
    workplace = Workplace(Path(os.environ["ACNE_TEST_SHARED"]) / "stages")
    users = workplace.root / "users"
    users.mkdir(parents=True, exist_ok=True)
    lock = FileLock(workplace.root / "users.lock")
    with lock:
        (users / str(os.getpid())).touch()
        workplace.stack.up()
    yield workplace
    with lock:
        (users / str(os.getpid())).unlink()
        if not any(users.iterdir()):
            workplace.stack.down()


@pytest.fixture(scope="session")
def once(workplace: Workplace) -> Callable[[str, Callable[[], PromoteResult]], PromoteResult]:
    """Let the first worker that comes to a point of a story tell it, and the others read how it went."""

    def reported(name: str, tell: Callable[[], PromoteResult]) -> PromoteResult:
        from acnelib.stages.results import PromoteResult

        record = workplace.root / f"{name}.json"
        with FileLock(record.with_suffix(".lock")):
            if not record.is_file():
                tell().write(record)
        return PromoteResult.read(record)

    return reported


@pytest.fixture(scope="session")
def source(workplace: Workplace, once: Callable[..., PromoteResult]) -> Path:
    """A folder of class folders that no test changes."""
    folder = workplace.root / "Photos"
    with FileLock(workplace.root / "photos.lock"):
        return folder if folder.is_dir() else workplace.draw("Photos", range(PHOTOS))


@pytest.fixture(scope="session")
def promoted(workplace: Workplace, source: Path, once: Callable[..., PromoteResult]) -> PromoteResult:
    """The first walk, to production."""
    return once("promoted", lambda: workplace.walk(source, model="acne"))


@pytest.fixture(scope="session")
def before_growth(workplace: Workplace, promoted: PromoteResult, once: Callable[..., PromoteResult]) -> PromoteResult:
    """The same photos in a folder that will grow."""
    return once("before", lambda: workplace.walk(workplace.draw("Growing", range(PHOTOS)), model="growing"))


@pytest.fixture(scope="session")
def grown(workplace: Workplace, before_growth: PromoteResult, once: Callable[..., PromoteResult]) -> PromoteResult:
    """That folder, ten photos later."""
    more = range(PHOTOS, PHOTOS + 10)
    return once("grown", lambda: workplace.walk(workplace.draw("Growing", more), model="growing"))


@pytest.fixture(scope="session")
def first_guarded(
    workplace: Workplace, source: Path, promoted: PromoteResult, once: Callable[..., PromoteResult]
) -> PromoteResult:
    """A production version that a worse candidate will be held against."""
    return once("guarded", lambda: workplace.walk(source, model="guarded"))


@pytest.fixture(scope="session")
def rejected(workplace: Workplace, first_guarded: PromoteResult, once: Callable[..., PromoteResult]) -> PromoteResult:
    """A candidate of another source, half of whose photos lie in wrong folders, some of them known to production."""

    from acnelib.dataset.splitting import Split, Subset

    def tell() -> PromoteResult:
        folder = workplace.draw("Wrong", range(50), seed=2)
        workplace.draw("Wrong", range(0, PHOTOS, 2))
        split = Split.read(workplace.split(folder).split)
        classes = sorted(path.name for path in folder.iterdir())
        for at, sha256 in enumerate(split.of(Subset.TRAIN)[::2]):
            path = folder / split.photos[sha256].paths[0]
            wrong = classes[(classes.index(path.parent.name) + 1 + at % 4) % len(classes)]
            path.rename(folder / wrong / path.name)
        return workplace.walk(folder, model="guarded")

    return once("rejected", tell)


@pytest.fixture
def register_another(promoted: PromoteResult, tmp_path: Path) -> Callable[[Settings], str]:
    """Register bundles that differ in their model cards only; each call gives the number of a new version."""

    from acnelib import bundle as bundles
    from acnelib.registry.tracking.connection import tracking_of
    from acnelib.storage.assignments import Assignment, Subset

    def register(settings: Settings) -> str:
        tracking = tracking_of(settings)
        number = len(list(tmp_path.glob("another-*")))
        folder = tmp_path / f"another-{number}" / "bundle"
        folder.mkdir(parents=True)
        for path in promoted.bundle.iterdir():
            if path.name != bundles.SUMS:
                (folder / path.name).write_bytes(path.read_bytes())
        (folder / bundles.CARD).write_text(f"# Model card {number}")
        bundle = bundles.seal(folder)
        with tracking.candidate_run(f"candidate-{number}", name="test", tags={}, stage="register") as run:
            run.log_assignments({"0" * 64: Assignment(subset=Subset.TRAIN, group="0" * 64, folds=(0,) * 5)})
            return tracking.versions.register(folder, sha256=str(bundle.sha256))

    return register
