"""From the resolved recipe to the core's specification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lightmill.recipe import psf, series
from lightmill.recipe.distributions import MAX_REPEAT, largest
from lightmill.recipe.fisher import subjects
from lightmill.recipe.keep import lowered
from lightmill.recipe.pictures import Picture
from lightmill.recipe.scaled import lowered_flux
from lightmill.recipe.tables import Model, tables
from lightmill.recipe.vertices import regular
from lightmill.recipe.ways import given


def lower(recipe: Mapping[str, Any], read: Mapping[str, Picture]) -> dict[str, Any]:
    """Return the specification that `_core.Plan` takes, as plain JSON types.

    Parameters
    ----------
    recipe : Mapping
        The resolved recipe.
    read : Mapping
        The pictures that it names.
    """
    if "system" in recipe:
        return series.lower(recipe)
    rows, columns = recipe["image"]["size"]
    image = {"rows": rows, "columns": columns, "pixel_scale": recipe["image"]["pixel_scale"]}
    return {
        "name": recipe["name"],
        "seed": recipe["seed"],
        "image": image | {key: recipe["image"][key] for key in ("gain", "accuracy") if key in recipe["image"]},
        **psf.lowered(recipe, _parameters, lowered_value, read),
        **{key: recipe[key] for key in ("zero_point",) if key in recipe},
        "edges": recipe["edges"],
        "overlap": recipe["overlap"],
        "realisations": recipe["realisations"],
        **tables_of(recipe),
        **let(recipe),
        "objects": [*_objects(recipe["objects"]), *_branched(recipe.get("mixture", []))],
        **_mixture(recipe.get("mixture", [])),
        "sky": _sky(recipe.get("sky")),
        "noise": _noises(recipe["noise"], ""),
        **lowered(recipe),
        **subjects(recipe),
        "splits": [[name, fraction] for name, fraction in recipe["splits"].items()],
    }


def tables_of(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return how the rows of the tables are taken; nothing where there are none."""
    return {"tables": {name: table["rows"] for name, table in recipe["tables"].items()}} if "tables" in recipe else {}


def _objects(items: list[Any], prefix: str = "") -> list[dict[str, Any]]:
    return [_object(item, f"{prefix}objects[{i}]") for i, item in enumerate(items)]


def _branched(branches: list[Any]) -> Iterator[dict[str, Any]]:
    for i, branch in enumerate(branches):
        yield from ({**one, "branch": i} for one in _objects(branch["objects"], f"mixture[{i}]."))


def _mixture(branches: list[Any]) -> dict[str, Any]:
    specs = [
        {"class": branch["class"], "weight": lowered_value(branch["weight"]), "place": f"mixture[{i}]"}
        for i, branch in enumerate(branches)
    ]
    return {"mixture": specs} if specs else {}


def _object(item: Mapping[str, Any], place: str) -> dict[str, Any]:
    key, body = next(iter(item.items()))
    place = f"{place}.{key}"
    return {
        "name": body["name"],
        "model": key,
        "place": place,
        "repeat": lowered_value(body["repeat"]),
        "slots": max(int(min(largest(body["repeat"]), MAX_REPEAT)), 1),
        **{key: lowered_value(body[key]) for key in ("position",) if key in body},
        **({"blur": True} if "blur" in body else {}),
        **lowered_flux(regular(_parameters(tables().objects[key], body))),
        **({"vertices": body["vertices"]} if "vertices" in body else {}),
        **let(body),
        "noise": _noises(body["noise"], f"{place}."),
    }


def let(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the named values of a recipe or an object; nothing where there are none."""
    return {"let": {name: lowered_value(value) for name, value in body["let"].items()}} if "let" in body else {}


def _parameters(model: Model, body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: lowered_value(value) for name, value in given(model, body).items()}


def _noises(items: list[Any], prefix: str) -> list[dict[str, Any]]:
    specs = []
    for i, item in enumerate(items):
        kind, body = (item, {}) if isinstance(item, str) else next(iter(item.items()))
        parameters = _parameters(tables().noise[kind], body)
        specs.append({"kind": kind, "parameters": parameters, "place": f"{prefix}noise[{i}].{kind}"})
    return specs


def _sky(sky: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if sky is None:
        return None
    return {"level": lowered_value(sky["level"]), "subtract": sky["subtract"], "place": "sky"}


def lowered_value(value: Any) -> Any:
    """Return a value with flags as 1 and 0."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list):
        return [lowered_value(item) for item in value]
    return {key: lowered_value(item) for key, item in value.items()} if isinstance(value, Mapping) else value
