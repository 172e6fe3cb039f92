"""Recipes of time series as pydantic models: a `system`, when it is looked at, and what is seen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from pydantic import BaseModel

from lightmill.recipe import checks, names
from lightmill.recipe.checks import fault
from lightmill.recipe.fisher import ARRAYS
from lightmill.recipe.models import (
    as_map,
    columns,
    entry_tag,
    fields_of,
    flag,
    in_order,
    saved,
    shared,
    value_constant,
    whole,
)
from lightmill.recipe.models import wrong_entry as wrong
from lightmill.recipe.names import short
from lightmill.recipe.position import AXES, position_type
from lightmill.recipe.says import Schema, either, says, takes
from lightmill.recipe.schema import body
from lightmill.recipe.strict import Check, after, before, list_of, noted, one_of, strict
from lightmill.recipe.tables import Choice, Model, Range, System, tables
from lightmill.recipe.values import value_type

ORDER = (
    *("lightmill", "name", "seed", "count", "times", "tables", "let", "system", "observe", "noise"),
    *("keep", "realisations", "splits", "targets", "fisher", "save"),
)
SAVE = ("noiseless", *ARRAYS)
VELOCITY = ("vx", "vy", "vz")
"""The parameters of a body that `velocity` stands for, each with a draw of its own."""
MAX_TIMES = 1_000_000
MAX_GAPS = 1_000
TIMES = "times: {start: 0, stop: 10, points: 101}"


@cache
def document() -> type[BaseModel]:
    """Return the model of a whole recipe of time series."""
    observe = after(list_of(before(_observable())), checks.distinct)
    fields = {
        **shared(),
        "times": _times(),
        "system": _system(),
        "observe": before(checks.listing("observe: [x, y]"), observe),
        "noise": _noise(),
        "fisher": columns("fisher"),
        "save": saved(SAVE),
    }
    return strict("series", names.LATER_SYSTEM, **in_order(fields, ORDER))


def _observable() -> Check:
    """Return the check of an observable's name; which of them a system has, `series_relations` tells."""
    known = dict.fromkeys(name for system in tables().systems.values() for name in system.observables)

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise fault("there is no value" if value is None else f"{short(value)} is not text", "write x, or energy")
        return value

    return takes(check, {"enum": list(known)})


def _system() -> Any:
    known = tables().systems
    members = {f"<{name}>": strict(f"system {name}", **{name: _body(system)}) for name, system in known.items()}
    members["<wrong>"] = before(takes(partial(_wrong_system, known), {"enum": []}))
    return one_of(members, entry_tag(known))


def _wrong_system(known: Mapping[str, System], value: Any) -> Any:
    if isinstance(value, dict) and "mixture" in value:
        raise fault("`mixture` is of objects", "a recipe has one system; write a recipe for each")
    return wrong(known, "a system", (), value)


def _body(system: System) -> Any:
    """Return the type of what a recipe says of a system; the word `random` stands for ``{random: true}``."""
    model = system.model
    fields = fields_of(model.parameters, units=False)
    fields |= {name: noted(before(_word(choice)), choice) for name, choice in system.choices.items()}
    fields |= {name: value_constant(setting) for name, setting in system.settings.items()}
    if system.body:
        bodies = tables().bodies["bodies"]
        fields["bodies"] = noted(value_type("integer", bodies.range, prior=False, counted=True), bodies)
        fields["position"] = position_type(solid=True)
        fields["velocity"] = value_type("real", Range(), prior=False)
    example = f"`{model.name}: random` or `{model.name}: {{{next(iter(model.parameters))}: ...}}`"
    form = before(checks.mapping(example), strict(f"{model.name} system", **fields, random=before(flag)))
    return noted(before(says(partial(as_map), lambda inner, _book: body(_plain(system), inner)), form), model)


def _plain(system: System) -> Model:
    """Return the parameters that a recipe cannot say in another way, as `position` and `velocity` do."""
    stood_for = {*AXES, *VELOCITY} if system.body else set()
    left = {name: parameter for name, parameter in system.model.parameters.items() if name not in stood_for}
    own = system.model
    return Model(own.name, own.family, own.summary, left, own.ways, own.canonical)


def _word(choice: Choice) -> Any:
    written = [word.written for word in choice.words]
    plain = checks.word([word.name for word in choice.words])

    def check(value: Any) -> Any:
        number = isinstance(value, int) and not isinstance(value, bool)
        said = plain(str(value) if number else value)
        return int(said) if said.isdigit() else said

    return takes(check, {"enum": written})


def _times() -> Any:
    number = before(checks.numeric("real", Range()))
    gap = before(checks.numeric("real", Range(low=0.0, low_open=True)))
    gaps = before(
        checks.mapping("gaps: {number: 2, length: 0.5}"), strict("gaps", number=whole(1, MAX_GAPS), length=gap)
    )
    form = strict(
        "times",
        start=number,
        stop=number,
        points=whole(2, MAX_TIMES),
        at=before(_listed, list_of(number)),
        jitter=before(checks.numeric("real", Range(0.0, 0.9))),
        gaps=gaps,
    )
    return before(says(_as_times, lambda inner, _book: either(_LIST, inner | _EVEN_OR_LISTED)), form)


_LIST: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 1}
_EVEN_OR_LISTED: Schema = {
    "anyOf": [
        {"required": ["stop", "points"], "properties": {"at": False}},
        {"required": ["at"], "properties": dict.fromkeys(("stop", "points", "jitter", "gaps"), False)},
    ]
}


def _as_times(value: Any) -> Any:
    """Return a list of times as ``{at: [...]}``."""
    return {"at": value} if isinstance(value, list) else checks.mapping(TIMES)(value)


def _listed(value: Any) -> Any:
    if not isinstance(value, list) or not value:
        wrong = "there are no times" if value == [] else f"{short(value)} is not a list"
        raise fault(wrong, f"write a list of them, or {TIMES}")
    return value


says(_listed, lambda inner, _book: {**inner, "minItems": 1})


def _noise() -> Any:
    known = tables().spreads
    on = after(list_of(before(_observable())), checks.distinct)
    on = before(checks.listing("on: [x, y]"), on)
    members = {f"<{name}>": strict(f"spread {name}", **{name: _spread(model, on)}) for name, model in known.items()}
    members["<wrong>"] = before(takes(partial(_wrong_noise, known), {"enum": []}))
    entries = one_of(members, entry_tag(known))
    return before(checks.listing("noise: [{gaussian: {sigma: 0.1, on: [x]}}]", lone=True), list_of(entries))


def _spread(model: Model, on: Any) -> Any:
    fields = {**fields_of(model.parameters), "on": on, "random": before(flag)}
    example = f"`{model.name}: {{sigma: 0.1}}` or `{model.name}: {{relative: 0.1, on: [x]}}`"
    form = before(checks.mapping(example), strict(f"{model.name} spread", **fields))
    return noted(before(says(partial(as_map), lambda inner, _book: body(model, inner)), form), model)


def _wrong_noise(known: Mapping[str, Model], value: Any) -> Any:
    if value == "poisson" or (isinstance(value, dict) and "poisson" in value):
        raise fault("`poisson` is the noise of light", "what is seen of a system takes `gaussian`")
    return wrong(known, "a noise", (), value)
