"""The navigation of the documentation site."""

from __future__ import annotations

from site_hooks import complete_navigation

NAVIGATION = [
    {"Start here": "index.md"},
    {"Tutorial": []},
    {"How-to guides": [{"The app": "app.md"}]},
    {"Decisions": []},
]


def test_folders_are_listed_by_their_pages_in_the_order_of_reading():
    tutorial = ["tutorial/1-a.md", "tutorial/10-b.md", "tutorial/2-c.md", "tutorial/index.md"]
    pages = ["adr/0001-a.md", "app.md", "index.md", *tutorial]
    completed = complete_navigation(NAVIGATION, pages=pages)
    assert completed[1] == {"Tutorial": ["tutorial/index.md", "tutorial/1-a.md", "tutorial/2-c.md", "tutorial/10-b.md"]}
    assert completed[3] == {"Decisions": ["adr/index.md", "adr/0001-a.md"]}
    assert len(completed) == 4


def test_a_folder_that_does_not_exist_yet_has_no_entry():
    completed = complete_navigation(NAVIGATION, pages=["app.md", "index.md"])
    assert [next(iter(entry)) for entry in completed] == ["Start here", "How-to guides"]


def test_a_page_that_the_navigation_does_not_name_is_still_found():
    completed = complete_navigation(NAVIGATION, pages=["app.md", "index.md", "security.md"])
    assert completed[-1] == {"More": ["security.md"]}
