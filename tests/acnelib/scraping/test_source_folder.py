from __future__ import annotations

import os
from dataclasses import replace

import pytest

from acnelib.errors import DataUnusable
from acnelib.folders.photo_files import find_photo_files
from acnelib.scraping.collected import Failure, FailureKind
from acnelib.scraping.folder import forget_files, read_folder, remembered_files
from acnelib.scraping.layout_files import load_layout
from acnelib.storage.files import sha256_of


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "photos"
    path.mkdir()
    return path


@pytest.fixture
def put(folder):
    def put_file(path, content):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    return put_file


@pytest.fixture
def read(folder, store, tmp_path):
    def read_it(**changes):
        return read_folder(folder, **{"images": store, "memory": tmp_path / "work" / "looks.jsonl", **changes})

    return read_it


def places(collected):
    return [(record.label, record.path) for record in collected.records]


def test_the_top_folder_is_the_class_of_everything_below_it(put, read, draw):
    put("Rosacea/later/deep/b.jpg", draw(1))
    put("Rosacea/a.jpg", draw(2))
    put("cysts/c.jpg", draw(3))
    assert places(read()) == [
        ("rosacea", "Rosacea/a.jpg"),
        ("rosacea", "Rosacea/later/deep/b.jpg"),
        ("cysts", "cysts/c.jpg"),
    ]


def test_folders_whose_names_are_one_label_are_one_class(put, read, draw):
    put("Acne Vulgaris/a.jpg", draw(1))
    put("acne_vulgaris/a.jpg", draw(2))
    assert {label for label, _ in places(read())} == {"acne-vulgaris"}


def test_the_bytes_go_into_the_store(put, read, store, draw):
    put("cysts/a.jpg", draw(1))
    (record,) = read().records
    assert record.sha256 == sha256_of(draw(1))
    assert store.path(record.sha256).read_bytes() == draw(1)


def test_any_ending_counts_and_what_is_no_picture_too(put, read, draw):
    put("cysts/a.HEIC", draw(1))
    put("cysts/b", draw(2))
    put("cysts/notes.txt", b"to be judged later")
    assert len(read().records) == 3


def test_hidden_files_and_litter_are_left_out(put, read, draw):
    for name in (".DS_Store", ".hidden/a.jpg", "Thumbs.db", "desktop.ini", "__MACOSX/a.jpg"):
        put(f"cysts/{name}", b"litter")
    put(".git/a.jpg", b"litter")
    put("cysts/a.jpg", draw(1))
    collected = read()
    assert places(collected) == [("cysts", "cysts/a.jpg")]
    assert collected.failures == ()


def test_a_source_has_the_files_that_other_commands_find(put, read, folder, tmp_path, draw):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "9.jpg").write_bytes(draw(9))
    for number, name in enumerate(("cysts/a.jpg", "cysts/p 1/b.jpg", "cysts/@eaDir/x.jpg", "cysts/.x", "rosacea/c")):
        put(name, draw(number))
    (folder / "rosacea" / "more").symlink_to(tmp_path / "elsewhere")
    (folder / "cysts" / "up").symlink_to(folder)
    assert [folder / path for _, path in places(read())] == list(find_photo_files([folder]).files)
    assert len(places(read())) == 4


def test_classes_that_became_one_and_what_is_hidden_are_noted(put, read, draw):
    put("Acne Vulgaris/a.jpg", draw(1))
    put("acne_vulgaris/a.jpg", draw(2))
    put("Thumbs.db", b"litter")
    assert read().notes == (
        "the folders Acne Vulgaris, acne_vulgaris are one class, acne-vulgaris: rename them if they are not",
        "1 hidden or system entry passed over",
    )


def test_a_folder_named_by_an_alias_is_taken_as_the_class_and_noted_once(put, read, draw):
    for number in range(2):
        put(f"Perioral dermatitis/{number}.jpg", draw(number))
    put("periorificial-dermatitis/c.jpg", draw(3))
    collected = read()
    assert {label for label, _ in places(collected)} == {"periorificial-dermatitis"}
    (note,) = collected.notes
    assert note.startswith("perioral-dermatitis is taken as periorificial-dermatitis")


def test_a_users_aliases_count(put, read, draw, own_home):
    (own_home / "labels.toml").write_text('[aliases]\nacne = "acne-vulgaris"')
    put("acne/a.jpg", draw(1))
    assert {label for label, _ in places(read())} == {"acne-vulgaris"}


def test_a_class_folder_without_photos_is_a_failure(put, read, folder, draw):
    put("cysts/a.jpg", draw(1))
    (folder / "rosacea").mkdir()
    assert list(map(str, read().failures)) == ["rosacea: is a class folder without photos"]


def test_an_empty_file_is_a_failure(put, read, draw):
    put("cysts/a.jpg", draw(1))
    put("cysts/b.jpg", b"")
    assert read().failures == (Failure("cysts/b.jpg", "is empty", FailureKind.NO_PICTURE),)


def test_a_file_beside_the_class_folders_is_a_failure(put, read, draw):
    put("cysts/a.jpg", draw(1))
    put("README.txt", b"about these photos")
    assert read().failures == (Failure("README.txt", "lies in no class folder", FailureKind.MISPLACED),)


@pytest.mark.parametrize("name", ["licence.txt", "LICENSE.txt"])
def test_a_licence_file_beside_the_class_folders_states_the_licence_of_all_photos(put, read, draw, name):
    put("cysts/a.jpg", draw(1))
    put(name, b"\n CC BY 4.0, a clinic \nread more elsewhere\n")
    collected = read()
    assert [record.licence for record in collected.records] == ["CC BY 4.0, a clinic"]
    assert collected.failures == ()


def test_without_one_the_licence_is_not_known(put, read, draw):
    put("cysts/a.jpg", draw(1))
    put("cysts/licence.txt", b"CC0")
    assert {record.licence for record in read().records} == {None}


def test_an_unchanged_file_is_not_read_again(put, read, draw, monkeypatch):
    file = put("cysts/a.jpg", draw(1))
    put("cysts/b.jpg", draw(2))
    first = read()
    file.write_bytes(draw(3))
    second = read()
    assert (first.downloaded, first.unchanged) == (2, 0)
    assert (second.downloaded, second.unchanged) == (1, 1)
    assert second.records[0].sha256 == sha256_of(draw(3))


def test_a_file_replaced_by_one_of_the_same_size_and_age_is_read(put, read, draw):
    file = put("cysts/a.jpg", b"one")
    read()
    state = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert read().records[0].sha256 == sha256_of(b"two")


def test_a_file_whose_bytes_left_the_store_is_read_again(put, read, store, draw):
    put("cysts/a.jpg", draw(1))
    store.path(read().records[0].sha256).unlink()
    assert read().downloaded == 1


def test_a_withdrawn_photo_is_left_out_and_where_it_lies_is_neither_told_nor_remembered(
    put, read, store, draw, tmp_path
):
    put("cysts/of-somebody.jpg", draw(1))
    put("cysts/b.jpg", draw(2))
    collected = read(images=replace(store, withdrawn=frozenset({sha256_of(draw(1))})))
    assert places(collected) == [("cysts", "cysts/b.jpg")]
    assert collected.summary == "1 photos: 1 fetched, 0 unchanged; 1 failure (1 withdrawn)"
    assert sha256_of(draw(1)) not in store
    assert "of-somebody" not in str(collected.failures[0]) + (tmp_path / "work" / "looks.jsonl").read_text()


def test_the_files_that_hold_a_photo_are_told_and_forgotten(put, read, draw, tmp_path):
    for path, number in (("cysts/a.jpg", 1), ("rosacea/a.jpg", 1), ("cysts/b.jpg", 2)):
        put(path, draw(number))
    read()
    memory, gone = tmp_path / "work" / "looks.jsonl", {sha256_of(draw(1))}
    assert remembered_files(memory, gone) == ("cysts/a.jpg", "rosacea/a.jpg")
    assert [forget_files(memory, gone), forget_files(memory, gone)] == [True, False]
    assert remembered_files(memory, {*gone, sha256_of(draw(2))}) == ("cysts/b.jpg",)


def test_what_is_remembered_of_a_site_is_not_forgotten_like_files(look, tmp_path):
    sha256 = look().records[0].sha256
    memory = tmp_path / "work" / "visits.jsonl"
    before = memory.read_text()
    assert not forget_files(memory, {sha256})
    assert memory.read_text() == before


def test_an_interrupted_reading_goes_on(put, read, draw):
    for number in range(4):
        put(f"cysts/{number}.jpg", draw(number))

    def kill(done, total, what):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(progress=kill)
    collected = read()
    assert (collected.downloaded, collected.unchanged) == (1, 3)


def test_a_linked_file_and_a_linked_class_folder_are_followed(put, read, folder, tmp_path, draw):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.jpg").write_bytes(draw(1))
    put("cysts/b.jpg", draw(2))
    (folder / "cysts" / "c.jpg").symlink_to(elsewhere / "a.jpg")
    (folder / "rosacea").symlink_to(elsewhere)
    assert places(read()) == [("cysts", "cysts/b.jpg"), ("cysts", "cysts/c.jpg"), ("rosacea", "rosacea/a.jpg")]


def test_links_that_go_round_in_a_circle_are_not_followed(put, read, folder, draw):
    put("cysts/deep/a.jpg", draw(1))
    (folder / "cysts" / "deep" / "up").symlink_to(folder / "cysts")
    (folder / "all").symlink_to(folder)
    assert places(read()) == [("cysts", "cysts/deep/a.jpg")]


def test_a_link_that_leads_nowhere_is_a_failure(put, read, folder, draw):
    put("cysts/a.jpg", draw(1))
    (folder / "cysts" / "b.jpg").symlink_to("gone.jpg")
    (folder / "cysts" / "c.jpg").symlink_to("c.jpg")
    assert [failure.url for failure in read().failures] == ["cysts/b.jpg", "cysts/c.jpg"]


def test_a_pipe_is_not_waited_for(put, read, folder, draw):
    put("cysts/a.jpg", draw(1))
    os.mkfifo(folder / "cysts" / "pipe.jpg")
    assert places(read()) == [("cysts", "cysts/a.jpg")]


def test_a_file_that_cannot_be_read_is_a_failure_and_no_more(put, read, draw, monkeypatch):
    locked = put("cysts/a.jpg", draw(1))
    put("cysts/b.jpg", draw(2))
    read_bytes = type(locked).read_bytes

    def refuse(path):
        if path == locked:
            raise PermissionError(13, "Permission denied", FailureKind.UNREADABLE)
        return read_bytes(path)

    monkeypatch.setattr(type(locked), "read_bytes", refuse)
    collected = read()
    assert collected.failures == (Failure("cysts/a.jpg", "Permission denied", FailureKind.UNREADABLE),)
    assert places(collected) == [("cysts", "cysts/b.jpg")]


def test_a_folder_that_cannot_be_listed_is_a_failure_and_no_more(put, read, draw, monkeypatch):
    put("cysts/a.jpg", draw(1))
    locked = put("rosacea/b.jpg", draw(2)).parent
    scandir = os.scandir

    def refuse(path):
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    said = "cannot be read (Permission denied): check its permissions"
    assert read().failures == (Failure("rosacea", said, FailureKind.UNREADABLE),)


def test_a_name_that_is_not_utf_8_is_a_failure_that_can_be_printed(put, read, folder, draw):
    put("cysts/a.jpg", draw(1))
    (folder / "cysts" / os.fsdecode(b"b\xff.jpg")).write_bytes(draw(2))
    (failure,) = read().failures
    assert failure.url == r"cysts/b\udcff.jpg"
    assert "rename it" in failure.reason


def test_a_folder_gives_the_same_photos_as_a_site(site, look, atlas, put, read):
    for topic, pictures in atlas.items():
        for stem, content in pictures.items():
            put(f"{topic}/{stem}.png", content)
    from_site = {(record.sha256, record.label) for record in look(layout=load_layout("sample")).records}
    assert {(record.sha256, record.label) for record in read().records} == from_site


def test_progress_tells_the_total_from_the_start(put, read, draw):
    put("cysts/a.jpg", draw(1))
    reported = []
    read(progress=lambda *step: reported.append(step))
    assert reported == [(0, 1, "files"), (1, 1, "files")]


class TestUnusableFolders:
    def test_one_that_is_not_there(self, folder, read):
        folder.rmdir()
        with pytest.raises(DataUnusable, match="photos is no folder: name a folder with one sub-folder"):
            read()

    def test_an_empty_one(self, read):
        with pytest.raises(
            DataUnusable,
            match="photos is empty, it has no class folders: put the photos of each class into a sub-folder",
        ):
            read()

    def test_one_with_photos_and_no_class_folders(self, put, read, draw):
        put("a.jpg", draw(1))
        with pytest.raises(DataUnusable, match=r"has no class folders, only 1 file like a\.jpg"):
            read()

    def test_one_whose_class_folders_are_empty(self, folder, read):
        (folder / "cysts").mkdir()
        with pytest.raises(DataUnusable, match="photos has no photo in its class folders: put"):
            read()

    def test_one_that_holds_the_working_folder(self, put, read, folder, draw):
        put("cysts/a.jpg", draw(1))
        store = type("Store", (), {"root": folder / "data" / "images"})()
        with pytest.raises(DataUnusable, match="lies in the folder of photos"):
            read(images=store)

    def test_one_with_a_class_folder_that_gives_no_label(self, put, read, draw):
        put("---/a.jpg", draw(1))
        with pytest.raises(DataUnusable, match="'---' gives no class label"):
            read()
