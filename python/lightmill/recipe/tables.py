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

    @property
    def names(self) -> tuple[str, ...]:
        """All parameters of all ways, each once."""
        return tuple(dict.fromkeys(name for way in self.ways for name in way))


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
class Tables:
    """All tables of the core."""

    objects: Mapping[str, Model]
    noise: Mapping[str, Model]
    psf: Mapping[str, Model]
    sky: Mapping[str, Parameter]
    image: Mapping[str, Parameter]
    recipe: Mapping[str, Parameter]
    measured: Mapping[str, Parameter]


def _parameter(table: Mapping[str, Any]) -> Parameter:
    ends = dict(table["range"])
    low, high = ends.pop("low"), ends.pop("high")
    bounds = Range(-math.inf if low is None else low, math.inf if high is None else high, **ends)
    random = {} if table["kind"] == "points" else table["random"]
    return Parameter(**{**table, "range": bounds, "random": random})


def _parameters(rows: list[Mapping[str, Any]]) -> dict[str, Parameter]:
    return {row["name"]: _parameter(row) for row in rows}


def _ways(table: Mapping[str, Any]) -> Ways:
    return Ways(table["of"], tuple(table["gives"]), tuple(map(tuple, table["ways"])), table["allowed"])


def _model(table: Mapping[str, Any]) -> Model:
    ways = tuple(_ways(ways) for ways in table["ways"])
    fields = {**table, **{key: _parameters(table[key]) for key in ("parameters", "labels")}, "ways": ways}
    return Model(**{**fields, **{key: tuple(table[key]) for key in ("canonical", "follows", "parts")}})


def read(text: str) -> Tables:
    """Return tables from the core's JSON."""
    data = json.loads(text)
    models = {kind: {row["name"]: _model(row) for row in data[kind]} for kind in ("objects", "noise", "psf")}
    rest = (_parameters(data[kind]) for kind in ("sky", "image", "recipe", "measured"))
    return Tables(models["objects"], models["noise"], models["psf"], *rest)


@cache
def tables() -> Tables:
    """Return the tables of the compiled core."""
    from lightmill import _core

    return read(_core.tables())
