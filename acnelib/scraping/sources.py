"""Sources of photos: the sample atlas, a site in a declared layout, or a folder of class folders."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from acnelib.config.settings import Settings
from acnelib.errors import SourceUnknown, UsageError
from acnelib.scraping.layout_files import find_layout, layout_names
from acnelib.storage.files import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acnelib.scraping.layout import Layout

SAMPLE = "sample"
_LONGEST_PART = 80
_LONGEST_NAME = 120
"""Characters: with a digest and the ending of a file, names stay far below the 255 bytes of file systems."""
LAYOUTS = "layouts"
"""Folder of the home with the user's own layouts, and their topics for those of this program."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where photos come from.

    Attributes:
        name: What logs, targets, luigid and MLflow call it: never a path.
        folder: The folder, for a folder of class folders.
        layout: Name of the layout, for a site.
        address: Address of the site, when it is not the layout's own.
    """

    name: str
    folder: Path | None = None
    layout: str | None = None
    address: str | None = None

    @classmethod
    def parse(cls, text: str, *, settings: Settings | None = None, missing_folder: bool = False) -> Source:
        """Return the source that a user means; an existing folder wins.

        Examples:
            >>> Source.parse("dermnet").layout
            'dermnet'
            >>> Source.parse("sample@http://127.0.0.1:8000").address
            'http://127.0.0.1:8000'

        Args:
            text: A folder, the name of a layout, or ``layout@address``.
            settings: In whose home the user's own layouts are; default: those of this process.
            missing_folder: A path at which there is nothing is accepted as a folder, which fails when it is read.

        Raises:
            SourceUnknown: It is neither a folder nor the name of a layout.
            SettingsInvalid: The settings cannot be read.
        """
        path = Path(text).expanduser()
        if path.is_dir() or (missing_folder and _is_path(text) and not path.exists()):
            folder = path.resolve()
            slug = _slug(folder.name)[:_LONGEST_PART].rstrip("-") or "folder"
            return cls(name=f"{slug}-{digest_of(str(folder))[:8]}", folder=folder)
        layout, _, address = text.partition("@")
        names = layout_names(own=(settings or Settings.load()).home / LAYOUTS)
        if layout in names:
            # The sample atlas is the same source wherever it is served.
            host = "" if layout == SAMPLE else _slug(address.partition("://")[2])
            name = f"{layout}-{host}" if host else layout
            return cls(name=_shortened(name, _LONGEST_PART), layout=layout, address=address or None)
        raise SourceUnknown(_unknown(text, layout, names))

    @property
    def text(self) -> str:
        """The text that :meth:`parse` takes, from any current folder."""
        if self.folder is not None:
            return str(self.folder)
        return f"{self.layout}@{self.address}" if self.address else str(self.layout)

    def described(self, settings: Settings) -> Layout:
        """Return the layout of a site, with what the user's own files say of it.

        Raises:
            SourceUnknown: There is no such layout.
            SettingsInvalid: A file of the user's cannot be understood.
        """
        return find_layout(str(self.layout), own=settings.home / LAYOUTS)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The sources of one run.

    Attributes:
        classes: Sources of photos of the classes, each once, ordered by name; at least one.
        background: Sources of background photos, known to show none of the classes, ordered by name.
        test: A folder of class folders whose photos are tested on and never learnt from; None without one.
        reviews: Files of reviews, whose labels overrule those of the sources, ordered by path.
    """

    classes: tuple[Source, ...]
    background: tuple[Source, ...] = ()
    test: Source | None = None
    reviews: tuple[Path, ...] = ()

    @classmethod
    def of(
        cls,
        classes: Iterable[Source],
        *,
        background: Iterable[Source] = (),
        test: Source | None = None,
        reviews: Iterable[Path | str] = (),
    ) -> Sources:
        """Return sources without repetition, in an order of their own.

        Raises:
            SourceUnknown: There is no source of the classes.
            UsageError: A folder of one role lies in one of another, one source is named with two addresses, or the
                test photos are not in a folder.
        """
        by_name, others = _by_name(classes), _by_name(background)
        if not by_name:
            raise SourceUnknown("no source is named: name a layout, or a folder of class folders")
        _check_apart(by_name.values(), others.values())
        if test is not None:
            _check_test(test, [*by_name.values(), *others.values()])
        return cls(
            classes=tuple(by_name[name] for name in sorted(by_name)),
            background=tuple(others[name] for name in sorted(others)),
            test=test,
            reviews=tuple(sorted({review_file(path) for path in reviews})),
        )

    @classmethod
    def parse(
        cls,
        texts: SomeSources,
        *,
        background: SomeSources = (),
        test: Source | str | None = None,
        reviews: Iterable[Path | str] = (),
        settings: Settings | None = None,
        missing_folder: bool = False,
    ) -> Sources:
        """Return the sources that a user means; their order does not matter.

        Args:
            texts: One or several, each a source or as :meth:`Source.parse` takes it.
            background: Sources of background photos.
            test: The test folder; None for none.
            reviews: Files of reviews.
            settings: In whose home the user's own layouts are; default: those of this process.
            missing_folder: As in :meth:`Source.parse`; the test folder must exist.

        Raises:
            SourceUnknown: One is unknown, or there is none.
            UsageError: A folder of one role lies in one of another, one source is named with two addresses, or the
                test photos are not in a folder.
        """

        def parsed(some: SomeSources) -> list[Source]:
            return [
                Source.parse(one, settings=settings, missing_folder=missing_folder) if isinstance(one, str) else one
                for one in ([some] if isinstance(some, str | Source) else some)
            ]

        held_out = held_out_folder(test, settings=settings) if isinstance(test, str) else test
        return cls.of(parsed(texts), background=parsed(background), test=held_out, reviews=reviews)

    @property
    def learnt(self) -> tuple[Source, ...]:
        """Every source of photos to learn from once, those of the classes first."""
        return (*self.classes, *(source for source in self.background if source not in self.classes))

    @property
    def all(self) -> tuple[Source, ...]:
        """Every source once, those of the classes first and the test folder last."""
        return self.learnt if self.test is None else (*self.learnt, self.test)

    def option(self, source: Source) -> str:
        """Return the option of the command line that names one of these sources."""
        if source == self.test:
            return "--test"
        return "--source" if source in self.classes else "--background"

    @property
    def name(self) -> str:
        """Name of their runs' folder: the sorted names of the class sources joined by ``+``, shortened if too long."""
        return _shortened("+".join(source.name for source in self.classes), _LONGEST_NAME)

    @property
    def folders(self) -> dict[Path, str]:
        """Name of each source that is a folder, by its path."""
        return {source.folder: source.name for source in self.all if source.folder is not None}


def review_file(path: Path | str) -> Path:
    """Return the absolute path of a file of reviews.

    Raises:
        SourceUnknown: There is no such file.
    """
    file = Path(path).expanduser()
    if not str(path).strip() or not file.is_file():
        what = "is a folder" if str(path).strip() and file.is_dir() else "does not exist"
        raise SourceUnknown(
            f"the file of reviews {str(path)!r} {what}: --reviews takes a file that the app writes, one review a line"
        )
    return file.resolve()


def held_out_folder(text: str, *, settings: Settings | None = None, missing_folder: bool = False) -> Source:
    """Return the test folder that a user means.

    Args:
        text: A folder of class folders.
        settings: In whose home the user's own layouts are, which are no test folders.
        missing_folder: A path at which there is nothing is accepted; it fails when it is read.

    Raises:
        SourceUnknown: There is no such folder.
        UsageError: It is the name of a layout.
    """
    if not text.strip():
        raise SourceUnknown(
            "the test folder has no name: --test takes a folder with one sub-folder of photos per class"
        )
    try:
        return _folder_only(Source.parse(text, settings=settings, missing_folder=missing_folder))
    except SourceUnknown:
        what = "is a file" if Path(text).expanduser().exists() else "does not exist"
        raise SourceUnknown(
            f"the test folder {text!r} {what}: --test takes a folder with one sub-folder of photos per class"
        ) from None


SomeSources: TypeAlias = "str | Source | Iterable[str | Source]"
"""One source or several, each as such or as the text that a user writes."""


def _by_name(sources: Iterable[Source]) -> dict[str, Source]:
    by_name: dict[str, Source] = {}
    for source in sources:
        if by_name.setdefault(source.name, source) != source:
            raise UsageError(f"{source.name} is named with two addresses: name it once")
    return by_name


def _check_apart(classes: Iterable[Source], background: Iterable[Source]) -> None:
    """Check that no folder is, or lies in, a folder of the other role."""
    others = list(background)
    for source in classes:
        for other in others:
            if source.name == other.name and source != other:
                raise UsageError(f"{source.name} is named with two addresses: name it once")
            if source.folder is None or other.folder is None:
                continue
            if source.folder.is_relative_to(other.folder) or other.folder.is_relative_to(source.folder):
                raise UsageError(
                    f"the source {source.folder} and the background {other.folder} hold the same photos: background "
                    "photos show none of the classes, so keep them in a folder of their own"
                )


def _check_test(test: Source, others: Iterable[Source]) -> None:
    """Check that the test photos are in a folder that is apart from every other source."""
    folder = _folder_only(test).folder
    for other in others:
        if folder is None or other.folder is None:
            continue
        if folder.is_relative_to(other.folder) or other.folder.is_relative_to(folder):
            raise UsageError(
                f"the test folder {folder} and the source {other.folder} hold the same photos: test photos are never "
                "learnt from, so keep them in a folder of their own, or leave a part of the source out with "
                "--test-share"
            )


def _folder_only(source: Source) -> Source:
    if source.folder is None:
        raise UsageError(
            f"{source.text} is a site, and no site can be the test folder: --test takes a folder with one sub-folder "
            "of photos per class; --test-share keeps out a part of what a site shows"
        )
    return source


def _shortened(name: str, longest: int) -> str:
    """Return a name, or its beginning and a digest of the whole."""
    return name if len(name) <= longest else f"{name[:longest].rstrip('+-')}-{digest_of(name)[:8]}"


def _is_path(text: str) -> bool:
    return re.search(r"[/\\.~]", text.partition("@")[0]) is not None


def _unknown(text: str, layout: str, names: tuple[str, ...]) -> str:
    if Path(text).expanduser().exists():
        return f"{text!r} is a file: name a folder with one sub-folder of photos per class, or {', '.join(names)}"
    if _is_path(text):
        return f"no folder {text!r}: name a folder with one sub-folder of photos per class, or {', '.join(names)}"
    close = difflib.get_close_matches(layout, names, n=1)
    guess = f"did you mean {close[0]}? " if close else ""
    return f"no source {text!r}: {guess}There are {', '.join(names)}, or name a folder of class folders"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
