"""The OpenAPI document, the page made of it, and requests made up from it."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from api_client import TOKEN, picture

HTTP_METHODS = {"get", "post"}


def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.fixture
def document(api):
    return api.get("/openapi.json", token=None).json()


def test_every_operation_says_what_it_does_and_how_it_fails(document):
    for path, method, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert method in HTTP_METHODS
        if path == "/v1/health":
            continue
        schema = operation["responses"]["422"]["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ErrorAnswer"}
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_operation_but_health_asks_for_the_token(document):
    free = [path for path, _, operation in operations(document) if not operation.get("security")]
    assert free == ["/v1/health"]


def test_the_page_loads_its_script_and_style_from_this_server_alone(api):
    response = api.get("/docs", token=None)
    loaded = re.findall(r'(?:src|href)="([^"]*)"', response.text)
    assert sorted(loaded) == ["/docs/favicon.png", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css"]
    for path in loaded:
        assert api.get(path, token=None).status_code == 200
    assert "http" not in "".join(loaded)


def test_the_page_allows_its_own_inline_script_and_no_other(api):
    response = api.get("/docs", token=None)
    policy = response.headers["Content-Security-Policy"]
    (inline,) = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    hashed = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{hashed}'" in policy
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1]


def test_the_document_that_the_page_shows_is_on_the_same_port(api):
    assert "url: '/openapi.json'" in api.get("/docs", token=None).text
    assert "servers" not in api.get("/openapi.json", token=None).json()


def test_the_row_of_a_photo_is_described_with_every_word_of_its_quality(api, document):
    row, schemas = api.predict(("a.png", picture("red"))).json()[0], document["components"]["schemas"]
    assert list(schemas["PredictionRow"]["properties"]) == list(row)
    assert schemas["Quality"]["enum"] == ["small", "dark", "bright", "blurred"]


def test_the_examples_of_the_document_are_answered(api, document):
    body = document["paths"]["/v1/predictions"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert json.dumps(body)
    example = document["components"]["schemas"]["RunRequest"]["example"]
    assert api.post("/v1/runs", json=example).status_code == 202


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_requests_made_up_from_the_document_never_fail_in_the_server(api):
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings

    schema = schemathesis.openapi.from_url(f"{api.url}/openapi.json")
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.startswith("/v1/services/"):
            continue  # it would start and stop real servers

        @settings(
            max_examples=25,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def never_fails(case):
            response = case.call(base_url=api.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=20)
            assert response.status_code < 500, (case.as_curl_command(), response.text)
            if response.status_code >= 400:
                assert set(json.loads(response.content)["error"]) == {"code", "message", "details"}

        never_fails()
