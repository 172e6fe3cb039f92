"""Checks between parts of a recipe; they read what was written, whatever else is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from lightmill.recipe import psf, series_relations
from lightmill.recipe.branches import Found, Place, all_columns, no_objects, not_one, object_lists, wrong_branches
from lightmill.recipe.columns import entry_of, listed, named, noise_of
from lightmill.recipe.fisher import named_in, nothing_asked
from lightmill.recipe.keep import wrong_conditions
from lightmill.recipe.magnitudes import unmeasured
from lightmill.recipe.names import clean, nearest, quote
from lightmill.recipe.node import in_words
from lightmill.recipe.position import twice
from lightmill.recipe.tables import Model, tables
from lightmill.recipe.ways import wrong

OTHER_BODIES = ("collection",)
"""Keys that stand for `objects` in a later version; each is a fault of its own."""


def relations(recipe: Mapping[str, Any]) -> Iterator[Found]:
    """Yield (place, message) for all that is wrong between a recipe's parts."""
    if "system" in recipe:
        yield from series_relations.relations(recipe)
        yield from _splits(recipe.get("splits"))
        return
    yield from _missing(recipe)
    yield from wrong_branches(recipe)
    yield from _objects(recipe)
    yield from _psf(recipe)
    yield from _noise(recipe.get("noise"), ("noise",))
    yield from _sky(recipe.get("sky"))
    yield from _splits(recipe.get("splits"))
    yield from _targets(recipe)
    yield from nothing_asked(recipe, "galaxy.flux")
    yield from wrong_conditions(recipe)


def _missing(recipe: Mapping[str, Any]) -> Iterator[Found]:
    if any(key in recipe for key in OTHER_BODIES):
        return
    if "objects" not in recipe and "mixture" not in recipe:
        yield (), no_objects()
    if "image" not in recipe:
        yield (), "image must be given, as in `image: {size: 64}`"
    elif isinstance(recipe["image"], dict) and "size" not in recipe["image"]:
        yield ("image",), "size must be given: a number of pixels, or [rows, columns]"


def _objects(recipe: Mapping[str, Any]) -> Iterator[Found]:
    seen: dict[str, Place] = {}
    entries = (((*place, i), entry_of(item)) for place, items in object_lists(recipe) for i, item in enumerate(items))
    for place, entry in entries:
        if entry is None:
            continue
        key, body = entry
        yield from _name(place, key, body, seen)
        for rest, said in _body(recipe, tables().objects[key], body):
            yield (*place, key, *rest), said
        yield from _outline(body, (*place, key))
        if tables().objects[key].family == "shape":
            yield from _blur(recipe, body, (*place, key))
        yield from _noise(body.get("noise"), (*place, key, "noise"))


def _body(recipe: Mapping[str, Any], model: Model, body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    yield from wrong(model, body)
    yield from twice(body)
    if "zero_point" not in recipe:
        yield from unmeasured(model, body)


def _blur(recipe: Mapping[str, Any], body: Mapping[str, Any], place: Place) -> Iterator[Found]:
    if body.get("blur") is not True:
        return
    if "psf" not in recipe:
        yield (*place, "blur"), "there is no psf to blur by; give it, as in `psf: {moffat: {fwhm: 3, beta: 3}}`"
    elif recipe.get("overlap", "add") != "add":
        yield (*place, "blur"), "a blurred shape adds its light; write `overlap: add`"


def _outline(body: Mapping[str, Any], place: Place) -> Iterator[Found]:
    """Yield the fault of an outline without width, which nobody would see."""
    fill, width = body.get("fill"), body.get("line_width", 0 if body.get("random") is not True else None)
    choices = fill.get("choice") if isinstance(fill, dict) else [fill]
    hollow = isinstance(choices, list) and any(choice is False for choice in choices)
    if hollow and isinstance(width, (int, float)) and not isinstance(width, bool) and width == 0:
        yield (*place, "fill"), "an outline of no width is not seen; give a line_width above 0"


def _name(place: Place, key: str, body: Mapping[str, Any], seen: dict[str, Place]) -> Iterator[Found]:
    name = named(key, body)
    first = seen.setdefault(name, place)
    if first != place:
        where = (*place, key, *(("name",) if "name" in body else ()))
        yield where, f"{in_words(first)} is called `{clean(name)}` too; give each a `name` of its own"


def _noise(value: Any, place: Place) -> Iterator[Found]:
    words = 0
    for i, item in enumerate(listed(value)):
        words += item == "poisson"
        if item == "poisson" and words > 1:
            yield (*place, i), "`poisson` is given twice; the light is counted once"
        entry = noise_of(item)
        if entry is not None and item != "poisson":
            kind, body = entry
            said = "; write the bare word `poisson` for the noise of the light" if kind == "poisson" else ""
            faults = wrong(tables().noise[kind], body)
            yield from (((*place, i, kind, *rest), message + said) for rest, message in faults)


def _psf(recipe: Mapping[str, Any]) -> Iterator[Found]:
    yield from ((("psf", *rest), said) for rest, said in psf.faults(recipe.get("psf")))
    if "psf" in recipe:
        return
    image, save = recipe.get("image"), recipe.get("save")
    if isinstance(image, dict) and "accuracy" in image:
        yield ("image", "accuracy"), "accuracy is that of light behind a psf, which the recipe lacks"
    if isinstance(save, list) and "psf" in save:
        yield ("save", save.index("psf")), "there is no psf to save; give it, as in `psf: {moffat: {fwhm: 3, beta: 3}}`"


def _sky(value: Any) -> Iterator[Found]:
    if isinstance(value, dict) and "subtract" in value and "level" not in value:
        yield ("sky",), "level must be given"


def _splits(value: Any) -> Iterator[Found]:
    fractions = list(value.values()) if isinstance(value, dict) else []
    if not all(isinstance(x, (int, float)) and not isinstance(x, bool) and 0 < x <= 1 for x in fractions):
        return
    total = math.fsum(fractions)
    if fractions and abs(total - 1.0) > 1e-9:
        yield ("splits",), f"the fractions sum to {total:.6g}; they must sum to 1"


def _targets(recipe: Mapping[str, Any]) -> Iterator[Found]:
    asked = [(key, i, name) for key in ("targets", "fisher") for i, name in enumerate(named_in(recipe, key))]
    found = all_columns(recipe) if asked else None
    if found is None:
        return
    known, several = found
    drawn = set(known)
    for key, i, name in asked:
        if isinstance(name, str) and name not in drawn:
            yield (key, i), _no_column(name, known, several)


def _no_column(target: str, known: list[str], several: set[str]) -> str:
    name = target.partition(".")[0]
    if name in several:
        return not_one(target)
    own = [column for column in known if column.startswith(f"{name}.")]
    near = nearest(target, own or known[:500])
    rest = (
        f"did you mean `{clean(near)}`?"
        if near
        else f"the columns are {quote(known[:12])}"
        if known
        else "nothing is drawn"
    )
    return f"there is no column `{clean(target)}`; {rest}"
