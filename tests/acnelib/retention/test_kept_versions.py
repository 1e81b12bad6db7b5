"""Kept versions: production, the one before, what is not decided, what has an alias, and the newest."""

from __future__ import annotations

from acnelib.registry.tracking.removal import StoredVersion
from acnelib.retention.kept_versions import kept_versions


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
