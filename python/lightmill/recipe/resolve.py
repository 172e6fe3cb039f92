"""The resolved recipe: every default, every prior, every cut written out."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from lightmill.recipe import pictures, position, psf, series
from lightmill.recipe.branches import resolved
from lightmill.recipe.columns import named
from lightmill.recipe.fisher import asked
from lightmill.recipe.nested import is_random, put
from lightmill.recipe.pictures import Picture
from lightmill.recipe.tables import Model, Parameter, tables
from lightmill.recipe.values import cut
from lightmill.recipe.ways import given, written


@dataclass(frozen=True, slots=True)
class Frame:
    """The image's width and height in its unit of length, which scale the priors of `random`."""

    width: float
    height: float

    def scale(self, of: str) -> float:
        """Return what a prior's numbers are multiples of."""
        sides = {"one": 1.0, "width": self.width, "height": self.height, "side": min(self.width, self.height)}
        return sides[of]


def resolve(recipe: Mapping[str, Any], name: str, read: Mapping[str, Picture]) -> dict[str, Any]:
    """Return the resolved form of a checked recipe.

    Parameters
    ----------
    recipe : Mapping
        As `strict.dump` gives it.
    name : str
        Its name where it does not give one.
    read : Mapping
        The pictures that it names.
    """
    if "system" in recipe:
        return series.resolve(recipe, name)
    image = {"size": recipe["image"]["size"], "pixel_scale": 1.0, **recipe["image"]}
    image = {
        key: image.get(key, 1.0) for key in ("size", "pixel_scale", "unit", "gain") if key in image or key == "gain"
    }
    if "psf" in recipe:
        image["accuracy"] = recipe["image"].get("accuracy", tables().image["accuracy"].default)
    frame = Frame(image["size"][1] * image["pixel_scale"], image["size"][0] * image["pixel_scale"])
    full: dict[str, Any] = {"lightmill": 1, "name": recipe.get("name", name), "seed": recipe.get("seed", 0)}
    if "count" in recipe:
        full["count"] = recipe["count"]
    full["image"] = image
    if "zero_point" in recipe:
        full |= {"zero_point": recipe["zero_point"]}
    if "psf" in recipe:
        weight = partial(_value, parameter=tables().part["weight"], frame=frame)
        picture = partial(pictures.resolved, pixel_scale=image["pixel_scale"], pictures=read)
        full["psf"] = psf.resolved(recipe["psf"], partial(parameters, frame=frame), weight, picture)
    full |= {"edges": recipe.get("edges", "coverage"), "overlap": recipe.get("overlap", "add")}
    if recipe.get("tables"):
        full["tables"] = recipe["tables"]
    if recipe.get("let"):
        full["let"] = recipe["let"]
    full["objects"] = _objects(recipe.get("objects", []), frame)
    full |= resolved(recipe, partial(_objects, frame=frame))
    if "sky" in recipe:
        full["sky"] = _sky(recipe["sky"], frame)
    full["noise"] = [_noise(item, frame) for item in recipe.get("noise", [])]
    if "keep" in recipe:
        full["keep"] = recipe["keep"]
    full["realisations"] = recipe.get("realisations", 1)
    return full | {"splits": recipe.get("splits", {}), "targets": recipe.get("targets", []), **asked(recipe)}


def _objects(items: list[Any], frame: Frame) -> list[dict[str, Any]]:
    return [_object(item, frame) for item in items]


def _object(item: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    key, body = next(iter(item.items()))
    start = {"name": named(key, body), "repeat": body.get("repeat", 1)}
    if body.get("let"):
        start["let"] = body["let"]
    if body.get("blur"):
        start["blur"] = True
    placed = position.full(body)
    drawn = parameters(tables().objects[key], body, frame, position.axes(body))
    return {key: {**start, **placed, **drawn, "noise": [_noise(entry, frame) for entry in body.get("noise", [])]}}


def _noise(item: Any, frame: Frame) -> Any:
    if isinstance(item, str):
        return item
    kind, body = next(iter(item.items()))
    return {kind: parameters(tables().noise[kind], body, frame)}


def _sky(value: Any, frame: Frame) -> dict[str, Any]:
    full = value if isinstance(value, dict) and "level" in value else {"level": value}
    return {"level": _value(full["level"], tables().sky["level"], frame), "subtract": full.get("subtract", True)}


def parameters(
    model: Model, body: Mapping[str, Any], frame: Frame, left: Container[str] = frozenset()
) -> dict[str, Any]:
    """Return the parameters of a body, defaults and priors written out, those apart that are `left` out."""
    said = given(model, body)
    full: dict[str, Any] = {}
    for name in (name for name in written(model, said) if name not in left):
        parameter = model.parameters[name]
        silent = "random" if is_random(body, name, model.parts) else _as(parameter.kind, parameter.default)
        put(full, name, _value(said.get(name, silent), parameter, frame))
    return full


def _value(value: Any, parameter: Parameter, frame: Frame) -> Any:
    if value != "random":
        return value
    kind, ends = next(iter(parameter.random.items()))
    scale = frame.scale(parameter.scale)
    return cut({kind: [_as(parameter.kind, end * scale) for end in ends]}, parameter.range)


def _as(kind: str, value: float | None) -> Any:
    if value is None:
        return None
    return bool(value) if kind == "flag" else int(value) if kind == "integer" else float(value) + 0.0
