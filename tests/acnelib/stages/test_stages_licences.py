"""Licences follow the photos into the model, also when they alone have changed."""

from __future__ import annotations

import shutil

from acnelib.stages.artifacts import CandidateFolder
from acnelib.stages.results import FeatureResult, PipelineDecision


def test_another_licence_of_the_same_photos_makes_another_candidate_that_says_so(workplace, promoted, source, tmp_path):
    licensed = shutil.copytree(source, tmp_path / "Licensed")
    (licensed / "licence.txt").write_text("CC BY-NC 4.0\n")
    after = workplace.evaluated(licensed, model="licensed")
    assert after.split_digest == promoted.split_digest
    assert workplace.latest(FeatureResult, model="licensed").computed == 0
    assert after.candidate_digest != promoted.candidate_digest
    (licence,) = CandidateFolder(after.candidate).open().description.provenance.licences
    assert licence == "CC BY-NC 4.0"


def test_a_model_whose_card_tells_licences_that_have_changed_gives_way(workplace, promoted, tmp_path, source):
    assert promoted  # else its candidate would be that of this folder, which has the same photos
    folder = shutil.copytree(source, tmp_path / "Relicensed")
    first = workplace.walk(folder, model="relicensed")
    (folder / "licence.txt").write_text("CC BY-NC 4.0\n")
    second = workplace.walk(folder, model="relicensed")
    assert (first.decision, second.decision) == (PipelineDecision.PROMOTED, PipelineDecision.PROMOTED)
    assert "its card tells the licences of the photos as they are now" in str(second.reasons)
