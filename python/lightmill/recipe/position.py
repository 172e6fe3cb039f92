"""Positions: x and y drawn together, ``position: {disc: {radius: 3}}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lightmill.recipe import checks
from lightmill.recipe.arguments import PER
from lightmill.recipe.checks import fault
from lightmill.recipe.names import quote, short
from lightmill.recipe.says import says
from lightmill.recipe.strict import Check, after, before, dump, list_of, noted, strict
from lightmill.recipe.tables import Range
from lightmill.recipe.values import value_type

AXES = ("x", "y", "z")
"""The parameters that a position stands for: the first two, or of a solid all three."""
FLAT = {"disc": ("radius",), "annulus": ("inner", "outer")}
SOLID = {"ball": ("radius",), "shell": ("inner", "outer")}
OUTLINES = {**FLAT, **SOLID}
"""Within what a position is uniform, and its radii."""

_ALLOWED = "position takes {disc: {radius: 3}} or {annulus: {inner: 1, outer: 3}}"
_ALLOWED_SOLID = f"{_ALLOWED}, {{ball: {{radius: 3}}}} or {{shell: {{inner: 1, outer: 3}}}}"


def axes(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parameters that the position of a body stands for; none where it has none."""
    said = body.get("position")
    if not isinstance(said, Mapping):
        return ()
    return AXES if any(name in said for name in SOLID) else AXES[:2]


def position_type(solid: bool = False) -> Any:
    """Return the type of an object's position, or of a body's, which may be in space."""
    unit = "one" if solid else "length"
    radius = value_type("real", Range(low=0.0), prior=False, unit=unit)
    coordinate = value_type("real", Range(), prior=False, unit=unit)
    known = OUTLINES if solid else FLAT

    def outline(name: str) -> Any:
        example = f"{name}: {{{', '.join(f'{key}: ...' for key in known[name])}}}"
        centre = before(_many(AXES if name in SOLID else AXES[:2]), list_of(coordinate))
        return before(checks.mapping(example), _outline(known[name], radius, centre))

    per = before(checks.word(PER))
    return before(_chosen(solid), strict("position", **{name: outline(name) for name in known}, per=per))


def _outline(radii: tuple[str, ...], radius: Any, centre: Any) -> Any:
    def complete(value: Any) -> Any:
        given = dump(value)
        missing = [key for key in radii if key not in given]
        if missing:
            raise fault(f"{quote(missing)} must be given")
        return given

    return after(noted(strict("outline", **dict.fromkeys(radii, radius), centre=centre), radii), complete)


def _many(axes: tuple[str, ...]) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(axes):
            wrong = f"a list of {len(value)}" if isinstance(value, list) else short(value)
            raise fault(f"{wrong} is not allowed", f"centre takes [{', '.join(axes)}]")
        return value

    return says(check, lambda inner, _book: {**inner, "minItems": len(axes), "maxItems": len(axes)})


def _chosen(solid: bool) -> Check:
    known, allowed = (OUTLINES, _ALLOWED_SOLID) if solid else (FLAT, _ALLOWED)

    def check(value: Any) -> Any:
        if not isinstance(value, dict):
            wrong = "there is no value" if value is None else f"{short(value)} is not allowed"
            raise fault(wrong, allowed)
        for name in SOLID:
            if name in value and not solid:
                wrong = f"`{name}` has three dimensions, an image two"
                raise fault(wrong, "give `disc` or `annulus`", at=(name,), key=True)
        given = [name for name in known if name in value]
        if len(given) > 1:
            raise fault(f"{quote(given)} are {len(given)} positions", "give one", at=(given[1],), key=True)
        if not given and value.keys() <= {"per"}:
            raise fault("there is no position here", allowed)
        return value

    return says(check, lambda inner, _book: {**inner, "oneOf": [{"required": [name]} for name in known]})


def twice(body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (place below the body, message) where a body says its position in two ways."""
    stood_for = axes(body) or AXES[:2]
    for axis in stood_for:
        if "position" in body and axis in body:
            ways = f"{', '.join(stood_for)} | position"
            yield (axis,), f"`position`, `{axis}` say the position in two ways; give one of: {ways}"


def full(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the position of a checked body with its centre written out; an empty map where it has none."""
    if "position" not in body:
        return {}
    position = body["position"]
    name = next(name for name in OUTLINES if name in position)
    per = {"per": position["per"]} if "per" in position else {}
    outline = position[name] | {"centre": position[name].get("centre", [0.0] * len(axes(body)))}
    return {"position": {name: outline, **per}}
