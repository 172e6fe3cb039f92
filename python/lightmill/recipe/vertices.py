"""Polygons of given vertices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationInfo

from lightmill.recipe import checks
from lightmill.recipe.arguments import measured
from lightmill.recipe.checks import fault
from lightmill.recipe.names import short
from lightmill.recipe.says import Book, Schema, constant, either, says, takes
from lightmill.recipe.strict import after, before, list_of
from lightmill.recipe.tables import Range, tables
from lightmill.recipe.units import texts

_EXAMPLE = "write vertices: [[-3, -2], [3, -2], [0, 4]]"


def points(unit: str) -> Any:
    """Return the type of a list of points, measured in a unit.

    Parameters
    ----------
    unit : str
        `length`, or another unit of the core's tables.
    """
    plain = checks.numeric("real", Range(), "a coordinate is a finite number, the same for all images")

    def coordinate(value: Any, info: ValidationInfo) -> Any:
        return plain(measured(value, unit, info))

    takes(coordinate, either(constant("real", Range()), *texts(unit)))
    pair = before(_pair, list_of(before(coordinate)))
    return after(before(_several, list_of(pair)), _extended)


def _several(value: Any) -> Any:
    bounds = tables().objects["polygon"].parameters["sides"].range
    if not isinstance(value, list):
        raise fault("there is no value" if value is None else f"{short(value)} is not a list", _EXAMPLE)
    if not bounds.contains(len(value)):
        raise fault(f"{len(value)} vertices are not allowed", f"a polygon has {bounds}")
    return value


def _pair(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 2:
        wrong = f"a list of {len(value)}" if isinstance(value, list) else short(value)
        raise fault(f"{wrong} is not a vertex", "each is [x, y]")
    return value


def _many(inner: Schema, _book: Book) -> Schema:
    sides = tables().objects["polygon"].parameters["sides"].range
    return {**inner, "minItems": int(sides.low), "maxItems": int(sides.high)}


says(_several, _many)
says(_pair, lambda inner, _book: {**inner, "minItems": 2, "maxItems": 2})


def _extended(value: list[list[float]]) -> list[list[float]]:
    if not 0.0 < reach(value) < math.inf:
        raise fault("all vertices are in one place, or too far", "their distances from x, y must be above 0 and finite")
    return value


def reach(vertices: Sequence[Sequence[float]]) -> float:
    """Return the distance of the furthest vertex, to the core's last bit.

    Examples
    --------
    >>> reach([[0, 1], [3, -4], [1, 1]])
    5.0
    """
    return math.sqrt(max(x * x + y * y for x, y in vertices))


def regular(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return a polygon's parameters with the number and the reach of given vertices in their place."""
    vertices = parameters.get("vertices")
    rest = {name: value for name, value in parameters.items() if name != "vertices"}
    return rest if vertices is None else {"sides": len(vertices), "radius": reach(vertices), **rest}
