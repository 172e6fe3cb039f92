"""A recipe as the data set writer sees it: named arrays of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from . import series
from .batch import Batch, generate
from .columns import Column, Measure, table
from .information import told
from .recipe import Recipe
from .sink import Field
from .sink.source import CONSTANTS

__all__ = ["RecipeSource", "source"]

Array = npt.NDArray[Any]

_PLANES = {
    "images": "What is recorded.",
    "noiseless": "The light alone.",
    "variance": "Variance of the recorded image.",
    "psf": "The PSF at the image's centre, integrated over pixels, of flux 1.",
}

_TOLD = {
    "fisher": "Fisher information about the parameters, by rows and columns in their order.",
    "crb": "Cramer-Rao bounds: the least standard deviation of an unbiased estimate of each parameter.",
}


class RecipeSource:
    """The rows of a recipe, as ``Source`` asks.

    Parameters
    ----------
    recipe : Recipe
        What to make.
    threads : int, optional
        Worker threads, as for :func:`lightmill.generate`.
    """

    def __init__(self, recipe: Recipe, threads: int | None = None) -> None:
        self.recipe = recipe
        self.threads = threads
        self.fields = [
            *(series.fields(recipe) if recipe.is_series else self._planes()),
            *self._information(),
            *self._labels(),
            *self._measured(),
            *self._objects(),
        ]

    def _planes(self) -> list[Field]:
        saved = ["images", *(name for name in self.recipe.save if name in _PLANES)]
        attributes = {name: {"unit": "intensity", "description": _PLANES[name]} for name in saved}
        once = {name: CONSTANTS if name in self.recipe.constants else "/" for name in saved}
        plane = np.dtype(np.float32), self.recipe.shape
        return [Field(f"{once[name]}{name}", *plane, attributes[name]) for name in saved]

    def _information(self) -> list[Field]:
        names = list(self.recipe.fisher)
        shapes = {"fisher": (len(names), len(names)), "crb": (len(names),)}
        return [
            Field(f"/{name}", np.dtype(np.float64), shapes[name], {"parameters": names, "description": _TOLD[name]})
            for name in self.recipe.save
            if name in _TOLD
        ]

    def _attributes(self, column: Column) -> dict[str, Any]:
        unit = self.recipe.unit if column.unit == "length" and self.recipe.unit else series.written(column.unit)
        attributes: dict[str, Any] = {"unit": unit, "description": column.summary}
        names = {"split": self.recipe.splits, "class": self.recipe.classes}.get(column.name)
        if names is not None:
            attributes["classes"] = [str(name) for name in names]
        return attributes

    def _labels(self) -> list[Field]:
        kinds = {True: np.dtype(np.int64), False: np.dtype(np.float64)}
        columns = table(self.recipe).labels
        return [Field(f"/labels/{c.name}", kinds[c.integer], (), self._attributes(c)) for c in columns]

    def _measured(self) -> list[Field]:
        return [self._measure(one) for one in table(self.recipe).measures]

    def _measure(self, one: Measure) -> Field:
        words = {"classes": list(series.FAILED)} if one.name == "failed" else {}
        attributes: dict[str, Any] = {"unit": one.unit, "description": one.summary, **words}
        return Field(f"/measured/{one.name}", np.dtype(np.int64 if one.integer else np.float64), (), attributes)

    def _objects(self) -> list[Field]:
        columns = table(self.recipe)
        if not columns.entries:
            return []
        owners = [entry for entry in columns.entries for _ in range(entry.slots.start, entry.slots.stop)]
        owned = {"entry": [entry.name for entry in owners], "model": [entry.model for entry in owners]}
        first = {c.parameter: c for entry in reversed(columns.entries) for c in entry.columns}
        present = Field("/objects/present", np.dtype(bool), (columns.slots,), owned)
        return [present] + [
            Field(f"/objects/{name}", np.dtype(np.float64), (columns.slots,), owned | self._attributes(first[name]))
            for name in columns.object_parameters
        ]

    def arrays(self, start: int, stop: int, out: Mapping[str, Array] | None = None) -> dict[str, Array]:
        """Return rows ``start`` to ``stop`` by the path of their field; planes go into ``out`` where given."""
        batch = generate(self.recipe, start, stop, threads=self.threads, out=out)
        arrays = series.arrays(batch) if self.recipe.is_series else self._pixels(batch)
        arrays |= self._told(batch)
        arrays |= {f"/labels/{name}": np.ascontiguousarray(values) for name, values in batch.labels.items()}
        arrays |= {f"/measured/{name}": np.ascontiguousarray(values) for name, values in batch.measured.items()}
        return arrays | {f"/objects/{name}": values for name, values in batch.objects.items()}

    def _pixels(self, batch: Batch) -> dict[str, Array]:
        planes = {"images": batch.images, "noiseless": batch.noiseless, "variance": batch.variance, "psf": batch.psf}
        constants = self.recipe.constants
        found = {f"/{name}": plane for name, plane in planes.items() if plane is not None and name not in constants}
        return found | {f"{CONSTANTS}{name}": plane for name, plane in constants.items()}

    def _told(self, batch: Batch) -> dict[str, Array]:
        wanted = [name for name in self.recipe.save if name in _TOLD]
        if not wanted:
            return {}
        information = told(self.recipe, batch.samples, batch.records, self.threads)
        return {f"/{name}": getattr(information, name) for name in wanted}


def source(recipe: Recipe, threads: int | None = None) -> RecipeSource:
    """Return the rows of a recipe for the data set writer."""
    return RecipeSource(recipe, threads)
