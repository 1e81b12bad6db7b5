"""Register seals only the model that was measured: its scores are those of the final head, on every photo."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from acnelib import bundle as bundles
from acnelib import stages
from acnelib.errors import AcneError
from acnelib.stages.artifacts import FINAL, CandidateFolder
from acnelib.stages.register import PARITY
from acnelib.storage.files import digest_of
from acnelib.storage.workspace import Workspace


@pytest.fixture
def settings(workplace):
    return workplace.settings_of(f"sealed-{uuid.uuid4().hex[:8]}")


@pytest.fixture
def candidate(workplace, source, settings, tmp_path):
    """A candidate in a folder of its own, which a test may change."""
    evaluated = workplace.evaluated(source, model=settings.model_name)
    folder = Path(shutil.copytree(evaluated.candidate, tmp_path / "candidate"))
    return evaluated.model_copy(update={"candidate": folder, "candidate_digest": uuid.uuid4().hex * 2})


def move_last_score(candidate, *, by):
    """Change one score of the photo that is checked last."""
    folder = CandidateFolder(candidate.candidate)
    answers = folder.answers()
    *photos, last = answers[FINAL].photos
    moved = replace(last, scores=(last.scores[0] + by, *last.scores[1:]))
    folder.write_answers({**answers, FINAL: replace(answers[FINAL], photos=(*photos, moved))})


def swap_labels(candidate):
    """Let the sealed model give the scores of two labels the wrong way round."""
    folder = CandidateFolder(candidate.candidate).bundle
    description = bundles.read_candidate(folder).description
    first, second, *others = description.labels
    bundles.write_description(folder, replace(description, labels=(second, first, *others)))


def assert_nothing_is_registered(candidate, settings, workplace):
    workspace = Workspace(settings.workdir)
    assert not workspace.result("bundles", digest_of(candidate.candidate_digest, candidate.run_id)).exists()
    assert workplace.versions(settings.model_name) == []


def test_a_model_that_gives_the_scores_of_its_head_is_registered(candidate, settings, workplace):
    move_last_score(candidate, by=PARITY / 2)
    assert stages.register([candidate], settings=settings).version == "1"


@pytest.mark.parametrize("by", [2 * PARITY, float("nan")])
def test_one_photo_with_another_score_is_enough_to_register_nothing(candidate, settings, workplace, by):
    move_last_score(candidate, by=by)
    with pytest.raises(AcneError, match=r"differs from the head that was measured by .* on photo .* nothing was reg"):
        stages.register([candidate], settings=settings)
    assert_nothing_is_registered(candidate, settings, workplace)


def test_a_model_whose_labels_were_swapped_is_not_registered(candidate, settings, workplace):
    swap_labels(candidate)
    with pytest.raises(AcneError, match="differs from the head that was measured"):
        stages.register([candidate], settings=settings)
    assert_nothing_is_registered(candidate, settings, workplace)
