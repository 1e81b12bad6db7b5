"""Mark and sweep: what is in use is never swept, and what is not in use is, by the references between records."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass, field

import pytest

from acnelib.errors import DataUnusable
from acnelib.retention.marking import RECENT_SECONDS, mark
from acnelib.retention.sweeping import unused_files
from acnelib.storage.latest_split import LatestSplit
from acnelib.storage.results import References, StageResult, build_once
from acnelib.storage.workspace import Workspace

OLD = time.time() - 2 * RECENT_SECONDS
PLACE = "aaaaaaaa"


@dataclass
class Folder:
    """A working folder whose records are written by hand."""

    workspace: Workspace
    versions: dict[str, str] = field(default_factory=dict)

    def result(self, stage, digest, *, photos=(), modified=OLD):
        """Make the folder of a result; return the name by which records refer to it."""
        folder = self.workspace.result(stage, digest * 16)
        build_once(folder, lambda part: (part / "content").write_text(digest) and photos)
        os.utime(folder, (modified, modified))
        return self.workspace.name_of(folder)

    def record(self, path, references, *, modified=OLD):
        file = self.workspace.root / path
        StageResult(references=references).write(file)
        os.utime(file, (modified, modified))

    def target(self, at, name, references=None):
        self.record(f"sample/{at}/{name}.json", references or References())

    def remember(self, source, sha256, *, settled="true"):
        path = self.workspace.source(source) / "seen.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'{{"settled": {settled}, "sha256": "{sha256}"}}\n')

    def split(self, source, references=None, *, sources=()):
        """Write the pointer to the latest split of a source, or of several together."""
        path = self.workspace.source(source)
        path.mkdir(exist_ok=True)
        references = references or References()
        pointer = LatestSplit(curated="6" * 64, split="split.json", sources=sources or (source,), references=references)
        pointer.save(path)

    def candidate(self, letter, *, place=PLACE, modified=OLD):
        folder = self.result("train", letter, modified=modified)
        references = References(folders=(folder,), runs=(letter * 32,))
        self.record(f"results/train/{letter * 16}-{place}.json", references, modified=modified)
        return references

    def version(self, number, *letters, place=PLACE, modified=OLD):
        """Register the first of some candidates."""
        best, *others = [self.candidate(letter, place=place, modified=modified) for letter in letters]
        compared = tuple(run for one in others for run in one.runs)
        references = best | References(runs=compared, versions=(number,))
        self.record(f"results/register/{letters[0] * 16}-{place}.json", references, modified=modified)
        self.versions[number] = letters[0] * 32
        return references

    def marked(self, *kept):
        return mark(self.workspace, place=PLACE, versions=self.versions, kept=kept, now=time.time())

    def unused(self, *kept):
        return unused_files(self.workspace, self.marked(*kept), now=time.time())

    def swept(self, *kept):
        """Return the names of the folders that go."""
        return {self.workspace.name_of(folder) for folder in self.unused(*kept).folders}

    def candidates_swept(self, *kept):
        """Return the letters of the candidates that go."""
        return {name.rpartition("/")[2][0] for name in self.swept(*kept) if "/train/" in name}


@pytest.fixture
def folder(tmp_path):
    return Folder(Workspace(tmp_path / "work"))


class TestInUse:
    def test_is_a_versions_candidate_with_those_that_it_was_compared_with(self, folder):
        folder.version("1", "a", "b")
        folder.version("2", "c", "d")
        assert folder.candidates_swept("2") == {"a", "b"}
        assert folder.marked("2").unused_runs == {"a" * 32, "b" * 32}

    def test_is_a_candidate_that_a_kept_version_shares_with_one_that_goes(self, folder):
        folder.version("1", "a", "b")
        folder.version("2", "c", "b")
        assert folder.candidates_swept("2") == {"a"}

    def test_is_the_run_of_a_version_that_goes_where_a_kept_version_was_compared_with_it(self, folder):
        folder.record(f"results/promote/{'b' * 16}-{PLACE}.json", folder.version("1", "b"))
        folder.version("2", "c", "b")
        marked = folder.marked("2")
        assert [one.path.parent.name for one in marked.records] == ["promote", "register"]
        assert marked.needed_runs == {"b" * 32, "c" * 32}
        assert folder.candidates_swept("2") == set()

    def test_is_a_recent_checkpoint_of_an_adaptation_and_no_old_one(self, folder):
        folder.result("checkpoints", "a")
        folder.result("checkpoints", "b", modified=time.time())
        assert {name[-1] for name in folder.swept()} == {"a"}

    def test_is_an_adaptation_however_old(self, folder):
        folder.result("adapt", "a")
        assert folder.swept() == set()

    def test_is_the_run_that_a_pipeline_under_way_names(self, folder):
        folder.target("2026-01-01T000000", "scrape")
        folder.target("2026-01-01T000000", "train-x", folder.version("1", "a"))
        assert folder.marked().needed_runs == {"a" * 32}

    def test_is_what_belongs_to_another_server_or_model(self, folder):
        folder.version("1", "a")
        folder.version("1", "b", place="bbbbbbbb")
        folder.versions["1"] = "a" * 32
        assert folder.candidates_swept() == {"a"}

    def test_is_a_recent_candidate_that_is_no_version_yet_and_no_old_one(self, folder):
        folder.candidate("a")
        folder.candidate("b", modified=time.time())
        assert folder.candidates_swept() == {"a"}

    def test_is_no_recent_candidate_of_a_version_that_goes(self, folder):
        folder.version("1", "a", modified=time.time())
        folder.version("2", "b", modified=time.time())
        assert folder.candidates_swept("2") == {"a"}

    def test_is_what_a_pipeline_under_way_points_at(self, folder):
        """Between two of its tasks it does not hold the working folder."""
        folder.target("2026-01-01T000000", "scrape")
        folder.target("2026-01-01T000000", "train-x", folder.candidate("a"))
        assert folder.swept() == set()
        assert folder.marked().pipelines == ()

    def test_is_no_unfinished_pipeline_that_is_old_and_was_followed_by_others(self, folder):
        for at in ("2026-01-01T000000", "2026-01-02T000000"):
            folder.target(at, "scrape")
        folder.target("2026-01-01T000000", "train-x", folder.candidate("a"))
        assert folder.candidates_swept() == {"a"}
        assert [one.folder.name for one in folder.marked().pipelines] == ["2026-01-01T000000"]

    def test_are_the_data_of_a_source_though_its_last_version_goes(self, folder):
        at = "2026-01-01T000000"
        folder.target(at, "scrape")
        folder.target(at, "split", References(folders=(folder.result("split", "5"),)))
        folder.target(at, "register", folder.version("1", "a"))
        folder.target(at, "promote")
        assert [one.folder.name for one in folder.marked().pipelines] == [at]
        assert folder.swept() == {f"results/train/{'a' * 16}"}

    def test_is_every_folder_that_a_record_in_use_refers_to(self, folder):
        stages = ("scrape", "curate", "split", "train", "evaluate", "bundles")
        used = {folder.result(stage, "1") for stage in stages}
        unused = {folder.result(stage, "2") for stage in stages}
        references = References(folders=tuple(used), runs=("r" * 32,), versions=("1",))
        folder.record(f"results/register/{'1' * 16}-{PLACE}.json", references)
        folder.versions["1"] = "r" * 32
        assert folder.swept("1") == unused
        assert folder.swept() == used | unused

    def test_are_the_embeddings_of_networks_that_a_record_in_use_refers_to(self, folder):
        for name in ("1" * 16, "2" * 16):
            network = folder.workspace.embeddings(name)
            network.mkdir(parents=True)
            os.utime(network, (OLD, OLD))
        folder.target("2026-01-01T000000", "scrape")
        folder.target("2026-01-01T000000", "features-x", References(folders=(f"embeddings/{'1' * 16}",)))
        assert folder.swept() == {f"embeddings/{'2' * 16}"}

    def test_is_unknown_where_a_record_is_damaged_so_that_nothing_goes(self, folder):
        folder.version("1", "a")
        path = folder.workspace.root / f"results/register/{'a' * 16}-{PLACE}.json"
        path.write_text("{}")
        with pytest.raises(DataUnusable, match="is no record of this version of acnelib"):
            folder.swept()

    def test_is_found_again_by_the_records_after_a_prune_that_was_killed_in_between(self, folder):
        """The folder of one candidate is gone already, and that of the other is recent."""
        folder.version("1", "a", "b", modified=time.time())
        shutil.rmtree(folder.workspace.result("train", "a" * 16))
        assert folder.candidates_swept() == {"b"}
        assert len(folder.marked().records) == 3


class TestPhotosInUse:
    def test_are_those_of_manifests_in_use_and_of_sources_as_they_are_now(self, folder):
        images = folder.workspace.images
        now, kept, gone = (images.add(content) for content in (b"now", b"kept", b"gone"))
        folder.remember("sample", now, settled="false")
        folder.remember("new", images.add(b"of a source that was never split"))
        used = References(folders=(folder.result("scrape", "5", photos=[kept]),))
        folder.split("sample", used)
        old = folder.result("scrape", "7", photos=[gone])
        assert folder.unused().photos == {gone: 4}
        assert folder.swept() == {old}

    def test_are_not_those_that_left_their_source(self, folder):
        left = folder.workspace.images.add(b"left")
        folder.remember("sample", left)
        folder.split("sample")
        assert folder.unused().photos == {left: 4}

    @pytest.mark.parametrize("source", ["mine-12ab", "background-34cd"])
    def test_are_not_those_that_left_a_source_of_several(self, folder, source):
        images = folder.workspace.images
        left, kept = images.add(b"left"), images.add(b"kept")
        folder.remember(source, left)
        used = References(folders=(folder.result("scrape", "5", photos=[kept]),))
        folder.split("mine-12ab+sample", used, sources=("mine-12ab", "sample", "background-34cd"))
        assert folder.unused().photos == {left: 4}

    def test_are_unknown_where_a_manifest_in_use_does_not_list_them(self, folder):
        name = folder.result("scrape", "5", modified=time.time())
        (folder.workspace.root / name / "references.json").unlink()
        with pytest.raises(DataUnusable, match=r"lacks references\.json"):
            folder.unused()
