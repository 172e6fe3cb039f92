"""A table that a recipe reads: the columns that it uses, and what tells it from any other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightmill.table import column
from lightmill.table.column import Array, Column, Raw

if TYPE_CHECKING:
    from lightmill import _core


class TableError(ValueError):
    """What is wrong with a table, in words; where it was said is known to those who asked for it.

    Parameters
    ----------
    message : str
        What is wrong, what to do.
    key : str
        The key of the table's definition that is at fault; empty for the table as a whole.
    """

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Origin:
    """Which table of which file, as the recipe says it."""

    file: str
    path: str | None = None
    hdu: int | str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader found.

    Parameters
    ----------
    names : sequence of str
        All columns.
    length : int
        Rows.
    get : callable
        Returns a column by its name.
    """

    names: Sequence[str]
    length: int
    get: Callable[[str], Raw]


@dataclass(frozen=True, slots=True)
class Table:
    """A table, read; it can be pickled.

    Parameters
    ----------
    origin : Origin or None
        Where it was read from; None for what was given in memory.
    length : int
        Rows.
    sha256 : str
        Of the file's bytes; in memory, of the columns that are used.
    names : tuple of str
        All columns.
    columns : mapping
        Those that are used.
    core : _core.Columns
        Their numbers.
    """

    origin: Origin | None
    length: int
    sha256: str
    names: tuple[str, ...]
    columns: Mapping[str, Column]
    core: _core.Columns


def build(name: str, found: Found, used: Iterable[str], origin: Origin | None, sha256: str | None) -> Table:
    """Return the table of what was found; without a file's checksum, that of its numbers.

    Raises
    ------
    TableError
        For a table without rows, or with two columns of one name.
    """
    from lightmill import _core

    distinct(found.names)
    if not found.length:
        raise TableError("it has no rows")
    columns: dict[str, Column] = {}
    numbers: dict[str, Array] = {}
    for one in sorted(set(used).intersection(found.names)):
        columns[one], values = column.read(f"{name}.{one}", found.get(one))
        if values is not None:
            numbers[one] = values
    checksum = sha256 or _checksum(columns, numbers)
    return Table(origin, found.length, checksum, tuple(found.names), columns, _core.Columns(numbers))


def distinct(names: Sequence[str]) -> None:
    """Check that no two columns have the same name.

    Raises
    ------
    TableError
        Where two have.
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise TableError(f"two of its columns are called `{name}`; give each a name of its own")
        seen.add(name)


def _checksum(columns: Mapping[str, Column], numbers: Mapping[str, Array]) -> str:
    """Hash each column: the JSON ``[name, unit, whether of flags, rows]``, a line's end, little-endian float64."""
    digest = hashlib.sha256()
    for name, values in numbers.items():
        digest.update(json.dumps([name, columns[name].unit, columns[name].is_flag, len(values)]).encode() + b"\n")
        digest.update(np.ascontiguousarray(values, "<f8").data)
    return digest.hexdigest()
