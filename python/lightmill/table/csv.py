"""Tables in CSV, with a line of names first; `#` begins a comment. ECSV has units and types too."""

from __future__ import annotations

import codecs
import csv
from pathlib import Path

from lightmill.table.column import raw_of
from lightmill.table.table import Found, Origin, TableError


def find(path: Path, origin: Origin, used: frozenset[str]) -> Found:
    """Return what a CSV file holds; a line with more or fewer values than names is an error."""
    from astropy.table import Table

    names, marked = _names(path)
    # The quick reader takes a file's name, or its text; spreadsheets begin UTF-8 with a mark that is no part of it.
    source = path.read_text("utf-8-sig") if marked else str(path)
    table = Table.read(source, format="ascii.fast_basic", delimiter=",", guess=False)
    columns = dict(zip(names, table.colnames, strict=True))
    return Found(names, len(table), lambda name: raw_of(table[columns[name]]))


def _names(path: Path) -> tuple[list[str], bool]:
    """Return the names in the first line, which astropy would change where two are the same."""
    with path.open("rb") as file:
        marked = file.read(3) == codecs.BOM_UTF8
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = (line for line in file if line.strip() and not line.lstrip().startswith("#"))
        names = [name.strip() for name in next(csv.reader(lines, skipinitialspace=True), [])]
    if not names or not all(names):
        raise TableError("its first line must have the columns' names, with commas between them", "file")
    return names, marked


def find_extended(path: Path, origin: Origin, used: frozenset[str]) -> Found:
    """Return what an ECSV file holds."""
    from astropy.table import Table

    table = Table.read(path, format="ascii.ecsv")
    return Found(table.colnames, len(table), lambda name: raw_of(table[name]))
