"""Plain tables become frozen records, driven by the record's annotations; the first fault is an error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from ivp_analysis.errors import RegistryError
from ivp_analysis.registry.near import did_you_mean

T = TypeVar("T")

_LARGEST = 10**15
_TYPE_NAMES = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date like 2026-11-23",
}


def build_record(kind: type[T], values: object, place: str) -> T:
    """One record of `kind` from one table; unknown, missing and mistyped fields are errors naming `place`."""
    if not isinstance(values, Mapping):
        what = f"{shown(values)} is not a table"
        raise RegistryError(what, where=place, todo="write a table with its fields")
    known, hints = _shape(cast(Any, kind))
    for name in values:
        if name not in known:
            todo = f"{did_you_mean(name, known)}the fields are {', '.join(known)}"
            raise RegistryError(f"unknown field {shown(name)}", where=place, todo=todo)
    ready = {name: _convert(value, hints[name], f"{place}, field {name}") for name, value in values.items()}
    for name, field in known.items():
        if field.default is MISSING and field.default_factory is MISSING:
            demand(name in ready, f"field {name} is missing", place, f"add {name} = ...")
            filled = ready[name] not in ("", ())
            demand(filled, f"field {name} is empty", f"{place}, field {name}", "fill it in")
    return kind(**ready)


def demand(fits: bool, what: str, where: str, todo: str) -> None:
    """Refuse what does not fit: the one way in which checks of the registry fail."""
    if not fits:
        raise RegistryError(what, where=where, todo=todo)


def shown(value: object) -> str:
    """A value for an error message, cut when it is long."""
    # Python refuses to print integers of thousands of digits.
    text = "a huge number" if type(value) is int and abs(value) > _LARGEST else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _convert(value: Any, hint: Any, where: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin is Literal:
        return _literal(value, args, where)
    if origin in (Union, UnionType):
        return _one_of(value, [a for a in args if a is not NoneType], where)
    if origin is tuple:
        return _tuple(value, args[0], where)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(value, args[1], where)
    if is_dataclass(hint) and isinstance(hint, type):
        return build_record(hint, value, where)
    return _scalar(value, hint, where)


def _literal(value: object, allowed: tuple[Any, ...], where: str) -> object:
    # A list is not hashable and 1 == True: compare text with text only.
    if isinstance(value, str) and value in allowed:
        return value
    words = ", ".join(allowed)
    raise RegistryError(
        f"{shown(value)} is not one of the allowed words",
        where=where,
        todo=f"{did_you_mean(value, allowed)}write one of {words}",
    )


def _one_of(value: Any, hints: list[Any], where: str) -> Any:
    if len(hints) == 1:
        return _convert(value, hints[0], where)
    if type(value) in hints:
        return _scalar(value, type(value), where)
    raise _mistyped(value, " or ".join(_TYPE_NAMES[h] for h in hints), where)


def _tuple(value: object, item: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _mistyped(value, "a list in [ ]", where)
    items = tuple(_convert(v, item, f"{where}, item {i}") for i, v in enumerate(value, start=1))
    if item is str and len(set(items)) < len(items):
        twice = next(v for v in items if items.count(v) > 1)
        raise RegistryError(f"{shown(twice)} stands there twice", where=where, todo="keep it once")
    return items


def _mapping(value: object, item: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _mistyped(value, "a table", where)
    return {str(k): _convert(v, item, f"{where}, key {k}") for k, v in value.items()}


def _scalar(value: Any, hint: Any, where: str) -> Any:
    if type(value) is int and abs(value) > _LARGEST:
        raise _mistyped(value, f"{_TYPE_NAMES[hint]} of a sensible size", where)
    if hint is float and type(value) is int:
        value = float(value)
    # bool is an int and datetime a date to Python, not to the person who filled in the field.
    fits = type(value) is hint and not isinstance(value, datetime)
    if not fits or (hint is float and not math.isfinite(value)):
        raise _mistyped(value, _TYPE_NAMES[hint], where)
    if hint is str and value != value.strip():
        raise RegistryError(
            f"{shown(value)} begins or ends with white space", where=where, todo="remove that white space"
        )
    return value


def _mistyped(value: object, wanted: str, where: str) -> RegistryError:
    return RegistryError(f"{shown(value)} is not {wanted}", where=where, todo=f"write {wanted}")


@cache
def _shape(kind: Any) -> tuple[dict[str, Field[Any]], dict[str, Any]]:
    return {f.name: f for f in fields(kind)}, get_type_hints(kind)
