"""The reference page of the HTTP API, generated from the OpenAPI document that the application serves."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from acnelib.api.application import create_app
from acnelib.api.limits import Limits

_INTRODUCTION = """# HTTP API

Generated from the OpenAPI document of version {version}, which the server delivers under `/openapi.json`; under `/docs`
requests can be tried out. [How to start the server, and examples](../http_api.md).

{description}
"""


def http_reference() -> str:
    """Return the page as Markdown: one section for each operation, then one for each schema."""
    document = openapi_document()
    lines = [_INTRODUCTION.format(**document["info"])]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            lines += _operation(method.upper(), path, operation)
    lines += ["## Schemas", ""]
    for name, schema in sorted(document["components"]["schemas"].items()):
        lines += _schema(name, schema)
    return "\n".join(lines)


def openapi_document() -> dict[str, Any]:
    """Return the document as the application answers it; nothing is started for that."""
    nothing: Any = None  # the document depends on routes and limits alone
    application = create_app(
        settings=nothing, token=nothing, model_service=nothing, runs=nothing, fetcher=nothing, limits=Limits()
    )
    return json.loads(asyncio.run(_body(application, "/openapi.json")))


async def _body(application: Any, path: str) -> bytes:
    received: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        received.append(message.get("body", b""))

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
    }
    await application(scope, receive, send)
    return b"".join(received)


def _operation(method: str, path: str, operation: dict[str, Any]) -> list[str]:
    lines = [f"## {operation['summary']}", "", f"`{method} {path}`", ""]
    lines += [operation["description"], ""]
    if "security" not in operation:
        lines += ["Needs no token.", ""]
    if parameters := operation.get("parameters"):
        lines += ["| Parameter | Type | Meaning |", "|---|---|---|"]
        lines += [
            f"| `{one['name']}` ({one['in']}{', required' if one.get('required') else ''}) "
            f"| {_type(one['schema'])} | {_cell(one.get('description', one['schema'].get('description', '')))} |"
            for one in parameters
        ]
        lines.append("")
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        lines += [f"Body, `{media_type}`: {_type(content['schema'])}", ""]
        lines += _properties(content["schema"])
    lines += ["| Status | Meaning | Body |", "|---|---|---|"]
    for code, answer in operation["responses"].items():
        bodies = [_type(content.get("schema", {})) for content in answer.get("content", {}).values()]
        lines.append(f"| {code} | {_cell(answer['description'])} | {' or '.join(bodies)} |")
    return [*lines, ""]


def _schema(name: str, schema: dict[str, Any]) -> list[str]:
    lines = [f"### {name}", "", schema.get("description", ""), ""]
    if "enum" in schema:
        lines += ["One of " + ", ".join(f"`{value}`" for value in schema["enum"]) + ".", ""]
    return [*lines, *_properties(schema)]


def _properties(schema: dict[str, Any]) -> list[str]:
    if not schema.get("properties"):
        return []
    required = schema.get("required", [])
    rows = [
        f"| `{name}`{' (required)' if name in required else ''} | {_type(one)} | {_cell(one.get('description', ''))} |"
        for name, one in schema["properties"].items()
    ]
    return ["| Field | Type | Meaning |", "|---|---|---|", *rows, ""]


def _type(schema: dict[str, Any]) -> str:
    """Return the type in words, with a link to a schema that has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(_type(choice) for choice in choices)
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}" if schema.get("items") else "list"
    return str(schema.get("type", "anything")).replace("null", "none")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
