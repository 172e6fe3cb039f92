"""The columns of a recipe's records, and the object slots that they fill."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .once import once
from .recipe import Recipe

__all__ = ["Column", "Entry", "Measure", "Table", "table"]

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Column:
    """One column of a record: all that a row draws and derives, in one run of float64."""

    name: str
    offset: int
    width: int
    role: str
    integer: bool
    unit: str
    summary: str
    entry: str | None
    parameter: str | None
    model: str | None
    canonical: bool

    @property
    def slice(self) -> slice:
        """Where its values are in a record."""
        return slice(self.offset, self.offset + self.width)

    def read(self, records: Array) -> Array:
        """Its values, (N,) or (N, slots); integer where they are integer by nature and all there."""
        values = records[:, self.offset] if self.role == "label" else records[:, self.slice]
        return values.astype(np.int64) if self.integer and self.role == "label" else values


@dataclass(frozen=True)
class Measure:
    """One thing that is measured on every noiseless image or trajectory."""

    name: str
    unit: str
    summary: str
    integer: bool

    def read(self, values: Array) -> Array:
        """Its values as they are, or as the whole numbers that they are by nature."""
        return values.astype(np.int64) if self.integer else values


@dataclass(frozen=True)
class Entry:
    """One entry of ``objects`` and the object slots that it owns."""

    name: str
    model: str
    slots: slice
    columns: tuple[Column, ...]


class Table:
    """The columns of a recipe's plan, the object slots that they fill, and what is measured on its rows."""

    def __init__(self, recipe: Recipe) -> None:
        self.columns = tuple(Column(**column) for column in json.loads(recipe.plan.columns()))
        # A system is no object: of a recipe of time series only its bodies are.
        self._owned = tuple(c for c in self.columns if not recipe.is_series or c.role == "object")
        self.by_name = {column.name: column for column in self.columns}
        self.labels = tuple(column for column in self.columns if column.role == "label")
        self.entries = tuple(self._entries())
        told = json.loads(recipe.plan.measures())
        self.measures = tuple(
            Measure(one["name"], one["unit"], one["summary"], one["kind"] == "integer") for one in told
        )

    def _entries(self) -> Iterator[Entry]:
        begin = 0
        for name in dict.fromkeys(column.entry for column in self._owned if column.entry is not None):
            columns = tuple(c for c in self._owned if c.entry == name and c.parameter is not None)
            end = begin + columns[0].width
            yield Entry(name, columns[0].model or "", slice(begin, end), columns)
            begin = end

    @property
    def slots(self) -> int:
        """Object slots of a row, over all entries."""
        return self.entries[-1].slots.stop if self.entries else 0

    @once
    def object_parameters(self) -> tuple[str, ...]:
        """Parameters that any entry has."""
        return tuple(dict.fromkeys(str(c.parameter) for entry in self.entries for c in entry.columns))

    def objects(self, records: Array) -> dict[str, Array]:
        """``present`` (N, S) and every parameter (N, S), NaN where an object is absent or lacks it."""
        if not self.entries:
            return {}
        shape = (len(records), self.slots)
        objects: dict[str, Array] = {"present": np.zeros(shape, bool)}
        objects |= {name: np.full(shape, np.nan) for name in self.object_parameters}
        for entry in self.entries:
            objects["present"][:, entry.slots] = ~np.isnan(records[:, entry.columns[0].slice])
            for column in entry.columns:
                objects[str(column.parameter)][:, entry.slots] = records[:, column.slice]
        return objects


def table(recipe: Recipe) -> Table:
    """Return the columns of a recipe, made once."""
    made = recipe.__dict__.get("_table")
    if made is None:
        made = Table(recipe)
        recipe.__dict__["_table"] = made
    return made
