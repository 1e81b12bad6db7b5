"""A sealed bundle never changes, and opening it verifies every byte."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from acnelib import bundle as bundles
from acnelib.bundle import Adaptation, TrainingHashes, open_bundle, parse_sums, read_candidate, seal
from acnelib.errors import BundleInvalid
from acnelib.storage.files import sha256_of_file


@pytest.fixture
def candidate(own_bundle):
    """A bundle that is not sealed yet."""
    (own_bundle / bundles.SUMS).unlink()
    return own_bundle


@pytest.fixture
def described(candidate):
    """Seal a bundle whose description says other values."""

    def described(**values):
        path = candidate / bundles.DESCRIPTION
        path.write_text(json.dumps(json.loads(path.read_text()) | values))
        return candidate

    return described


class TestSealing:
    def test_a_sealed_bundle_opens_with_what_was_described(self, tiny_bundle):
        bundle = open_bundle(tiny_bundle)
        assert bundle.description.labels == ("blue", "green", "red")
        assert (bundle.description.height, bundle.description.width, bundle.description.confidence_threshold) == (
            8,
            8,
            0.8,
        )
        assert bundle.description.provenance.source == "painted"
        assert (tiny_bundle / bundles.LABELS).read_text() == "blue\ngreen\nred\n"

    def test_an_adaptation_of_its_networks_is_read_as_it_was_written(self, candidate):
        description = read_candidate(candidate).description
        adaptation = Adaptation(photos=9, conditions=3, sources=("other",), networks=("net",), digests=("d" * 64,))
        bundles.write_description(candidate, replace(description, adaptation=adaptation))
        assert open_bundle(seal(candidate).path).description.adaptation == adaptation
        assert description.adaptation is None

    def test_its_identity_is_the_digest_of_its_checksums(self, tiny_bundle):
        assert open_bundle(tiny_bundle).sha256 == sha256_of_file(tiny_bundle / bundles.SUMS)

    def test_equal_files_have_one_identity_wherever_they_lie(self, candidate, tiny_bundle):
        assert seal(candidate).sha256 == open_bundle(tiny_bundle).sha256

    def test_every_file_is_sealed(self, candidate):
        (candidate / bundles.CARD).write_text("What it is for.")
        seal(candidate)
        sums = parse_sums((candidate / bundles.SUMS).read_bytes(), where="here")
        assert sums == {path.name: sha256_of_file(path) for path in candidate.iterdir() if path.name != bundles.SUMS}

    def test_checksums_can_be_verified_without_us(self, tiny_bundle):
        line = (tiny_bundle / bundles.SUMS).read_text().splitlines()[0]
        assert line == f"{sha256_of_file(tiny_bundle / 'bundle.json')}  bundle.json"

    @pytest.mark.parametrize("name", bundles.REQUIRED)
    def test_a_candidate_that_lacks_a_file_is_not_sealed(self, candidate, name):
        (candidate / name).unlink()
        with pytest.raises(BundleInvalid, match=f"is no model bundle \\({name} missing\\)"):
            seal(candidate)
        assert not (candidate / bundles.SUMS).exists()

    def test_a_candidate_can_be_read_but_has_no_identity(self, candidate):
        assert read_candidate(candidate).sha256 is None
        with pytest.raises(BundleInvalid, match=r"is no sealed model bundle \(SHA256SUMS missing\)"):
            open_bundle(candidate)


class TestVerifying:
    @pytest.mark.parametrize("name", bundles.REQUIRED)
    def test_an_altered_file_is_refused(self, own_bundle, name):
        content = bytearray((own_bundle / name).read_bytes())
        content[-1] ^= 1
        (own_bundle / name).write_bytes(content)
        with pytest.raises(BundleInvalid, match=f"own: {name} was altered after sealing: fetch the bundle again"):
            open_bundle(own_bundle)

    @pytest.mark.parametrize("name", bundles.REQUIRED)
    def test_a_missing_file_is_refused(self, own_bundle, name):
        (own_bundle / name).unlink()
        with pytest.raises(BundleInvalid, match=f"own: {name} is missing: fetch the bundle again"):
            open_bundle(own_bundle)

    def test_a_folder_in_the_place_of_a_file_is_refused(self, own_bundle):
        (own_bundle / bundles.LITERT).unlink()
        (own_bundle / bundles.LITERT).mkdir()
        with pytest.raises(BundleInvalid, match=r"model\.tflite is missing"):
            open_bundle(own_bundle)

    @pytest.mark.parametrize("name", ["evil.py", ".hidden", "model.pkl"])
    def test_an_added_file_is_refused(self, own_bundle, name):
        (own_bundle / name).touch()
        with pytest.raises(BundleInvalid, match=f"{name} was added after sealing: remove it"):
            open_bundle(own_bundle)

    def test_other_checksums_are_another_bundle(self, own_bundle, tiny_bundle):
        (own_bundle / bundles.CARD).write_text("What it is for.")
        (own_bundle / bundles.SUMS).unlink()
        assert seal(own_bundle).sha256 != open_bundle(tiny_bundle).sha256

    @pytest.mark.parametrize(
        "line",
        [
            f"{'0' * 64}  ../model.tflite",
            f"{'0' * 64}  /etc/passwd",
            f"{'0' * 64}  folder/model.tflite",
            f"{'0' * 64}  ..",
            f"{'0' * 64} model.tflite",
            f"{'G' * 64}  model.tflite",
            "\0\xff",
        ],
    )
    def test_checksums_name_plain_files_only(self, line):
        with pytest.raises(BundleInvalid, match=r"^there: .* is no line of checksums: fetch the bundle again$"):
            parse_sums(line.encode("latin-1"), where="there")

    def test_empty_checksums_are_no_bundle(self, tmp_path):
        (tmp_path / bundles.SUMS).touch()
        with pytest.raises(BundleInvalid, match="is no model bundle"):
            open_bundle(tmp_path)

    @pytest.mark.parametrize("name", ["nowhere", "a-file"])
    def test_what_is_no_folder_is_no_bundle(self, tmp_path, name):
        (tmp_path / "a-file").touch()
        with pytest.raises(BundleInvalid, match=f"{name} is no folder: name a model bundle's folder"):
            open_bundle(tmp_path / name)


class TestDescription:
    def test_a_newer_schema_asks_for_an_upgrade(self, described):
        with pytest.raises(BundleInvalid, match="has schema 2, this program knows up to 1: upgrade acnelib"):
            seal(described(schema=2, labels="unheard of"))

    @pytest.mark.parametrize("label", ["a\nb", "", "a\x00"])
    def test_a_label_that_is_no_line_of_text_is_refused(self, described, label):
        with pytest.raises(BundleInvalid, match="is no label, a line of text"):
            seal(described(labels=["blue", label]))

    def test_members_that_this_program_does_not_know_are_left_alone(self, described):
        folder = described(mood="good")
        seal(folder)
        assert open_bundle(folder).description.labels == ("blue", "green", "red")

    @pytest.mark.parametrize("content", ["{damaged", "[]", "3", "{}", '{"schema": "1"}', '{"schema": 1}', "\udcff"])
    def test_damaged_json_says_so(self, candidate, content):
        (candidate / bundles.DESCRIPTION).write_bytes(content.encode(errors="surrogateescape"))
        with pytest.raises(BundleInvalid, match=r"bundle\.json cannot be understood \(.*\): fetch the bundle again"):
            read_candidate(candidate)

    @pytest.mark.parametrize("labels", [[], ["red"], ["red", "red"]])
    def test_a_model_has_two_or_more_different_labels(self, described, labels):
        with pytest.raises(BundleInvalid, match="are not two or more different ones"):
            read_candidate(described(labels=labels))

    def test_what_is_written_is_read_back(self, tiny_bundle, tmp_path):
        description = open_bundle(tiny_bundle).description
        shutil.copyfile(tiny_bundle / bundles.LITERT, tmp_path / bundles.LITERT)
        bundles.write_description(tmp_path, description)
        assert read_candidate(tmp_path).description == description


class TestWhatItLearntFrom:
    """Beginnings of hashes, by which exact files are known again."""

    PHOTOS = ("ab" * 32, "0f" * 32)

    def test_is_one_beginning_a_line_in_order(self, candidate):
        TrainingHashes.of(self.PHOTOS).write(candidate)
        assert (candidate / bundles.LEARNT_FROM).read_text() == "0f0f0f0f0f0f0f0f\nabababababababab\n"

    def test_is_read_back_and_knows_these_photos_alone(self, candidate):
        TrainingHashes.of(self.PHOTOS).write(candidate)
        learnt = TrainingHashes.read(candidate)
        assert [sha256 in learnt for sha256 in (*self.PHOTOS, "cd" * 32, None)] == [True, True, False, False]
        assert len(learnt) == 2

    def test_is_sealed_with_everything_else(self, candidate):
        TrainingHashes.of(self.PHOTOS).write(candidate)
        seal(candidate)
        TrainingHashes.of(self.PHOTOS[:1]).write(candidate)
        with pytest.raises(BundleInvalid, match=r"learnt_from\.txt was altered after sealing"):
            open_bundle(candidate)

    def test_is_unknown_of_a_bundle_that_does_not_say(self, tiny_bundle):
        assert TrainingHashes.read(tiny_bundle) is None

    @pytest.mark.parametrize("line", ["abab", "ABABABABABABABAB", "ab" * 32, "../../etc/passwd", ""])
    def test_is_nothing_but_such_beginnings(self, candidate, line):
        (candidate / bundles.LEARNT_FROM).write_text(f"{line}\n")
        with pytest.raises(BundleInvalid, match="is no beginning of a SHA-256"):
            TrainingHashes.read(candidate)


@pytest.mark.parametrize("drawn", [True, False])
def test_a_description_says_whether_it_learnt_from_drawn_pictures_alone(described, drawn):
    assert read_candidate(described(drawn=drawn)).description.drawn is drawn
