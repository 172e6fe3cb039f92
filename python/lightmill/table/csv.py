"""Tables in CSV, with a line of names first; `#` begins a comment. ECSV has units and types too."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from lightmill.table.column import Raw, raw_of
from lightmill.table.table import Found, Origin, TableError

SMALL = 1 << 20
"""Bytes up to which a file of plain numbers is read here: importing astropy's tables takes half a second."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_REAL = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


def find(path: Path, origin: Origin, used: frozenset[str]) -> Found:
    """Return what a CSV file holds; a line with more or fewer values than names is an error."""
    names = _names(path)
    plain = _plain(path, names, used) if path.stat().st_size <= SMALL else None
    return plain or _any(path, names)


def _plain(path: Path, names: list[str], used: frozenset[str]) -> Found | None:
    """Read a file whose columns that are used are all of numbers; None for any other, or one that is not right."""
    text = path.read_text("utf-8-sig")
    if '"' in text:
        return None
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    rows = [line.split(",") for line in lines[1:]]
    if not rows or any(len(row) != len(names) for row in rows):
        return None
    columns = {}
    for name, words in zip(names, zip(*rows, strict=True), strict=True):
        found = _numbers([word.strip() for word in words]) if name in used else None
        if found is not None:
            columns[name] = found
    return Found(names, len(rows), columns.__getitem__) if columns.keys() == used.intersection(names) else None


def _numbers(words: Sequence[str]) -> Raw | None:
    if all(map(_WHOLE.fullmatch, words)):
        return Raw(np.array([int(word) for word in words], np.int64))
    return Raw(np.array([float(word) for word in words])) if all(map(_REAL.fullmatch, words)) else None


def _any(path: Path, names: list[str]) -> Found:
    from astropy.io.ascii import InconsistentTableError
    from astropy.table import Table

    # The quick reader takes a file's name, or its text, and knows ASCII alone; the names are read here.
    source = str(path) if _is_ascii(path) else path.read_text("utf-8-sig").encode("ascii", "replace").decode("ascii")
    try:
        table = Table.read(source, format="ascii.fast_basic", delimiter=",", guess=False)
    except InconsistentTableError as error:
        raise TableError(_uneven(path, len(names)) or f"it cannot be read as CSV: {error}", "file") from None
    columns = dict(zip(names, table.colnames, strict=True))
    return Found(names, len(table), lambda name: raw_of(table[columns[name]]))


def _is_ascii(path: Path) -> bool:
    with path.open("rb") as file:
        return all(piece.isascii() for piece in iter(lambda: file.read(1 << 20), b""))


def _uneven(path: Path, count: int) -> str | None:
    """Return what is wrong with the first row that has more or fewer values than there are names."""
    for number, values in _rows(path):
        if len(values) != count:
            many = "1 value" if len(values) == 1 else f"{len(values)} values"
            return f"line {number} has {many}; the first line names {count}: give every row one for each name"
    return None


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the values of all rows, each with the number of its last line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        # Blank lines have no values, and count.
        lines = ("" if not line.strip() or line.lstrip().startswith("#") else line for line in file)
        rows = csv.reader(lines, skipinitialspace=True)
        yield from ((rows.line_num, values) for values in rows if values)


def _names(path: Path) -> list[str]:
    """Return the names in the first line, which astropy would change where two are the same."""
    names = [name.strip() for name in next(_rows(path), (0, []))[1]]
    if not names or not all(names):
        raise TableError("its first line must have the columns' names, with commas between them", "file")
    return names


def find_extended(path: Path, origin: Origin, used: frozenset[str]) -> Found:
    """Return what an ECSV file holds."""
    from astropy.table import Table

    table = Table.read(path, format="ascii.ecsv")
    return Found(table.colnames, len(table), lambda name: raw_of(table[name]))
