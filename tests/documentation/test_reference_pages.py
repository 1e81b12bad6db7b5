"""Reference pages of the documentation site, which are generated."""

import re

import markdown
import pytest
from command_reference import command_names, command_reference
from http_reference import http_reference, openapi_document
from library_reference import library_reference

import acnelib
from acnelib import stages


@pytest.fixture(scope="module")
def http_page():
    return http_reference()


def test_every_command_has_a_section_with_its_options():
    assert {"acne predict", "acne pipeline", "acne atlas draw"} <= set(command_names())
    pipeline = command_reference().split("## `acne pipeline`")[1].split("\n## ")[0]
    assert "Train on one or several sources, and promote a better version." in pipeline
    assert "| `--background NAME|DIR` | Photos that show none of the classes:" in pipeline


def test_no_table_of_the_command_line_is_torn_by_a_bar_in_a_cell():
    html = markdown.markdown(command_reference(), extensions=["tables", "fenced_code"])
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    assert len(rows) > 100
    assert [row for row in rows if len(re.findall("<t[dh]>", row)) != 2 or "\\|" in row] == []


def test_every_operation_of_the_api_has_its_method_and_path(http_page):
    paths = openapi_document()["paths"]
    expected = [f"`{method.upper()} {path}`" for path, methods in paths.items() for method in methods]
    assert expected
    assert [one for one in expected if one not in http_page] == []


def test_every_schema_that_the_api_page_links_to_is_on_it(http_page):
    headings = {heading.lower() for heading in re.findall(r"^### (\w+)$", http_page, re.MULTILINE)}
    assert set(re.findall(r"\]\(#(\w+)\)", http_page)) <= headings


def test_every_public_name_of_the_library_has_its_docstring_shown():
    page = library_reference()
    public = [f"acnelib.{name}" for name in acnelib.__all__ if name != "__version__"]
    public += [f"stages.{name}" for name in stages.__all__]
    assert [name for name in public if f"heading: {name}\n" not in page] == []
