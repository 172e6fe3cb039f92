"""Rows of time series in memory: what `generate` and `render` do for a recipe with a `system`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .columns import table
from .once import once
from .recipe.tables import tables
from .sink.source import CONSTANTS, Field

if TYPE_CHECKING:
    from .batch import Batch
    from .recipe import Recipe

__all__ = ["FAILED", "Curves", "arrays", "curves", "fields", "generate", "render", "variations", "written"]

Array = npt.NDArray[Any]

UNITS = {
    "radian": "rad",
    "metre": "m",
    "kilogram": "kg",
    "second": "s",
    "per_second": "1 / s",
    "per_second_squared": "1 / s2",
    "degree_per_second": "deg / s",
    "radian_per_second": "rad / s",
    "metre_per_second": "m / s",
    "metre_per_second_squared": "m / s2",
    "newton_per_metre": "N / m",
    "joule": "J",
    "joule_second": "J s",
}
"""SI units, as astropy reads them; a system without units of its own has none."""

FAILED = ("no", *tables().failures)
"""Why a trajectory ended early, by number."""


def written(unit: str) -> str:
    """Return a unit as a data set says it."""
    return UNITS.get(unit, unit)


class Curves:
    """What is seen of a recipe's system, and when.

    Parameters
    ----------
    recipe : Recipe
        A recipe with a `system`.

    Attributes
    ----------
    shapes : dict of tuple
        The shape of a row by observable: times, then bodies, then axes.
    units, summaries : dict of str
        The unit and a sentence by observable.
    """

    def __init__(self, recipe: Recipe) -> None:
        told = json.loads(recipe.plan.curves())
        self.shapes = {one["name"]: tuple(one["shape"]) for one in told}
        self.units = {one["name"]: written(one["unit"]) for one in told}
        self.summaries = {one["name"]: str(one["summary"]) for one in told}
        self._recipe = recipe

    @once
    def times(self) -> Array | None:
        """The times of every row, (T,) float64, not to be written to; None where each row has its own."""
        times = self._recipe.plan.times
        if times is not None:
            times.flags.writeable = False
        return times

    @property
    def count(self) -> int:
        """How many times there are."""
        return int(next(iter(self.shapes.values()))[0])

    def buffers(self, rows: int, group: str, out: Mapping[str, Array]) -> dict[str, Array]:
        """Return arrays of so many rows for all that is seen: those of ``out``, ``"/series/x"``, or fresh ones."""
        given = {name: out.get(f"/{group}/{name}") for name in self.shapes}
        return {name: np.empty((rows, *self.shapes[name])) if array is None else array for name, array in given.items()}


def curves(recipe: Recipe) -> Curves:
    """Return what is seen of a recipe's system, made once."""
    made = recipe.__dict__.get("_curves")
    if made is None:
        made = recipe.__dict__["_curves"] = Curves(recipe)
    return made


def fields(recipe: Recipe) -> list[Field]:
    """Return what a data set of time series holds beside labels: each observable, and the times."""
    seen, number = curves(recipe), np.dtype(np.float64)
    groups = {"series": "", "noiseless": " Without noise."} if "noiseless" in recipe.save else {"series": ""}
    found = [
        Field(f"/{group}/{name}", number, seen.shapes[name], {"unit": seen.units[name], "description": told + more})
        for group, more in groups.items()
        for name, told in seen.summaries.items()
    ]
    times = f"{CONSTANTS}times" if seen.times is not None else "/times"
    return [*found, Field(times, number, (seen.count,), {"description": "When the system is seen."})]


def arrays(batch: Batch) -> dict[str, Array]:
    """Return the rows of a batch by the paths of their fields, labels apart."""
    found = {f"/series/{name}": array for name, array in batch.series.items()}
    found |= {f"/noiseless/{name}": array for name, array in batch.noiseless_series.items()}
    times = curves(batch.recipe).times
    assert batch.times is not None
    return found | {"/times" if times is None else f"{CONSTANTS}times": batch.times}


def generate(recipe: Recipe, samples: Array, threads: int, out: Mapping[str, Array]) -> Batch:
    """Draw and follow rows, as :func:`lightmill.generate` asks."""
    from .batch import Batch

    rows, seen = len(samples), curves(recipe)
    records, measured = np.empty((rows, recipe.plan.width)), np.empty((rows, len(table(recipe).measures)))
    series = seen.buffers(rows, "series", out)
    noiseless = seen.buffers(rows, "noiseless", out) if "noiseless" in recipe.save else {}
    own = _own_times(seen, rows, out)
    recipe.plan.trajectories(samples, records, measured, [*series.values()], [*noiseless.values()], own, threads)
    times = seen.times if own is None else own
    images = np.empty((rows, 0, 0), np.float32)
    return Batch(samples, images, None, None, None, records, measured, recipe, series, times, noiseless)


def _own_times(seen: Curves, rows: int, out: Mapping[str, Array]) -> Array | None:
    """Return an array for the times of each row, where each has its own."""
    if seen.times is not None:
        return None
    given = out.get("/times")
    return np.empty((rows, seen.count)) if given is None else given


def render(recipe: Recipe, samples: Array, records: Array, noise: bool, threads: int) -> dict[str, Array]:
    """Follow rows from their records, as :func:`lightmill.render` asks."""
    series = curves(recipe).buffers(len(samples), "series", {})
    measured = np.empty((len(samples), len(table(recipe).measures)))
    recipe.plan.follow(samples, records, measured, [*series.values()], [], None, noise, threads)
    return series


def variations(recipe: Recipe, samples: Array, records: Array, threads: int) -> dict[str, Array]:
    """Differentiate rows by what the recipe's ``fisher`` names, as :func:`lightmill.derivatives` asks."""
    rows, count = len(samples), len(recipe.fisher)
    slopes = {name: np.empty((rows, count, *shape)) for name, shape in curves(recipe).shapes.items()}
    recipe.plan.variations(samples, records, [*slopes.values()], threads)
    return slopes
