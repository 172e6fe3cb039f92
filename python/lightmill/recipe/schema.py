"""The JSON Schema of the language, read off the types that check it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, Tag

from lightmill.recipe.nested import tree
from lightmill.recipe.says import Schema, plain, said
from lightmill.recipe.sentences import SENTENCES
from lightmill.recipe.strict import Note, keys_of
from lightmill.recipe.tables import Choice, Model, Parameter, Ways

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_UNITS = {
    "length": "A length, in the unit of the pixel scale",
    "degree": "Degrees",
    "flux": "In the image's unit",
    "intensity": "In the image's unit, a pixel",
    "radian": "Radians",
    "metre": "Metres",
    "kilogram": "Kilograms",
    "second": "Seconds",
    "per_second": "In 1/s",
    "per_second_squared": "In 1/s^2",
    "degree_per_second": "Degrees a second",
    "metre_per_second": "In m/s",
    "metre_per_second_squared": "In m/s^2",
    "newton_per_metre": "In N/m",
}
_KINDS = {"real": "A number", "integer": "A whole number", "flag": "true or false", "points": "A list of [x, y]"}
RANDOM = {"const": "random", "description": "All parameters from their own priors."}
"""The word that stands for an object, or a part of one, of which nothing else is said."""
_IS_RANDOM = {"properties": {"random": {"const": True}}, "required": ["random"]}
_SCALES = {"one": "", "width": " of the image's width", "height": " of its height", "side": " of its shorter side"}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the recipe language.

    It knows every key, every word and every range, and what must be given; what depends on several values at once
    (columns that exist, fractions that sum to 1, expressions that mean something) is for `load` to check. What `load`
    accepts of a file's values, the schema accepts.

    Returns
    -------
    dict
        JSON types, made anew at each call.

    Examples
    --------
    >>> sorted(schema()["$defs"]["recipe"]["properties"]["edges"]["enum"])
    ['binary', 'coverage']
    """
    from lightmill import _core
    from lightmill.recipe import models, system

    pages = Pages()
    images = pages.model(models.document(), ())
    of_images = pages.define("recipe", {**images, **_bodies(images["properties"])})
    of_systems = pages.define("series", pages.model(system.document(), ("times", "system")))
    head: Schema = {"$schema": DIALECT, "title": "A Lightmill recipe"}
    head["description"] = f"The recipe language, version 1, as Lightmill {_core.__VERSION__} reads it."
    cases = {"if": {"required": ["system"]}, "then": of_systems, "else": of_images}
    return {**head, "type": "object", **cases, "$defs": dict(sorted(pages.definitions.items()))}


def _bodies(properties: Mapping[str, Any]) -> Schema:
    """Return what a recipe cannot do without."""
    from lightmill.recipe.relations import OTHER_BODIES

    ways = [{"required": [key]} for key in ("objects", "mixture", *OTHER_BODIES) if key in properties]
    return {"required": ["image", *ways[0]["required"]]} if len(ways) == 1 else {"required": ["image"], "anyOf": ways}


class Pages:
    """A walk through the types of `models`, with the definitions that it has found."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}
        self._names: dict[int, str] = {}
        self._kept: list[Any] = []

    def define(self, hint: str, schema: Schema) -> Schema:
        """Keep a schema among the definitions, equal ones once, and return the reference to it."""
        if set(schema) == {"$ref"}:
            return schema
        known = (name for name, other in self.definitions.items() if other == schema)
        name = next(known, None) or self._free(hint)
        self.definitions[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def once(self, hint: str, kind: Any) -> Schema:
        """Return the reference to a type's schema, which is made at the first call and may refer to itself."""
        if id(kind) not in self._names:
            self._kept.append(kind)  # or the identity may be another's
            name = self._names[id(kind)] = self._free(hint)
            self.definitions[name] = {}
            self.definitions[name] = self.walk(kind)
        return {"$ref": f"#/$defs/{self._names[id(kind)]}"}

    def _free(self, hint: str) -> str:
        base = hint.replace(" ", "-").replace("_", "-")
        names = (f"{base}-{number}" if number > 1 else base for number in count(1))
        return next(name for name in names if name not in self.definitions)

    def walk(self, kind: Any, needed: str = "") -> Schema:
        """Return the schema of a type; `needed` is the key that marks it as a member of a union."""
        if hasattr(kind, "__metadata__"):
            inner = self.walk(kind.__origin__, needed)
            for mark in kind.__metadata__:
                inner = self._marked(inner, mark)
            return inner
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            required = (needed,) if needed in keys_of(kind) else ()
            return self.define(kind.__name__, self.model(kind, required))
        if kind is Any:
            return {}
        return self._many(get_origin(kind), get_args(kind))

    def _many(self, origin: Any, members: tuple[Any, ...]) -> Schema:
        if origin is list:
            return {"type": "array", "items": self.walk(members[0])}
        if origin is tuple:
            items = [self.walk(member) for member in members]
            return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
        if origin is dict:
            names, values = map(self.walk, members)
            return {"type": "object", "propertyNames": names, "additionalProperties": values}
        return self._union(members)

    def _union(self, members: tuple[Any, ...]) -> Schema:
        """Return the schema of a union; its members have no value in common, since a tag tells them apart."""
        parts: list[Schema] = []
        for member in members:
            tag = next(mark.tag for mark in member.__metadata__ if isinstance(mark, Tag))
            part = self.walk(member, tag.strip("<>"))
            parts.extend(part["anyOf"] if set(part) == {"anyOf"} else [part])
        parts = [part for part in parts if part != {"enum": []}]
        return parts[0] if len(parts) == 1 else {"oneOf": parts}

    def _marked(self, inner: Schema, mark: Any) -> Schema:
        if isinstance(mark, (BeforeValidator, AfterValidator)):
            made = said(mark.func)
            return made(inner, self) if made else inner
        return {**inner, **_about(mark.about)} if isinstance(mark, Note) else inner

    def model(self, model: type[BaseModel], required: tuple[str, ...]) -> Schema:
        """Return the schema of a map with known keys."""
        properties = {}
        for key, kind in keys_of(model).items():
            found = self.walk(kind)
            sentence = SENTENCES.get(f"{model.__name__}.{key}") or SENTENCES.get(key)
            told = {"description": sentence} if sentence and "description" not in found else {}
            properties[key] = {**found, **told}
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**schema, "required": list(required)} if required else schema


def _about(about: object) -> Schema:
    if isinstance(about, Model):
        return {"title": about.name, "description": about.summary}
    if isinstance(about, Choice):
        words = "; ".join(f"{word.name}: {word.summary}" for word in about.words)
        return {"title": about.name, "description": f"{about.summary} {words}", "default": about.words[0].written}
    if isinstance(about, Parameter):
        default = {} if about.default is None else {"default": _default(about)}
        return {"title": about.name, "description": _parameter(about), **default}
    return {"required": list(about)} if isinstance(about, tuple) else {}


def _default(parameter: Parameter) -> bool | float:
    value = parameter.default or 0.0
    return bool(value) if parameter.kind == "flag" else plain(value)


def _parameter(parameter: Parameter) -> str:
    """Return the sentences about a parameter: what it is, unit, range, prior."""
    bounds = str(parameter.range)
    said = _UNITS.get(parameter.unit, _KINDS[parameter.kind])
    priors = ((kind, [plain(end) for end in ends]) for kind, ends in parameter.random.items())
    prior = "".join(f"; random: {kind} {ends}{_SCALES[parameter.scale]}" for kind, ends in priors)
    return f"{parameter.summary} {said}{f', {bounds}' if bounds else ''}{prior}."


def body(model: Model, inner: Schema) -> Schema:
    """Return the schema of a model's parameters: which ways exclude each other, and what must be given."""
    mixed = [{"anyOf": [_way(model, ways, way, False) for way in ways.ways]} for ways in model.ways]
    silent = [{"anyOf": [_way(model, ways, way, True) for way in ways.ways]} for ways in model.ways]
    plain = [name for name in _in_no_way(model) if model.parameters[name].default is None]
    full = {**_together(silent), **_said(tree(plain), set(plain), set(plain), model.parts)}
    rules = {"if": _IS_RANDOM, "then": _together(mixed), "else": full}
    rules = {key: rule for key, rule in rules.items() if rule} if full else {}
    return {"anyOf": [RANDOM, {**inner, **rules}]}


def _together(schemas: list[Schema]) -> Schema:
    return {"allOf": schemas} if len(schemas) > 1 else schemas[0] if schemas else {}


def _in_no_way(model: Model) -> Iterator[str]:
    taken = {name for ways in model.ways for name in ways.names}
    return (name for name in model.parameters if name not in taken)


def _way(model: Model, ways: Ways, way: tuple[str, ...], needed: bool) -> Schema:
    """Return the schema of one way: none of the others' keys and, where `needed`, those of its own without default."""
    required = [name for name in way if needed and model.parameters[name].default is None]
    return _said(tree(ways.names), set(way), set(required), model.parts)


def _needs(schema: Any) -> bool:
    """Return whether a schema of `_said` asks for any key, in this map or in one inside it."""
    inside = schema.get("properties", {}).values() if isinstance(schema, dict) else ()
    return isinstance(schema, dict) and ("required" in schema or any(map(_needs, inside)))


def _said(maps: Mapping[str, Any], way: set[str], required: set[str], parts: tuple[str, ...]) -> Schema:
    """Return the schema of a map in which a way is said; in a part that is random nothing need be."""
    properties: dict[str, Any] = {}
    top = []
    for key, one in maps.items():
        if not isinstance(one, dict):
            properties |= {} if one in way else {key: False}
            top += [key] if one in required else []
            continue
        inside = _said(one, way, required, ())
        needs = _needs(inside)
        if key in parts:
            free = _said(one, way, set(), ())
            rules = {"then": free} if free else {}
            inside = {"if": _IS_RANDOM, **rules, "else": inside} if needs else free
        properties |= {key: inside} if inside else {}
        top += [key] if needs else []
    return {**({"properties": properties} if properties else {}), **({"required": top} if top else {})}
