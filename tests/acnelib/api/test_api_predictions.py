"""Classifying photos over HTTP."""

from __future__ import annotations

import json
import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
from api_client import PATIENCE, TOKEN, eventually, picture

from acnelib import bundle as bundles
from acnelib.api.limits import Limits


def test_the_answer_is_that_of_predict(api, run_acne, tiny_bundle, paint):
    path = paint("a.png", "red")
    reported = json.loads(run_acne("predict", path, "--model", tiny_bundle, "--format", "json").out)[0]
    rows = api.predict(("a.png", path.read_bytes())).json()
    assert rows == [reported | {"path": "a.png"}]


def test_many_photos_are_rows_in_their_order(api):
    colours = ["red", "blue", "green", "blue"]
    rows = api.predict(*((f"{colour}.png", picture(colour)) for colour in colours)).json()
    assert [row["label"] for row in rows] == colours


def test_a_small_photo_is_said_to_be_small_and_is_never_confident(api):
    (row,) = api.predict(("a.png", picture("red"))).json()
    assert (row["label"], row["verdict"], row["quality"]) == ("red", "uncertain", ["small"])


def test_a_file_without_a_picture_is_a_row_with_an_error(api):
    response = api.predict(("a.png", picture("red")), ("letter.txt", b"Dear"), ("nothing.png", b""))
    assert response.status_code == 200
    good, letter, nothing = response.json()
    assert good["error"] is None
    assert letter["error"].startswith("letter.txt cannot be decoded")
    assert nothing["error"].startswith("nothing.png is empty")
    assert (letter["label"], letter["scores"], letter["sha256"]) == (None, {}, None)


def test_a_photo_of_which_pixels_are_missing_is_a_row_with_an_error(api):
    whole = picture("red")
    rows = api.predict(("a.png", whole[: len(whole) * 2 // 3]), ("b.png", whole)).json()
    assert rows[0]["error"].startswith("a.png cannot be decoded: it is truncated")
    assert rows[1]["label"] == "red"


@pytest.mark.parametrize("name", ["/home/me/cheek.png", "C:\\Users\\me\\cheek.png", "../cheek.png"])
def test_of_a_files_name_the_folders_are_dropped(api, name):
    assert api.predict((name, picture("red"))).json()[0]["path"] == "cheek.png"


@pytest.mark.parametrize(
    ("limits", "status", "code"),
    [
        ({"images": 1}, 422, "too-many-photos"),
        ({"image_bytes": 40}, 413, "too-large"),
        ({"body_bytes": 200}, 413, "too-large"),
    ],
)
def test_too_much_is_refused(serve, limits, status, code):
    response = serve(limits=Limits(**limits)).predict(("a.png", picture("red")), ("b.png", picture("red")))
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_a_body_that_does_not_say_its_length_is_counted(serve):
    api = serve(limits=Limits(body_bytes=1000))
    kind = {"Content-Type": "application/json"}
    assert api.post("/v1/predictions", data=iter([b" " * 600] * 2), headers=kind).status_code == 413


def test_a_photo_with_too_many_pixels_is_a_row_with_an_error(serve):
    row = serve(limits=Limits(pixels=100)).predict(("a.png", picture("red"))).json()[0]
    assert row["error"] == "a.png has more than 100 pixels: scale it down"


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"urls": []}', b'{"urls": [1]}', b'{"urls": ["x"], "more": 1}', b'{"urls": ["\\ud800"]}'],
)
def test_json_that_names_no_photos_is_refused(api, body):
    response = api.post("/v1/predictions", data=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["error"]["code"]) == (422, "invalid-request")


@pytest.mark.parametrize("charset", ["hex", "idna", "utf-7", "nonsense", "utf-16"])
def test_a_form_in_an_odd_character_set_is_no_failure_of_the_server(api, charset):
    body = b'--b\r\nContent-Disposition: form-data; name="urls"\r\n\r\n+2AA-\xff\r\n--b--\r\n'
    kind = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
    assert api.post("/v1/predictions", data=body, headers=kind).status_code in {200, 422}


def test_a_broken_form_is_refused(api):
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    assert api.post("/v1/predictions", data=b"--b\r\nnonsense", headers=kind).status_code == 422


@contextmanager
def half_a_request(api):
    head = f"POST /v1/predictions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 99\r\n"
    with socket.create_connection(("127.0.0.1", int(api.url.rpartition(":")[2])), timeout=PATIENCE) as connection:
        connection.sendall(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
        yield connection


def test_a_request_that_does_not_arrive_is_given_up(serve):
    with half_a_request(serve(limits=Limits(body_seconds=0.2))) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_a_request_that_breaks_off_is_nobodys_failure(api, caplog):
    with half_a_request(api):
        pass
    assert api.predict(("a.png", picture("red"))).status_code == 200
    assert not caplog.records


def test_photos_never_touch_the_disk(api, monkeypatch):
    def refuse(_):
        raise AssertionError("a photo was written to a temporary file")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse)
    large = picture("red") + bytes(3_000_000)
    assert api.predict(("a.png", large)).json()[0]["label"] == "red"


def test_without_a_model_it_is_said_what_is_missing(serve):
    api = serve("production")
    response = api.predict(("a.png", picture("red")))
    assert (response.status_code, response.json()["error"]["code"]) == (503, "no-model")
    assert "no tracking server" in response.json()["error"]["message"]
    assert api.get("/v1/health", token=None).json()["status"] == "unavailable"


def test_room_is_given_back_so_that_those_who_wait_get_it(serve):
    api = serve(limits=Limits(held_bytes=1000))
    with ThreadPoolExecutor(8) as clients:
        answers = clients.map(lambda _: api.predict(("a.png", picture("red") + bytes(600))), range(16))
        assert {answer.status_code for answer in answers} == {200}


def test_two_hundred_at_once_are_answered_by_one_version_each_while_production_changes(
    serve, registry, tiny_bundle, own_bundle, settings
):
    (own_bundle / bundles.SUMS).unlink()
    (own_bundle / bundles.CARD).write_text("Another.")
    bundles.seal(own_bundle)
    registry.register(tiny_bundle, alias="production")
    api = serve("production", settings=replace(settings, tracking_uri=registry.url))
    photos = [(f"{number}.png", picture("blue")) for number in range(3)]
    with ThreadPoolExecutor(200) as clients:
        asked = [clients.submit(api.predict, *photos) for _ in range(100)]
        registry.register(own_bundle, alias="production")
        asked += [clients.submit(api.predict, *photos) for _ in range(100)]
        answers = [one.result() for one in asked]
    assert {answer.status_code for answer in answers} == {200}
    reported = [{row["model"]["version"] for row in answer.json()} for answer in answers]
    assert all(len(versions) == 1 for versions in reported)
    eventually(lambda: api.predict(*photos).json()[0]["model"]["version"] == "2")


def test_a_bundle_that_cannot_be_had_changes_nothing(serve, registry, tiny_bundle, settings):
    registry.register(tiny_bundle, alias="production")
    api = serve("production", settings=replace(settings, tracking_uri=registry.url))
    registry.register(tiny_bundle, alias="production", tag="0" * 64)
    eventually(lambda: api.get("/v1/health").json()["status"] == "degraded")
    assert api.predict(("a.png", picture("red"))).json()[0]["model"]["version"] == "1"
    assert "another bundle" in api.get("/v1/model").json()["trouble"]


def test_without_the_registry_it_goes_on_and_says_so(serve, registry, tiny_bundle, settings):
    registry.register(tiny_bundle, alias="production")
    api = serve("production", settings=replace(settings, tracking_uri=registry.url))
    assert api.get("/v1/health").json()["status"] == "ok"
    registry.go_down()
    eventually(lambda: api.get("/v1/health").json()["status"] == "degraded")
    health = api.get("/v1/health").json()
    assert health["registry"]["answers"] is False
    assert registry.url not in json.dumps(health)
    assert api.predict(("a.png", picture("red"))).json()[0]["model"]["version"] == "1"
