"""The reference page of the Python library: a directive for each public name, filled from its docstring."""

from __future__ import annotations

from enum import EnumType

import acnelib
from acnelib import stages

_INTRODUCTION = """# Python API

Generated from the docstrings. Every other name may change without notice. [How to use the library](../api.md).

## Classify photos: `import acnelib`

The core dependencies are enough; TensorFlow and MLflow are never imported.
"""
_STAGES = """
## Train: `from acnelib import stages`

Needs the extras `train` and `pipeline`. Each stage takes the result of the one before it.
"""
_ELSEWHERE = {
    "Measure a model": [
        "acnelib.validation.cross_validation.cross_validate",
        "acnelib.validation.folder_evaluation.evaluate_folder",
        "acnelib.validation.site_validation.validate_folder",
    ],
    "Decide and export": [
        "acnelib.stages.production.promote_version",
        "acnelib.stages.production.roll_back",
        "acnelib.stages.production.history",
        "acnelib.export.model_export.export",
    ],
}
_ENUMERATIONS = {name for name in acnelib.__all__ if isinstance(getattr(acnelib, name), EnumType)}
"""Their values have no docstrings, and are shown all the same."""


def library_reference() -> str:
    """Return the page as Markdown, with one mkdocstrings directive for each public name."""
    lines = [_INTRODUCTION]
    lines += [
        _directive(_home(acnelib, name), heading=f"acnelib.{name}") for name in acnelib.__all__ if name != "__version__"
    ]
    lines.append(_STAGES)
    lines += [_directive(_home(stages, name), heading=f"stages.{name}") for name in stages.__all__]
    for heading, names in _ELSEWHERE.items():
        lines += [f"\n## {heading}\n", *(_directive(name, heading=name) for name in names)]
    return "\n".join(lines)


def _home(package: object, name: str) -> str:
    """Return the path under which a public name is defined, where its docstring is."""
    thing = getattr(package, name)
    return f"{thing.__module__}.{thing.__name__}"


def _directive(path: str, *, heading: str) -> str:
    short_name = heading.rsplit(".", 1)[-1]
    options = [f"heading: {heading}", "heading_level: 3", f"toc_label: {short_name}"]
    if short_name in _ENUMERATIONS:
        options.append("show_if_no_docstring: true")
    return "\n      ".join([f"::: {path}\n    options:", *options]) + "\n"
