"""A local server speaks the part of MediaWiki's API that categories are read through."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from acnelib.errors import ScrapeFailed, UsageError
from acnelib.scraping.collected import FailureKind
from acnelib.scraping.layout import BackgroundTopic
from acnelib.scraping.layout_files import load_layout
from acnelib.scraping.mediawiki import read_category, topics_of_table
from acnelib.storage.files import sha256_of
from acnelib.storage.manifest import PhotoRole

ROSACEA, MILIA = "Category:Rosacea", "Category:Milia"
WANTED = {
    "action": "query",
    "generator": "categorymembers",
    "gcmtype": "file",
    "prop": "imageinfo",
    "iiprop": "url|extmetadata|mime|size",
    "format": "json",
}
LICENSED = {
    "LicenseShortName": {"value": "CC BY-SA 4.0", "source": "commons-desc-page"},
    "LicenseUrl": {"value": "https://creativecommons.org/licenses/by-sa/4.0"},
    "Artist": {"value": '<a href="//commons.wikimedia.org/wiki/User:Jane" title="User:Jane">Jane  Doe</a>'},
    "ImageDescription": {"value": "<style>p {}</style><p>Rosacea of a <b>nose</b></p>"},
}


class Wiki:
    """Categories of files, a few told per answer, and as MediaWiki does, what is told of a file perhaps later."""

    def __init__(self, site, *, per_answer=2):
        self.site = site
        self.per_answer = per_answer
        self.categories = {}
        self.late = False

    def put(self, category, name, content, **info):
        path = f"/commons/a/a1/{name}"
        self.site.picture(path, content)
        reported = {
            "url": self.site.url + path,
            "descriptionurl": f"{self.site.url}/wiki/File:{name}",
            "mime": "image/png",
            "size": len(content),
            "extmetadata": LICENSED,
            **info,
        }
        self.categories.setdefault(category, []).append({"title": f"File:{name}", "ns": 6, "imageinfo": [reported]})
        return path

    def answer(self, asked):
        if any(asked.get(name) != value for name, value in WANTED.items()):
            return {"error": {"code": "badvalue", "info": f"unexpected {asked}"}}
        files = self.categories.get(asked["gcmtitle"], [])
        start = int(asked.get("gcmcontinue", "0"))
        batch, following = files[start : start + self.per_answer], start + self.per_answer
        if self.late and "iicontinue" not in asked:
            bare = [{key: value for key, value in file.items() if key != "imageinfo"} for file in batch]
            going_on = {"continue": {"iicontinue": "x", "continue": "||", "gcmcontinue": str(start)}}
            return {**going_on, "query": {"pages": {str(start + place): file for place, file in enumerate(bare)}}}
        reported = {"query": {"pages": {str(start + place): file for place, file in enumerate(batch)}}} if batch else {}
        more = {"continue": {"gcmcontinue": str(following), "continue": "gcmcontinue||"}}
        return {"batchcomplete": "", **reported, **(more if following < len(files) else {})}


@pytest.fixture
def commons():
    return load_layout("wikimedia-commons")


@pytest.fixture
def wiki(other_site):
    wiki = Wiki(other_site)
    other_site.api = wiki.answer
    return wiki


@pytest.fixture
def look_at_wiki(look, wiki, commons):
    def looked(**changes):
        arguments = {"layout": commons, "address": wiki.site.url, "contact": "me@example.org", **changes}
        return look(**arguments)

    return looked


def of_label(collected, label):
    return [record for record in collected.records if record.label == label]


class TestAtASite:
    def test_all_files_of_a_category_come_over_several_answers(self, wiki, look_at_wiki, draw):
        for number in range(5):
            wiki.put(ROSACEA, f"Rosacea_{number}.png", draw(number))
        wiki.put(MILIA, "Milia.png", draw(9))
        collected = look_at_wiki()
        assert {record.sha256 for record in of_label(collected, "rosacea")} == {sha256_of(draw(n)) for n in range(5)}
        assert [record.sha256 for record in of_label(collected, "milia")] == [sha256_of(draw(9))]

    def test_a_background_category_gives_as_many_files_as_its_limit(self, wiki, look_at_wiki, commons, draw):
        wiki.put(MILIA, "Milia.png", draw(9))
        for number in range(5):
            wiki.put("Category:Tinea corporis", f"Tinea_{number}.png", draw(number))
        background = (BackgroundTopic(topic="Tinea corporis", label="*", limit=3),)
        collected = look_at_wiki(layout=replace(commons, background=background))
        found = of_label(collected, "tinea-corporis")
        assert [record.role for record in found] == [PhotoRole.BACKGROUND] * 3
        assert not any("gcmcontinue=4" in path for path, _ in wiki.site.requests)

    def test_what_is_told_of_a_file_in_a_later_answer_counts(self, wiki, look_at_wiki, draw):
        wiki.late = True
        for number in range(2):
            wiki.put(ROSACEA, f"Rosacea_{number}.png", draw(number))
        assert len(of_label(look_at_wiki(), "rosacea")) == 2

    def test_a_record_holds_licence_author_and_the_files_own_page(self, wiki, look_at_wiki, draw):
        path = wiki.put(ROSACEA, "Nose.png", draw(1))
        (record,) = look_at_wiki().records
        assert record.licence == "CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0)"
        assert record.caption == "Rosacea of a nose | Credit: Jane Doe"
        assert (record.title, record.page) == ("File:Nose.png", f"{wiki.site.url}/wiki/File:Nose.png")
        assert (record.path, record.url) == (path, wiki.site.url + path)

    def test_a_file_without_a_licence_is_a_failure_and_is_not_fetched(self, wiki, look_at_wiki, draw):
        wiki.put(ROSACEA, "Nose.png", draw(1))
        path = wiki.put(ROSACEA, "Cheek.png", draw(2), extmetadata={"LicenseShortName": {"value": " "}})
        collected = look_at_wiki()
        (failure,) = [failure for failure in collected.failures if failure.kind == FailureKind.UNLICENSED]
        assert failure.url.endswith("/wiki/File:Cheek.png")
        assert (len(collected.records), wiki.site.asked(path)) == (1, 0)

    def test_what_is_no_photo_is_left_out_without_a_word(self, wiki, look_at_wiki, draw):
        wiki.put(ROSACEA, "Nose.png", draw(1))
        for name, mime in {"a.pdf": "application/pdf", "a.webm": "video/webm", "a.svg": "image/svg+xml"}.items():
            wiki.put(ROSACEA, name, b"anything", mime=mime)
        collected = look_at_wiki()
        assert len(collected.records) == 1
        assert {failure.kind for failure in collected.failures} == {FailureKind.MISSING}  # the other categories
        assert [path for path, _ in wiki.site.requests if path.startswith("/commons")] == ["/commons/a/a1/Nose.png"]

    def test_the_original_is_fetched_from_an_address_without_marks_of_where_it_was_found(
        self, wiki, look_at_wiki, draw
    ):
        marked = wiki.site.url + "/commons/a/a1/Nose.png?utm_source=commons.wikimedia.org&utm_content=original"
        wiki.put(ROSACEA, "Nose.png", draw(1), url=marked)
        assert look_at_wiki().records[0].path == "/commons/a/a1/Nose.png"

    def test_a_second_look_downloads_nothing_and_sees_what_was_added(self, wiki, look_at_wiki, draw):
        wiki.put(ROSACEA, "Nose.png", draw(1))
        look_at_wiki()
        wiki.put(ROSACEA, "Cheek.png", draw(2))
        collected = look_at_wiki()
        assert (collected.downloaded, collected.unchanged) == (1, 1)

    def test_a_category_that_is_empty_is_a_failure_and_no_more(self, wiki, look_at_wiki, draw):
        wiki.put(ROSACEA, "Nose.png", draw(1))
        reasons = [failure.reason for failure in look_at_wiki().failures]
        assert any("Category:Milia does not exist or holds no file: check its name" in reason for reason in reasons)

    def test_without_a_contact_nothing_is_asked(self, wiki, look_at_wiki):
        with pytest.raises(UsageError, match="set ACNE_CONTACT"):
            look_at_wiki(contact=None)
        assert wiki.site.requests == []

    def test_the_visitor_names_the_contact(self, wiki, look_at_wiki, draw):
        wiki.put(ROSACEA, "Nose.png", draw(1))
        look_at_wiki()
        assert {headers["User-Agent"].partition(" ")[2] for _, headers in wiki.site.requests} == {"(+me@example.org)"}

    def test_rules_for_crawlers_of_pages_close_pictures_and_not_the_api(self, wiki, look_at_wiki, draw):
        wiki.put(ROSACEA, "Nose.png", draw(1))
        closed = wiki.put(ROSACEA, "Closed.png", draw(2))
        rules = f"User-agent: *\nDisallow: /w/\nDisallow: {closed}\n"
        wiki.site.answer("/robots.txt", rules.encode(), type="text/plain")
        collected = look_at_wiki()
        assert [record.title for record in collected.records] == ["File:Nose.png"]
        assert FailureKind.FORBIDDEN in {failure.kind for failure in collected.failures}


class TestAnAnswer:
    @pytest.fixture
    def url(self, commons):
        return topics_of_table(commons, base="https://commons.wikimedia.org")[0].url

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("<html>", "should answer in a JSON object, found '<html>'"),
            ("[]", r"should answer in a JSON object, found '\[\]'"),
            ('{"error": {"code": "x", "info": "You are blocked."}}', r"the API refuses: You are blocked\."),
            ("{}", "Category:Acne vulgaris does not exist or holds no file"),
            ('{"query": []}', "does not exist or holds no file"),
        ],
    )
    def test_that_is_no_list_of_files_is_described(self, commons, url, text, complaint):
        with pytest.raises(ScrapeFailed, match=complaint):
            read_category(commons, text, url=url)

    def test_may_have_the_files_in_a_list(self, commons, url):
        info = {"url": "https://upload.wikimedia.org/a.jpg", "mime": "image/jpeg", "extmetadata": LICENSED}
        answer = {"query": {"pages": [{"title": "File:A.jpg", "imageinfo": [info]}]}}
        (picture,) = read_category(commons, json.dumps(answer), url=url).pictures
        assert picture.url == "https://upload.wikimedia.org/a.jpg"

    @pytest.mark.parametrize(
        ("file", "kind"),
        [
            ({"imagerepository": ""}, FailureKind.MISSING),
            ({"imageinfo": [{"mime": "image/jpeg", "filehidden": ""}]}, FailureKind.MISSING),
            ({"imageinfo": [{"mime": "image/jpeg", "url": "u", "size": 10**10}]}, FailureKind.TOO_LARGE),
            ({"imageinfo": [{"mime": "image/jpeg", "url": "u", "extmetadata": []}]}, FailureKind.UNLICENSED),
        ],
    )
    def test_may_hold_a_file_that_cannot_be_had(self, commons, url, file, kind):
        page = read_category(commons, json.dumps({"query": {"pages": {"1": {"title": "File:A.jpg", **file}}}}), url=url)
        assert [failure.kind for failure in page.failures] == [kind]
        assert page.pictures == ()

    def test_goes_on_where_it_says(self, commons, url):
        answer = {"continue": {"gcmcontinue": "file|41|7", "continue": "gcmcontinue||"}}
        following = read_category(commons, json.dumps(answer), url=url).next_url
        assert following.startswith("https://commons.wikimedia.org/w/api.php?action=query&")
        assert "&gcmcontinue=file%7C41%7C7&continue=gcmcontinue%7C%7C" in following
        assert read_category(commons, "{}", url=following).next_url is None
