"""A site that is looked at again: what is unchanged is not downloaded, and what was withdrawn not asked for."""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate

import pytest
from crawled import PICTURE, reasons

from acnelib.storage.files import sha256_of


def left_out(sha256):
    return f"photo {sha256[:12]} was withdrawn and is left out"


class TestLookingAgain:
    def test_a_second_look_downloads_nothing(self, look):
        first = look()
        second = look()
        assert (second.downloaded, second.unchanged) == (0, 5)
        assert second.records == first.records

    def test_an_added_photo_is_the_only_one_downloaded(self, site, look, atlas, draw):
        look()
        atlas["cysts"]["cysts-new"] = draw(77)
        site.show_dermnet(atlas)
        collected = look()
        assert (collected.downloaded, collected.unchanged, len(collected.records)) == (1, 5, 6)

    def test_a_withdrawn_photo_has_no_record_any_more(self, site, look, atlas):
        look()
        del atlas["comedones"]["comedones-1"]
        site.show_dermnet(atlas)
        assert PICTURE not in [record.path for record in look().records]

    def test_a_photo_whose_consent_was_withdrawn_is_not_asked_for_again(self, site, look, atlas, store):
        look()
        withdrawn = sha256_of(atlas["comedones"]["comedones-1"])
        store.remove(withdrawn)
        site.requests.clear()
        collected = look(images=replace(store, withdrawn=frozenset({withdrawn})))
        assert PICTURE not in [record.path for record in collected.records]
        assert site.asked(PICTURE) == 0
        assert (reasons(collected), collected.downloaded, collected.unchanged) == ([left_out(withdrawn)], 0, 4)

    def test_the_bytes_of_such_a_photo_at_a_new_address_are_thrown_away(self, site, look, atlas, store):
        content = atlas["comedones"].pop("comedones-1")
        atlas["cysts"]["cysts-moved"] = content
        site.show_dermnet(atlas)
        forgetful = replace(store, withdrawn=frozenset({sha256_of(content)}))
        for downloaded in (4, 0):
            collected = look(images=forgetful)
            assert sha256_of(content) not in {record.sha256 for record in collected.records}
            assert (reasons(collected), collected.downloaded) == ([left_out(sha256_of(content))], downloaded)
        assert site.asked("/assets/cysts-moved.png") == 1
        assert not store.path(sha256_of(content)).exists()

    def test_such_a_photo_is_counted_and_its_address_is_not_told(self, look, atlas, store):
        collected = look(images=replace(store, withdrawn=frozenset({sha256_of(atlas["cysts"]["cysts-0"])})))
        assert collected.summary == "4 photos: 4 fetched, 0 unchanged; 1 failure (1 withdrawn)"
        assert "cysts-0" not in str(collected.failures[0])

    def test_a_changed_photo_gets_the_time_of_its_new_bytes(self, site, look, draw, watch):
        look()
        watch.sleep(60)
        site.picture(PICTURE, draw(55))
        collected = look()
        assert collected.records[1].sha256 == sha256_of(draw(55))
        assert collected.records[1].fetched_at == "2023-11-14T22:14:20+00:00"
        assert collected.records[0].fetched_at == "2023-11-14T22:13:20+00:00"
        assert collected.downloaded == 1

    def test_bytes_that_left_the_store_are_downloaded_again(self, look, store):
        store.path(look().records[1].sha256).unlink()
        collected = look()
        assert collected.downloaded == 1
        assert collected.records[1].sha256 in store

    def test_the_same_atlas_at_another_port_is_not_downloaded_again(self, other_site, look, atlas):
        other_site.show_dermnet(atlas)
        look()
        collected = look(address=other_site.url)
        assert collected.downloaded == 0
        assert collected.records[0].url.startswith(other_site.url)

    def test_a_date_alone_is_not_trusted_at_another_address(self, site, other_site, look, atlas):
        site.validates = False
        other_site.show_dermnet(atlas)
        site.replies[PICTURE].headers["Last-Modified"] = formatdate(0, usegmt=True)
        look()
        look(address=other_site.url)
        asked = dict(other_site.requests)[PICTURE]
        assert "If-Modified-Since" not in asked

    def test_a_date_is_asked_with_where_there_is_no_etag(self, site, look):
        site.validates = False
        site.replies[PICTURE].headers["Last-Modified"] = formatdate(0, usegmt=True)
        look()
        look()
        assert dict(site.requests)[PICTURE]["If-Modified-Since"] == formatdate(0, usegmt=True)

    @pytest.mark.parametrize("validates", [True, False])
    def test_an_interrupted_look_goes_on_without_downloading_twice(self, site, look, validates):
        site.validates = validates

        def kill(done, total, what):
            if (done, what) == (3, "pictures"):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            look(progress=kill)
        site.requests.clear()
        collected = look()
        assert (collected.downloaded, collected.unchanged) == (2, 3)
        assert sum(path.startswith("/assets") for path, _ in site.requests) == 2

    def test_a_look_that_was_interrupted_long_ago_is_not_gone_on_with(self, site, look, watch):
        def kill(done, total, what):
            if (done, what) == (3, "pictures"):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            look(progress=kill)
        watch.now += 100_000
        site.requests.clear()
        assert look().unchanged == 3
        assert sum("If-None-Match" in headers for _, headers in site.requests) == 3

    def test_a_site_without_validators_is_looked_at_anew_after_a_finished_run(self, site, look, draw):
        site.validates = False
        look()
        site.picture(PICTURE, draw(55))
        assert look().records[1].sha256 == sha256_of(draw(55))

    def test_a_torn_last_line_costs_one_download(self, look, tmp_path):
        look()
        memory = tmp_path / "work" / "visits.jsonl"
        memory.write_bytes(memory.read_bytes()[:-20])
        assert look().downloaded == 1
        assert look().downloaded == 0
