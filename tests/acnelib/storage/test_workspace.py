"""The working folder."""

from __future__ import annotations

import stat
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from acnelib.errors import DataUnusable
from acnelib.storage.files import sha256_of
from acnelib.storage.withdrawals import Withdrawal
from acnelib.storage.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "work")


def test_a_photo_is_kept_once_under_the_hash_of_its_bytes(workspace):
    sha256 = workspace.images.add(b"photo")
    assert workspace.images.add(b"photo") == sha256 == sha256_of(b"photo")
    assert list(workspace.images) == [sha256]
    assert workspace.images.path(sha256).read_bytes() == b"photo"


def test_photos_of_people_are_for_their_owner_only(workspace):
    path = workspace.images.path(workspace.images.add(b"photo"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_store_knows_what_it_holds(workspace):
    sha256 = workspace.images.add(b"photo")
    assert sha256 in workspace.images
    assert sha256_of(b"another") not in workspace.images
    assert None not in workspace.images


def test_a_photo_that_is_not_whole_yet_is_none(workspace):
    sha256 = workspace.images.add(b"photo")
    (workspace.images.path(sha256).parent / f".{sha256}.0a1b.part").touch()
    assert list(workspace.images) == [sha256]
    assert workspace.remove_unfinished() == 1


def test_an_empty_working_folder_holds_nothing_and_is_not_made(workspace):
    assert list(workspace.images) == []
    assert workspace.remove_unfinished() == 0
    assert not workspace.root.exists()


def withdraw(workspace, sha256, **known):
    workspace.withdrawals.write([Withdrawal(sha256=sha256, withdrawn_at="2026-11-25T08:00:00+00:00", **known)])


def test_a_withdrawn_photo_is_not_taken_in(workspace):
    withdraw(workspace, sha256_of(b"photo"))
    with pytest.raises(DataUnusable, match="was withdrawn"):
        workspace.images.add(b"photo")
    assert list(workspace.images) == []


def test_a_withdrawn_photo_counts_as_gone_though_its_bytes_must_be_removed_still(workspace):
    sha256 = workspace.images.add(b"photo")
    withdraw(workspace, sha256)
    assert sha256 not in workspace.images
    assert workspace.images.to_be_removed == [sha256]
    assert [workspace.images.remove(sha256), workspace.images.remove(sha256)] == [True, False]
    assert workspace.images.to_be_removed == []


def test_a_withdrawal_is_read_as_it_was_written(workspace):
    sha256 = sha256_of(b"photo")
    withdraw(
        workspace, sha256, reason="a\u2028line\nor two", sources=("sample",), versions={"http://a": {"1": "train"}}
    )
    (read,) = workspace.withdrawals.read().values()
    assert (read.sha256, read.reason, read.sources) == (sha256, "a\u2028line\nor two", ("sample",))
    assert read.versions == {"http://a": {"1": "train"}}


def test_a_record_of_withdrawals_that_cannot_be_understood_stops_everything(workspace):
    withdraw(workspace, sha256_of(b"photo"))
    with workspace.withdrawals.path.open("a") as stream:
        stream.write("{}\n")
    with pytest.raises(DataUnusable, match=r"withdrawn\.jsonl, line 2 is no record of a withdrawal: mend it"):
        _ = workspace.images


def test_who_comes_second_says_so_once_and_waits_for_the_first(workspace):
    waiting, order = threading.Event(), []

    def come_second():
        with workspace.alone(waiting.set):
            order.append("second")

    with ThreadPoolExecutor(1) as pool:
        with workspace.alone():
            second = pool.submit(come_second)
            assert waiting.wait(10)
            order.append("first")
        second.result(10)
    assert order == ["first", "second"]


def test_who_is_alone_waits_for_nobody(workspace):
    for _ in range(2):
        with workspace.alone(lambda: pytest.fail("nobody else is here")):
            pass


def test_temporary_files_of_any_library_lie_where_they_are_swept(workspace):
    before = tempfile.gettempdir()
    with workspace.temporary_files():
        left = Path(tempfile.mkdtemp()) / "half.bin"
        left.touch()
        assert workspace.remove_unfinished() == 1
        assert not left.exists()
    assert tempfile.gettempdir() == before
    assert list(workspace.root.iterdir()) == []


def test_results_embeddings_and_runs_have_places_of_their_own(workspace):
    places = [
        workspace.result("split", "d" * 64),
        workspace.result("train", "d" * 64),
        workspace.embeddings("d" * 64),
        workspace.run("sample", "2026-11-24T120000"),
    ]
    assert [place.relative_to(workspace.root).as_posix() for place in places] == [
        "results/split/dddddddddddddddd",
        "results/train/dddddddddddddddd",
        "embeddings/dddddddddddddddd",
        "sample/2026-11-24T120000",
    ]
