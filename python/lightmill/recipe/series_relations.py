"""Checks between the parts of a recipe of time series; they read what was written, whatever else is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lightmill.recipe import position
from lightmill.recipe.branches import Found
from lightmill.recipe.columns import let_of, listed
from lightmill.recipe.fisher import named_in, nothing_asked
from lightmill.recipe.names import clean, nearest, quote, short, suggest
from lightmill.recipe.series import axes_of, placed, stood_for, system_of, without
from lightmill.recipe.system import TIMES, VELOCITY
from lightmill.recipe.tables import System, tables
from lightmill.recipe.ways import given, written, wrong

_MEASURED = ("energy_drift", "integration_error", "failed")
_TOGETHER = (("position", "{ball: {radius: 1}}", position.AXES), ("velocity", "{normal: [0, 0.3]}", VELOCITY))
"""What stands for several parameters of a body."""
_EVEN = ("stop", "points", "jitter", "gaps")


def relations(recipe: Mapping[str, Any]) -> Iterator[Found]:
    """Yield (place, message) for all that is wrong between a recipe's parts."""
    yield from _times(recipe)
    yield from _noise(recipe)
    found = system_of(recipe)
    if found is None:
        return
    key, body = found
    system = tables().systems[key]
    for rest, said in _body(system, body):
        yield ("system", key, *rest), said
    yield from _observed(recipe, key, system)
    yield from _labels(recipe, key, system, body)
    yield from nothing_asked(recipe, f"{key}.{next(iter(system.own.parameters))}")


def _times(recipe: Mapping[str, Any]) -> Iterator[Found]:
    said = recipe.get("times")
    if "times" not in recipe:
        yield (), f"times must be given, as in `{TIMES}`"
    if not isinstance(said, dict):
        return
    if "at" in said:
        for key in _EVEN:
            if key in said:
                yield (
                    ("times", key),
                    f"`at` and `{key}` say the times in two ways; give one of: at | start, stop, points",
                )
        return
    for key in ("stop", "points"):
        if key not in said:
            yield ("times",), f"{key} must be given, as in `{TIMES}`"
    gaps = said.get("gaps")
    for key in ("number", "length"):
        if isinstance(gaps, dict) and key not in gaps:
            yield ("times", "gaps"), f"{key} must be given, as in `gaps: {{number: 2, length: 0.5}}`"


def _body(system: System, body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    gone = without(system, body)
    for name, (choice, word) in gone.items():
        if name in given(system.model, body) or name in body:
            yield tuple(name.split(".")), f"`{choice}: {word.written}` has no {name}; leave one of them out"
    # What the words have no use for, and what position and velocity stand for, need not be given.
    ghosts = dict.fromkeys((*gone, *stood_for(system, body)), 0.0)
    for key, example, names in _TOGETHER if system.body else ():
        there = [name for name in names if name not in gone]
        if not {key, *names, "random"}.intersection(body):
            yield (), f"{', '.join(there)} must be given, or `{key}`, as in `{key}: {example}`"
            ghosts |= dict.fromkeys(names, 0.0)
    yield from wrong(system.model, {**_nested(ghosts), **body})
    for name, setting in system.settings.items():
        if setting.default is None and name not in gone and name not in body:
            yield (), f"{name} must be given{_used_by(system, name)}"
    if system.body and "bodies" not in body:
        yield (), "bodies must be given: how many there are, as in `bodies: 3`"
    said = placed(system, body)
    yield from position.twice({**body, **said} if said else {})
    for axis in VELOCITY:
        if "velocity" in said and axis in body:
            yield (axis,), f"`velocity`, `{axis}` say the velocity in two ways; give one of: vx, vy, vz | velocity"
    if len(position.axes(said)) > axes_of(system, body):
        name = next(name for name in position.SOLID if name in said["position"])
        yield ("position", name), f"`{name}` has three dimensions, the bodies two; give `disc` or `annulus`"


def _used_by(system: System, name: str) -> str:
    """Tell the words with which a setting need not be given."""
    freed = [
        f"`{choice.name}: {word.written}`"
        for choice in system.choices.values()
        for word in choice.words
        if name in word.without
    ]
    return f"; {', '.join(freed)} have none" if freed else ""


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in values.items():
        group, _, key = name.rpartition(".")
        (nested.setdefault(group, {}) if group else nested)[key] = value
    return nested


def _observed(recipe: Mapping[str, Any], key: str, system: System) -> Iterator[Found]:
    observe = recipe.get("observe", list(system.observables))
    observe = observe if isinstance(observe, list) else []
    if observe == []:
        yield ("observe",), f"nothing is observed; of a {key} can be seen {quote(system.observables)}"
    for i, name in enumerate(observe):
        if isinstance(name, str) and name not in system.observables:
            yield ("observe", i), f"{short(name)} cannot be seen of a {key}; {suggest(name, tuple(system.observables))}"
    for i, item in enumerate(listed(recipe.get("noise"))):
        body = next(iter(item.values())) if isinstance(item, dict) and len(item) == 1 else None
        on = body.get("on") if isinstance(body, dict) else None
        for n, name in enumerate(on if isinstance(on, list) else []):
            if isinstance(name, str) and name not in observe:
                kind = next(iter(item))
                told = f"{short(name)} is not observed; add it to `observe`, or leave it out here"
                yield ("noise", i, kind, "on", n), told


def _noise(recipe: Mapping[str, Any]) -> Iterator[Found]:
    for i, item in enumerate(listed(recipe.get("noise"))):
        kind, body = next(iter(item.items())) if isinstance(item, dict) and len(item) == 1 else ("", None)
        body = {"random": True} if body == "random" else body
        if kind in tables().spreads and isinstance(body, dict):
            yield from ((("noise", i, kind, *rest), said) for rest, said in wrong(tables().spreads[kind], body))


def columns(recipe: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the columns of one value a sample, and those of a value for each body."""
    found = system_of(recipe)
    if found is None:
        return [], []
    key, body = found
    system = tables().systems[key]
    own = dict.fromkeys((*system.own.canonical, *written(system.own, given(system.own, body))))
    single = [*let_of(recipe), *(f"{key}.{name}" for name in own)]
    each = []
    if system.body:
        single.append(f"{key}.bodies")
        each = [f"{key}.{name}" for name in system.body.parameters]
    return [*single, *_noise_columns(recipe)], each


def _noise_columns(recipe: Mapping[str, Any]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for item in listed(recipe.get("noise")):
        kind, body = next(iter(item.items())) if isinstance(item, dict) and item else ("", None)
        if kind in tables().spreads:
            seen[kind] = seen.get(kind, 0) + 1
            label = kind if seen[kind] == 1 else f"{kind}.{seen[kind]}"
            width = "relative" if isinstance(body, dict) and "relative" in body else "sigma"
            yield f"noise.{label}.{width}"


def _labels(recipe: Mapping[str, Any], key: str, system: System, body: Mapping[str, Any]) -> Iterator[Found]:
    """Yield the faults of targets and conditions on what no sample has exactly once."""
    single, each = columns(recipe)
    keep = recipe.get("keep")
    for i, name in enumerate(named_in(recipe, "targets")):
        if isinstance(name, str) and name not in single:
            yield ("targets", i), _no_column(name, single, each)
    for i, name in enumerate(named_in(recipe, "fisher")):
        if not isinstance(name, str) or name in single or _of_a_body(name, each):
            continue
        one = f'; name that of one, as in "{clean(name)}[0]"' if name in each else ""
        yield ("fisher", i), f"{_no_column(name, single, each)}{one}"
    for name in keep if isinstance(keep, dict) else ():
        if name not in single:
            yield ("keep", name), _no_column(name, single, each)


def _of_a_body(name: str, each: list[str]) -> bool:
    """Return whether it is a column of bodies with the number of one; how many there are, the core knows."""
    return re.sub(r"\[\d+\]$", "", name) in each and name not in each


def _no_column(name: str, single: list[str], each: list[str]) -> str:
    if name in _MEASURED:
        return f"`{name}` is known once a trajectory has been followed; here can stand what is drawn before"
    if name in each:
        return f"`{clean(name)}` is a number of each body, not one a sample"
    near = nearest(name, single[:500])
    rest = f"did you mean `{near}`?" if near else f"the columns are {quote(single[:12])}"
    return f"there is no column `{clean(name)}`; {rest}"
