"""Frozen dataclasses from JSON of others: each field's type, range and length checked against its annotation."""

from __future__ import annotations

import math
import types
import typing
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, TypeAlias, TypeVar

_Record = TypeVar("_Record")

_ROUNDING = 1e-6  # how far a share of floats may lie beside its range
_LONGEST_TEXT = 20_000  # characters
_MOST_MEMBERS = 10_000
_SHOWN = 60


@dataclass(frozen=True)
class Range:
    """Least and most value of a finite number, both included."""

    least: float
    most: float


Share: TypeAlias = Annotated[float, Range(0.0, 1.0)]
Count: TypeAlias = Annotated[int, Range(0, 10**15)]
Pixels: TypeAlias = Annotated[int, Range(1, 4096)]


def read_record(kind: type[_Record], values: Any, *, name: str = "") -> _Record:
    """Return a record with the values of a JSON object; unknown members are left out.

    Args:
        kind: A dataclass; its annotations say what each field may be.
        values: The value as ``json`` reads it.
        name: What messages call it; empty for the whole.

    Raises:
        ValueError: A field is missing, of another type, out of its range or too long.
    """
    if not isinstance(values, dict):
        raise _wrong(name or "it", values, "an object")
    annotations = typing.get_type_hints(kind, include_extras=True)
    read = {}
    for field in fields(kind):  # type: ignore[arg-type] # every record is a dataclass
        place = f"{name}.{field.name}" if name else field.name
        if field.name not in values:
            raise ValueError(f"{place} is missing")
        read[field.name] = _value(annotations[field.name], values[field.name], place)
    return kind(**read)


def _value(annotation: Any, value: Any, name: str) -> Any:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _within(arguments[1], _value(arguments[0], value, name), name)
    if origin in {types.UnionType, typing.Union}:
        present = next(one for one in arguments if one is not types.NoneType)
        return None if value is None else _value(present, value, name)
    if origin is tuple:
        return _tuple(arguments, value, name)
    if origin is dict:
        return _dict(arguments, value, name)
    if is_dataclass(annotation):
        return read_record(typing.cast("type[Any]", annotation), value, name=name)
    return _plain(annotation, value, name)


def _plain(kind: Any, value: Any, name: str) -> Any:
    if kind is float and type(value) is int:
        value = float(value) if abs(value) < 1e300 else math.inf
    if type(value) is not kind:  # a boolean is no number here
        raise _wrong(name, value, _CALLED[kind])
    if kind is float and not math.isfinite(value):
        raise _wrong(name, value, "a finite number")
    if kind is str:
        if len(value) > _LONGEST_TEXT:
            raise ValueError(f"{name} has {len(value)} characters, more than the {_LONGEST_TEXT} that are accepted")
        if not _is_writable(value):
            raise _wrong(name, value, "text that can be written")
    return value


def _tuple(arguments: tuple[Any, ...], value: Any, name: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(name, value, "a list")
    if len(value) > _MOST_MEMBERS:
        raise ValueError(f"{name} has {len(value)} members, more than the {_MOST_MEMBERS} that are accepted")
    if arguments[-1] is Ellipsis:
        return tuple(_value(arguments[0], one, f"{name}[{place}]") for place, one in enumerate(value))
    if len(value) != len(arguments):
        raise _wrong(name, value, f"a list of {len(arguments)}")
    return tuple(
        _value(kind, one, f"{name}[{place}]") for place, (kind, one) in enumerate(zip(arguments, value, strict=True))
    )


def _dict(arguments: tuple[Any, ...], value: Any, name: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise _wrong(name, value, "an object")
    if len(value) > _MOST_MEMBERS:
        raise ValueError(f"{name} has {len(value)} members, more than the {_MOST_MEMBERS} that are accepted")
    keys, values = arguments
    return {
        _value(keys, key, f"a name in {name}"): _value(values, one, f"{name}[{key!r:.40}]")
        for key, one in value.items()
    }


def _within(limits: Range, value: Any, name: str) -> Any:
    if value is None:
        return None
    slack = _ROUNDING if isinstance(value, float) else 0
    if not limits.least - slack <= value <= limits.most + slack:
        raise ValueError(f"{name} is {_shown(value)}, not in {limits.least:g}–{limits.most:g}")
    return min(max(value, limits.least), limits.most) if isinstance(value, float) else value


def _wrong(name: str, value: Any, expected: str) -> ValueError:
    return ValueError(f"{name} is {_shown(value)}, not {expected}")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _is_writable(text: str) -> bool:
    """Return whether a text can be encoded: a lone half of a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_CALLED = {float: "a number", int: "a whole number", str: "text", bool: "true or false"}
