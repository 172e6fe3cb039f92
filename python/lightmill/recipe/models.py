"""The recipe as pydantic models, made from the core's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationInfo

from lightmill.recipe import checks, keep, names, pictures, psf
from lightmill.recipe.arguments import measured
from lightmill.recipe.checks import fault
from lightmill.recipe.distributions import MAX_REPEAT, NAMES
from lightmill.recipe.names import clean, later, quote, short, suggest
from lightmill.recipe.nested import tree
from lightmill.recipe.position import position_type
from lightmill.recipe.says import Book, Schema, constant, either, says, takes
from lightmill.recipe.scaled import flux_type
from lightmill.recipe.schema import RANDOM, body
from lightmill.recipe.strict import Check, after, before, list_of, map_of, noted, one_of, strict
from lightmill.recipe.table_types import tables_type
from lightmill.recipe.tables import Model, Parameter, Range, tables
from lightmill.recipe.units import LENGTHS, TEXT, Lengths, scale_in, split, texts, unit_of_scale
from lightmill.recipe.values import tag_of, value_type
from lightmill.recipe.vertices import points

MAX_SIDE = 16_384
MAX_REALISATIONS = 65_536
SAVE = ("noiseless", "variance", "psf", "fisher", "crb")
ORDER = (
    *("lightmill", "name", "seed", "count", "image", "zero_point", "psf", "edges", "overlap", "tables", "let"),
    *("objects", "mixture", "sky", "noise", "keep", "realisations", "splits", "targets", "fisher", "save"),
)
EDGES = ("coverage", "binary")
OVERLAP = ("add", "over", "max")
TAKEN_LET = frozenset({"split", "class", "mixture", "sample", "attempt"})
TAKEN_OBJECT_LET = frozenset({"present", "name", "repeat", "position", "noise"})
TAKEN = frozenset({"noise", "sky", "psf", "image", "mixture", "objects", "class", "split", "let"})


_LATER = {"an object": names.LATER_MODELS}


def whole(low: int, high: int) -> Any:
    """Return the type of a whole number from `low` to `high`."""
    return before(_whole(low, high))


def _whole(low: int, high: int) -> Check:
    allowed = f"{{name}} must be a whole number from {low} to {high}"

    def check(value: Any) -> int:
        number = checks.numeric("integer", Range(), allowed)(value)
        if not low <= number <= high:
            raise fault(f"{short(value)} is not allowed", allowed)
        return int(number)

    return takes(check, constant("integer", Range(low, high)))


_side = _whole(1, MAX_SIDE)


def _size(value: Any) -> Any:
    if not isinstance(value, list):
        return [_side(value)] * 2
    if len(value) != 2:
        raise fault(f"a list of {len(value)} is not allowed", "size takes a number of pixels, or [rows, columns]")
    return value


def fields_of(parameters: Mapping[str, Parameter], parts: tuple[str, ...] = (), units: bool = True) -> dict[str, Any]:
    """Return the types of a table's parameters; dotted names become nested maps, of which a part's can be random.

    Without `units`, lengths are plain numbers.
    """

    def one(key: str, found: Any) -> Any:
        return group(key, found) if isinstance(found, dict) else _type_of(parameters[found], units)

    def group(key: str, maps: Mapping[str, Any]) -> Any:
        example = f"{key}: {{{', '.join(f'{inner}: ...' for inner in islice(maps, 8))}}}"
        random = {"random": before(flag)} if key in parts else {}
        fields = {inner: one(inner, found) for inner, found in maps.items()}
        made = before(checks.mapping(example), strict(key, **fields, **random))
        return before(says(partial(as_map), lambda inner, _book: either(RANDOM, inner)), made) if random else made

    return {key: one(key, found) for key, found in tree(parameters).items()}


def _type_of(parameter: Parameter, units: bool) -> Any:
    if parameter.kind == "points":
        return noted(points(parameter.unit), parameter)
    unit = parameter.unit if units or parameter.unit != "length" else "one"
    return noted(value_type(parameter.kind, parameter.range, unit=unit), parameter)


def _body(model: Model, **extra: Any) -> Any:
    """Return the type of a model's parameters; the word `random` stands for ``{random: true}``."""
    soon = frozenset[str]() if model.family in ("noise", "psf") else names.LATER_OBJECT
    blur = {"blur": before(checks.numeric("flag", Range()))} if model.family == "shape" else {}
    fields = {**extra, **fields_of(model.parameters, model.parts), **blur, "random": before(flag)}
    if model.family == "profile":
        fields["flux"] = flux_type(model.parameters["flux"])
    example = f"`{model.name}: random` or `{model.name}: {{{next(iter(model.parameters))}: ...}}`"
    word = before(checks.mapping(example), strict(f"{model.name} {model.family}", soon, **fields))
    return noted(before(says(partial(as_map), lambda inner, _book: body(model, inner)), word), model)


def as_map(value: Any) -> Any:
    """Return what the word `random` stands for."""
    return {"random": True} if value == "random" else value


def flag(value: Any) -> bool:
    """Check what `random` is given as a key."""
    if not isinstance(value, bool):
        raise fault(f"{short(value)} is not allowed", "random must be true or false")
    return value


def entry_tag(known: Mapping[str, Any]) -> Callable[[Any], str]:
    """Return the function that tells which of the known entries, or a wrong one, a value is."""

    def tag(value: Any) -> str:
        key = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else None
        return f"<{key}>" if key in known else "<wrong>"

    return tag


def _entries(
    known: Mapping[str, Model],
    what: str,
    words: tuple[str, ...],
    more: Mapping[str, Any] = MappingProxyType({}),
    **extra: Any,
) -> Any:
    """Return the type of one key with what is below it: the models, and `more`."""
    noun = what.split()[1]
    kinds = {**{name: _body(model, **extra) for name, model in known.items()}, **more}
    members = {f"<{name}>": strict(f"{noun} {name}", **{name: kind}) for name, kind in kinds.items()}
    members["<wrong>"] = before(takes(partial(wrong_entry, kinds, what, words), {"enum": list(words)}))
    return one_of(members, entry_tag(kinds))


def wrong_entry(known: Mapping[str, Any], what: str, words: tuple[str, ...], value: Any) -> Any:
    """Return a word that stands alone for an entry, or say what is wrong with an entry."""
    if isinstance(value, str):
        return _bare_word(known, what, words, value)
    if not isinstance(value, dict):
        wrong = "there is no value" if value is None else f"{short(value)} is not {what}"
        raise fault(wrong, f"write `{'' if what in ('a psf', 'a system') else '- '}{next(iter(known))}: ...`")
    if len(value) != 1:
        given = quote(map(clean, list(value)[:4])) or "nothing"
        raise fault(f"here are {given}", f"{what} is one key with its parameters indented below it")
    key = next(iter(value))
    if key in _LATER.get(what, ()):
        raise fault(later(f"`{clean(key)}`"), at=(key,), key=True)
    raise fault(f"unknown {what.split()[1]} `{clean(key)}`", suggest(key, tuple(known)), at=(key,), key=True)


def _bare_word(known: Mapping[str, Any], what: str, words: tuple[str, ...], value: str) -> str:
    if value in words:
        return value
    if value in known:
        raise fault(f"{short(value)} alone is not {what}", f"write `{value}: random` or `{value}: {{...}}`")
    if value in _LATER.get(what, ()):
        raise fault(later(f"`{value}`"))
    raise fault(f"unknown {what.split()[1]} {short(value)}", suggest(value, tuple(known)))


def _noise() -> Any:
    entries = _entries(tables().noise, "a noise", ("poisson",))
    return before(checks.listing("noise: [poisson, {gaussian: {sigma: ...}}]", lone=True), list_of(entries))


def _psf() -> Any:
    own = {"name": before(checks.name("a part's name")), **fields_of(tables().part)}
    scale = value_constant(replace(tables().image["pixel_scale"], default=None))
    picture = {pictures.IMAGE: psf.image(scale, **own)}
    parts = before(psf.several, list_of(_entries(tables().psf, "a psf", (), picture, **own)))
    return before(psf.alone, _entries(tables().psf, "a psf", (), {pictures.IMAGE: psf.image(scale), psf.SUM: parts}))


def _objects(noise: Any) -> Any:
    repeat = value_type("integer", Range(0, MAX_REPEAT), prior=False, counted=True)
    name = before(checks.name("an object's name", TAKEN))
    extra = {"name": name, "repeat": repeat, "let": _let(TAKEN_OBJECT_LET), "position": position_type(), "noise": noise}
    entries = _entries(tables().objects, "an object", (), **extra)
    return before(checks.listing("objects: [moffat: {...}], or [] for none"), list_of(entries))


def _mixture(objects: Any) -> Any:
    weight = value_type("real", Range(0.0), prior=False)
    fields = {"class": before(checks.title), "weight": weight, "objects": objects}
    branch = before(checks.mapping("- {class: star, objects: [...]}"), noted(strict("branch", **fields), ("objects",)))
    return before(_branches, list_of(branch))


def _branches(value: Any) -> Any:
    if value == []:
        raise fault("there are no branches", "give at least one, or leave mixture out")
    return checks.listing("mixture: [{class: star, objects: [...]}, ...]")(value)


def _let(taken: frozenset[str]) -> Any:
    values = map_of(before(checks.variable(taken)), value_type("real", Range(), prior=False))
    return before(checks.mapping('let: {a: {normal: [3, 1]}, b: "= 2 * a"}'), values)


def _sky_tag(value: Any) -> str:
    if not isinstance(value, dict):
        return "<level>"
    drawn = tag_of(NAMES)(value) != "<constant>"
    return "<level>" if drawn else "<sky>"


def _sky() -> Any:
    # The unit of light in a pixel, which magnitudes of a square angle can say too.
    fields = fields_of({name: replace(parameter, unit="sky") for name, parameter in tables().sky.items()})
    full = strict("sky", **fields, subtract=before(checks.numeric("flag", Range())))
    return one_of({"<level>": fields["level"], "<sky>": noted(full, ("level",))}, _sky_tag)


def _splits() -> Any:
    allowed = "a split's fraction must be from 0.001 (of each 1,000 scenes) to 1"
    fraction = before(checks.numeric("real", Range(0.001, 1.0), allowed))
    name = before(checks.name("a split's name"))
    return before(checks.mapping("splits: {train: 0.8, test: 0.2}"), map_of(name, fraction))


def _image() -> Any:
    fields = {
        "size": before(_size, list_of(before(_side))),
        "pixel_scale": value_constant(tables().image["pixel_scale"], _scale),
        "unit": before(checks.word(LENGTHS)),
        "gain": value_constant(tables().image["gain"]),
        "accuracy": value_constant(tables().image["accuracy"]),
    }
    full = noted(strict("image", names.LATER_IMAGE, **fields), ("size",))
    return before(checks.mapping("image: {size: 64}"), full)


def _scale(value: Any, info: ValidationInfo) -> Any:
    """Return a pixel scale as a number in the recipe's unit of length."""
    if not isinstance(value, str) or split(value) is None:
        return value
    unit_of_scale(value)
    return scale_in(value, (info.context or Lengths()).unit)


def _sides(inner: Schema, _book: Book) -> Schema:
    return either(inner["items"], {**inner, "minItems": 2, "maxItems": 2})


says(_size, _sides)
takes(flag, {"type": "boolean"})
says(_branches, lambda inner, _book: {**inner, "minItems": 1})


def value_constant(parameter: Parameter, in_unit: Callable[[Any, ValidationInfo], Any] | None = None) -> Any:
    """Return the type of a number that is the same for the whole data set."""
    plain = checks.numeric("real", parameter.range)
    made = constant("real", parameter.range)
    if in_unit or texts(parameter.unit):
        made = either(made, TEXT)
    in_unit = in_unit or (lambda value, info: measured(value, parameter.unit, info))

    def check(value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, dict) or value == "random" or checks.is_expression(value):
            raise fault(f"{short(value)} is not allowed", f"{parameter.name} is one number for all samples")
        return plain(in_unit(value, info))

    return noted(before(takes(check, made)), parameter)


def shared() -> dict[str, Any]:
    """Return the types of what recipes of all kinds say."""
    return {
        "lightmill": before(checks.language),
        "name": before(checks.title),
        "seed": whole(0, 2**64 - 1),
        "count": whole(1, 2**63 - 1),
        "tables": tables_type(TAKEN | {"tables"} | set(tables().systems)),
        "let": _let(TAKEN_LET.union(tables().measured)),
        "keep": keep.conditions(),
        "realisations": whole(1, MAX_REALISATIONS),
        "splits": _splits(),
        "targets": columns("targets"),
    }


def columns(key: str) -> Any:
    """Return the type of a list of columns."""
    found = after(list_of(before(checks.text)), checks.distinct)
    return before(checks.listing(f"{key}: [galaxy.flux]"), found)


def saved(words: tuple[str, ...], soon: frozenset[str] = frozenset()) -> Any:
    """Return the type of `save`."""
    found = after(list_of(before(checks.word(words, soon))), checks.distinct)
    return before(checks.listing(f"save: [{', '.join(words[:2])}]"), found)


def in_order(fields: Mapping[str, Any], order: Iterable[str]) -> dict[str, Any]:
    """Return types in the order of the language."""
    return {key: fields[key] for key in order}


@cache
def document() -> type[BaseModel]:
    """Return the model of a whole recipe of images."""
    noise = _noise()
    objects = _objects(noise)
    fields = {
        **shared(),
        "image": _image(),
        "zero_point": value_constant(tables().recipe["zero_point"]),
        "psf": _psf(),
        "edges": before(checks.word(EDGES)),
        "overlap": before(checks.word(OVERLAP, names.LATER_OVERLAP)),
        "objects": objects,
        "mixture": _mixture(objects),
        "sky": _sky(),
        "noise": noise,
        "fisher": columns("fisher"),
        "save": saved(SAVE, names.LATER_SAVE),
    }
    return strict("recipe", names.LATER_TOP, **in_order(fields, ORDER))
