"""The served sample atlas: DermNet's layout, the flaws of a real atlas, and tags that cost no drawing."""

import io
import logging
import re
import threading
from urllib.parse import urljoin

import pytest
import requests
from PIL import Image

from acnelib.atlas import site
from acnelib.atlas.drawing import draw_picture
from acnelib.atlas.server import serve_atlas
from acnelib.atlas.site import ATLAS_SEED, TOPICS, Treatment, site_photos
from acnelib.errors import ServiceFailed, UsageError

SOURCES = re.compile(r'<div class="imageLinkBlock__item__image"><img src="([^"]+)" alt="([^"]+)"')


@pytest.fixture(scope="module")
def atlas():
    with serve_atlas(number=60) as url:
        yield url


@pytest.fixture
def session():
    with requests.Session() as session:
        yield session


def photo_with(treatment: Treatment) -> site.SitePhoto:
    return next(p for p in site_photos(number=60, seed=ATLAS_SEED) if p.treatment is treatment)


def picture(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def test_robots_may_see_everything_but_admin(atlas, session):
    answer = session.get(f"{atlas}/robots.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.splitlines() == ["User-agent: *", "Disallow: /admin"]


def test_the_index_is_filled_from_json_that_names_every_topic(atlas, session):
    tiles = session.get(f"{atlas}/image-library/imagesJson").json()
    assert [tile["url"] for tile in tiles] == [f"/topics/{topic}-images" for topic in TOPICS.values()]
    assert all(set(tile) == {"name", "page_name", "url", "thumbnail"} for tile in tiles)
    assert all(session.get(urljoin(atlas, tile["url"])).ok for tile in tiles)
    assert "imagesJson" in session.get(f"{atlas}/image-library").text


def test_a_topic_page_shows_resized_variants_with_a_caption_and_the_licence(atlas, session):
    page = session.get(f"{atlas}/topics/papular-acne-images?stage=Live").text
    shown = SOURCES.findall(page)
    assert len(shown) >= 12
    assert all(src.startswith("/assets/Uploads/") and "__Fill" in src and alt for src, alt in shown)
    assert 'rel="license"' in page
    assert "CC0-1.0" in page


def test_the_original_is_the_name_without_the_variant_and_is_larger(atlas, session):
    src = SOURCES.findall(session.get(f"{atlas}/topics/rosacea-images").text)[0][0]
    variant = picture(session.get(atlas + src).content)
    original = picture(session.get(atlas + re.sub(r"__[A-Za-z]+[\w-]+(?=\.jpg)", "", src)).content)
    assert original.size == (320, 240)
    assert variant.size == (160, 84)


def test_a_person_finds_the_topics_on_the_landing_page(atlas, session):
    page = session.get(f"{atlas}/").text
    assert all(f'href="/topics/{topic}-images"' in page for topic in TOPICS.values())
    assert "not a diagnosis" in page


def test_who_has_the_current_content_gets_304_without_a_drawing(session, monkeypatch):
    def no_drawing(index: int, *, seed: int) -> None:
        raise AssertionError(f"picture {index} was drawn")

    photo = site_photos(number=5, seed=ATLAS_SEED)[0]
    monkeypatch.setattr(site, "draw_picture", no_drawing)
    with serve_atlas(number=5) as url:
        tag = photo.etag(seed=ATLAS_SEED)
        answer = session.get(url + photo.path, headers={"If-None-Match": f'"other", W/{tag}'})
        assert answer.status_code == 304
        assert answer.headers["ETag"] == tag
        assert not answer.content


def test_tags_tell_seeds_pictures_and_variants_apart():
    photos = site_photos(number=60, seed=0)
    tags = [p.etag(seed=seed, variant=v) for p in photos for seed in (0, 1) for v in (None, site.PAGE_VARIANT)]
    # The photo under two topics has the same bytes, hence the same tags.
    assert len(set(tags)) == 4 * (len(photos) - 1)


def test_head_says_what_get_would_send(atlas, session):
    path = site_photos(number=60, seed=ATLAS_SEED)[3].path
    head, get = session.head(atlas + path), session.get(atlas + path)
    assert not head.content
    assert get.headers["Content-Type"] == "image/jpeg"
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers[name] == get.headers[name]
    assert int(get.headers["Content-Length"]) == len(get.content)


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/admin", "/assets/Uploads/Rosacea/rosacea-99999.jpg", "/assets/Uploads/Rosacea/rosacea-1__Fillx.jpg"],
)
def test_an_address_with_nothing_behind_it_is_404(atlas, session, path):
    assert session.get(atlas + path).status_code == 404


def test_one_file_is_broken_and_arrives_in_full(atlas, session):
    broken = photo_with(Treatment.TRUNCATED)
    for path in (broken.path, broken.variant_path(site.PAGE_VARIANT)):
        answer = session.get(atlas + path)
        assert int(answer.headers["Content-Length"]) == len(answer.content)
        with pytest.raises(OSError, match="truncated"):
            picture(answer.content)


@pytest.mark.parametrize("treatment", [Treatment.RECOMPRESSED, Treatment.CROPPED, Treatment.BRIGHTENED])
def test_copies_look_like_their_original_under_the_same_topic_and_are_other_bytes(atlas, session, treatment):
    copy = photo_with(treatment)
    original = next(p for p in site_photos(number=60, seed=ATLAS_SEED) if p.index == copy.index)
    one, other = session.get(atlas + copy.path).content, session.get(atlas + original.path).content
    assert copy.topic == original.topic
    assert one != other
    small = [picture(content).resize((8, 6)).convert("L").tobytes() for content in (one, other)]
    assert max(abs(a - b) for a, b in zip(*small, strict=True)) < 40


def test_one_photo_stands_under_two_topics_with_the_same_bytes(atlas, session):
    photos = [p for p in site_photos(number=60, seed=ATLAS_SEED) if p.index == 13]
    assert len({p.topic for p in photos}) == len(photos) == 2
    assert len({p.path for p in photos}) == 2
    assert len({session.get(atlas + p.path).content for p in photos}) == 1


def test_a_larger_atlas_keeps_the_addresses_and_bytes_of_a_smaller_one(atlas, session):
    smaller = site_photos(number=60, seed=ATLAS_SEED)
    larger = site_photos(number=90, seed=ATLAS_SEED)
    assert larger[: len(smaller)] == smaller
    with serve_atlas(number=90) as grown:
        for photo in smaller[::20]:
            before, after = session.get(atlas + photo.path), session.get(grown + photo.path)
            assert before.content == after.content
            assert before.headers["ETag"] == after.headers["ETag"]


def test_addresses_are_unique_and_the_atlas_has_about_the_number_asked_for():
    photos = site_photos(number=300, seed=ATLAS_SEED)
    assert len({photo.path for photo in photos}) == len(photos)
    assert 300 < len(photos) <= 320


def test_closing_leaves_no_thread_even_when_a_client_keeps_its_connection(session):
    before = set(threading.enumerate())
    with serve_atlas(number=5) as url:
        assert url.startswith("http://127.0.0.1:")
        session.get(f"{url}/robots.txt")
    assert set(threading.enumerate()) <= before


def test_a_taken_port_is_said_with_what_to_do(atlas):
    port = int(atlas.rpartition(":")[2])
    with pytest.raises(ServiceFailed, match=f"{port}.*choose another port"), serve_atlas(port=port):
        pass


def test_a_negative_number_is_refused():
    with pytest.raises(UsageError, match="-5"), serve_atlas(number=-5):
        pass


def test_an_atlas_without_pictures_has_no_topic(session):
    with serve_atlas(number=0) as url:
        assert session.get(f"{url}/image-library/imagesJson").json() == []


def test_serving_is_quiet(atlas, session, caplog):
    with caplog.at_level(logging.INFO):
        session.get(f"{atlas}/nothing")
    assert [record for record in caplog.records if record.name.startswith("acnelib")] == []


def test_some_of_its_patients_are_hard_to_tell_apart():
    photos = [photo for photo in site_photos(number=40, seed=ATLAS_SEED) if photo.treatment is Treatment.NONE]
    plain = [draw_picture(photo.index, seed=ATLAS_SEED).jpeg() for photo in photos]
    changed = sum(photo.jpeg(seed=ATLAS_SEED) != one for photo, one in zip(photos, plain, strict=True))
    assert 1 <= changed <= 15
