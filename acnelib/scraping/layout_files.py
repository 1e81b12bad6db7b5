"""Layouts as TOML files: those beside this module, and a user's own."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import MISSING, fields, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

import parsel

from acnelib.errors import DataUnusable, SettingsInvalid, SourceUnknown
from acnelib.labels import normalised_label
from acnelib.scraping.layout import OWN_NAME, BackgroundTopic, Index, IndexKind, Layout, PictureRules, Rewriting
from acnelib.storage.trust import check_trusted
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

T = TypeVar("T")

RESERVED = frozenset({"images", "results", "embeddings"})
"""Names that a layout of a user's cannot have: folders of the working folder are called so."""


_CHANGEABLE = frozenset({"topics", "background", "background_limit", "minimum", "ignored_parameters"})


def layout_names(own: Path | None = None) -> tuple[str, ...]:
    """Return the names of the layouts that come with this program, and of those in a folder of the user's."""
    shipped = {entry.name.removesuffix(".toml") for entry in _folder().iterdir() if _is_layout(entry.name)}
    mine = {path.stem for path in own.glob("*.toml") if _is_layout(path.name)} if own else set()
    return tuple(sorted(shipped | mine - RESERVED))


def find_layout(name: str, *, own: Path) -> Layout:
    """Return a layout by its name, the user's files considered.

    Args:
        name: One of :func:`layout_names`.
        own: Folder of the user's: a file in it that is named like a layout of this program replaces that one's
            topics, background, minimum and ignored parameters; any other describes a separate site.

    Raises:
        SourceUnknown: There is no such layout.
        SettingsInvalid: A file of the user's cannot be understood, or another user may have written it.
    """
    mine = own / f"{name}.toml"
    check_trusted(mine)
    if name in layout_names() or not mine.is_file():
        return load_layout(name, topics=mine if mine.is_file() else None)
    return read_layout(mine)


def load_layout(name: str, *, topics: Path | None = None) -> Layout:
    """Return a layout that comes with this program.

    Args:
        name: One of :func:`layout_names`.
        topics: TOML file of the user's whose tables ``[topics]`` and ``[background]``, ``background_limit``,
            ``minimum`` and ``ignored_parameters``, those that it has, count instead of the layout's own.

    Raises:
        SourceUnknown: There is no such layout.
        SettingsInvalid: The file of topics cannot be understood.
    """
    if name not in layout_names():
        near = difflib.get_close_matches(name, layout_names(), n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise SourceUnknown(f"no layout is named {name!r}{hint}: there are {', '.join(layout_names())}")
    layout = _layout(_folder() / f"{name}.toml", name=name)
    return layout if topics is None else _overridden(layout, topics)


def read_layout(path: Path) -> Layout:
    """Return the layout that a TOML file of the user's describes; its name is the file's.

    Raises:
        SettingsInvalid: The file cannot be read, or a key in it is missing, unknown or wrong.
    """
    return _layout(path, name=path.stem)


def _folder() -> Traversable:
    return files("acnelib.scraping") / "layouts"


def _is_layout(name: str) -> bool:
    return re.fullmatch(r"[a-z0-9][a-z0-9_-]*\.toml", name) is not None


def _overridden(layout: Layout, path: Path) -> Layout:
    where, table = str(path), _table(path)
    if others := sorted(set(table) - _CHANGEABLE):
        raise SettingsInvalid(
            f"{where}: {others[0]!r} of the layout {layout.name} cannot be changed, only [topics], [background], "
            "background_limit, minimum and ignored_parameters can: describe the whole site in a file of another name"
        )
    if not table:
        raise SettingsInvalid(f"{where} changes nothing: give it a table [topics] or a minimum, or delete it")
    _check_types(Layout, table, where=where)
    changed: dict[str, Any] = {name: table[name] for name in ("minimum", "background_limit") if name in table}
    if "topics" in table:
        changed["topics"] = _topics(table, where=where)
    if "background" in table:
        changed["background"] = _background(table, where=where)
    if "ignored_parameters" in table:
        changed["ignored_parameters"] = _names(table, "ignored_parameters", like="token", where=where)
    layout = replace(layout, **changed)
    _check(layout, where=where)
    return layout


def _table(path: Traversable | Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsInvalid(f"{path} cannot be read as TOML ({plain_reason(error)}): mend it") from error


def _layout(path: Traversable | Path, *, name: str) -> Layout:
    where, table = str(path), _table(path)
    originals = table.get("originals", [])
    if not isinstance(originals, list):
        raise SettingsInvalid(f"{where}: originals = {originals!r}: write each step as a table [[originals]]")
    parts = {
        "name": name,
        "index": _built(Index, table.get("index", {}), where=f"{where} [index]"),
        "pictures": _built(PictureRules, table.get("pictures", {}), where=f"{where} [pictures]"),
        "originals": tuple(_built(Rewriting, step, where=f"{where} [[originals]]") for step in originals),
        "topics": _topics(table, where=where),
        "background": _background(table, where=where),
        "hosts": _names(table, "hosts", like="www.example.org", where=where),
        "ignored_parameters": _names(table, "ignored_parameters", like="token", where=where),
    }
    layout = _built(Layout, {**table, **parts}, where=where)
    _check(layout, where=where)
    return layout


def _names(table: dict[str, Any], key: str, *, like: str, where: str) -> tuple[str, ...]:
    names = table.get(key, [])
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise SettingsInvalid(f'{where}: {key} = {names!r}: write a list like ["{like}"]')
    return tuple(names)


def _topics(table: dict[str, Any], *, where: str) -> tuple[tuple[str, str], ...]:
    topics = table.get("topics")
    if not isinstance(topics, dict) or not topics:
        raise SettingsInvalid(f'{where}: there is no table [topics]: add one with lines like "rosacea" = "rosacea"')
    for topic, label in topics.items():
        if not isinstance(label, str) or (label and normalised_label(label) != label):
            raise SettingsInvalid(
                f"{where} [topics]: {topic!r} becomes {label!r}, which is no class label: "
                "write lower-case words joined by hyphens"
            )
    return tuple(topics.items())


def _background(table: dict[str, Any], *, where: str) -> tuple[BackgroundTopic, ...]:
    """Return the background topics: each has a label, or a table with a label and a limit."""
    where, topics = f"{where} [background]", table.get("background", {})
    if not isinstance(topics, dict):
        raise SettingsInvalid(f'{where}: {topics!r} is no table: write lines like "psoriasis" = "psoriasis"')
    entries = []
    for topic, value in topics.items():
        named = {"topic": topic, **(value if isinstance(value, dict) else {"label": value})}
        entry = _built(BackgroundTopic, named, where=f"{where} {topic!r}")
        if entry.label != OWN_NAME and not _is_normalised(entry.label):
            raise SettingsInvalid(
                f"{where}: {topic!r} becomes {entry.label!r}, which is no label: write lower-case words joined by "
                'hyphens, or "*" for the name of the topic'
            )
        entries.append(entry)
    return tuple(entries)


def _is_normalised(label: str) -> bool:
    try:
        return normalised_label(label) == label
    except DataUnusable:
        return False


def _built(kind: type[T], table: Any, *, where: str) -> T:
    """Return a dataclass filled from a table of the same names."""
    if not isinstance(table, dict):
        raise SettingsInvalid(f"{where}: {table!r} is no table: write one")
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(table) - set(known)):
        raise SettingsInvalid(f"{where}: {unknown[0]!r} is no key of a layout: there are {', '.join(known)}")
    needed = [name for name, field in known.items() if field.default is MISSING and field.default_factory is MISSING]
    if missing := [name for name in needed if name not in table]:
        raise SettingsInvalid(f"{where}: {missing[0]!r} is missing: add it")
    _check_types(kind, table, where=where)
    return kind(**table)


def _check_types(kind: type, table: dict[str, Any], *, where: str) -> None:
    simple = {"float": (int, float), "int": (int,), "bool": (bool,)}
    kinds = {field.name: str(field.type) for field in fields(kind)}
    for name, value in table.items():
        expected_type = kinds[name]
        types = simple.get(expected_type, (str,) if expected_type.startswith("str") else (object,))
        if not isinstance(value, types) or (isinstance(value, bool) and expected_type != "bool"):
            raise SettingsInvalid(f"{where}: {name} = {value!r} is not of type {expected_type}")


def _check(layout: Layout, *, where: str) -> None:
    """Raise an error for what would only fail on the way."""
    whole = ("minimum", "largest", "background_limit", "most_topics", "most_pages", "most_pictures")
    for name, least in (("delay", 0), *((name, 1) for name in whole)):
        if not (value := getattr(layout, name)) >= least:
            raise SettingsInvalid(f"{where}: {name} = {value!r}: write {least} or more")
    for name in layout.ignored_parameters:
        if not name.strip("*?") or set(name) & set("&=#%+[] "):
            raise SettingsInvalid(
                f'{where}: ignored_parameters: {name!r} is no name of a query parameter: write names like "token", '
                'or "X-Sign-*" for all that begin so'
            )
    if layout.index.kind not in list(IndexKind):
        raise SettingsInvalid(f"{where} [index]: kind = {layout.index.kind!r}: write {', '.join(IndexKind)}")
    if layout.index.kind == IndexKind.MEDIAWIKI:
        _check_categories(layout, where=where)
    else:
        _check_page_rules(layout, where=where)
    for step in layout.originals:
        _check_expression(step.pattern, where=where)
    _check_background(layout, where=f"{where} [background]")


def _check_background(layout: Layout, *, where: str) -> None:
    """Raise an error for a topic that would be background and a class."""
    topics = {topic.casefold() for topic, _ in layout.topics}
    for entry in layout.background:
        own = layout.as_background(entry, entry.topic) if set(entry.topic).isdisjoint("*?[]") else entry
        if own.label in layout.classes:
            raise SettingsInvalid(
                f"{where}: {entry.topic!r} becomes {own.label!r}, a class of this layout, and background shows none of "
                "the classes: remove it there, or write another label"
            )
        if entry.topic.casefold() in topics:
            raise SettingsInvalid(f"{where}: {entry.topic!r} stands in [topics], too: remove it from one of them")
        if entry.limit is not None and entry.limit < 1:
            raise SettingsInvalid(f"{where}: {entry.topic!r}: limit = {entry.limit}: write 1 or more")


def _check_categories(layout: Layout, *, where: str) -> None:
    named = [("[topics]", topic) for topic, _ in layout.topics]
    for table, topic in [*named, *(("[background]", entry.topic) for entry in layout.background)]:
        if set(topic) & set("*?[]|#<>{}"):
            raise SettingsInvalid(f"{where} {table}: {topic!r} is no name of a category: write each category in full")


def _check_page_rules(layout: Layout, *, where: str) -> None:
    needed = {"[index]: 'link'": layout.index.link, "[index]: 'topic'": layout.index.topic}
    needed["[pictures]: 'select'"] = layout.pictures.select
    if missing := [name for name, value in needed.items() if not value]:
        raise SettingsInvalid(f"{where} {missing[0]} is missing: add it")
    selectors = {"select": layout.pictures.select, "title": layout.pictures.title, "next": layout.pictures.next}
    if layout.index.kind == IndexKind.LINKS:
        selectors["link"] = layout.index.link
    for key, selector in selectors.items():
        try:
            parsel.css2xpath(selector or "a")
        except (SyntaxError, RuntimeError) as error:
            raise SettingsInvalid(
                f'{where}: {key} = {selector!r} is no CSS selector: write one such as "figure img"'
            ) from error
    if "topic" not in _check_expression(layout.index.topic, where=where):
        raise SettingsInvalid(f"{where} [index]: topic = {layout.index.topic!r} has no group (?P<topic>…)")


def _check_expression(pattern: str, *, where: str) -> tuple[str, ...]:
    """Return the names of the groups of a regular expression."""
    try:
        return tuple(re.compile(pattern).groupindex)
    except re.error as error:
        raise SettingsInvalid(f"{where}: {pattern!r} is no regular expression: {error}") from error
