"""Adapt learns from background photos alone, and later stages know what the weights have seen."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from acnelib import stages
from acnelib.atlas.drawing import draw_pictures
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split
from acnelib.errors import DataUnusable, TrackingFailed, UsageError, WeightsUnavailable
from acnelib.scraping.sources import Sources
from acnelib.stages.adapt import copy_weights
from acnelib.stages.adapted_weights import adaptation_of, cards_in
from acnelib.stages.candidate import _all_licences
from acnelib.stages.features import default_recipe
from acnelib.storage.results import photos_of
from acnelib.training.adaptation.card import CARD, AdaptationCard, adapted_networks, prefix_of
from acnelib.training.adaptation.options import AdaptationOptions
from acnelib.training.networks.recipes import Views

BACKBONE = "mobilenet_v1_0.25_32"
OPTIONS = AdaptationOptions(epochs=1, batch=8, least_groups=2)
CLASSES, NUMBER = 2, 40


class Interrupted(Exception):
    pass


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder of two classes, one of three conditions, and one that has the conditions as classes."""
    root = tmp_path_factory.mktemp("sources")
    labels = []
    for picture in draw_pictures(NUMBER, seed=8):
        labels = labels if picture.label in labels else [*labels, picture.label]
        kind = labels.index(picture.label)
        places = (
            [f"Classes/{picture.label}"] if kind < CLASSES else [f"Skin/condition {kind}", f"Wrong/condition {kind}"]
        )
        for place in places:
            path = root / place / f"{picture.name}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture.jpeg())
    return root


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    root = tmp_path_factory.mktemp("own")
    return Settings(**{name: root / name for name in ("home", "cache", "stack", "workdir")})


@pytest.fixture(scope="module")
def split_of(folders, settings):
    def split_of(source, *, background=()):
        sources = Sources.parse([str(folders / source)], background=[str(folders / one) for one in background])
        scrape_result = stages.scrape(sources, settings=settings)
        return stages.split(stages.curate(scrape_result, settings=settings), settings=settings)

    return split_of


@pytest.fixture(scope="module")
def split_result(split_of):
    return split_of("Classes", background=["Skin"])


def adapt(split_result, settings, **others):
    given = {"backbone": BACKBONE, "weights": "starter", "options": OPTIONS}
    return stages.adapt(split_result, settings=settings, **given | others)


@pytest.fixture(scope="module")
def adapted(split_result, settings):
    return adapt(split_result, settings)


@pytest.fixture(scope="module")
def card(adapted):
    return AdaptationCard.read(adapted.adapted)


@pytest.fixture(scope="module")
def feature_result(split_result, settings, adapted):
    return stages.features(split_result, backbone=BACKBONE, weights=str(adapted.adapted), settings=settings)


@pytest.fixture
def copied(adapted, tmp_path):
    """A copy of the adapted weights and their card."""
    copy_weights(adapted, tmp_path / "copy")
    return tmp_path / "copy"


def test_adapted_weights_are_recognised_by_their_card(adapted, card, tmp_path):
    (file,) = adapted.adapted.glob("*.weights.h5")
    assert adapted_networks(str(adapted.adapted)) == card.networks
    assert adapted_networks(str(file)) == card.networks
    assert not adapted_networks(str(shutil.copy(file, tmp_path)))


def test_adapted_weights_are_for_the_network_that_was_adapted(adapted, card):
    recipe = default_recipe(str(adapted.adapted))
    assert [str(branch.backbone) for branch in recipe.branches] == [network.backbone for network in card.networks]
    assert all(branch.views == Views.WHOLE for branch in recipe.branches)


def test_one_file_of_adapted_weights_is_for_its_own_network(card, tmp_path):
    names = ("mobilenet_v1_0.75_96", "mobilenet_v2_0.35_96")
    networks = [replace(card.networks[0], backbone=name, file=f"{name}_notop.weights.h5") for name in names]
    replace(card, networks=tuple(networks)).write(tmp_path)
    assert str(default_recipe(str(tmp_path))) == "+".join(names) + "-whole"
    assert str(default_recipe(str(tmp_path / networks[1].file))) == f"{names[1]}-whole"


def test_names_of_weights_are_no_files(tmp_path, monkeypatch):
    (tmp_path / CARD).write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert not adapted_networks("imagenet")


def test_the_card_names_the_background_photos_and_no_photo_of_a_class(card, split_result):
    split = Split.read(split_result.split)
    assert card.prefixes == {prefix_of(sha256) for sha256 in split.background}
    assert not any(card.knows(sha256) for sha256 in split.of("train"))
    assert set(card.conditions) == {split.label(sha256) for sha256 in split.background}
    assert {photo.condition for photo in card.photos} == set(card.conditions)
    assert {len(photo.sources) for photo in card.photos} == {1}


def test_the_card_says_how_each_network_was_made(card, adapted):
    (network,) = card.networks
    assert (network.backbone, network.epochs, network.started_from) == (BACKBONE, 1, "starter")
    assert set(network.curve[0]) == {"loss", "held_out_loss", "top1", "top5", "seconds"}
    assert card.options["augmentation"]["least_share"] == 0.75
    assert (adapted.adapted / network.file).is_file()


def test_no_path_is_in_the_card(adapted, folders, settings):
    text = (adapted.adapted / CARD).read_text()
    assert str(folders) not in text
    assert str(settings.workdir) not in text


def test_the_result_lists_its_photos_so_that_withdrawals_find_it(adapted, split_result):
    assert photos_of(adapted.adapted) == set(Split.read(split_result.split).background)


def test_without_a_server_nothing_is_logged(adapted):
    assert (adapted.run_id, adapted.run_url) == (None, None)


def test_a_server_that_does_not_answer_is_noticed_before_anything_is_learnt(split_result, settings):
    lines = []
    offline = replace(settings, tracking_uri="http://127.0.0.1:9")
    with pytest.raises(TrackingFailed):
        adapt(
            split_result,
            offline,
            options=replace(OPTIONS, seed=77),
            progress=lambda done, total, what: lines.append(what),
        )
    assert lines == []


def test_the_same_photos_are_not_learnt_twice_and_no_checkpoint_stays(adapted, split_result, settings):
    again = adapt(split_result, settings)
    assert again == adapted.model_copy(update={"seconds": 0.0})
    assert not list((settings.workdir / "results" / "checkpoints").glob("*"))


def test_a_run_that_ends_in_an_epoch_leaves_a_checkpoint_and_no_result(split_result, settings):
    def end(done, total, what):
        if "epoch 2 of" in what:
            raise Interrupted

    results = settings.workdir / "results"
    before = set((results / "adapt").glob("*"))
    options = replace(OPTIONS, epochs=2)
    with pytest.raises(Interrupted):
        adapt(split_result, settings, options=options, progress=end)
    assert set((results / "adapt").glob("*")) == before
    (checkpoint,) = (results / "checkpoints").iterdir()
    assert photos_of(checkpoint) == set(Split.read(split_result.split).background)
    lines = []
    adapt(split_result, settings, options=options, progress=lambda done, total, what: lines.append(what))
    assert not [line for line in lines if "epoch 1 of" in line]
    assert not list((results / "checkpoints").iterdir())


def test_features_take_the_adapted_weights(feature_result, card):
    assert [network.weights_sha256 for network in feature_result.networks] == [card.networks[0].sha256]


def test_a_bundle_says_what_its_networks_were_adapted_to(feature_result, adapted, card):
    adaptation = adaptation_of(feature_result)
    assert (adaptation.photos, adaptation.conditions) == (adapted.photos, adapted.conditions)
    assert adaptation.digests == (adapted.adaptation_digest,)
    assert cards_in(feature_result) == (card,)


def test_licences_of_photos_that_weights_learnt_from_count_once(feature_result, split_result):
    assert len(_all_licences(feature_result)) == len(Split.read(split_result.split).used)


def test_licences_of_photos_that_are_not_in_the_split_count_as_well(split_of, settings, adapted):
    alone = split_of("Classes")
    feature_result = stages.features(alone, backbone=BACKBONE, weights=str(adapted.adapted), settings=settings)
    assert len(_all_licences(feature_result)) == len(Split.read(alone.split).used) + adapted.photos


def test_weights_that_learnt_from_photos_of_the_classes_are_refused(split_of, settings, adapted):
    wrong = split_of("Wrong")
    with pytest.raises(DataUnusable, match=f"learnt from {adapted.photos} photos of the classes"):
        stages.features(wrong, backbone=BACKBONE, weights=str(adapted.adapted), settings=settings)
    with pytest.raises(DataUnusable, match="by a model that never saw them"):
        adapt(split_of("Wrong", background=["Classes"]), settings, weights=str(adapted.adapted))


def test_weights_that_are_no_better_than_guessing_are_reported_each_time(split_result, settings):
    lines: list[str] = []
    for _ in range(2):
        adapt(
            split_result,
            settings,
            options=replace(OPTIONS, rate=10.0, warm_up=0),
            progress=lambda _done, _total, what: lines.append(what),
        )
    first, second = (line for line in lines if "no better than guessing" in line)
    assert first == second
    assert first.startswith(BACKBONE)


def test_weights_that_beat_guessing_are_not_reported(card):
    (network,) = card.networks
    for loss, guessing, warned in ((1.0, 2.0, False), (2.0, 2.0, True), (None, 2.0, False), (2.0, None, False)):
        curve = ({**network.curve[0], "held_out_loss": loss},)
        assert bool(replace(network, curve=curve, guessing_loss=guessing).warning) == warned


def test_without_background_the_error_says_what_to_name(split_of, settings):
    with pytest.raises(DataUnusable, match="name some with --background"):
        adapt(split_of("Classes"), settings)


def test_weights_of_another_network_are_named(split_result, settings, adapted):
    (file,) = adapted.adapted.glob("*.h5")
    with pytest.raises(WeightsUnavailable, match="do not belong to mobilenet_v2_"):
        adapt(split_result, settings, backbone="mobilenet_v2_0.35_32", weights=str(file))
    assert not list((settings.workdir / "results").glob("checkpoints/*"))


def test_an_adaptation_of_adapted_weights_remembers_the_photos_of_both(split_result, settings, adapted, card):
    again = adapt(split_result, settings, weights=str(adapted.adapted))
    assert again.adaptation_digest != adapted.adaptation_digest
    assert AdaptationCard.read(again.adapted).prefixes == card.prefixes


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (lambda folder: (folder / CARD).write_text("{"), "is damaged"),
        (lambda folder: next(folder.glob("*.h5")).write_bytes(b"other"), "is not the file that adaptation.json"),
        (
            lambda folder: (folder / CARD).write_text(json.dumps({"schema": 2})),
            "upgrade acnelib",
        ),
    ],
)
def test_weights_whose_card_cannot_be_trusted_are_refused(split_result, settings, copied, change, reported):
    change(copied)
    with pytest.raises(WeightsUnavailable, match=reported):
        stages.features(split_result, backbone=BACKBONE, weights=str(copied), settings=settings)


def test_copied_weights_are_the_same_to_later_stages(split_result, settings, adapted, feature_result, tmp_path):
    copy_weights(adapted, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {CARD, f"{BACKBONE}_notop.weights.h5"}
    again = stages.features(split_result, backbone=BACKBONE, weights=str(tmp_path), settings=settings)
    assert again.digest == feature_result.digest


def test_weights_that_were_not_adapted_are_not_overwritten(adapted, tmp_path):
    own = tmp_path / f"{BACKBONE}_notop.weights.h5"
    own.write_bytes(b"mine")
    with pytest.raises(UsageError, match="name another folder with --to"):
        copy_weights(adapted, tmp_path)
    assert own.read_bytes() == b"mine"
