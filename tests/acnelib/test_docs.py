"""What the documents say of the code is so."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from acnelib.cli.main import app
from acnelib.config.settings import NAMES

REPOSITORY = Path(__file__).parents[2]


def documents():
    return [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md"), *(REPOSITORY / ".github").rglob("*.md")]


def test_every_link_between_documents_leads_somewhere():
    generated = tuple(re.findall(r"reference/\w+\.md", (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")))
    broken = [
        f"{document.name}: {target}"
        for document in documents()
        for target in re.findall(r"\]\((?!http|#)([^)#]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists() and not target.endswith(generated)
    ]
    assert broken == []


def commands_in(text):
    """Return the lines of a document's consoles that call ``acne``, each as its words."""
    blocks = re.findall(r"^ *```console\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    calls = [line.removeprefix("$ ").removeprefix(".venv/bin/") for line in lines if line.startswith("$ ")]
    return [shlex.split(call, comments=True) for call in calls if call.startswith("acne ")]


def unknown_parts(words):
    """Return the commands and options of a call that do not exist."""
    command = get_command(app)
    words = words[1:]
    while words and hasattr(command, "commands"):
        if words[0] not in command.commands:
            return [] if words[0].startswith("-") else [words[0]]
        command, words = command.commands[words[0]], words[1:]
    if "|" in words:
        words = words[: words.index("|")]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    named = {word.partition("=")[0] for word in words if word.startswith("--")}
    return sorted(named - known - {"--help", "--debug"})


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_every_command_in_a_document_exists_with_its_options(document):
    calls = commands_in(document.read_text(encoding="utf-8"))
    assert [(words, unknown_parts(words)) for words in calls if unknown_parts(words)] == []


def test_a_command_or_option_that_does_not_exist_is_found():
    text = (
        "```console\n$ acne predikt photo.jpg\n$ .venv/bin/acne predict --modell 3 photo.jpg  # it's a comment\n```\n"
    )
    assert [unknown_parts(words) for words in commands_in(text)] == [["predikt"], ["--modell"]]


def test_the_readmes_settings_exist():
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    named = {name.lower() for name in re.findall(r"`ACNE_([A-Z_]+)`", readme)} - {"home", "signature", "trust_folder"}
    assert named <= set(NAMES)


def test_the_glossary_has_the_words_of_the_readme_in_alphabetical_order():
    glossary = (REPOSITORY / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| \*\*(.+?)\*\*", glossary, re.MULTILINE)
    assert words == sorted(words, key=str.lower)
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    introduced = re.findall(r"(?<!\*)\*(\w[\w ]+?)\*(?!\*)", readme)
    assert {"class", "threshold", "candidate", "gate", "bundle"} <= set(introduced)
    assert {word.removesuffix("s") for word in introduced} - {"your"} <= {word.removesuffix("s") for word in words}
