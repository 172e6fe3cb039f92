"""Positions: x and y drawn together, ``position: {disc: {radius: 3}}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lightmill.recipe import checks
from lightmill.recipe.arguments import PER
from lightmill.recipe.checks import fault
from lightmill.recipe.names import quote, short
from lightmill.recipe.says import says
from lightmill.recipe.strict import after, before, dump, list_of, noted, strict
from lightmill.recipe.tables import Range
from lightmill.recipe.values import value_type

AXES = ("x", "y")
"""The parameters that a position stands for."""
OUTLINES = {"disc": ("radius",), "annulus": ("inner", "outer")}
"""Within what a position is uniform, and its radii."""

_ALLOWED = "position takes {disc: {radius: 3}} or {annulus: {inner: 1, outer: 3}}"


def position_type() -> Any:
    """Return the type of an object's position."""
    radius = value_type("real", Range(low=0.0), prior=False, unit="length")
    coordinate = value_type("real", Range(), prior=False, unit="length")
    centre = before(_two, list_of(coordinate))
    outlines = {
        name: before(
            checks.mapping(f"{name}: {{{', '.join(f'{key}: ...' for key in radii)}}}"), _outline(radii, radius, centre)
        )
        for name, radii in OUTLINES.items()
    }
    per = before(checks.word(PER))
    return before(_chosen, strict("position", **outlines, per=per))


def _outline(radii: tuple[str, ...], radius: Any, centre: Any) -> Any:
    def complete(value: Any) -> Any:
        given = dump(value)
        missing = [key for key in radii if key not in given]
        if missing:
            raise fault(f"{quote(missing)} must be given")
        return given

    return after(noted(strict("outline", **dict.fromkeys(radii, radius), centre=centre), radii), complete)


def _two(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != len(AXES):
        wrong = f"a list of {len(value)}" if isinstance(value, list) else short(value)
        raise fault(f"{wrong} is not allowed", "centre takes [x, y]")
    return value


def _chosen(value: Any) -> Any:
    if not isinstance(value, dict):
        wrong = "there is no value" if value is None else f"{short(value)} is not allowed"
        raise fault(wrong, _ALLOWED)
    if "ball" in value:
        raise fault("`ball` has three dimensions, an image two", "give `disc` or `annulus`", at=("ball",), key=True)
    given = [name for name in OUTLINES if name in value]
    if len(given) > 1:
        raise fault(f"{quote(given)} are {len(given)} positions", "give one", at=(given[1],), key=True)
    if not given and value.keys() <= {"per"}:
        raise fault("there is no position here", _ALLOWED)
    return value


says(_two, lambda inner, _book: {**inner, "minItems": 2, "maxItems": 2})
says(_chosen, lambda inner, _book: {**inner, "oneOf": [{"required": [name]} for name in OUTLINES]})


def twice(body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (place below the body, message) where a body says its position in two ways."""
    for axis in AXES:
        if "position" in body and axis in body:
            yield (axis,), f"`position`, `{axis}` say the position in two ways; give one of: x, y | position"


def full(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the position of a checked body with its centre written out; an empty map where it has none."""
    if "position" not in body:
        return {}
    position = body["position"]
    name = next(name for name in OUTLINES if name in position)
    per = {"per": position["per"]} if "per" in position else {}
    outline = position[name] | {"centre": position[name].get("centre", [0.0, 0.0])}
    return {"position": {name: outline, **per}}
