"""The page ``/docs``: FastAPI's Swagger UI, with its script and style served locally."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import fastapi_offline
from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse

_STATIC = Path(fastapi_offline.__file__).parent / "static"
_FILES = {
    "/docs/swagger-ui.css": "text/css",
    "/docs/swagger-ui-bundle.js": "text/javascript",
    "/docs/favicon.png": "image/png",
}
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

PUBLIC_PATHS = frozenset({"/", "/docs", *_FILES})


def swagger_ui_routes(*, title: str, openapi_url: str) -> APIRouter:
    """Return the routes of the page and of the files that it loads.

    Args:
        title: Title of the page.
        openapi_url: Path of the OpenAPI document.
    """
    page = get_swagger_ui_html(
        openapi_url=openapi_url,
        title=title,
        oauth2_redirect_url=None,
        swagger_css_url="/docs/swagger-ui.css",
        swagger_js_url="/docs/swagger-ui-bundle.js",
        swagger_favicon_url="/docs/favicon.png",
        swagger_ui_parameters={"tryItOutEnabled": True, "displayRequestDuration": True, "validatorUrl": None},
    )
    html = bytes(page.body).decode()
    headers = {"Content-Security-Policy": _policy(html)}
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    @router.get("/docs")
    def docs() -> HTMLResponse:
        """Return the page."""
        return HTMLResponse(html, headers=headers)

    for path, media_type in _FILES.items():

        @router.get(path)
        def file(path: str = path, media_type: str = media_type) -> FileResponse:
            """Return a file that the page loads."""
            return FileResponse(_STATIC / Path(path).name, media_type=media_type)

    return router


def _policy(html: str) -> str:
    """Return the content security policy of the page: scripts from here, and its own inline one by its hash."""
    inline = _INLINE_SCRIPT.findall(html)
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline)
    scripts = " ".join(f"'sha256-{value}'" for value in hashes)
    return (
        "default-src 'none'; connect-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; "
        f"style-src 'self' 'unsafe-inline'; script-src 'self' {scripts}"  # Swagger UI sets style attributes
    )
