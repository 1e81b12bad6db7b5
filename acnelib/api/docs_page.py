"""The page at /docs: the OpenAPI document as people read it, in one file that asks no other host for anything."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 .5rem; }
section { border-top: 1px solid GrayText; padding: .75rem 0; }
code, pre { font: 14px/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid GrayText; border-radius: 4px; }
table { border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0; }
h3 { margin: 0; font-size: 1rem; }
"""

POLICY = (
    "default-src 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)
"""What a browser may load for the page: its own style."""


def docs_page(document: dict[str, Any]) -> str:
    """Return the page.

    Args:
        document: The OpenAPI document.
    """
    info = document["info"]
    title = html.escape(info["title"])
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n"
        f"<p>{html.escape(info['description'])}</p>\n"
        '<p>For programs: <a href="/openapi.json">openapi.json</a>, version '
        f"{html.escape(info['version'])}.</p>\n{''.join(_operations(document))}</body>\n</html>\n"
    )


def _operations(document: dict[str, Any]) -> Iterator[str]:
    group = None
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["tags"][0] != group:
                group = operation["tags"][0]
                yield f"<h2>{html.escape(group)}</h2>\n"
            yield _operation(method, path, operation, document)


def _operation(method: str, path: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    parts = [
        f"<h3><code>{method.upper()} {html.escape(path)}</code> – {html.escape(operation['summary'])}</h3>",
        *(f"<p>{html.escape(text)}</p>" for text in operation["description"].split("\n\n")),
    ]
    if rows := "".join(_parameters(operation, document)):
        parts.append(f"<table>{rows}</table>")
    parts.append(f"<pre>{html.escape(_example(method, path, operation))}</pre>")
    answers = " ".join(f"{code}: {told['description']}" for code, told in sorted(operation["responses"].items()))
    parts.append(f"<p><small>{html.escape(answers)}</small></p>")
    return f"<section>{''.join(parts)}</section>\n"


def _parameters(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        yield _row(parameter["name"], parameter.get("description", ""))
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        if reference := schema.get("$ref"):
            schema = document["components"]["schemas"][reference.rpartition("/")[2]]
        for name, value in schema.get("properties", {}).items():
            yield _row(name, value.get("description", ""))


def _row(name: str, meaning: str) -> str:
    return f"<tr><td><code>{html.escape(name)}</code></td><td>{html.escape(meaning)}</td></tr>"


def _example(method: str, path: str, operation: dict[str, Any]) -> str:
    command = "curl" if not operation.get("security") else 'curl -H "Authorization: Bearer $TOKEN"'
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        command += " -F files=@cheek.jpg -F files=@chin.heic"
    elif "application/json" in content:
        command += f" --json '{json.dumps({'source': 'sample'})}'"
    elif method != "get":
        command += f" -X {method.upper()}"
    return f"{command} http://127.0.0.1:8100{path}"
