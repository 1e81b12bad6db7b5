"""Marked versions: those that used a withdrawn photo say so, on the real servers."""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acnelib import bundle as bundles
from acnelib.errors import TrackingFailed
from acnelib.registry.tracking.connection import tracking_of
from acnelib.storage.assignments import Assignment, Subset


class TestVersions:
    @pytest.fixture
    def model(self, workplace, place):
        """A model of the test's own on the shared server."""
        name = f"withdrawing-{uuid.uuid4().hex[:8]}"
        settings = replace(workplace.settings_of(name), workdir=place.workspace.root)
        return replace(place, settings=settings)

    @pytest.fixture
    def register(self, model, tiny_bundle, tmp_path):
        """Register a version whose run says which photo served for what; without subsets, it says nothing."""

        def registered(name, **subsets):
            folder = Path(shutil.copytree(tiny_bundle, tmp_path / name / "bundle"))
            description = bundles.read_candidate(folder).description
            origin = replace(description.provenance, candidate=name)
            bundles.write_description(folder, replace(description, provenance=origin))
            bundle = bundles.seal(folder)
            tracking = tracking_of(model.settings)
            with tracking.candidate_run(name, name=name, tags={}, stage="register") as run:
                if subsets:
                    run.log_assignments(
                        {
                            sha256: Assignment(subset=Subset(subset), group=sha256, folds=(0,) * 5)
                            for subset, photos in subsets.items()
                            for sha256 in photos
                        }
                    )
                return tracking.versions.register(bundle.path, sha256=str(bundle.sha256))

        return registered

    @pytest.fixture
    def marking(self, workplace, model):
        def reported(version):
            tag = workplace.version(model.settings.model_name, version)["tags"].get("acnelib.withdrawn")
            return tag and json.loads(tag)

        return reported

    def test_that_used_it_are_marked_and_others_are_not(self, model, register, marking, photo):
        first = register("one", train=[photo], test=["0" * 64])
        second = register("two", test=[photo])
        third = register("three", train=["0" * 64])
        withdrawn = model.withdraw(photo)
        at = "2026-11-25T08:00:00+00:00"
        assert marking(first) == {"train": 1, "test": 0, "at": at}
        assert marking(second) == {"train": 0, "test": 1, "at": at}
        assert marking(third) is None
        assert [(used.version, used.marked) for used in withdrawn.versions] == [(first, True), (second, True)]
        assert withdrawn.photos[0].versions == {model.settings.server(): {first: "train", second: "test"}}
        assert model.workspace.withdrawals.read()[photo] == withdrawn.photos[0]

    def test_count_all_photos_that_were_ever_withdrawn(self, model, register, marking, photo, group):
        version = register("one", train=[photo, *group[:2]])
        model.withdraw(photo)
        later = model.withdraw(*group[:2], clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))
        assert marking(version) == {"train": 3, "test": 0, "at": "2027-01-01T00:00:00+00:00"}
        assert model.withdraw(photo).versions[0].marking == later.versions[0].marking

    def test_say_whether_one_is_in_production(self, model, register, photo):
        first, second = register("one", train=[photo]), register("two", train=[photo])
        tracking = tracking_of(model.settings)
        tracking.client.set_registered_model_alias(model.settings.model_name, "production", second)
        used = model.withdraw(photo, dry_run=True).versions
        assert [(one.version, one.in_production, one.marked) for one in used] == [
            (first, False, False),
            (second, True, False),
        ]

    def test_that_do_not_say_what_they_used_are_a_failure_and_hold_up_no_other(self, model, register, marking, photo):
        silent, version = register("silent"), register("one", train=[photo])
        withdrawn = model.withdraw(photo)
        assert marking(version)["train"] == 1
        (failure,) = withdrawn.failures
        assert f"version {silent}" in failure

    def test_on_a_server_that_is_down_are_marked_by_the_same_command_later(
        self, model, register, marking, photo, dead_server
    ):
        version = register("one", train=[photo])
        down = replace(model, settings=replace(model.settings, tracking_uri=dead_server))
        withdrawn = down.withdraw(photo)
        assert photo not in model.workspace.images
        assert [dead_server in failure for failure in withdrawn.failures] == [True]
        assert model.withdraw(photo).failures == ()
        assert marking(version)["train"] == 1

    def test_that_cannot_be_marked_are_a_failure(self, model, register, photo, monkeypatch):
        register("one", train=[photo])

        def refuse(*_arguments, **_options):
            raise TrackingFailed("the server went down")

        monkeypatch.setattr("acnelib.registry.tracking.versions.Versions.mark_withdrawn", refuse)
        withdrawn = model.withdraw(photo)
        assert withdrawn.failures == ("the server went down",)
        assert not withdrawn.versions[0].marked

    def test_of_a_model_that_has_none_are_none(self, model, photo):
        withdrawn = model.withdraw(photo)
        assert (withdrawn.versions, withdrawn.failures) == ((), ())

    def test_without_any_server_are_none(self, place, photo):
        withdrawn = place.withdraw(photo)
        assert (withdrawn.server, withdrawn.versions, withdrawn.failures) == (None, (), ())
