"""The columns that a recipe's targets may name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lightmill.recipe import psf
from lightmill.recipe.scaled import COLUMN, ratio_of
from lightmill.recipe.tables import tables
from lightmill.recipe.ways import given, written


def entry_of(item: Any) -> tuple[str, dict[str, Any]] | None:
    """Return the model and the body of an entry of `objects`; None where it is malformed."""
    if not isinstance(item, dict) or len(item) != 1:
        return None
    key, body = next(iter(item.items()))
    body = {"random": True} if body == "random" else body
    return (key, body) if key in tables().objects and isinstance(body, dict) else None


def noise_of(item: Any) -> tuple[str, dict[str, Any]] | None:
    """Return the kind and the parameters of an entry of `noise`; None where it is malformed."""
    if item == "poisson":
        return "poisson", {}
    if not isinstance(item, dict) or len(item) != 1:
        return None
    key, body = next(iter(item.items()))
    body = {"random": True} if body == "random" else body
    return (key, body) if key in tables().noise and isinstance(body, dict) else None


def listed(value: Any) -> list[Any]:
    """Return `noise` as a list: a lone entry is a list of one."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, (str, dict)) else []


def named(key: str, body: Mapping[str, Any]) -> str:
    """Return the name of an entry."""
    name = body.get("name", key)
    return name if isinstance(name, str) else key


def let_of(body: Mapping[str, Any]) -> list[str]:
    """Return the names of a `let`."""
    named = body.get("let")
    return list(named) if isinstance(named, dict) else []


def _noise_columns(value: Any, prefix: str) -> Iterator[str]:
    """Yield a plane's columns; Poisson counts of a constant mean are called `counts`, as in their slot."""
    seen: dict[str, int] = {}
    for entry in filter(None, map(noise_of, listed(value))):
        kind, body = entry
        model = tables().noise[kind]
        names = model.parameters if body.get("random") is True else given(model, body)
        path = "counts" if kind == "poisson" and names else kind
        seen[path] = seen.get(path, 0) + 1
        label = path if seen[path] == 1 else f"{path}.{seen[path]}"
        yield from (f"{prefix}noise.{label}.{name}" for name in names)


def _object_columns(key: str, body: Mapping[str, Any]) -> Iterator[str]:
    model = tables().objects[key]
    said = (name for name in written(model, given(model, body)) if model.parameters[name].kind != "points")
    ratio = () if ratio_of(body) is None else (COLUMN,)
    names = (*model.canonical, *model.follows, *said, *ratio, *let_of(body))
    prefix = f"{named(key, body)}."
    yield from (prefix + name for name in dict.fromkeys(names))
    yield from _noise_columns(body.get("noise"), prefix)


def columns(recipe: Mapping[str, Any]) -> tuple[list[str], set[str]]:
    """Return the columns of one value a sample, and the names of entries that may occur more or less than once."""
    found = let_of(recipe)
    several: set[str] = set()
    items = recipe.get("objects")
    for entry in filter(None, map(entry_of, items if isinstance(items, list) else [])):
        if entry[1].get("repeat", 1) == 1:
            found.extend(_object_columns(*entry))
        else:
            several.add(named(*entry))
            found.append(f"{named(*entry)}.repeat")
    found.extend(psf.columns(recipe.get("psf")))
    found.extend(_noise_columns(recipe.get("noise"), ""))
    if recipe.get("sky") is not None:
        found.append("sky.level")
    return found, several
