"""What the sink takes: anything that gives rows of arrays by number."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Arrays = dict[str, Array]
Attribute = str | int | float | list[str]

COLUMNS = ("/labels/", "/objects/", "/measured/")
"""Groups whose datasets are small enough to be held for all rows in ``dataset.h5``."""

CONSTANTS = "/constants/"
"""The group of what is the same for every row: each file holds it once, whole."""


@dataclass(frozen=True)
class Field:
    """One dataset of a shard.

    Attributes
    ----------
    path : str
        Its place in the file: ``/images``, ``/labels/galaxy.flux``, ``/objects/present``, ``/constants/psf``.
    dtype : numpy.dtype
        Fixed-size and native: floats, integers, bool.
    shape : tuple of int
        Shape of one row, that is without the first axis; of a constant its own shape.
    attributes : mapping
        ``unit``, ``description``, ``classes``, ``entry``, ``model``: written beside the dataset.
    """

    path: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...] = ()
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    @property
    def row_bytes(self) -> int:
        """Bytes that each further row takes."""
        return self.bytes(1) if not self.is_constant else 0

    def bytes(self, rows: int) -> int:
        """Bytes in a file of so many rows."""
        return self.dtype.itemsize * math.prod(self.whole(rows))

    def whole(self, rows: int) -> tuple[int, ...]:
        """Shape in a file of so many rows."""
        return self.shape if self.is_constant else (rows, *self.shape)

    @property
    def is_constant(self) -> bool:
        """Whether it is the same for every row."""
        return self.path.startswith(CONSTANTS)

    @property
    def is_column(self) -> bool:
        """Whether ``dataset.h5`` holds it for all rows, rather than pointing at the shards."""
        return self.path == SAMPLE.path or self.is_constant or self.path.startswith(COLUMNS)


SAMPLE = Field("/sample", np.dtype(np.uint64), (), {"description": "Row number."})
"""The row numbers, which the sink itself puts into every shard, whether or not the source names them."""


class Source(Protocol):
    """Rows by number; row *k* is a pure function of *k*."""

    @property
    def fields(self) -> Sequence[Field]:
        """What every row consists of, the same for all rows."""

    def arrays(self, start: int, stop: int, out: Mapping[str, Array] | None = None) -> Arrays:
        """Rows ``start`` to ``stop`` (excluded) by path, into ``out`` where that is worth it; constants whole."""


def stored(fields: Sequence[Field]) -> tuple[Field, ...]:
    """All fields of a shard: the source's and the row numbers, in the order of their paths.

    Raises
    ------
    ValueError
        When two fields share a path, or a dtype is one that a file cannot hold as plain bytes.
    """
    others = (one for one in fields if one.path != SAMPLE.path)
    everything = tuple(sorted((*others, SAMPLE), key=lambda one: one.path))
    paths = [one.path for one in everything]
    for one in everything:
        if paths.count(one.path) > 1:
            raise ValueError(f"two fields of a data set are called {one.path}")
        if one.dtype.kind not in "biuf" or not one.dtype.isnative or not one.path.startswith("/"):
            raise ValueError(f"{one.path}: {one.dtype} cannot be stored; allowed are native floats, integers and bool")
    return everything
