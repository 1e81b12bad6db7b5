"""The crawler: what it collects, how politely, and what it says of items and sites that it cannot have."""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate

import pytest
from crawled import PICTURE, reasons

from acnelib.errors import ScrapeFailed, UsageError
from acnelib.scraping.collected import Failure, FailureKind
from acnelib.scraping.layout_files import load_layout
from acnelib.storage.files import sha256_of

INDEX = "/image-library/imagesJson"


def pairs(collected):
    return {(record.sha256, record.label) for record in collected.records}


class TestWhatIsCollected:
    def test_originals_are_fetched_and_variants_never(self, site, look):
        collected = look()
        assert [record.path for record in collected.records][:2] == ["/assets/comedones-0.png", PICTURE]
        assert not any("__Fill" in path for path, _ in site.requests)
        assert (collected.downloaded, collected.unchanged, collected.failures) == (5, 0, ())

    def test_a_record_says_where_its_picture_comes_from(self, site, look, atlas, store):
        record = look().records[1]
        assert record.sha256 == sha256_of(atlas["comedones"]["comedones-1"])
        assert record.sha256 in store
        assert record.label == "comedones"
        assert record.url == site.url + PICTURE
        assert record.page == f"{site.url}/topics/comedones-images?stage=Live"
        assert (record.title, record.caption) == ("comedones images", "comedones-1")
        assert record.licence == "CC0-1.0"
        assert record.fetched_at == "2023-11-14T22:13:20+00:00"

    def test_the_classic_form_is_read_to_its_repeated_last_page(self, site, look, draw):
        pictures = {f"acne-cystic-{number}": draw(number) for number in range(5)}
        site.show_classic({"Acne-Cystic": pictures})
        collected = look(layout=load_layout("dermnet-classic"))
        assert pairs(collected) == {(sha256_of(content), "acne-vulgaris") for content in pictures.values()}
        assert collected.records[0].path == "/dn2/acne-cystic-0.png"
        assert site.asked("/images/Acne-Cystic/photos/6") == 0

    def test_both_forms_give_the_same_photos(self, site, look, draw, tmp_path):
        atlas = {
            "rosacea": {"rosacea-1": draw(1), "rosacea-2": draw(2)},
            "milia": {"milia-1": draw(3)},
        }
        site.show_dermnet(atlas)
        site.show_classic({"Rosacea": atlas["rosacea"], "Milia": atlas["milia"]})
        modern = look(layout=load_layout("dermnet"))
        classic = look(layout=load_layout("dermnet-classic"), memory=tmp_path / "classic.jsonl")
        assert pairs(modern) == pairs(classic)
        assert len(pairs(modern)) == 3

    def test_a_photo_under_two_topics_is_fetched_once_and_recorded_twice(self, site, look, draw):
        shared = draw(7)
        site.show_dermnet({"papules": {"both": shared}, "pustules": {"both": shared}})
        collected = look()
        assert [(record.path, record.label) for record in collected.records] == [
            ("/assets/both.png", "papules"),
            ("/assets/both.png", "pustules"),
        ]
        assert site.asked("/assets/both.png") == 1

    def test_relative_links_are_followed(self, site, look, draw):
        site.page(
            "/topics/cysts-images?stage=Live",
            '<div class="imageLinkBlock__item__image"><img src=" ../assets/cyst 1.png#top"></div>',
        )
        site.picture("/assets/cyst%201.png", draw(99))
        assert "/assets/cyst%201.png" in [record.path for record in look().records]

    def test_a_redirected_page_and_picture_are_followed(self, site, look):
        site.replies["/topics/moved/here"] = site.replies["/topics/comedones-images?stage=Live"]
        site.answer("/topics/comedones-images?stage=Live", status=301, headers={"Location": "/topics/moved/here"})
        site.replies["/elsewhere.png"] = site.replies[PICTURE]
        site.answer(PICTURE, status=302, headers={"Location": site.url + "/elsewhere.png"})
        collected = look()
        assert collected.records[1].url == site.url + PICTURE
        assert collected.records[1].page == site.url + "/topics/moved/here"
        assert len(collected.records) == 5

    def test_progress_tells_totals_as_soon_as_they_are_known(self, look):
        reported = []
        look(progress=lambda *step: reported.append(step))
        assert reported[0] == (0, 2, "pages")
        assert reported[3] == (0, 5, "pictures")
        assert reported[-1] == (5, 5, "pictures")


class TestPoliteness:
    def test_the_visitor_says_who_it_is(self, site, look):
        look(contact="someone@example.org")
        agents = {headers["User-Agent"] for _, headers in site.requests}
        assert len(agents) == 1
        assert agents.pop().endswith("(+someone@example.org)")

    def test_a_forbidden_picture_is_never_asked_for(self, site, look):
        site.answer("/robots.txt", f"User-agent: *\nDisallow: {PICTURE}\n".encode(), type="text/plain")
        collected = look()
        assert f"robots.txt of {site.url} forbids {site.url}{PICTURE}" in reasons(collected)[0]
        assert site.asked(PICTURE) == 0

    def test_a_forbidden_index_ends_the_run(self, site, look):
        site.answer("/robots.txt", b"User-agent: acnelib\nDisallow: /\n", type="text/plain")
        with pytest.raises(ScrapeFailed, match=r"robots\.txt of http://127.* forbids .*imagesJson"):
            look()
        assert [path for path, _ in site.requests] == ["/robots.txt"]

    def test_a_redirect_into_a_forbidden_place_is_not_followed(self, site, look):
        site.answer("/robots.txt", b"User-agent: *\nDisallow: /private/\n", type="text/plain")
        site.answer(PICTURE, status=302, headers={"Location": "/private/a.png"})
        assert "forbids" in reasons(look())[0]
        assert site.asked("/private/a.png") == 0

    def test_crawl_delay_is_kept_between_any_two_requests(self, site, look, watch):
        site.answer("/robots.txt", b"User-agent: *\nCrawl-delay: 7\n", type="text/plain")
        look()
        assert watch.slept == [7.0] * (len(site.requests) - 1)

    def test_this_machine_is_not_waited_for(self, look, sample, watch):
        look(layout=replace(sample, delay=5.0))
        assert watch.slept == []

    def test_robots_txt_that_cannot_be_read_ends_the_run(self, site, look):
        site.answer("/robots.txt", status=503)
        with pytest.raises(ScrapeFailed, match=r"robots\.txt: HTTP 503 .*, 4 times"):
            look()

    @pytest.mark.parametrize(("retry_after", "waited"), [("17", 17.0), ("86400", 120.0)])
    def test_retry_after_is_honoured_within_bounds(self, site, look, watch, retry_after, waited):
        site.answer_once(PICTURE, status=429, headers={"Retry-After": retry_after})
        collected = look()
        assert collected.failures == ()
        assert watch.slept == [waited]

    def test_retry_after_may_be_a_date(self, site, look, watch):
        date = formatdate(watch.now + 30, usegmt=True)
        site.answer_once(PICTURE, status=503, headers={"Retry-After": date})
        look()
        assert watch.slept == [30.0]

    def test_a_busy_host_is_asked_again_with_growing_pauses(self, site, look, watch):
        site.answer(PICTURE, status=500)
        assert "HTTP 500 Internal Server Error, 4 times" in reasons(look())[0]
        assert watch.slept == [1.0, 2.0, 4.0]

    def test_a_torn_body_is_fetched_again(self, site, look, atlas):
        whole = atlas["comedones"]["comedones-1"]
        site.answer_once(PICTURE, whole, type="image/png", headers={"Content-Length": str(len(whole) + 10)})
        assert look().records[1].sha256 == sha256_of(whole)
        assert site.asked(PICTURE) == 2


class TestBadItems:
    @pytest.mark.parametrize(
        ("status", "location", "said"),
        [
            (403, None, ("HTTP 403 Forbidden", FailureKind.REFUSED)),
            (404, None, ("HTTP 404 Not Found", FailureKind.MISSING)),
            (503, None, ("HTTP 503 Service Unavailable, 4 times", FailureKind.UNANSWERED)),
            (302, PICTURE, ("more than 5 redirects", FailureKind.ELSEWHERE)),
            (302, "http://localhost:9/a.png", ("the host localhost:9 is none of the site's", FailureKind.ELSEWHERE)),
            (302, "ftp://127.0.0.1/a.png", ("is no http:// or https:// address", FailureKind.ELSEWHERE)),
            (302, "http://[bad", ("cannot be fetched", FailureKind.OTHER)),
        ],
    )
    def test_a_picture_that_cannot_be_had_is_a_failure_and_no_more(self, site, look, status, location, said):
        site.answer(PICTURE, status=status, headers={"Location": location} if location else {})
        collected = look()
        assert [failure.url for failure in collected.failures] == [site.url + PICTURE]
        reason, kind = said
        assert reason in reasons(collected)[0]
        assert collected.failures[0].kind == kind
        assert len(collected.records) == 4

    def test_another_port_is_another_host(self, site, other_site, look):
        other_site.picture("/a.png", b"anything")
        site.answer(PICTURE, status=302, headers={"Location": other_site.url + "/a.png"})
        assert "is none of the site's" in reasons(look())[0]
        assert other_site.requests == []

    def test_a_host_that_the_layout_allows_is_followed(self, site, other_site, look, sample):
        other_site.replies["/a.png"] = site.replies[PICTURE]
        site.answer(PICTURE, status=302, headers={"Location": other_site.url + "/a.png"})
        allowing = replace(sample, base=site.url, hosts=(other_site.url.removeprefix("http://"),))
        assert look(layout=allowing, address=None).failures == ()
        assert [path for path, _ in other_site.requests] == ["/robots.txt", "/a.png"]

    def test_a_page_under_a_pictures_address_is_a_failure(self, site, look):
        site.page(PICTURE, "<html>Sorry</html>")
        assert reasons(look()) == [f"{site.url}{PICTURE}: is text/html; charset=utf-8, not image/…"]

    @pytest.mark.parametrize("content", [b" <!doctype html>", b""])
    def test_what_only_claims_to_be_a_picture_is_a_failure(self, site, look, content):
        site.picture(PICTURE, content)
        assert reasons(look())[0].endswith("not a picture")

    @pytest.mark.parametrize("announced", [True, False])
    def test_a_picture_that_is_too_large_is_a_failure(self, site, look, sample, announced):
        headers = {} if announced else {"Content-Length": ""}
        site.answer(PICTURE, b"x" * 200_000, type="image/png", headers=headers)
        collected = look(layout=replace(sample, largest=100_000))
        assert "100000" in reasons(collected)[0]
        assert len(collected.records) == 4

    def test_an_address_that_is_none_is_a_failure(self, site, look):
        site.page(
            "/topics/cysts-images?stage=Live",
            '<div class="imageLinkBlock__item__image"><img src="http://[bad"></div>',
        )
        assert [failure.url for failure in look().failures] == ["unreadable:http%3A//%5Bbad"]

    def test_a_topic_that_does_not_fit_is_a_failure_that_names_page_and_selector(self, site, look):
        page = "/topics/cysts-images?stage=Live"
        site.page(page, '<title>New</title><figure class="tile"><img src="/a.png"></figure>')
        collected = look()
        assert collected.failures == (
            Failure(
                site.url + page,
                f"{site.url}{page} does not fit the layout sample: its selector "
                "'div.imageLinkBlock__item__image img' finds no elements; "
                "the page is titled 'New', and its img elements are: 1 in figure.tile",
                FailureKind.NO_FIT,
            ),
        )
        assert len(collected.records) == 3

    def test_a_topic_that_never_ends_is_given_up(self, site, look, sample, monkeypatch, draw):
        monkeypatch.setattr("acnelib.scraping.crawler.MOST_PAGES", 3)
        tile = '<div class="imageLinkBlock__item__image"><img src="/a/{0}.png"></div><a class="on" href="/p{1}">on</a>'
        for number in range(5):
            site.picture(f"/a/{number}.png", draw(number))
            site.page(f"/p{number}", tile.format(number, number + 1))
        site.replies["/topics/cysts-images?stage=Live"] = site.replies["/p0"]
        collected = look(layout=replace(sample, pictures=replace(sample.pictures, next="a.on")))
        assert reasons(collected) == ["the topic cysts has more than 3 pages"]
        assert len(collected.records) == 6

    def test_the_summary_counts_what_came_and_failures_by_kind(self, site, look):
        look()
        for number in range(2):
            site.answer(f"/assets/comedones-{number}.png", status=404)
        site.page("/assets/cysts-0.png", "<html>Sorry</html>")
        assert look().summary == "2 photos: 0 fetched, 2 unchanged; 3 failures (2 not there, 1 no picture)"


class TestWholeSiteFailures:
    def test_a_site_that_is_down_is_one_clear_line(self, look, watch):
        with pytest.raises(ScrapeFailed, match=r"127\.0\.0\.1:1/.* no answer .*refused.*, 4 times: check"):
            look(address="http://127.0.0.1:1")
        assert watch.slept == [1.0, 2.0, 4.0]

    def test_a_refused_index_says_what_may_help(self, site, look):
        site.answer(INDEX, status=403)
        with pytest.raises(ScrapeFailed, match="HTTP 403 Forbidden: name a contact"):
            look()

    def test_an_index_without_fitting_topics_names_those_it_has(self, site, look, draw):
        site.show_dermnet({"eczema": {"eczema-1": draw(1)}})
        with pytest.raises(ScrapeFailed, match=r"none of its 1 topics \(eczema\) is in the table of the layout sample"):
            look()

    def test_a_site_that_never_fits_its_layout_says_so(self, site, look, atlas):
        for topic in atlas:
            site.page(f"/topics/{topic}-images?stage=Live", "<p>All new</p>")
        with pytest.raises(ScrapeFailed, match=r"gave no picture: 2 failures, the first: .* does not fit the layout"):
            look()

    def test_a_site_that_falls_silent_ends_the_run_and_keeps_what_was_fetched(self, site, look, draw):
        atlas = {"papules": {f"papules-{number:02}": draw(number) for number in range(20)}}
        site.show_dermnet(atlas)
        for number in range(5, 20):
            site.answer(f"/assets/papules-{number:02}.png", status=503)
        with pytest.raises(ScrapeFailed, match="left 10 requests in a row without an answer"):
            look()
        site.show_dermnet(atlas)
        assert look().downloaded == 15

    def test_a_layout_without_an_address_asks_for_one(self, look):
        with pytest.raises(UsageError, match="no fixed address: name one, like sample@http"):
            look(address=None)

    def test_a_site_that_wants_a_contact_is_not_visited_without_one(self, site, look, sample):
        with pytest.raises(UsageError, match="how they can be reached: set ACNE_CONTACT"):
            look(layout=replace(sample, needs_contact=True))
        assert site.requests == []

    @pytest.mark.parametrize("address", ["127.0.0.1:80", "ftp://a", "http://u:p@a", "http://a/b", "http://a:x"])
    def test_an_address_that_is_no_site_is_wrong_usage(self, look, address):
        with pytest.raises(UsageError, match="is no address of a site"):
            look(address=address)


class TestASiteWithoutAnEnd:
    @pytest.mark.parametrize(
        ("limits", "words", "pictures"),
        [
            ({"most_topics": 1}, "topics, more than most_topics = 1", 3),
            ({"most_pages": 1}, "has more pages than most_pages = 1", 3),
            ({"most_pictures": 2}, "has more pictures than most_pictures = 2", 2),
        ],
    )
    def test_is_visited_up_to_its_limits_with_a_line(self, look, sample, limits, words, pictures):
        collected = look(layout=replace(sample, **limits))
        assert any(words in reason for reason in reasons(collected))
        assert len(collected.records) <= pictures

    def test_is_gone_on_with_when_the_limits_are_raised(self, look, sample):
        first = look(layout=replace(sample, most_pages=1))
        second = look()
        assert second.unchanged == first.downloaded
        assert len(second.records) == 5
