"""Photos by URL come from the public internet and from nowhere else."""

from __future__ import annotations

import asyncio
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from api_client import picture
from werkzeug import Response

from acnelib.api.limits import Limits
from acnelib.api.photos.addresses import is_public
from acnelib.api.photos.fetching import NotFetched, PhotoFetcher

CLOSED = [
    *(
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
    ),
    *("100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
    *(
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00::1",
    ),
    *("fec0::1", "ff02::1", "2001:db8::1", "2002:7f00:1::", "2001::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1"),
    *("2001:20::1", "3fff::1", "5f00::1", "nonsense", ""),
]


@pytest.mark.parametrize("address", CLOSED)
def test_what_is_not_public_is_closed(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00::1"]
)
def test_what_is_public_is_open(address):
    assert is_public(address)


def fetch(url, *, answers=None, limits=None, allowed=()):
    async def resolve(host, port):
        return (answers or {}).get(host, ["8.8.8.8"])

    options = {} if answers is None else {"resolve": resolve}
    return asyncio.run(PhotoFetcher(limits or Limits(), allowed=allowed, **options).fetch(url))


@pytest.fixture
def site(httpserver_ipv4):
    """A site on this machine, which is asked only because it is allowed."""
    httpserver_ipv4.expect_request("/a.png").respond_with_data(picture("red"), content_type="image/png")
    return httpserver_ipv4


@pytest.fixture
def here(site):
    return f"127.0.0.1:{site.port}"


@pytest.mark.parametrize("stated", ["application/octet-stream", "binary/octet-stream", None])
def test_a_photo_is_fetched_whatever_type_is_stated(site, here, stated):
    answer = Response(picture("red"), content_type=stated)
    if stated is None:
        answer.headers.remove("Content-Type")
    site.expect_request("/unstated").respond_with_response(answer)
    assert fetch(f"http://{here}/unstated", allowed=[here]) == picture("red")


def test_a_photo_is_fetched_from_a_host_that_is_allowed(api, serve, site, here):
    row = serve(allowed=[here]).predict(urls=(f"http://{here}/a.png",)).json()[0]
    assert (row["path"], row["label"], row["error"]) == (f"http://{here}/a.png", "red", None)


def test_files_and_urls_go_together_in_their_order(serve, site, here):
    api = serve(allowed=["127.0.0.1"])
    rows = api.predict(("b.png", picture("blue")), urls=(f"http://{here}/a.png", f"http://{here}/none.png")).json()
    assert [row["label"] for row in rows] == ["blue", "red", None]
    assert "HTTP 500" in rows[2]["error"] or "HTTP 404" in rows[2]["error"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0/",
    ],
)
def test_this_machine_by_any_other_name_is_refused(url):
    with pytest.raises(NotFetched, match="not on the public internet"):
        fetch(url)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "fd00::1"])
def test_a_public_name_with_a_private_address_is_refused(address):
    with pytest.raises(NotFetched, match="not on the public internet"):
        fetch("https://photos.example/a.png", answers={"photos.example": [address]})


def test_one_private_address_among_public_ones_is_enough():
    with pytest.raises(NotFetched, match="not on the public internet"):
        fetch("https://photos.example/a.png", answers={"photos.example": ["8.8.8.8", "10.0.0.1"]})


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/x", "http://localhost/x", "//[::1]/x", "http://10.0.0.1/"])
def test_a_redirect_to_this_machine_is_refused(site, here, target):
    site.expect_request("/away").respond_with_response(Response(status=302, headers={"Location": target}))
    with pytest.raises(NotFetched, match=r"not on the public internet|names port"):
        fetch(f"http://{here}/away", allowed=[here])


def test_a_redirect_within_an_allowed_host_is_followed(site, here):
    site.expect_request("/away").respond_with_response(Response(status=301, headers={"Location": "/a.png"}))
    assert fetch(f"http://{here}/away", allowed=[here]) == picture("red")


def test_a_redirect_without_end_is_given_up(site, here):
    site.expect_request("/round").respond_with_response(Response(status=302, headers={"Location": "/round"}))
    with pytest.raises(NotFetched, match="more than 3 redirects"):
        fetch(f"http://{here}/round", allowed=[here])
    assert len(site.log) == 4


def test_the_connection_goes_to_the_address_that_was_looked_at_and_names_the_host(site):
    asked = []

    async def changing(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    fetcher = PhotoFetcher(Limits(), allowed=["photos.example"], resolve=changing)
    assert asyncio.run(fetcher.fetch(f"http://photos.example:{site.port}/a.png")) == picture("red")
    assert asked == ["photos.example"]
    assert site.log[0][0].headers["Host"] == f"photos.example:{site.port}"


def test_neither_proxy_nor_cookie_nor_credential_goes_along(site, here, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    fetch(f"http://{here}/a.png", allowed=[here])
    assert set(site.log[0][0].headers.keys()) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a",
        "file:///etc/passwd",
        "gopher://example.org/",
        "/etc/passwd",
        "",
        "https://",
        "https://user:password@example.org/a",
        "https://user@example.org/",
        "https://example.org:99999/",
        "https://example.org/a b",
        "https://example.org\\@127.0.0.1/",
        "https://example.org/\r\nHost: x",
        "https://[::1/",
        f"https://{'a' * 70}.example/",
    ],
)
def test_what_is_no_address_of_a_photo_is_not_even_looked_up(url):
    async def never(host, port):
        raise AssertionError(f"{host} was looked up")

    with pytest.raises(NotFetched):
        asyncio.run(PhotoFetcher(Limits(), resolve=never).fetch(url))


@pytest.mark.parametrize("port", [22, 25, 8080, 6379])
def test_other_ports_than_those_of_sites_are_refused(port):
    with pytest.raises(NotFetched, match="ports 80 and 443"):
        fetch(f"http://photos.example:{port}/", answers={})


@pytest.mark.parametrize("chunked", [False, True])
def test_a_photo_that_is_too_large_is_given_up(site, here, chunked):
    def answer(_):
        pieces = [bytes(300)] * 10
        return Response(iter(pieces) if chunked else b"".join(pieces))

    site.expect_request("/large").respond_with_handler(answer)
    with pytest.raises(NotFetched, match=r"more than 1\.0 kB"):
        fetch(f"http://{here}/large", allowed=[here], limits=Limits(image_bytes=1000))


def test_a_site_that_dawdles_is_given_up(site, here):
    go_on = threading.Event()

    def dawdle(_):
        go_on.wait(10)
        return Response(b"")

    site.expect_request("/slow").respond_with_handler(dawdle)
    with pytest.raises(NotFetched, match=r"longer than 0\.2 s"):
        fetch(f"http://{here}/slow", allowed=[here], limits=Limits(fetch_seconds=0.2))
    go_on.set()


def test_a_name_that_nobody_knows_is_a_row_with_an_error(serve):
    async def unknown(host, port):
        raise OSError("no such host: internal-name")

    api = serve(fetcher=PhotoFetcher(Limits(), resolve=unknown))
    row = api.predict(urls=("https://nobody.example/a.png",)).json()[0]
    assert row["error"] == "https://nobody.example/a.png cannot be reached: check the address, or upload the photo"


def test_a_certificate_of_another_host_is_refused(site):
    async def here(host, port):
        return ["127.0.0.1"]

    fetcher = PhotoFetcher(
        Limits(), allowed=["photos.example"], resolve=here, tls=ssl.create_default_context(cadata=None)
    )
    with pytest.raises(NotFetched, match="cannot be reached"):
        asyncio.run(fetcher.fetch(f"https://photos.example:{site.port}/a.png"))


def test_json_names_urls_too(serve, site, here):
    api = serve(allowed=[here])
    with ThreadPoolExecutor(8) as clients:
        answers = clients.map(
            lambda _: api.post("/v1/predictions", json={"urls": [f"http://{here}/a.png"]}).json()[0]["label"], range(16)
        )
        assert set(answers) == {"red"}
