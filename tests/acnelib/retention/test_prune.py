"""Prune: what only old versions need goes, and whoever is in production or was before goes on as if nothing were."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from acnelib import bundle as bundles
from acnelib import stages
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split
from acnelib.errors import TrackingFailed, UsageError
from acnelib.models import load_classifier
from acnelib.registry.cache import BundleCache
from acnelib.registry.reading import RegistryReader
from acnelib.registry.tracking.connection import tracking_of
from acnelib.registry.tracking.removal import VersionRemover
from acnelib.retention.prune import RemovedKind, prune
from acnelib.retention.withdraw import withdraw
from acnelib.stages.production import history, promote_version, roll_back
from acnelib.stages.results import PipelineDecision
from acnelib.storage.assignments import Assignment, Subset


def test_without_a_server_nothing_goes(tmp_path, dead_server):
    folders = {name: tmp_path / name for name in ("home", "cache", "stack", "workdir")}
    settings = Settings(**folders, tracking_uri=dead_server)
    with pytest.raises(TrackingFailed, match="does not answer"):
        prune(1, settings=settings)
    with pytest.raises(UsageError, match="at least 1"):
        prune(0, settings=settings)


@dataclass
class Story:
    """Three versions of a model: one of photos that have changed since, one in production before, one that is now."""

    settings: object
    workplace: object
    source: Path
    first: object
    second: object
    third: str
    planned: object = None
    before: dict = field(default_factory=dict)
    killed_after: set = field(default_factory=set)
    finished: object = None
    left: tuple = ()
    answered: str = ""
    changeover: object = None
    again: tuple = ()

    @property
    def tracking(self):
        return tracking_of(self.settings)

    def files(self):
        root = self.settings.workdir
        beside = {".lock"}
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and path.name not in beside}

    def objects(self):
        return set(self.workplace.bucket())

    def shelf(self):
        return {one.version: one for one in VersionRemover(self.tracking).versions()}


@pytest.fixture(scope="module")
def story(workplace, tiny_bundle, tmp_path_factory):
    """Walk twice, put a third version above, look at the plan, prune until killed, and prune to the end."""
    model = f"pruning-{uuid.uuid4().hex[:8]}"
    root = tmp_path_factory.mktemp("pruning")
    settings = replace(workplace.settings_of(model), workdir=root / "work", cache=root / "cache")
    own = type("Own", (type(workplace),), {"settings": property(lambda _self: settings)})(root=root)
    object.__setattr__(own, "settings_of", lambda _model: settings)
    source = own.draw("Own", range(40))
    first = own.walk(source, model=model)
    for path in sorted(source.glob("*/*.jpg"))[:3]:
        path.unlink()
    own.draw("Own", range(40, 44))
    second = own.walk(source, model=model)
    if second.decision != PipelineDecision.PROMOTED:
        promote_version(second.version, reason="for the story", settings=settings)
    third = put_above(settings, tiny_bundle, root)
    reported = Story(settings, workplace, source, first, second, third)
    reported.before = {"files": reported.files(), "keys": reported.objects()}
    reported.planned = prune(1, dry_run=True, settings=settings)
    reported.before["unchanged"] = (reported.files(), reported.objects()) == (
        reported.before["files"],
        reported.before["keys"],
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("acnelib.retention.prune.forget_photos", killed)
        with pytest.raises(KeyboardInterrupt):
            prune(1, settings=settings)
    reported.killed_after = reported.files()
    reported.finished = prune(1, settings=settings)
    reported.left = (reported.files(), reported.objects())
    reported.answered = answering(settings, root / "empty")
    reported.changeover = roll_back(settings=settings)
    reported.again = walk_again(source, settings, second.backbone)
    return reported


def answering(settings, cache):
    """Return the version that answers as production, fetched anew."""
    reader = RegistryReader(settings.server(), model_name=settings.model_name)
    bundle, remembered = BundleCache(cache).fetch(reader, "production")
    reader.close()
    assert load_classifier(bundle.path).labels
    return remembered.version


def walk_again(source, settings, backbone):
    scraped = stages.scrape(str(source), settings=settings)
    split_result = stages.split(stages.curate(scraped, settings=settings), settings=settings)
    feature_result = stages.features(split_result, backbone=backbone, weights="starter", settings=settings)
    train_result = stages.train(feature_result, settings=settings)
    registered = stages.register([stages.evaluate(train_result, settings=settings)], settings=settings)
    return scraped, feature_result, train_result, stages.promote(registered, settings=settings)


def killed(*_arguments):
    raise KeyboardInterrupt


def put_above(settings, tiny_bundle, root):
    """Make a version of a tiny bundle production."""
    folder = Path(shutil.copytree(tiny_bundle, root / "third" / "bundle"))
    description = bundles.read_candidate(folder).description
    origin = replace(description.provenance, candidate=settings.model_name)
    bundles.write_description(folder, replace(description, provenance=origin))
    bundle = bundles.seal(folder)
    tracking = tracking_of(settings)
    with tracking.candidate_run("third", name="third", tags={}, stage="register") as run:
        run.log_assignments({"0" * 64: Assignment(subset=Subset.TRAIN, group="0" * 64, folds=(0,) * 5)})
        version = tracking.versions.register(bundle.path, sha256=str(bundle.sha256))
    promote_version(version, reason="for the story", settings=settings)
    return version


@pytest.mark.slow
class TestForReal:
    def test_a_dry_run_says_what_goes_and_changes_nothing(self, story):
        kinds = {one.kind for one in story.planned.gone}
        assert story.before["unchanged"]
        assert [one.name for one in story.planned.gone if one.kind == RemovedKind.VERSION] == [story.first.version]
        assert kinds == {
            RemovedKind.VERSION,
            RemovedKind.RUN,
            RemovedKind.RECORD,
            RemovedKind.RESULT,
            RemovedKind.FINDINGS,
            RemovedKind.PHOTO,
            RemovedKind.CACHED,
        }
        assert story.planned.kept == {
            story.second.version: "in production before, for `acne rollback`",
            story.third: "in production",
        }

    def test_what_it_says_is_what_goes(self, story):
        gone = story.before["files"] - story.left[0]
        results = {one.name for one in story.planned.gone if one.kind in {RemovedKind.RESULT, RemovedKind.RECORD}}
        photos = {one.name for one in story.planned.gone if one.kind == RemovedKind.PHOTO}
        assert {Path(name).name for name in gone if name.startswith("images/")} == photos
        assert len(photos) == 3
        assert {name for name in gone if name.startswith("results/")} == {
            name
            for name in story.before["files"]
            for result in results
            if name == result or name.startswith(result + "/")
        }

    def test_the_bundle_of_the_old_version_leaves_the_bucket_and_its_run_but_for_which_photo_served_for_what(
        self, story
    ):
        gone = story.before["keys"] - story.left[1]
        run_id = story.first.run_id
        assert any(key.endswith("/artifacts/bundle/model.tflite") for key in gone)
        assert {key for key in story.left[1] if run_id in key} == {
            key for key in story.before["keys"] if run_id in key and key.endswith("split/assignments.json")
        }
        assert run_id not in VersionRemover(story.tracking).living_runs()

    def test_its_number_and_what_was_decided_about_it_stay(self, story):
        version = story.first.version
        decided = history(settings=story.settings)
        assert version in {record.version for record in decided}
        assert story.shelf()[version].pruned

    def test_nobody_takes_it_for_a_version_that_holds_its_bundle(self, story):
        assert story.shelf()[story.first.version].bundle_sha256 is None

    def test_a_killed_one_left_files_that_the_same_command_removed(self, story):
        # Shards of facts and vectors are written anew without the photos that go.
        steps = [
            {name for name in files if name.startswith(("results/", "images/"))}
            for files in (story.left[0], story.killed_after, story.before["files"])
        ]
        assert steps[0] < steps[1] < steps[2]
        assert not [name for name in story.left[0] if name.endswith(".part")]
        again = prune(1, settings=story.settings)
        assert (again.gone, again.size) == ((), 0)

    def test_production_answers_from_an_empty_cache(self, story):
        assert story.answered == story.third

    def test_withdrawing_a_photo_still_finds_the_versions_that_used_it(self, story):
        photo = next(iter(Split.read(story.second.split).photos))
        withdrawn = withdraw([photo], dry_run=True, settings=story.settings)
        assert withdrawn.failures == ()
        assert story.second.version in {one.version for one in withdrawn.versions}

    def test_rollback_goes_back(self, story):
        assert story.changeover.version == story.second.version

    def test_a_pipeline_of_the_same_photos_computes_nothing_and_changes_nothing(self, story):
        scraped, feature_result, train_result, promoted = story.again
        assert (scraped.downloaded, feature_result.computed, train_result.seconds) == (0, 0, 0.0)
        assert promoted.decision == PipelineDecision.UNCHANGED
        assert promoted.version == story.second.version
