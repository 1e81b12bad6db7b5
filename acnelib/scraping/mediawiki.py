"""Categories of a MediaWiki, through its API → the files in them that are photos; no network."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from parsel import Selector

from acnelib.errors import ScrapeFailed
from acnelib.scraping.collected import Failure, FailureKind
from acnelib.scraping.pages import PictureLink, Topic, TopicPage, background_topic

if TYPE_CHECKING:
    from acnelib.scraping.layout import Layout

log = logging.getLogger(__name__)

PHOTO_TYPES = frozenset({"image/heic", "image/jpeg", "image/png", "image/tiff", "image/webp"})
"""Media types of files that may be photos; drawings (SVG), animations, books and films are left out."""
UNKNOWN_TYPES = frozenset({"", "application/octet-stream", "unknown/unknown"})
"""Media types that leave the format open: the fetched bytes decide."""

_QUERY = {
    "action": "query",
    "generator": "categorymembers",
    "gcmtype": "file",
    "gcmlimit": "50",
    "prop": "imageinfo",
    "iiprop": "url|extmetadata|mime|size",
    "format": "json",
}
_TEXT = "//text()[not(ancestor::style or ancestor::script)]"


def topics_of_table(layout: Layout, *, base: str) -> tuple[Topic, ...]:
    """Return the categories of the layout's tables, those of background last, each with its first API request."""
    api = urljoin(base, layout.index.path)

    def request(category: str) -> str:
        return f"{api}?{urlencode(_QUERY | {'gcmtitle': f'Category:{category}'})}"

    classes = (Topic(topic=name, label=label, url=request(name), name=name) for name, label in layout.topics if label)
    entries = (layout.as_background(entry, entry.topic) for entry in layout.background)
    background = (background_topic(entry, url=request(entry.topic), name=entry.topic) for entry in entries)
    return (*classes, *background)


def read_category(layout: Layout, text: str, *, url: str) -> TopicPage:
    """Return one page of a category from an API response; its ``next_url`` requests the next page.

    A file without a licence is a failure, because its use is not allowed.

    Args:
        layout: How the site is laid out.
        text: The answer, JSON.
        url: The question.

    Raises:
        ScrapeFailed: The API refuses, answers in another form, or knows no file of this category.
    """
    answer = _answer(layout, text, url=url)
    query = dict(parse_qsl(urlsplit(url).query))
    files = _files(answer)
    if not files and "continue" not in query.keys() | answer.keys():
        raise ScrapeFailed(
            f"{url}: {query.get('gcmtitle', 'the category')} does not exist or holds no file: check its name",
            kind=FailureKind.MISSING,
        )
    found = [_picture(layout, file) for file in files if _is_photo(file)]
    following = answer.get("continue")
    return TopicPage(
        title=query.get("gcmtitle"),
        pictures=tuple(item for item in found if isinstance(item, PictureLink)),
        next_url=f"{url.partition('?')[0]}?{urlencode(query | following)}" if isinstance(following, dict) else None,
        failures=tuple(item for item in found if isinstance(item, Failure)),
    )


def _answer(layout: Layout, text: str, *, url: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ScrapeFailed(
            f"{url} does not fit the layout {layout.name}: the API should answer in a JSON object, found {text[:40]!r}",
            kind=FailureKind.NO_FIT,
        )
    if isinstance(error := answer.get("error"), dict):
        raise ScrapeFailed(
            f"{url}: the API refuses: {error.get('info') or error.get('code')}", kind=FailureKind.REFUSED
        )
    return answer


def _files(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the files of an answer, which the API's first form keeps by number and its second in a list."""
    query = answer.get("query")
    pages = query.get("pages", []) if isinstance(query, dict) else []
    return [page for page in (pages.values() if isinstance(pages, dict) else pages) if isinstance(page, dict)]


def _is_photo(file: dict[str, Any]) -> bool:
    # The details of a file may come with a later response, unless the file is gone.
    info = _info(file)
    if not info:
        return "missing" in file or file.get("imagerepository") == ""
    if info.get("mime") in PHOTO_TYPES or (info.get("mime") or "") in UNKNOWN_TYPES:
        return True
    log.info("%s is %s, no photo: left out", file.get("title"), info.get("mime"))
    return False


def _picture(layout: Layout, file: dict[str, Any]) -> PictureLink | Failure:
    info, title = _info(file), str(file.get("title"))
    address, page = info.get("url"), str(info.get("descriptionurl") or title)
    if not isinstance(address, str):
        return Failure(page, "the file is gone or hidden", FailureKind.MISSING)
    if isinstance(size := info.get("size"), int) and size > layout.largest:
        reason = f"has {size} bytes, more than the {layout.largest} that are accepted"
        return Failure(page, reason, FailureKind.TOO_LARGE)
    stated = info.get("extmetadata")
    metadata = stated if isinstance(stated, dict) else {}
    licence, terms = _metadata_text(metadata, "LicenseShortName"), _metadata_text(metadata, "LicenseUrl")
    if licence is None:
        return Failure(page, "states no licence, so it cannot be used", FailureKind.UNLICENSED)
    artist = _metadata_text(metadata, "Artist")
    described = (_metadata_text(metadata, "ImageDescription"), f"Credit: {artist}" if artist else None)
    return PictureLink(
        url=layout.original_of(address),
        caption=" | ".join(part for part in described if part) or None,
        page=page,
        title=title,
        licence=f"{licence} ({terms})" if terms else licence,
    )


def _info(file: dict[str, Any]) -> dict[str, Any]:
    """Return the details of a file's newest version."""
    versions = file.get("imageinfo")
    first = versions[0] if isinstance(versions, list) and versions else None
    return first if isinstance(first, dict) else {}


def _metadata_text(metadata: dict[str, Any], key: str) -> str | None:
    """Return one of the metadata without its HTML."""
    entry = metadata.get(key)
    value = entry.get("value") if isinstance(entry, dict) else None
    if not isinstance(value, str) or not value.strip():
        return None
    return " ".join("".join(Selector(text=value, type="html").xpath(_TEXT).getall()).split()) or None
