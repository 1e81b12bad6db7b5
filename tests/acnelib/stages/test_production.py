"""What people decide about versions, on the real servers."""

from __future__ import annotations

import pytest

from acnelib.errors import ModelUnavailable, UsageError
from acnelib.models import find_model
from acnelib.stages.production import history, promote_version, roll_back


@pytest.fixture
def versions():
    """How many versions are registered."""
    return 2


@pytest.fixture
def registry(workplace, register_another, request, versions):
    """A registered model of some versions, of which none is production yet; return its settings."""
    settings = workplace.settings_of(f"decided-{request.node.name[:60]}")
    for _ in range(versions):
        register_another(settings)
    return settings


def test_a_version_is_promoted_with_a_reason_and_a_name(registry, workplace):
    changeover = promote_version("2", reason="  the trial wants it ", settings=registry)
    assert (changeover.previous, changeover.version) == (None, "2")
    assert workplace.production(registry.model_name) == "2"
    (record,) = history(settings=registry)
    assert (record.version, record.by, record.reasons) == ("2", "person", ("the trial wants it",))
    assert record.user


def test_a_blank_reason_is_none(registry):
    with pytest.raises(UsageError, match="needs a reason"):
        promote_version("2", reason="  ", settings=registry)


def test_a_version_that_is_not_there_is_not_promoted(registry):
    with pytest.raises(ModelUnavailable):
        promote_version("99", reason="because", settings=registry)
    assert history(settings=registry) == ()


def test_what_is_in_production_already_is_said(registry):
    promote_version("2", reason="because", settings=registry)
    with pytest.raises(UsageError, match="version 2 is in production already"):
        promote_version("2", reason="again", settings=registry)


def test_a_rollback_restores_the_version_before_and_what_people_load_follows(registry, workplace):
    for number in ("1", "2"):
        promote_version(number, reason="because", settings=registry)
    assert find_model("production", settings=registry).identity.version == "2"
    assert roll_back(reason="it errs", settings=registry).version == "1"
    assert find_model("production", settings=registry).identity.version == "1"
    assert workplace.version(registry.model_name, "2")["current_stage"] == "Archived"
    assert history(settings=registry)[0].reasons == ("went back from version 2: it errs",)


@pytest.mark.parametrize("versions", [3])
def test_rolling_back_again_goes_on_back_and_ends_at_the_first(registry):
    for number in ("1", "2", "3"):
        promote_version(number, reason="because", settings=registry)
    assert [roll_back(settings=registry).version for _ in range(2)] == ["2", "1"]
    with pytest.raises(UsageError, match="version 1 is the first that was in production"):
        roll_back(settings=registry)


def test_without_production_there_is_nothing_to_go_back_from(registry):
    with pytest.raises(UsageError, match="no production version to go back from"):
        roll_back(settings=registry)
