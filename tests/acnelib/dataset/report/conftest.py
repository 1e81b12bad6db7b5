"""Data reports that are written and read again, and stored photos that they show."""

from __future__ import annotations

import parsel
import pytest

from acnelib.dataset.report.data_report import write_data_report


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data_report.html"


@pytest.fixture
def written(path, store):
    """Write a report, and read it as a browser would."""

    def write(content):
        write_data_report(path, content, picture=store.path)
        return parsel.Selector(text=path.read_text(encoding="utf-8"))

    return write


@pytest.fixture
def stored(store, photo):
    """Two copies of a drawn photo, by their hashes in order."""
    return sorted(store.add(photo(0, copy=copy)) for copy in ("equal", "mirrored"))
