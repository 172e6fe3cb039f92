"""What a recipe gives of a model's parameters: which way it says a size or a shape, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from lightmill.recipe.names import nearest, quote
from lightmill.recipe.nested import ABSENT, is_random, look
from lightmill.recipe.tables import Model, Ways

LOOKED_AT = 20
"""Unknown keys of a body that may be misspelt parameters, which are then not said to be missing too."""


def given(model: Model, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that a body gives, by dotted name, in the table's order."""
    found = ((name, look(body, name)) for name in model.parameters)
    return {name: value for name, value in found if value is not ABSENT}


def chosen(ways: Ways, names: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the first way that has all the group's given parameters; None where two ways are mixed."""
    said = {name for name in ways.names if name in names}
    return next((way for way in ways.ways if said.issubset(way)), None)


def written(model: Model, names: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parameters that a body means, given or not: the chosen ways', and those in no way."""
    out = {name for ways in model.ways for name in ways.names}
    for ways in model.ways:
        out.difference_update(chosen(ways, names) or ())
    return tuple(name for name in model.parameters if name not in out)


def wrong(model: Model, body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (place below the body, message) for parameters that are missing, or said in two ways."""
    names = given(model, body)
    for ways in model.ways:
        if chosen(ways, names) is None:
            yield _mixed(ways, names)
    parameters = model.parameters
    silent = [name for name in written(model, names) if name not in names and parameters[name].default is None]
    silent = [name for name in silent if not is_random(body, name, model.parts)]
    misspelt = _misspelt(parameters, body) if silent else frozenset()  # Spellings are slow to compare.
    for name in silent:
        if name not in misspelt and not _undecided(model, names, name):
            yield _innermost(body, name), f"{name} must be given{_other(model, names, name)}"


def _innermost(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the map in which a parameter is missing."""
    groups = name.split(".")[:-1]
    there = (n for n in range(len(groups), 0, -1) if isinstance(look(body, ".".join(groups[:n])), Mapping))
    return tuple(groups[: next(there, 0)])


def _misspelt(parameters: Mapping[str, Any], body: Mapping[str, Any]) -> frozenset[str | None]:
    """Return the parameters that unknown keys of a body, or of a map in it, may be meant to be."""
    maps = dict.fromkeys(name.rpartition(".")[0] for name in parameters)
    known = {group: {name.removeprefix(f"{group}."): name for name in parameters} for group in maps}
    bodies = ((group, look(body, group) if group else body) for group in maps)
    found = ((group, key) for group, one in bodies if isinstance(one, Mapping) for key in one)
    unknown = islice(((group, key) for group, key in found if not _is_known(parameters, group, key)), LOOKED_AT)
    return frozenset(known[group].get(nearest(str(key), known[group]) or "") for group, key in unknown)


def _is_known(parameters: Mapping[str, Any], group: str, key: object) -> bool:
    name = f"{group}.{key}" if group else str(key)
    return any(one == name or one.startswith(f"{name}.") for one in parameters)


def _mixed(ways: Ways, names: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    said = [name for name in names if name in ways.names]
    first = next(n for n, name in enumerate(said) if chosen(ways, dict.fromkeys(said[: n + 1])) is None)
    forms = " | ".join(", ".join(way) for way in ways.ways)
    return tuple(said[first].split(".")), f"{quote(said)} say the {ways.of} in two ways; give one of: {forms}"


def _undecided(model: Model, names: Mapping[str, Any], name: str) -> bool:
    return any(name in ways.names and chosen(ways, names) is None for ways in model.ways)


def _other(model: Model, names: Mapping[str, Any], name: str) -> str:
    """Return the other ways, where none was begun."""
    for ways in model.ways:
        if name in ways.names and not any(other in names for other in ways.names):
            return "".join(f", or {quote(way)}" for way in ways.ways[1:])
        if name in ways.names:
            return f" with {quote(other for other in ways.names if other in names)}"
    return ""
