from __future__ import annotations

import io

import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from acnelib.config.loopback import is_loopback_url
from acnelib.errors import ScrapeFailed, SettingsInvalid
from acnelib.scraping.addresses import host_of
from acnelib.scraping.polite_client import PoliteClient, user_agent

PAGE = "http://atlas.example/page"


class FarAway(BaseAdapter):
    """Hosts elsewhere, without a network: every answer takes no time and is found by its address."""

    def __init__(self):
        super().__init__()
        self.answers = {}
        self.asked = []

    def send(self, request, **kwargs):
        self.asked.append(request.url)
        answer = self.answers.get(request.url, (404, {}, b""))
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.status_code, headers, content = answer
        response.headers.update(headers)
        response.raw = HTTPResponse(io.BytesIO(content), preload_content=False)
        response.request, response.url = request, request.url
        return response

    def close(self):
        pass


@pytest.fixture
def far_away():
    return FarAway()


@pytest.fixture
def visitor(far_away, watch):
    with requests.Session() as session:
        session.mount("http://", far_away)
        yield PoliteClient(
            session=session,
            hosts=frozenset({"atlas.example", "pictures.example"}),
            delay=3.0,
            user_agent="acnelib/1",
            sleep=watch.sleep,
            clock=watch.clock,
        )


def test_requests_to_one_host_keep_their_distance(visitor, far_away, watch):
    far_away.answers[PAGE] = (200, {}, b"here")
    visitor.get(PAGE, largest=10)
    watch.now += 2
    visitor.get(PAGE, largest=10)
    assert watch.slept == [3.0, 1.0]


def test_a_clock_that_is_set_back_makes_no_long_wait(visitor, far_away, watch):
    far_away.answers[PAGE] = (200, {}, b"here")
    visitor.get(PAGE, largest=10)
    watch.now -= 100_000
    visitor.get(PAGE, largest=10)
    assert watch.slept[-1] == 3.0


def test_another_host_is_not_waited_for_and_has_rules_of_its_own(visitor, far_away, watch):
    far_away.answers["http://pictures.example/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /\n")
    far_away.answers[PAGE] = (302, {"Location": "http://pictures.example/a"}, b"")
    with pytest.raises(ScrapeFailed, match=r"robots\.txt of http://pictures\.example forbids"):
        visitor.get(PAGE, largest=10)
    assert watch.slept == [3.0]


@pytest.mark.parametrize(
    ("robots", "fetched"),
    [
        (b"User-agent: *\nDisallow: /\n", True),
        (b"User-agent: *\nAllow: /\n\nUser-Agent : ACNElib\nDisallow: /\n", False),
        (b"User-agent: acnelibrary\nDisallow: /\n", True),
    ],
)
def test_an_api_is_closed_to_those_only_whom_robots_txt_names(visitor, far_away, robots, fetched):
    far_away.answers["http://atlas.example/robots.txt"] = (200, {}, robots)
    far_away.answers[PAGE] = (200, {}, b"here")
    if fetched:
        assert visitor.get(PAGE, largest=10, is_api=True).content == b"here"
    else:
        with pytest.raises(ScrapeFailed, match=r"robots\.txt of http://atlas\.example forbids"):
            visitor.get(PAGE, largest=10, is_api=True)


def test_where_an_api_leads_is_no_api(visitor, far_away):
    far_away.answers["http://atlas.example/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /\n")
    far_away.answers[PAGE] = (302, {"Location": "/elsewhere"}, b"")
    with pytest.raises(ScrapeFailed, match=r"forbids http://atlas\.example/elsewhere"):
        visitor.get(PAGE, largest=10, is_api=True)


def test_text_is_read_in_the_character_set_that_is_stated(visitor, far_away):
    far_away.answers[PAGE] = (200, {"Content-Type": "text/html; charset=iso-8859-1"}, b"excori\xe9e")
    assert visitor.get(PAGE, largest=10).text == "excoriée"


@pytest.mark.parametrize("charset", ["", "; charset=no-such"])
def test_text_without_a_known_character_set_is_utf_8(visitor, far_away, charset):
    far_away.answers[PAGE] = (200, {"Content-Type": f"text/html{charset}"}, "excoriée".encode())
    assert visitor.get(PAGE, largest=10).text == "excoriée"


def test_unanswered_requests_are_counted_until_the_next_answer(visitor, far_away):
    far_away.answers[PAGE] = requests.ConnectionError("gone")
    for _ in range(2):
        with pytest.raises(ScrapeFailed, match=r"no answer \(gone\), 4 times"):
            visitor.get(PAGE, largest=10)
    assert visitor.unanswered == 2
    with pytest.raises(ScrapeFailed, match="HTTP 404"):
        visitor.get(PAGE + "2", largest=10)
    assert visitor.unanswered == 0


def test_a_contact_that_no_header_can_hold_is_refused():
    with pytest.raises(SettingsInvalid, match="write an address in plain ASCII"):
        user_agent("me@example.org\r\nX-Evil: 1")


def test_without_a_contact_only_the_program_is_named():
    assert user_agent(None).startswith("acnelib/")
    assert "(" not in user_agent(None)


@pytest.mark.parametrize(
    ("url", "host"),
    [("http://a.example:80/x", "a.example"), ("https://A.example/x", "a.example"), ("http://a:8000", "a:8000")],
)
def test_a_schemes_own_port_is_no_other_host(url, host):
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "loopback"),
    [("http://127.0.0.1:1", True), ("http://[::1]/", True), ("http://localhost", True), ("http://a.example", False)],
)
def test_this_machine_is_recognised(url, loopback):
    assert is_loopback_url(url) is loopback
