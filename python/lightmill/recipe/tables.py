"""The core's parameter tables, as Python reads them."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from lightmill.recipe.names import number

Kind = Literal["real", "integer", "flag", "points"]
LARGEST = sys.float_info.max
"""A whole number may be larger than any float64; comparing it is safe, converting it is not."""


@dataclass(frozen=True, slots=True)
class Range:
    """Legal values, from `low` to `high`; an open end is itself excluded."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def contains(self, value: float) -> bool:
        """Return whether a value is legal; NaN never is."""
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below and abs(value) <= LARGEST

    def __str__(self) -> str:
        low, high = math.isfinite(self.low), math.isfinite(self.high)
        if low and high and not (self.low_open or self.high_open):
            return f"from {number(self.low)} to {number(self.high)}"
        parts = []
        if low:
            parts.append(f"{'above' if self.low_open else 'at least'} {number(self.low)}")
        if high:
            parts.append(f"{'below' if self.high_open else 'at most'} {number(self.high)}")
        return " and ".join(parts)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a model; `shear.angle` is written ``shear: {angle: ...}``."""

    name: str
    unit: str
    kind: Kind
    range: Range
    default: float | None
    random: Mapping[str, list[float]]
    scale: str
    summary: str


@dataclass(frozen=True, slots=True)
class Ways:
    """Something said in exactly one of several ways, each a list of parameters."""

    of: str
    gives: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...]
    allowed: str
    names: tuple[str, ...]
    """All parameters of all ways, each once."""


@dataclass(frozen=True, slots=True)
class Model:
    """What can be put into an image, an object or a noise; or a PSF.

    Beside the canonical parameters a model may have columns that follow from them, `follows`; those that no
    recipe can give are its `labels`. `parts` are the maps in which it writes the parameters of what it is made of.
    """

    name: str
    family: str
    summary: str
    parameters: Mapping[str, Parameter]
    ways: tuple[Ways, ...]
    canonical: tuple[str, ...]
    follows: tuple[str, ...] = ()
    labels: Mapping[str, Parameter] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    needs_psf: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a choice; with it, a recipe must not give the parameters and settings that it goes `without`."""

    name: str
    without: tuple[str, ...]
    summary: str

    @property
    def written(self) -> str | int:
        """As a recipe says it: a number where it is one."""
        return int(self.name) if self.name.isdigit() else self.name


@dataclass(frozen=True, slots=True)
class Choice:
    """One word out of several, for a whole recipe; the first is the default."""

    name: str
    words: tuple[Word, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Observable:
    """What can be seen of a system."""

    name: str
    unit: str
    shape: str
    summary: str


@dataclass(frozen=True, slots=True)
class System:
    """What moves in a time series.

    Parameters
    ----------
    model : Model
        Its parameters and those of each of its bodies, together.
    own : Model
        Its own alone.
    body : Model or None
        Those of a body, where a recipe says how many there are.
    choices : mapping of Choice
        Words that hold for a whole recipe.
    settings : mapping of Parameter
        Numbers that hold for a whole recipe.
    observables : mapping of Observable
        What can be seen.
    """

    model: Model
    own: Model
    body: Model | None
    choices: Mapping[str, Choice]
    settings: Mapping[str, Parameter]
    observables: Mapping[str, Observable]


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of the core."""

    objects: Mapping[str, Model]
    noise: Mapping[str, Model]
    psf: Mapping[str, Model]
    part: Mapping[str, Parameter]
    systems: Mapping[str, System]
    spreads: Mapping[str, Model]
    sky: Mapping[str, Parameter]
    image: Mapping[str, Parameter]
    recipe: Mapping[str, Parameter]
    measured: Mapping[str, Parameter]
    bodies: Mapping[str, Parameter]
    failures: tuple[str, ...]


def _parameter(table: Mapping[str, Any]) -> Parameter:
    ends = dict(table["range"])
    low, high = ends.pop("low"), ends.pop("high")
    bounds = Range(-math.inf if low is None else low, math.inf if high is None else high, **ends)
    random = {} if table["kind"] == "points" else table["random"]
    return Parameter(**{**table, "range": bounds, "random": random})


def _parameters(rows: list[Mapping[str, Any]]) -> dict[str, Parameter]:
    return {row["name"]: _parameter(row) for row in rows}


def _ways(table: Mapping[str, Any]) -> Ways:
    ways = tuple(map(tuple, table["ways"]))
    names = tuple(dict.fromkeys(name for way in ways for name in way))
    return Ways(table["of"], tuple(table["gives"]), ways, table["allowed"], names)


def _model(table: Mapping[str, Any]) -> Model:
    ways = tuple(_ways(ways) for ways in table["ways"])
    fields = {**table, **{key: _parameters(table[key]) for key in ("parameters", "labels")}, "ways": ways}
    return Model(**{**fields, **{key: tuple(table[key]) for key in ("canonical", "follows", "parts")}})


def _system(table: Mapping[str, Any]) -> System:
    rest = ("body", "choices", "settings", "observables")
    own = _model({key: value for key, value in table.items() if key not in rest})
    body = _model(table["body"]) if table["body"] else None
    choices = (_choice(choice) for choice in table["choices"])
    seen = (Observable(**row) for row in table["observables"])
    return System(
        _joined(own, body) if body else own,
        own,
        body,
        {choice.name: choice for choice in choices},
        _parameters(table["settings"]),
        {one.name: one for one in seen},
    )


def _choice(table: Mapping[str, Any]) -> Choice:
    words = tuple(Word(word["name"], tuple(word["without"]), word["summary"]) for word in table["words"])
    return Choice(table["name"], words, table["summary"])


def _joined(own: Model, body: Model) -> Model:
    parameters = {**own.parameters, **body.parameters}
    ways, canonical = (*own.ways, *body.ways), (*own.canonical, *body.canonical)
    return Model(own.name, own.family, own.summary, parameters, ways, canonical)


def read(text: str) -> Tables:
    """Return tables from the core's JSON."""
    data = json.loads(text)
    kinds = ("objects", "noise", "psf", "spreads")
    models: dict[str, Any] = {kind: {row["name"]: _model(row) for row in data[kind]} for kind in kinds}
    rest: dict[str, Any] = {
        kind: _parameters(data[kind]) for kind in ("part", "sky", "image", "recipe", "measured", "bodies")
    }
    systems = {row["name"]: _system(row) for row in data["systems"]}
    return Tables(**models, systems=systems, **rest, failures=tuple(data["failures"]))


@cache
def tables() -> Tables:
    """Return the tables of the compiled core."""
    from lightmill import _core

    return read(_core.tables())
