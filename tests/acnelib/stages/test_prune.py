"""Prune: what only old versions need goes, and whoever is in production or was before goes on as if nothing were."""

from __future__ import annotations

import json
import os
import shutil
import time
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
from acnelib.registry.decisions import judged_on
from acnelib.registry.reading import RegistryReader
from acnelib.registry.tracking.connection import tracking_of
from acnelib.registry.tracking.removal import StoredVersion, VersionRemover
from acnelib.registry.unused_bundles import unused_bundles
from acnelib.retention.kept_versions import kept_versions
from acnelib.retention.prune import RemovedKind, prune
from acnelib.retention.records import RECENT_SECONDS, sort_records
from acnelib.retention.unused_files import begin, unneeded_files
from acnelib.retention.withdraw import withdraw
from acnelib.stages.production import history, promote_version, roll_back
from acnelib.stages.results import PipelineDecision
from acnelib.storage.files import digest_of, write_json
from acnelib.storage.workspace import Workspace

OLD = time.time() - 2 * RECENT_SECONDS


def shelved(number, stage="Archived", **values):
    known = {"aliases": (), "run_id": f"run{number}", "model_id": "m", "bundle_sha256": "b", "before": frozenset()}
    return StoredVersion(version=str(number), stage=stage, **known | {"marked": False, "pruned": False} | values)


class TestWhatStays:
    def test_the_newest_production_the_one_before_and_what_is_not_decided(self):
        versions = [
            shelved(1),
            shelved(2),
            shelved(3, "Production", aliases=("production",), before=frozenset({"1"})),
            shelved(4, "Staging"),
            shelved(5, "None"),
            shelved(6),
            shelved(7),
        ]
        assert kept_versions(versions, newest=1) == {
            "1": "in production before, for `acne rollback`",
            "3": "in production",
            "4": "not decided yet",
            "5": "not decided yet",
            "7": "the newest",
        }
        assert "6" in kept_versions(versions, newest=2)

    def test_the_alias_and_the_stage_where_they_differ(self):
        versions = [shelved(1, "Production"), shelved(2, aliases=("production",)), shelved(3)]
        assert set(kept_versions(versions, newest=1)) == {"1", "2", "3"}

    def test_whatever_somebody_gave_an_alias(self):
        versions = [shelved(1, aliases=("paper",)), shelved(2)]
        assert kept_versions(versions, newest=1)["1"] == "called paper"

    def test_a_version_that_is_half_gone_is_not_one_of_the_newest(self):
        versions = [shelved(1), shelved(2), shelved(3, marked=True)]
        assert kept_versions(versions, newest=2) == {"1": "one of the newest 2", "2": "one of the newest 2"}

    def test_of_no_versions_none(self):
        assert kept_versions([], newest=3) == {}


@dataclass
class Folder:
    """A working folder whose records are written by hand."""

    workspace: Workspace
    versions: dict[str, str] = field(default_factory=dict)

    def result(self, stage, digest, *, modified=OLD, **files):
        folder = self.workspace.result(stage, digest)
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in {"content": digest, **files}.items():
            (folder / name.replace("_json", ".json")).write_text(text)
        os.utime(folder, (modified, modified))
        return f"results/{stage}/{digest}"

    def write(self, path, values, *, modified=OLD):
        file = self.workspace.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
        os.utime(file, (modified, modified))

    def candidate(self, letter, *, place="aaaaaaaa", modified=OLD):
        trained = {"candidate": self.result("train", letter * 16, modified=modified), "run_id": letter * 32}
        self.write(f"results/train/{letter * 16}-{place}.json", trained, modified=modified)
        return trained

    def version(self, number, *letters, place="aaaaaaaa", modified=OLD):
        trained = [self.candidate(letter, place=place, modified=modified) for letter in letters]
        run_ids = [letter * 32 for letter in letters]
        values = {"evaluated": {"trained": trained[0]}, "version": number, "run_ids": run_ids}
        self.write(f"results/register/{letters[0] * 16}-{place}.json", values, modified=modified)
        self.versions[number] = run_ids[0]
        return values

    def sort(self, *kept):
        return sort_records(self.workspace, place="aaaaaaaa", versions=self.versions, kept=kept, now=time.time())

    def going(self, *kept):
        """Return the folders of candidates that go."""
        unneeded = unneeded_files(self.workspace, self.sort(*kept), now=time.time())
        return {path.name[0] for path in unneeded.results if path.parent.name == "train"}


@pytest.fixture
def folder(tmp_path):
    return Folder(Workspace(tmp_path / "work"))


class TestTheWorkingFolder:
    def test_keeps_a_versions_candidate_and_those_it_was_compared_with(self, folder):
        folder.version("1", "a", "b")
        folder.version("2", "c", "d")
        assert folder.going("2") == {"a", "b"}
        assert folder.sort("2").runs == {"a" * 32, "b" * 32}

    def test_keeps_a_candidate_that_a_kept_version_shares_with_one_that_goes(self, folder):
        folder.version("1", "a", "b")
        folder.version("2", "c", "b")
        assert folder.going("2") == {"a"}

    def test_forgets_a_version_that_goes_and_keeps_its_run_where_a_kept_version_was_compared_with_it(self, folder):
        registered = folder.version("1", "b")
        folder.write(f"results/promote/{'b' * 16}-aaaaaaaa.json", {"registered": registered})
        folder.version("2", "c", "b")
        found = folder.sort("2")
        assert [one.path.parent.name for one in found.going] == ["promote", "register"]
        assert found.needed == {"b" * 32, "c" * 32}
        assert folder.going("2") == set()

    def test_keeps_the_run_that_a_run_of_the_walk_under_way_names(self, folder):
        folder.write("sample/2026-01-01T000000/scrape.json", {})
        folder.write("sample/2026-01-01T000000/train-x.json", folder.version("1", "a")["evaluated"]["trained"])
        assert folder.sort().needed == {"a" * 32}

    def test_keeps_what_belongs_to_another_server_or_model(self, folder):
        folder.version("1", "a")
        folder.version("1", "b", place="bbbbbbbb")
        folder.versions["1"] = "a" * 32
        assert folder.going() == {"a"}

    def test_keeps_a_recent_candidate_that_is_no_version_yet_and_no_old_one(self, folder):
        folder.candidate("a")
        folder.candidate("b", modified=time.time())
        assert folder.going() == {"a"}

    def test_gives_up_a_recent_candidate_of_a_version_that_goes(self, folder):
        folder.version("1", "a", modified=time.time())
        folder.version("2", "b", modified=time.time())
        assert folder.going("2") == {"a"}

    def test_keeps_what_a_run_under_way_points_at(self, folder):
        """Between two of its tasks it does not hold the working folder."""
        candidate = folder.candidate("a")
        folder.write("sample/2026-01-01T000000/scrape.json", {})
        folder.write("sample/2026-01-01T000000/train-x.json", candidate)
        assert folder.going() == set()
        assert folder.sort().walks == ()

    def test_gives_up_an_unfinished_run_that_was_followed_by_others_and_is_old(self, folder):
        for at in ("2026-01-01T000000", "2026-01-02T000000"):
            folder.write(f"sample/{at}/scrape.json", {})
        folder.write("sample/2026-01-01T000000/train-x.json", folder.candidate("a"))
        assert folder.going() == {"a"}
        assert [walk.folder.name for walk in folder.sort().walks] == ["2026-01-01T000000"]

    def test_gives_up_the_targets_of_a_version_that_goes_but_not_the_photos_of_its_source(self, folder):
        split = folder.result("split", "5" * 16)
        folder.write("sample/2026-01-01T000000/scrape.json", {})
        folder.write("sample/2026-01-01T000000/split.json", {"split": split})
        folder.write("sample/2026-01-01T000000/register.json", folder.version("1", "a"))
        folder.write("sample/2026-01-01T000000/promote.json", {})
        found = folder.sort()
        assert [walk.folder.name for walk in found.walks] == ["2026-01-01T000000"]
        assert [path.parent.name for path in unneeded_files(folder.workspace, found, now=time.time()).results] == [
            "train"
        ]

    def test_keeps_photos_of_kept_splits_and_of_sources_as_they_are_now(self, folder):
        images = folder.workspace.images
        now, kept, gone = (images.add(content) for content in (b"now", b"kept", b"gone"))
        folder.write("sample/seen.jsonl", {"settled": False, "sha256": now})
        folder.write("new/seen.jsonl", {"settled": True, "sha256": images.add(b"of a source that was never split")})
        split = folder.result("split", "5" * 16, split_json=json.dumps({kept: 1}), gone_json=json.dumps({gone: 1}))
        folder.write("sample/latest_split.json", {"curated": "6" * 64, "split": f"{split}/split.json"})
        old = folder.result("split", "7" * 16, split_json=json.dumps({gone: 1}))
        unneeded = unneeded_files(folder.workspace, folder.sort(), now=time.time())
        assert unneeded.photos == {gone: 4}
        assert list(unneeded.results) == [folder.workspace.root / old]

    def test_gives_up_photos_that_left_their_source(self, folder):
        left = folder.workspace.images.add(b"left")
        folder.write("sample/seen.jsonl", {"settled": True, "sha256": left})
        folder.write("sample/latest_split.json", {"curated": "6" * 64, "split": "results/split/none/split.json"})
        assert unneeded_files(folder.workspace, folder.sort(), now=time.time()).photos == {left: 4}

    def test_gives_up_what_a_killed_prune_was_about_to_remove_though_it_is_recent(self, folder):
        folder.candidate("a", modified=time.time())
        (folder.workspace.root / "results" / "train" / f"{'a' * 16}-aaaaaaaa.json").unlink()
        assert folder.going() == set()
        begin(folder.workspace, [folder.workspace.result("train", "a" * 16)])
        assert folder.going() == {"a"}

    def test_gives_up_vectors_of_networks_that_no_kept_candidate_is_made_of(self, folder):
        for name in ("1" * 16, "2" * 16):
            folder.write(f"vectors/{name}/shard", {})
            os.utime(folder.workspace.root / "vectors" / name, (OLD, OLD))
        folder.write("sample/2026-01-01T000000/scrape.json", {})
        folder.write("sample/2026-01-01T000000/features-x.json", {"vectors": f"vectors/{'1' * 16}"})
        unneeded = unneeded_files(folder.workspace, folder.sort(), now=time.time())
        assert [path.name for path in unneeded.networks] == ["2" * 16]


def test_the_cache_keeps_bundles_that_other_servers_or_an_offline_answer_need(tmp_path):
    def remember(server, name, sha256):
        path = tmp_path / "servers" / digest_of(server, "acne")[:16] / f"{name}.json"
        write_json(path, {"version": "1", "sha256": sha256, "asked_at": ""})
        (tmp_path / "bundles" / sha256).mkdir(parents=True, exist_ok=True)

    remember("http://here", "1", "one")
    remember("http://here", "2", "two")
    remember("http://here", "production", "two")
    remember("http://here", "3", "three")
    remember("http://elsewhere", "7", "one")
    remember("http://here", "4", "four")
    unneeded = unused_bundles(
        tmp_path, server="http://here/", model_name="acne", versions=["1", "2", "4"], kept=["three"]
    )
    assert [path.name for path in unneeded.bundles] == ["four"]
    assert sorted(path.stem for path in unneeded.memories) == ["1", "2", "4"]
    unneeded.remove()
    assert sorted(path.name for path in (tmp_path / "bundles").iterdir()) == ["one", "three", "two"]


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
        beside = {".lock", "pruning.json"}
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
        promote_version(second.registered.version, reason="for the story", settings=settings)
    third = put_above(settings, tiny_bundle, root)
    told = Story(settings, workplace, source, first, second, third)
    told.before = {"files": told.files(), "keys": told.objects()}
    told.planned = prune(1, dry_run=True, settings=settings)
    told.before["unchanged"] = (told.files(), told.objects()) == (told.before["files"], told.before["keys"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("acnelib.retention.prune.remove_folder", killed)
        with pytest.raises(KeyboardInterrupt):
            prune(1, settings=settings)
    told.killed_after = told.files()
    told.finished = prune(1, settings=settings)
    told.left = (told.files(), told.objects())
    told.answered = answering(settings, root / "empty")
    told.changeover = roll_back(settings=settings)
    told.again = walk_again(source, settings, second.registered.evaluated.trained.featured.backbone)
    return told


def answering(settings, cache):
    """Return the version that answers as production, fetched anew."""
    reader = RegistryReader(settings.server(), model_name=settings.model_name)
    bundle, remembered = BundleCache(cache).fetch(reader, "production")
    reader.close()
    assert load_classifier(bundle.path).labels
    return remembered.version


def walk_again(source, settings, backbone):
    scraped = stages.scrape(str(source), settings=settings)
    splitted = stages.split(stages.curate(scraped, settings=settings), settings=settings)
    featured = stages.features(splitted, backbone=backbone, weights="starter", settings=settings)
    trained = stages.train(featured, settings=settings)
    registered = stages.register([stages.evaluate(trained, settings=settings)], settings=settings)
    return scraped, featured, trained, stages.promote(registered, settings=settings)


def killed(_folder):
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
        run.log_subsets({"0" * 64: "train"})
        version = tracking.versions.register(bundle.path, sha256=str(bundle.sha256))
    promote_version(version, reason="for the story", settings=settings)
    return version


@pytest.mark.slow
class TestForReal:
    def test_a_dry_run_says_what_goes_and_changes_nothing(self, story):
        kinds = {one.kind for one in story.planned.gone}
        assert story.before["unchanged"]
        assert [one.name for one in story.planned.gone if one.kind == RemovedKind.VERSION] == [
            story.first.registered.version
        ]
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
            story.second.registered.version: "in production before, for `acne rollback`",
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
        run_id = story.first.registered.evaluated.trained.run_id
        assert any(key.endswith("/artifacts/bundle/model.tflite") for key in gone)
        assert {key for key in story.left[1] if run_id in key} == {
            key for key in story.before["keys"] if run_id in key and key.endswith("split/subsets.json")
        }
        assert run_id not in VersionRemover(story.tracking).living_runs()

    def test_its_number_and_what_was_decided_about_it_stay(self, story):
        version = story.first.registered.version
        decided = history(settings=story.settings)
        assert version in {record.version for record in decided}
        assert story.shelf()[version].pruned
        assert judged_on(decided, story.first.registered.evaluated.trained.featured.splitted.test_sha256)

    def test_nobody_takes_it_for_a_version_that_holds_its_bundle(self, story):
        assert story.shelf()[story.first.registered.version].bundle_sha256 is None

    def test_a_killed_one_left_files_that_the_same_command_removed(self, story):
        # Shards of facts and vectors are written anew without the photos that go.
        steps = [
            {name for name in files if name.startswith(("results/", "images/"))}
            for files in (story.left[0], story.killed_after, story.before["files"])
        ]
        assert steps[0] < steps[1] < steps[2]
        assert not [name for name in story.left[0] if name.endswith(".part")]
        assert not (story.settings.workdir / "pruning.json").exists()
        again = prune(1, settings=story.settings)
        assert (again.gone, again.size) == ((), 0)

    def test_production_answers_from_an_empty_cache(self, story):
        assert story.answered == story.third

    def test_withdrawing_a_photo_still_finds_the_versions_that_used_it(self, story):
        photo = next(iter(Split.read(story.second.registered.evaluated.trained.featured.splitted.split).photos))
        withdrawn = withdraw([photo], dry_run=True, settings=story.settings)
        assert withdrawn.failures == ()
        assert story.second.registered.version in {one.version for one in withdrawn.versions}

    def test_rollback_goes_back(self, story):
        assert story.changeover.version == story.second.registered.version

    def test_a_pipeline_of_the_same_photos_computes_nothing_and_changes_nothing(self, story):
        scraped, featured, trained, promoted = story.again
        assert (scraped.downloaded, featured.computed, trained.seconds) == (0, 0, 0.0)
        assert promoted.decision == PipelineDecision.UNCHANGED
        assert promoted.registered.version == story.second.registered.version
