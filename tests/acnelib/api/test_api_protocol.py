"""HTTP as clients speak it: HEAD, file names in every form, bodies with an encoding."""

from __future__ import annotations

import gzip
import json

import pytest
from api_client import ENDLESS, picture

from acnelib.api.photos.content_disposition import file_name

GET_ROUTES = [
    "/",
    "/docs",
    "/docs/swagger-ui.css",
    "/docs/swagger-ui-bundle.js",
    "/docs/favicon.png",
    "/openapi.json",
    "/v1/health",
    "/v1/model",
    "/v1/runs",
    "/v1/services",
]


def form(*parts):
    """Return a form's body as bytes, and its headers."""
    body = b"".join(b"--b\r\n%s\r\n\r\n%s\r\n" % part for part in parts) + b"--b--\r\n"
    return {"data": body, "headers": {"Content-Type": "multipart/form-data; boundary=b"}}


@pytest.mark.parametrize("path", GET_ROUTES)
def test_head_is_get_without_a_body(api, path):
    got, head = api.get(path), api.ask("HEAD", path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


def test_every_route_of_get_is_known_here(api):
    paths = {path for path, methods in api.get("/openapi.json").json()["paths"].items() if "get" in methods}
    parametrised = {"/v1/runs/{run}", "/v1/runs/{run}/log", "/v1/model/card"}
    assert paths - parametrised <= set(GET_ROUTES)


def test_head_of_a_run_and_of_a_log_that_is_followed_ends_at_once(serve):
    api = serve(script=ENDLESS)
    run = api.post("/v1/runs", json={}).json()["id"]
    for path in (f"/v1/runs/{run}", f"/v1/runs/{run}/log", f"/v1/runs/{run}/log?follow=true"):
        head = api.ask("HEAD", path)
        assert (head.status_code, head.content) == (200, b"")
    assert api.get(f"/v1/runs/{run}").json()["state"] == "running"


def test_head_needs_the_token_and_an_address_as_get_does(api):
    assert api.ask("HEAD", "/v1/model", token=None).status_code == 401
    assert api.ask("HEAD", "/nowhere").status_code == 404
    refused = api.ask("HEAD", "/v1/predictions")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ("filename*=UTF-8''na%C3%AFve%20%E2%82%AC.png", "naïve €.png"),
        ("filename=\"a.png\"; filename*=utf-8'de'%C3%A4.png", "ä.png"),
        ("filename*=ISO-8859-1''%E4.png", "ä.png"),
        ("filename=\"a.png\"; filename*=unknown''b.png", "a.png"),
        ("filename=\"a.png\"; filename*=UTF-8''%FF.png", "a.png"),
        ('filename="a.png"; filename*=nonsense', "a.png"),
        ('filename*0="long "; filename*1="name.png"', "long name.png"),
        ("filename*0*=utf-8''%C3%A4; filename*1=\"100%.png\"", "ä100%.png"),
        ('filename="a%22b.png"', 'a"b.png'),
        ('filename="a\\"b.png"', 'a"b.png'),
        ('filename="=?utf-8?B?w6QucG5n?="', "ä.png"),
        ('filename="=?utf-8?Q?=C3=A4.png?="', "ä.png"),
        ('filename="=?nonsense"', "=?nonsense"),
        ('filename="100%.png"', "100%.png"),
        ("FileName=plain.png", "plain.png"),
        ('filename="a;b.png"', "a;b.png"),
        ('filename=""', ""),
        ("", None),
    ],
)
def test_a_file_name_is_read_as_its_client_wrote_it(parameters, name):
    assert file_name(f'form-data; name="files"; {parameters}'.encode()) == name


def test_a_name_in_utf_8_or_latin_1_is_read():
    for encoding in ("utf-8", "latin-1"):
        assert file_name('form-data; name="files"; filename="ä.png"'.encode(encoding)) == "ä.png"


def test_a_photo_with_an_extended_name_only_is_classified_under_it(api):
    header = b"Content-Disposition: form-data; name=\"files\"; filename*=UTF-8''%2Fhome%2Fme%2Fna%C3%AFve.png"
    response = api.post("/v1/predictions", **form((header, picture("red"))))
    assert [(row["path"], row["label"]) for row in response.json()] == [("naïve.png", "red")]


def test_a_photo_without_any_name_is_classified(api):
    header = b'Content-Disposition: form-data; name="files"\r\nContent-Type: image/png'
    response = api.post("/v1/predictions", **form((header, picture("red"))))
    assert [(row["path"], row["label"]) for row in response.json()] == [("photo", "red")]


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate, gzip"])
@pytest.mark.parametrize(("path", "content"), [("/v1/runs", b"{}"), ("/v1/predictions", b'{"urls": ["x"]}')])
def test_an_encoded_body_is_refused_by_the_name_of_its_encoding(api, path, content, encoding):
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    response = api.post(path, data=gzip.compress(content), headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (415, "unsupported-encoding")
    assert repr(encoding) in response.json()["error"]["message"]
    assert response.headers["Accept-Encoding"] == "identity"


def test_a_body_without_encoding_may_say_so(api):
    headers = {"Content-Type": "application/json", "Content-Encoding": "identity"}
    assert api.post("/v1/runs", data=b"{}", headers=headers).status_code == 202


@pytest.mark.parametrize("header", ["Content-Encoding: gzip", "Content-Transfer-Encoding: base64"])
def test_an_encoded_part_of_a_form_is_refused_by_the_name_of_its_encoding(api, header):
    disposition = f'Content-Disposition: form-data; name="files"; filename="a.png"\r\n{header}'.encode()
    response = api.post("/v1/predictions", **form((disposition, picture("red"))))
    assert response.status_code == 415
    assert header.partition(": ")[2] in response.json()["error"]["message"]


@pytest.mark.parametrize("encoding", ["binary", "8bit"])
def test_a_part_that_is_sent_as_it_is_may_say_so(api, encoding):
    header = f'Content-Disposition: form-data; name="files"; filename="a.png"\r\nContent-Transfer-Encoding: {encoding}'
    assert api.post("/v1/predictions", **form((header.encode(), picture("red")))).json()[0]["label"] == "red"


def test_answers_are_json_in_utf_8(api):
    response = api.predict(("ä€😀.png", picture("red")))
    assert response.headers["Content-Type"] == "application/json"
    assert json.loads(response.content.decode("utf-8"))[0]["path"] == "ä€😀.png"
