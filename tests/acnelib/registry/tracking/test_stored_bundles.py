"""What a version holds is compared with its bundle, and what differs is stored again."""

from __future__ import annotations

import pytest

from acnelib import bundle as bundles
from acnelib.bundle import open_bundle
from acnelib.errors import BundleInvalid, TrackingFailed
from acnelib.registry.reading import RegistryReader
from acnelib.registry.tracking.stored_bundles import store_whole


@pytest.fixture
def check(registry, tiny_bundle, own_bundle):
    """Register a bundle and return what compares it with the local one; ``own_bundle`` is what the store holds."""
    registry.register(own_bundle)
    local = open_bundle(tiny_bundle)
    return lambda: store_whole(local, server=registry.url, model_name="acne", version="1")


def flip(path):
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def test_a_whole_version_is_left_alone(check, registry):
    assert check() == ()
    assert registry.uploads == []


@pytest.mark.parametrize("name", [bundles.DESCRIPTION, bundles.LABELS, bundles.LITERT, bundles.SUMS])
def test_a_damaged_file_is_stored_again(check, registry, own_bundle, tmp_path, name):
    flip(own_bundle / name)
    with RegistryReader(registry.url, model_name="acne") as reader, pytest.raises(BundleInvalid):
        reader.download(reader.find("1"), tmp_path)
    assert check() == (name,)
    assert registry.uploads == [name]
    assert open_bundle(own_bundle)


def test_a_file_that_is_gone_is_stored_again(check, own_bundle):
    (own_bundle / bundles.LITERT).unlink()
    assert check() == (bundles.LITERT,)
    assert open_bundle(own_bundle)


def test_a_store_that_does_not_keep_what_it_is_given_is_an_error(check, registry, own_bundle):
    registry.refused_uploads.add(bundles.LITERT)
    flip(own_bundle / bundles.LITERT)
    with pytest.raises(TrackingFailed, match=r"does not keep model\.tflite as uploaded, 4 times"):
        check()
