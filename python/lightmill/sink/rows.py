"""Arrays on disk that index as NumPy's do."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from lightmill.sink.reader import Shards
from lightmill.sink.source import Array


class Rows:
    """An array on disk, indexed as NumPy's are; only what is asked for is read.

    Attributes
    ----------
    shape : tuple of int
        Rows first.
    dtype : numpy.dtype
        As stored.
    """

    def __init__(self, shards: Shards, path: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._shards, self._path = shards, path
        self.shape, self.dtype = shape, dtype

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    def __repr__(self) -> str:
        return f"<{self._path} of shape {self.shape}, {self.dtype}>"

    def __iter__(self) -> Iterator[Any]:
        return (self[row] for row in range(len(self)))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        if copy is False:
            raise ValueError(f"{self._path} is on disk: it cannot become an array without a copy")
        return np.asarray(self[:], dtype=dtype)

    def __getitem__(self, key: Any) -> Any:
        """Read rows by number, slice, numbers or mask; further indices apply to the other axes, as in NumPy.

        Raises
        ------
        IndexError
            For a row that is not there.
        DataError
            For a shard that is missing or cut short.
        """
        rows, rest = _split(key)
        if isinstance(rows, slice):
            return self._slice(rows)[(slice(None), *rest)]
        if isinstance(rows, np.ndarray):
            rows = self._unmasked(rows)
            block = self._gather(self._checked(rows).reshape(-1))
            return block[(np.arange(len(block)).reshape(rows.shape), *rest)] if rest or rows.ndim != 1 else block
        row = int(self._checked(np.array([rows]))[0])
        return self._slice(slice(row, row + 1))[(0, *rest)]

    def _slice(self, rows: slice) -> Array:
        start, stop, step = rows.indices(len(self))
        if step != 1:
            return self._gather(np.arange(start, stop, step))
        block = self._empty(max(0, stop - start))
        self._shards.read(self._path, start, block)
        return block

    def _gather(self, rows: Array) -> Array:
        """Read rows in the order that the disk likes; neighbours in one go."""
        block, order = self._empty(len(rows)), np.argsort(rows, kind="stable")
        ends = np.flatnonzero((np.diff(rows[order]) != 1) | (np.diff(order) != 1)) + 1
        for run in np.split(order, ends):
            if len(run):
                self._shards.read(self._path, int(rows[run[0]]), block[run[0] : run[0] + len(run)])
        return block

    def _empty(self, rows: int) -> Array:
        return np.empty((rows, *self.shape[1:]), self.dtype)

    def _unmasked(self, rows: Array) -> Array:
        if rows.dtype != bool:
            return rows
        if rows.shape != (len(self),):
            raise IndexError(f"a mask over {self._path} has the shape ({len(self)},), not {rows.shape}")
        return np.flatnonzero(rows)

    def _checked(self, rows: Array) -> Array:
        """Row numbers from 0, of numbers that may count from the end."""
        if rows.dtype.kind not in "iu":
            raise IndexError(f"rows of {self._path} are numbered by integers, not {rows.dtype}")
        low, high = (int(rows.min()), int(rows.max())) if rows.size else (0, 0)
        if rows.size and (low < -len(self) or high >= len(self)):
            wrong = low if low < -len(self) else high
            raise IndexError(f"row {wrong} of {self._path} is out of range: it has {len(self)} rows")
        return np.where(rows < 0, rows + len(self), rows)


class RowGroup(Mapping[str, Rows]):
    """The arrays of one group by name, each read row by row.

    Parameters
    ----------
    group : str
        Its name, such as "series".
    open_rows : callable
        From an array's path to its rows.
    paths : iterable of str
        The arrays that there are.
    """

    def __init__(self, group: str, open_rows: Callable[[str], Rows], paths: Iterable[str]) -> None:
        self._open, self._group = open_rows, group
        self._names = [path.removeprefix(f"/{group}/") for path in paths if path.startswith(f"/{group}/")]

    def __getitem__(self, name: str) -> Rows:
        if name not in self._names:
            raise KeyError(f"no {name!r} in {self._group}; there are {', '.join(self._names) or 'none'}")
        return self._open(f"{self._group}/{name}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<{self._group} {', '.join(self._names)}>"


def _split(key: Any) -> tuple[slice | int | Array, tuple[Any, ...]]:
    """Part the index of the rows from those of the other axes."""
    first, rest = (key[0], key[1:]) if isinstance(key, tuple) and key else (key, ())
    if first is Ellipsis or isinstance(first, tuple):
        return slice(None), (Ellipsis, *rest) if rest else ()
    if isinstance(first, slice):
        return first, rest
    if isinstance(first, list | np.ndarray | range):
        rows = np.asarray(first)
        if rows.size == 0 and isinstance(first, list):
            rows = rows.astype(np.int64)
        return rows, rest
    return operator.index(first), rest
