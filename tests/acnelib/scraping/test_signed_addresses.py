"""Addresses that a site signs for each visit: every picture is known again, and no signature is written down."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, replace

import pytest

from acnelib.errors import ScrapeFailed
from acnelib.scraping.addresses import without_parameters, without_signatures
from acnelib.storage.manifest import write_manifest

SECRET = "s3cr3t"
AMAZON = "X-Amz-Algorithm=AWS4&X-Amz-Date={}&X-Amz-Expires=300&X-Amz-Signature=s3cr3t{}"
OWN = "token=s3cr3t{}&valid={}"


@pytest.fixture
def signed(site, atlas):
    """Show the atlas with addresses that are signed by a pattern, differently for each visit."""

    def show(pattern, visit, *, redirected=False):
        site.replies.clear()
        site.show_dermnet(atlas)
        query = pattern.format(visit, visit)
        for topic, pictures in atlas.items():
            shown = ""
            for stem, content in pictures.items():
                address = f"/assets/{stem}.png?v=1"
                site.picture(f"{address}&{query}", content)
                if redirected:
                    site.answer(address, status=302, headers={"Location": f"{address}&{query}"})
                else:
                    address += f"&{query}".replace("&", "&amp;")
                shown += f'<div class="imageLinkBlock__item__image"><img src="{address}"></div>'
            site.page(f"/topics/{topic}-images?stage=Live", f"<h1>{topic} images</h1>{shown}")

    return show


@pytest.fixture
def own(sample):
    return replace(sample, ignored_parameters=("Token", "valid"))


@pytest.fixture(params=["amazon", "own"])
def signing(request, sample, own):
    """A way to sign, and a layout that knows of it."""
    return (AMAZON, sample) if request.param == "amazon" else (OWN, own)


@pytest.fixture
def broken(site, signed, signing):
    """Show the atlas signed, with another answer at its first picture; return a layout that fits."""

    def show(**answer):
        pattern, layout = signing
        signed(pattern, 1)
        site.answer(next(path for path in site.replies if path.startswith("/assets/comedones-0.png?")), **answer)
        return layout

    return show


def test_a_second_visit_downloads_nothing_and_gives_the_same_manifest(look, signed, signing, tmp_path):
    pattern, layout = signing
    signed(pattern, 1)
    first = look(layout=layout)
    signed(pattern, 2)
    second = look(layout=layout)
    assert (first.downloaded, second.downloaded, second.unchanged) == (5, 0, 5)
    assert first.records == second.records
    write_manifest(tmp_path / "manifest.jsonl", second.records)
    assert SECRET not in (tmp_path / "manifest.jsonl").read_text()
    assert first.records[0].path == "/assets/comedones-0.png?v=1"


def test_the_signature_is_sent(site, look, signed, own):
    signed(OWN, 1)
    look(layout=own)
    assert site.asked("/assets/comedones-0.png?v=1&token=s3cr3t1&valid=1") == 1


def test_memory_and_messages_hold_no_signature(site, look, broken, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    (failure,) = look(layout=broken(status=404)).failures
    assert str(failure) == f"{site.url}/assets/comedones-0.png?v=1: HTTP 404 Not Found"
    memory = (tmp_path / "work" / "visits.jsonl").read_text()
    assert SECRET not in memory + caplog.text
    assert json.loads(memory.splitlines()[0])["key"] == "/assets/comedones-1.png?v=1"


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500},
        {"status": 302, "headers": {"Location": "http://localhost:9/b.png?X-Amz-Signature=s3cr3t"}},
        {"status": 302, "headers": {"Location": "ftp://localhost/b.png?X-Amz-Signature=s3cr3t"}},
        {"status": 302, "headers": {"Location": "http://localhost:x/b.png?X-Amz-Signature=s3cr3t"}},
        {"content": b"x", "type": "text/html"},
        {"content": b"x", "type": ""},
        {"content": b"<", "type": "image/png"},
        {"content": b"x", "type": "image/png", "headers": {"Content-Encoding": "gzip"}},
    ],
)
def test_no_failure_tells_a_signature(look, broken, answer):
    (failure,) = look(layout=broken(**answer)).failures
    assert SECRET not in str(failure) + failure.url


def test_a_redirect_to_a_signed_address_leaves_no_trace(look, signed, sample, tmp_path):
    signed(AMAZON, 1, redirected=True)
    first = look(layout=sample)
    signed(AMAZON, 2, redirected=True)
    second = look(layout=sample)
    assert (first.failures, second.downloaded) == ((), 0)
    assert SECRET not in json.dumps([asdict(record) for record in second.records])


def test_a_page_at_a_signed_address_is_written_down_without(site, look, atlas):
    page = "/topics/cysts-images?stage=Live"
    site.replies["/signed?sig=s3cr3t&se=2026"] = site.replies[page]
    site.answer(page, status=302, headers={"Location": "/signed?sig=s3cr3t&se=2026"})
    assert {record.page for record in look().records if record.label == "cysts"} == {f"{site.url}/signed"}


def test_an_index_at_a_signed_address_that_fails_tells_no_signature(site, look):
    index = "/image-library/imagesJson"
    site.answer("/signed?sig=s3cr3t", b"no list")
    site.answer(index, status=302, headers={"Location": "/signed?sig=s3cr3t"})
    with pytest.raises(ScrapeFailed, match="/signed does not fit the layout") as caught:
        look()
    assert SECRET not in str(caught.value)


def test_pages_that_are_signed_end_where_they_repeat(site, look, own, draw):
    rules = replace(own, pictures=replace(own.pictures, next="a.next"))
    shown = '<div class="imageLinkBlock__item__image"><img src="/assets/cysts-0.png"></div>'
    for number in range(4):
        address = f"/topics/cysts-images?token=s3cr3t{number}" if number else "/topics/cysts-images?stage=Live"
        following = f'<a class="next" href="/topics/cysts-images?token=s3cr3t{number + 1}">Next</a>'
        site.page(address, shown + following)
    look(layout=rules)
    assert site.asked("/topics/cysts-images?token=s3cr3t2") == 0


def test_other_parameters_tell_pictures_apart(look, site, draw, own):
    shown = "".join(
        f'<div class="imageLinkBlock__item__image"><img src="/show?id={number}&amp;token=s3cr3t"></div>'
        for number in range(3)
    )
    site.page("/topics/cysts-images?stage=Live", shown)
    for number in range(3):
        site.picture(f"/show?id={number}&token=s3cr3t", draw(200 + number))
    paths = [record.path for record in look(layout=own).records if record.label == "cysts"]
    assert paths == ["/show?id=0", "/show?id=1", "/show?id=2"]


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("/a?x=%20y&token=1&z", "/a?x=%20y&z"),
        ("/a?TOKEN=1", "/a"),
        ("/a?t%6fken=1#top", "/a#top"),
        ("/a?tokens=1", "/a?tokens=1"),
        ("/a#?token=1", "/a#?token=1"),
        ("/token=1", "/token=1"),
        ("/a?X-Sign-1=a&x-sign-2=b&v=1", "/a?v=1"),
    ],
)
def test_what_is_not_ignored_stays_as_it_is_written(address, left):
    assert without_parameters(address, ("token", "X-Sign-*")) == left


def test_an_end_of_validity_is_ignored_only_beside_a_signature():
    assert without_signatures("/a?Expires=1&Signature=2&v=3") == "/a?v=3"
    assert without_signatures("/a?Expires=1&v=3") == "/a?Expires=1&v=3"
