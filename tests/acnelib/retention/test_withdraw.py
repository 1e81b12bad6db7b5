"""Withdraw: a photo goes from everywhere and never comes back."""

from __future__ import annotations

import contextlib
import json
import shutil
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acnelib import stages
from acnelib.dataset.appearance.facts import FactStore
from acnelib.errors import UsageError
from acnelib.storage.files import sha256_of
from acnelib.storage.manifest import read_manifest
from acnelib.storage.results import References, StageResult, build_once, photos_of
from acnelib.storage.workspace import ImageStore, Workspace
from acnelib.training.embeddings import EmbeddingStore


class TestWhatGoes:
    def test_its_bytes_are_nowhere_in_the_working_folder(self, place, photo):
        content = place.file_of(photo).read_bytes()
        middle = content[len(content) // 2 :][:200]
        assert place.files_with(middle) == {photo}
        place.withdraw(photo)
        assert place.files_with(middle) == set()
        assert photo not in place.workspace.images

    def test_where_it_stood_is_forgotten(self, place, photo):
        name = place.file_of(photo).name.encode()
        reported = {"data_report.html"} & place.files_with(name)
        assert place.files_with(name) - reported == {"manifest.jsonl", "photos.jsonl", "split.json", "seen.jsonl"}
        place.withdraw(photo)
        assert place.files_with(name) == set()

    def test_its_facts_and_embeddings_go_and_those_of_others_stay(self, place, photo):
        others = set(place.split().photos) - {photo}
        points = place.facts.key_points(others)
        place.withdraw(photo)
        assert place.facts.facts(others, path_of=pytest.fail).keys() == others
        assert place.facts.key_points({photo, *others}).keys() == points.keys()
        assert place.embeddings.load({photo, *others}).keys() == others

    def test_the_split_still_says_what_it_served_for(self, place, photo):
        before = place.split().photos
        place.withdraw(photo)
        assert place.split().photos == {**before, photo: replace(before[photo], paths=())}

    def test_reports_that_show_it_go_and_others_stay(self, place, photo):
        with_it, without_it = (place.workspace.result("evaluate", name * 16) for name in "ab")
        for folder, photos in ((with_it, [photo]), (without_it, ["0" * 64])):
            build_once(folder, lambda part, names=photos: (part / "report.html").touch() or names)
        place.withdraw(photo)
        assert [folder.joinpath("report.html").exists() for folder in (with_it, without_it)] == [False, True]

    def test_every_result_that_refers_to_it_is_found(self, place, photo):
        place.withdraw(photo)
        kept = [folder for folder in place.workspace.results() if photo in photos_of(folder)]
        assert {folder.parent.name for folder in kept} == {"scrape", "curate", "split"}
        mentioning = {path for path, content in place.files().items() if photo.encode() in content}
        assert {path.parent for path in mentioning if "results" in path.parts} == set(kept)

    def test_the_report_on_the_data_goes_that_shows_it_among_the_photos_that_left_the_source(
        self, place, photo, tmp_path
    ):
        smaller = replace(place, source=Path(shutil.copytree(place.source, tmp_path / "copy" / place.source.name)))
        stages.split(stages.curate(smaller.look(), settings=place.settings), settings=place.settings)
        smaller.file_of(photo).unlink()
        split_result = stages.split(stages.curate(smaller.look(), settings=place.settings), settings=place.settings)
        assert photo in split_result.report.read_text()
        place.withdraw(photo)
        assert not split_result.report.exists()

    def test_what_a_killed_process_left_unfinished_goes(self, place, photo):
        part = place.workspace.images.path(photo).with_name(f".{photo}.0a1b.part")
        part.write_bytes(place.file_of(photo).read_bytes())
        place.withdraw(photo)
        assert not part.exists()

    def test_the_users_own_file_stays_and_is_named(self, place, photo):
        file = place.file_of(photo)
        withdrawn = place.withdraw(photo)
        assert withdrawn.own_files == {place.name: (file.relative_to(place.source).as_posix(),)}
        assert file.is_file()

    def test_an_unfinished_run_that_has_it_begins_anew(self, place, photo):
        place.withdraw(photo)
        assert list(place.run.iterdir()) == []

    def test_a_finished_run_stays_as_it_was(self, place, photo):
        StageResult(references=References()).write(place.run / "promote.json")
        place.withdraw(photo)
        assert {path.name for path in place.run.iterdir()} == {"scrape.json", "split.json", "promote.json"}


class TestTheRecord:
    def test_holds_nothing_of_the_photo_but_its_hash(self, place, photo):
        place.withdraw(photo, reason="asked by letter")
        path = place.workspace.root / "withdrawn.jsonl"
        assert json.loads(path.read_text()) == {
            "sha256": photo,
            "withdrawn_at": "2026-11-25T08:00:00+00:00",
            "reason": "asked by letter",
            "sources": [place.name],
            "versions": {},
        }
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_is_written_before_anything_goes(self, place, photo, monkeypatch):
        def killed(*_arguments):
            raise KeyboardInterrupt

        monkeypatch.setattr(Workspace, "remove_unfinished", killed)
        with pytest.raises(KeyboardInterrupt):
            place.withdraw(photo)
        assert place.workspace.withdrawals.photos == {photo}

    def test_of_a_photo_that_is_withdrawn_twice_stays(self, place, photo):
        place.withdraw(photo, reason="first")
        before = place.files()
        again = place.withdraw(photo, reason="second", clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))
        assert place.files() == before
        assert (again.before, again.changed) == ({photo}, 0)

    def test_is_not_touched_by_a_dry_run_nor_is_anything_else(self, place, photo):
        before = place.files()
        withdrawn = place.withdraw(photo, dry_run=True)
        assert place.files() == before
        assert withdrawn.photos[0].sources == (place.name,)


class TestWhichPhoto:
    def test_is_told_by_a_file(self, place, photo):
        assert place.withdraw(place.file_of(photo)).photos[0].sha256 == photo

    @pytest.mark.parametrize("digits", [12, 40, 64])
    def test_is_told_by_digits_in_any_case(self, place, photo, digits):
        assert place.withdraw(photo[:digits].upper()).photos[0].sha256 == photo

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("0" * 12, "no photo of .* begins with '000000000000': write all 64 digits"),
            ("0" * 11, "is neither a file nor a SHA-256"),
            ("gone.jpg", "is neither a file nor a SHA-256"),
            (".", "is a folder: name the photos in it"),
        ],
    )
    def test_that_nobody_can_tell_is_one_clear_error(self, place, text, told):
        before = place.files()
        with pytest.raises(UsageError, match=told):
            place.withdraw(text)
        assert place.files() == before

    def test_that_could_be_two_is_one_clear_error(self, place):
        for last in "ab":
            path = place.workspace.images.path("0" * 63 + last)
            path.parent.mkdir(exist_ok=True)
            path.touch()
        with pytest.raises(UsageError, match=r"2 photos of .* begin with '000000000000'"):
            place.withdraw("0" * 12)

    def test_that_was_never_here_is_written_down_and_said(self, place, tmp_path):
        (tmp_path / "new.jpg").write_bytes(b"never seen")
        withdrawn = place.withdraw(tmp_path / "new.jpg")
        assert withdrawn.unknown == place.workspace.withdrawals.photos == {sha256_of(b"never seen")}


class TestItsGroup:
    def test_is_told_and_stays(self, place, group):
        one, *others = group
        assert place.withdraw(one).tied == tuple(others)
        assert all(sha256 in place.workspace.images for sha256 in others)

    def test_goes_too_when_that_is_wanted(self, place, group):
        withdrawn = place.withdraw(group[0], group=True)
        assert {photo.sha256 for photo in withdrawn.photos} == set(group)
        assert withdrawn.tied == ()
        assert not any(sha256 in place.workspace.images for sha256 in group)

    def test_is_told_without_those_that_are_withdrawn(self, place, group):
        place.withdraw(group[0])
        assert place.withdraw(group[1]).tied == group[2:]


class TestItNeverComesBack:
    def test_though_its_file_still_lies_in_the_source(self, place, photo):
        place.withdraw(photo)
        scraped = place.look()
        assert photo not in {record.sha256 for record in read_manifest(scraped.manifest)}
        assert (scraped.photos, scraped.failures, scraped.downloaded) == (25, 1, 0)
        assert photo not in place.workspace.images
        assert place.files_with(place.file_of(photo).name.encode()) == set()

    def test_under_another_name_in_another_source(self, place, photo, tmp_path):
        place.withdraw(photo)
        other = Path(shutil.copytree(place.source, tmp_path / "Other"))
        path = other / place.file_of(photo).relative_to(place.source)
        path.rename(path.with_name("renamed.jpg"))
        scraped = replace(place, source=other).look()
        assert photo not in {record.sha256 for record in read_manifest(scraped.manifest)}

    def test_and_the_log_does_not_say_where_it_lies(self, place, photo, caplog):
        place.withdraw(photo)
        place.look()
        assert [record.getMessage() for record in caplog.records] == ["photos that were withdrawn and are left out: 1"]

    def test_and_the_next_split_goes_on_without_it(self, place, photo):
        before = place.split().photos
        place.withdraw(photo)
        stages.split(stages.curate(place.look(), settings=place.settings), settings=place.settings)
        after = place.split().photos
        assert photo not in after
        assert {sha: one.subset for sha, one in after.items()} == {
            sha: one.subset for sha, one in before.items() if sha != photo
        }


@pytest.mark.parametrize("kind", [FactStore, EmbeddingStore, ImageStore])
class TestAfterAKill:
    @pytest.fixture(autouse=True)
    def killed(self, kind, place, photo, monkeypatch):
        def killed(*_arguments):
            raise KeyboardInterrupt

        with monkeypatch.context() as context, contextlib.suppress(KeyboardInterrupt):
            context.setattr(kind, "remove", killed)
            place.withdraw(photo)
        assert photo in place.files_with(place.file_of(photo).read_bytes()[-200:])

    def check(self, place, photo):
        assert not place.workspace.images.path(photo).exists()
        assert place.embeddings.load([photo]) == {}
        assert place.facts.key_points([photo]) == {}

    def test_the_same_command_finishes(self, place, photo):
        place.withdraw(photo)
        self.check(place, photo)

    def test_the_next_look_at_any_source_finishes(self, place, photo):
        place.look()
        self.check(place, photo)
