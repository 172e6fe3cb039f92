"""Tables in CSV, with a line of names first; `#` begins a comment. ECSV has units and types too."""

from __future__ import annotations

import csv
from pathlib import Path

from lightmill.table.column import raw_of
from lightmill.table.table import Found, Origin, TableError


def find(path: Path, origin: Origin, used: frozenset[str]) -> Found:
    """Return what a CSV file holds; a line with more or fewer values than names is an error."""
    from astropy.table import Table

    names = _names(path)
    # The quick reader takes a file's name, or its text, and knows ASCII alone; the names are read here.
    source = str(path) if _is_ascii(path) else path.read_text("utf-8-sig").encode("ascii", "replace").decode("ascii")
    table = Table.read(source, format="ascii.fast_basic", delimiter=",", guess=False)
    columns = dict(zip(names, table.colnames, strict=True))
    return Found(names, len(table), lambda name: raw_of(table[columns[name]]))


def _is_ascii(path: Path) -> bool:
    with path.open("rb") as file:
        return all(piece.isascii() for piece in iter(lambda: file.read(1 << 20), b""))


def _names(path: Path) -> list[str]:
    """Return the names in the first line, which astropy would change where two are the same."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = (line for line in file if line.strip() and not line.lstrip().startswith("#"))
        names = [name.strip() for name in next(csv.reader(lines, skipinitialspace=True), [])]
    if not names or not all(names):
        raise TableError("its first line must have the columns' names, with commas between them", "file")
    return names


def find_extended(path: Path, origin: Origin, used: frozenset[str]) -> Found:
    """Return what an ECSV file holds."""
    from astropy.table import Table

    table = Table.read(path, format="ascii.ecsv")
    return Found(table.colnames, len(table), lambda name: raw_of(table[name]))
