"""The same drawn photos in both forms of DermNet and in a folder, with all that makes reading a site hard."""

from __future__ import annotations

import json

import pytest

from acnelib.atlas.drawing import draw_picture
from acnelib.scraping.folder import read_folder
from acnelib.scraping.layout_files import load_layout

LABELS = {"comedones": "acne-vulgaris", "papules": "steroid-acne", "rosacea": "rosacea"}
MODERN = {"acne-vulgaris": "acne-face", "steroid-acne": "steroid-acne", "rosacea": "rosacea"}
CLASSIC = {"acne-vulgaris": "Acne-Cystic", "steroid-acne": "Acne-Steroid", "rosacea": "Rosacea"}
PER_PAGE = 2


@pytest.fixture(scope="module")
def drawn():
    """Photos by class label and name; one of them stands under two classes."""
    photos = {label: {} for label in LABELS.values()}
    for index in range(20):
        picture = draw_picture(index, seed=3)
        if picture.label in LABELS:
            photos[LABELS[picture.label]][picture.name] = picture.jpeg()
    name, content = next(iter(photos["rosacea"].items()))
    photos["steroid-acne"][name] = content
    return photos


@pytest.fixture
def photos(drawn):
    return {label: dict(pictures) for label, pictures in drawn.items()}


def redirect(site, path, target):
    site.answer(path, status=301, headers={"Location": target})


class Modern:
    """Today's form: an index in JSON, relative addresses, resized variants of several kinds, a topic that moved."""

    layout = "dermnet"

    @staticmethod
    def show(site, photos):
        site.replies.clear()
        entries = [{"name": f"{label} images", "url": f"/topics/{MODERN[label]}-images?stage=Live"} for label in photos]
        entries.append({"name": "Eczema images", "url": "/topics/eczema-images"})
        site.answer("/image-library/moved", json.dumps(entries).encode(), type="application/json")
        redirect(site, "/image-library/imagesJson", "/image-library/moved")
        variants = ["{}__FillWzEyMDAsNjI4XQ.jpg", "{}.jpg", "_resampled/FillWzEyMDAsNjI4XQ/{}.jpg"]
        for label, pictures in photos.items():
            tiles = "".join(
                f'<div class="imageLinkBlock__item__image">'
                f'<img src="../assets/Uploads/{variants[number % 3].format(name)}" alt="{name}"></div>'
                for number, name in enumerate(pictures)
            )
            page = f"/topics/{MODERN[label]}-images"
            site.page(page, f"<h1>{label}</h1>{tiles}")
            redirect(site, f"{page}?stage=Live", page)
            for name, content in pictures.items():
                Modern.put(site, name, content)

    @staticmethod
    def put(site, name, content):
        site.answer(f"/assets/Uploads/{name}.jpg", content, type="image/jpeg")


class Classic:
    """The form of 2005: thumbnails over several pages, whose last one is repeated for ever; pictures that moved."""

    layout = "dermnet-classic"

    @staticmethod
    def show(site, photos):
        site.replies.clear()
        links = "".join(f'<a href="{CLASSIC[label]}">{label}</a>' for label in photos)
        site.page("/images/Acne-and-Rosacea-Photos", f'<a href="/about">about</a><a href="#top">top</a>{links}')
        for label, pictures in photos.items():
            Classic.show_topic(site, CLASSIC[label], list(pictures))
            for name, content in pictures.items():
                Classic.put(site, name, content)

    @staticmethod
    def show_topic(site, topic, names):
        pages = [names[start : start + PER_PAGE] for start in range(0, len(names), PER_PAGE)]
        for number in range(1, len(pages) + 4):
            shown = "".join(
                f'<a href="#"><img src="/dn2/allJPG3/{name}Thumb.jpg" alt="{name}"></a>'
                for name in pages[min(number, len(pages)) - 1]
            )
            following = f'<div class="pagination"><a href="/images/{topic}/photos/{number + 1}">Next</a></div>'
            html = f'<title>{topic}</title><div class="thumbnails">{shown}</div>{following}'
            site.page(f"/images/{topic}/photos/{number}", html)
        redirect(site, f"/images/{topic}", f"{site.url}/images/{topic}/photos/1")

    @staticmethod
    def put(site, name, content):
        redirect(site, f"/dn2/allJPG3/{name}.jpg", f"/archive/{name}.jpg")
        site.answer(f"/archive/{name}.jpg", content, type="image/jpeg")


@pytest.fixture(params=[Modern, Classic], ids=["modern", "classic"])
def form(request):
    return request.param


@pytest.fixture
def look_at(form, other_site, look):
    return lambda: look(layout=load_layout(form.layout), address=other_site.url)


def pairs(collected):
    """Return what a manifest says apart from where its photos came from."""
    return sorted((record.sha256, record.label) for record in collected.records)


@pytest.fixture
def folder(photos, store, tmp_path):
    """What a folder of the same photos gives."""
    for label, pictures in photos.items():
        (tmp_path / "photos" / label).mkdir(parents=True)
        for name, content in pictures.items():
            (tmp_path / "photos" / label / f"{name}.jpg").write_bytes(content)
    return read_folder(tmp_path / "photos", images=store, memory=tmp_path / "looks.jsonl")


def test_a_site_and_a_folder_of_the_same_photos_give_the_same(form, other_site, look_at, photos, folder):
    form.show(other_site, photos)
    collected = look_at()
    assert pairs(collected) == pairs(folder)
    assert collected.failures == folder.failures == ()


def test_no_thumbnail_and_nothing_twice_is_asked_for(form, other_site, look_at, photos):
    form.show(other_site, photos)
    look_at()
    asked = [path for path, _ in other_site.requests if not path.startswith(("/topics", "/images"))]
    assert len(asked) == len(set(asked))
    assert not any(mark in path for path in asked for mark in ("Thumb", "__", "_resampled"))


def test_a_rerun_asks_for_changes_only(form, other_site, look_at, photos):
    form.show(other_site, photos)
    first = look_at()
    other_site.requests.clear()
    second = look_at()
    assert (second.downloaded, second.unchanged) == (0, first.downloaded)
    assert second.records == first.records
    pictures = {path: headers for path, headers in other_site.requests if path.startswith(("/assets", "/archive"))}
    assert len(pictures) == first.downloaded
    assert all("If-None-Match" in headers for headers in pictures.values())


def test_added_and_withdrawn_photos_are_noticed(form, other_site, look_at, photos):
    form.show(other_site, photos)
    before = pairs(look_at())
    withdrawn = photos["acne-vulgaris"].popitem()
    picture = draw_picture(990, seed=3)
    photos["rosacea"][picture.name] = picture.jpeg()
    form.show(other_site, photos)
    collected = look_at()
    assert collected.downloaded == 1
    assert len(pairs(collected)) == len(before)
    assert withdrawn[0] not in {record.caption for record in collected.records}
    assert picture.name in {record.caption for record in collected.records}
