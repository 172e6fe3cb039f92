"""Tables in memory: a mapping of arrays, a structured array, a data frame, an astropy table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lightmill.table.column import raw_of
from lightmill.table.table import Found, TableError


def find(table: Any) -> Found:
    """Return what a table in memory holds.

    Raises
    ------
    TableError
        Where it is no table, or its columns differ in length.
    """
    names = _names(table)
    if names is None:
        kinds = "a mapping of arrays, a structured array, a data frame or an astropy table"
        raise TableError(f"a {type(table).__name__} is no table; give {kinds}")
    odd = next((name for name in names if not isinstance(name, str)), None)
    if odd is not None:
        raise TableError(f"the column {odd!r} has no name; names are text")
    lengths = {name: _length(table[name]) for name in names}
    first = next(iter(lengths.values()), 0)
    other = next((name for name, length in lengths.items() if length != first), None)
    if other is not None:
        raise TableError(f"its columns differ in length: `{names[0]}` has {first} rows, `{other}` {lengths[other]}")
    return Found(names, first, lambda name: raw_of(table[name]))


def _names(table: Any) -> list[Any] | None:
    if isinstance(table, np.ndarray):
        return list(table.dtype.names) if table.dtype.names and table.ndim == 1 else None
    if isinstance(table, Mapping):
        return list(table)
    names = getattr(table, "colnames", getattr(table, "columns", None))
    return None if names is None or isinstance(table, type) else list(names)


def _length(column: Any) -> int:
    try:
        return len(column)
    except TypeError:
        return 0
