"""What checks take, in JSON Schema: each check says it of itself, so that the schema cannot drift from it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from lightmill.recipe.tables import Kind, Range

Schema = dict[str, Any]


class Book(Protocol):
    """The definitions of a schema."""

    def define(self, hint: str, schema: Schema) -> Schema:
        """Keep a schema among the definitions, equal ones once, and return the reference to it."""

    def once(self, hint: str, kind: Any) -> Schema:
        """Return the reference to a type's schema, which is made at the first call and may refer to itself."""


Says = Callable[[Schema, Book], Schema]
"""From the schema of what comes behind a check to that of both."""

_Check = TypeVar("_Check", bound=Callable[..., Any])

EXPRESSION: Schema = {"type": "string", "pattern": r"^\s*=", "description": "An expression, as in `= 2 * flux`."}
WORD: Schema = {"const": "random", "description": "Drawn from the parameter's own prior."}
_JSON = {"real": "number", "integer": "integer", "flag": "boolean"}


def says(check: _Check, made: Says) -> _Check:
    """Return a check that says what it takes."""
    check.says = made  # type: ignore[attr-defined]
    return check


def takes(check: _Check, schema: Schema) -> _Check:
    """Return a check that says it takes what a schema tells, whatever comes behind it."""
    return says(check, lambda _inner, _book: schema)


def said(check: Any) -> Says | None:
    """Return what a check says of itself, if anything."""
    made: Says | None = getattr(check, "says", None)
    return made


def constant(kind: Kind, bounds: Range) -> Schema:
    """Return the schema of a number, or of true and false.

    Examples
    --------
    >>> constant("real", Range(low=0.0, low_open=True))
    {'type': 'number', 'exclusiveMinimum': 0}
    """
    schema: Schema = {"type": _JSON[kind]}
    if kind == "flag":
        return schema
    if math.isfinite(bounds.low):
        schema["exclusiveMinimum" if bounds.low_open else "minimum"] = plain(bounds.low)
    if math.isfinite(bounds.high):
        schema["exclusiveMaximum" if bounds.high_open else "maximum"] = plain(bounds.high)
    return schema


def plain(value: float) -> float:
    """Return a whole number as one, as people write it."""
    return int(value) if float(value).is_integer() and abs(value) <= 2**53 else value


def either(*schemas: Schema) -> Schema:
    """Return the schema of what any of some schemas takes."""
    flat = [part for schema in schemas for part in (schema["anyOf"] if set(schema) == {"anyOf"} else [schema])]
    return flat[0] if len(flat) == 1 else {"anyOf": flat}
