from __future__ import annotations

import json
from dataclasses import replace

import pytest

from acnelib.errors import ScrapeFailed
from acnelib.scraping.layout_files import load_layout
from acnelib.scraping.pages import PictureLink, read_topic_page, topics_of_index

INDEX = "https://dermnetnz.org/image-library/imagesJson"
PAGE = "https://dermnetnz.org/topics/rosacea-images"


@pytest.fixture(scope="module")
def dermnet():
    return load_layout("dermnet")


@pytest.fixture(scope="module")
def classic():
    return load_layout("dermnet-classic")


def tile(attributes):
    return f'<div class="imageLinkBlock__item__image"><img {attributes}></div>'


def test_topics_without_a_class_are_left_out(dermnet):
    entries = [
        {"name": "Rosacea  images", "url": "/topics/rosacea-images?stage=Live"},
        {"name": "Eczema", "url": "/topics/eczema-images"},
        {"name": "no address", "url": None},
    ]
    (topic,) = topics_of_index(dermnet, json.dumps(entries), url=INDEX)
    assert (topic.topic, topic.label, topic.name) == ("rosacea", "rosacea", "Rosacea images")
    assert topic.url == PAGE + "?stage=Live"


def test_a_topic_that_is_listed_twice_is_read_once(dermnet):
    entries = [{"url": "/topics/rosacea-images"}, {"url": "/topics/rosacea-images?stage=Live"}]
    assert [topic.url for topic in topics_of_index(dermnet, json.dumps(entries), url=INDEX)] == [PAGE]


def test_a_page_of_links_is_an_index_too(classic):
    html = '<a href="/images/Acne-Cystic">Cystic acne</a><a href="/images/Warts">Warts</a><a href="/">Home</a>'
    (topic,) = topics_of_index(classic, html, url="http://www.dermnet.com/images/Acne-and-Rosacea-Photos")
    assert (topic.label, topic.name) == ("acne-vulgaris", "Cystic acne")
    assert topic.url == "http://www.dermnet.com/images/Acne-Cystic"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<html>", "should be JSON, found '<html>'"),
        ("{}", "found an object with none"),
        ("[]", "found a list of 0"),
        ('[{"href": "/a", "text": "b"}]', "found a list of 1, the first an object with href, text"),
    ],
)
def test_an_index_of_another_form_is_described(dermnet, text, found):
    with pytest.raises(ScrapeFailed, match=f"{INDEX} does not fit the layout dermnet: its index .*{found}"):
        topics_of_index(dermnet, text, url=INDEX)


def test_an_index_without_links_names_selector_and_page(classic):
    with pytest.raises(ScrapeFailed, match=r"http://a/b does not fit .* its selector 'a\[href\]' finds no links"):
        topics_of_index(classic, "<p>Moved</p>", url="http://a/b")


def test_pictures_come_in_order_each_once_as_originals(dermnet):
    html = (
        tile('src="/assets/b__FillWzEyMDAsNjI4XQ.jpg" alt=" a  nose "')
        + tile('src="/assets/a.jpg"')
        + tile('src="/assets/b__FocusFillWzMwMCwzMDAsInkiLDQ0XQ.jpg" alt="again"')
    )
    assert read_topic_page(dermnet, html, url=PAGE).pictures == (
        PictureLink(url="https://dermnetnz.org/assets/b.jpg", caption="a nose"),
        PictureLink(url="https://dermnetnz.org/assets/a.jpg", caption=None),
    )


def test_links_are_relative_to_the_pages_base(dermnet):
    html = f'<base href="/mirror/">{tile("src=a.jpg")}'
    assert read_topic_page(dermnet, html, url=PAGE).pictures[0].url == "https://dermnetnz.org/mirror/a.jpg"


def test_the_link_whose_text_is_next_leads_on(classic):
    html = (
        '<div class="thumbnails"><a><img src="/dn2/aThumb.jpg"></a></div>'
        '<div class="pagination"><a href="/images/A/photos/1">Prev</a><a href="/images/A/photos/3">Next ›</a></div>'
    )
    page = read_topic_page(classic, html, url="http://www.dermnet.com/images/A/photos/2")
    assert page.next_url == "http://www.dermnet.com/images/A/photos/3"
    assert page.pictures[0].url == "http://www.dermnet.com/dn2/a.jpg"


def test_a_page_that_no_longer_fits_says_what_stands_there_instead(dermnet):
    html = '<title>New look</title><figure class="tile big"><img></figure><figure class="tile big"><img></figure>'
    with pytest.raises(ScrapeFailed, match=r"titled 'New look', and its img elements are: 2 in figure\.tile\.big"):
        read_topic_page(dermnet, html, url=PAGE)


def test_pictures_whose_address_moved_to_another_attribute_are_told(dermnet):
    with pytest.raises(ScrapeFailed, match=r"finds 1 elements without an attribute 'src'"):
        read_topic_page(dermnet, tile('data-src="/a.jpg"'), url=PAGE)
    moved = replace(dermnet, pictures=replace(dermnet.pictures, address="data-src"))
    assert read_topic_page(moved, tile('data-src="/a.jpg"'), url=PAGE).pictures


def test_an_empty_page_does_not_fit(dermnet):
    with pytest.raises(ScrapeFailed, match="its img elements are: none"):
        read_topic_page(dermnet, "", url=PAGE)
