"""Links between documents, as the site needs them."""

import pytest
from repository_links import BrokenLink, linked_files, with_blank_lines, with_site_links


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "acnelib").mkdir()
    (tmp_path / "acnelib" / "labels.py").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("document", "page", "link", "expected"),
    [
        ("docs/data.md", "data.md", "../README.md#settings", "readme.md#settings"),
        ("docs/adr/0001-a.md", "adr/0001-a.md", "../../CHANGELOG.md", "../changelog.md"),
        ("docs/data.md", "data.md", "../acnelib/labels.py", "source/acnelib/labels.py.md"),
        ("docs/data.md", "data.md", "method.md#doubts", "method.md#doubts"),
        ("README.md", "readme.md", "docs/images/app.png", "images/app.png"),
        ("README.md", "readme.md", "docs/adr", "adr/index.md"),
        ("docs/data.md", "data.md", "https://semver.org/", "https://semver.org/"),
        ("docs/data.md", "data.md", "#licences", "#licences"),
    ],
)
def test_a_link_leads_to_the_page_that_shows_the_file(repository, document, page, link, expected):
    text = with_site_links(f"See [this]({link}).", document=document, page=page, repository=repository)
    assert text == f"See [this]({expected})."


def test_a_link_to_a_file_that_does_not_exist_is_an_error(repository):
    with pytest.raises(BrokenLink, match=r"docs/data\.md links to acnelib/gone\.py, which is no file"):
        with_site_links("[gone](../acnelib/gone.py)", document="docs/data.md", page="data.md", repository=repository)


def test_the_words_of_a_link_may_go_over_two_lines(repository):
    text = with_site_links(
        "[what this\nis](docs/data.md)", document="README.md", page="readme.md", repository=repository
    )
    assert text == "[what this\nis](data.md)"


def test_links_in_code_stay_as_they_are(repository):
    code = "```text\n[gone](../acnelib/gone.py)\n```"
    assert with_site_links(code, document="docs/data.md", page="data.md", repository=repository) == code


def test_source_files_that_documents_link_to_get_pages():
    text = "[a](../acnelib/labels.py) [b](../README.md) [c](method.md) [d](https://semver.org/)"
    assert linked_files(text, document="docs/data.md") == {"acnelib/labels.py"}


@pytest.mark.parametrize("block", ["- one\n- two", "1. one\n2. two", "| a |\n|---|\n| b |"])
def test_a_list_or_table_right_after_text_is_parted_from_it(block):
    assert with_blank_lines(f"Text:\n{block}") == f"Text:\n\n{block}"


def test_a_list_with_a_line_that_goes_further_is_not_parted():
    text = "- one\n  continued\n- two"
    assert with_blank_lines(text) == text
