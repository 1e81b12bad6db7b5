"""Licences follow the photos into the model, also when they alone have changed."""

from __future__ import annotations

import shutil

from acnelib.bundle import read_candidate


def test_another_licence_of_the_same_photos_makes_another_candidate_that_says_so(workplace, promoted, source, tmp_path):
    licensed = shutil.copytree(source, tmp_path / "Licensed")
    (licensed / "licence.txt").write_text("CC BY-NC 4.0\n")
    before = promoted.registered.evaluated.trained
    after = workplace.evaluated(licensed, model="licensed").trained
    assert after.featured.splitted.digest == before.featured.splitted.digest
    assert after.featured.computed == 0
    assert after.digest != before.digest
    (licence,) = read_candidate(after.candidate).description.provenance.licences
    assert licence == "CC BY-NC 4.0"
