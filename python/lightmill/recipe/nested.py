"""Dotted names of parameters, and the maps in which a recipe writes them.

``disk.shear.angle`` is written ``disk: {shear: {angle: ...}}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

ABSENT = object()
"""What stands for a value that is not there."""


def look(body: Mapping[str, Any], name: str) -> Any:
    """Return the value of a dotted name, or `ABSENT`."""
    if "." not in name:
        return body.get(name, ABSENT)
    place: Any = body
    for key in name.split("."):
        if not isinstance(place, Mapping) or key not in place:
            return ABSENT
        place = place[key]
    return place


def put(body: dict[str, Any], name: str, value: Any) -> None:
    """Set the value of a dotted name, with the maps that it needs."""
    *groups, key = name.split(".")
    for group in groups:
        body = body.setdefault(group, {})
    body[key] = value


def tree(names: Iterable[str]) -> dict[str, Any]:
    """Return the maps of dotted names, each name at its own place.

    Examples
    --------
    >>> tree(["x", "shear.angle"])
    {'x': 'x', 'shear': {'angle': 'shear.angle'}}
    """
    maps: dict[str, Any] = {}
    for name in names:
        put(maps, name, name)
    return maps


def is_random(body: Mapping[str, Any], name: str, parts: Iterable[str] = ()) -> bool:
    """Return whether `random` stands for a parameter that is not said: that of the model, or of its part."""
    part = name.partition(".")[0]
    own = body.get(part) if part in parts else None
    return body.get("random") is True or own == "random" or (isinstance(own, Mapping) and own.get("random") is True)
