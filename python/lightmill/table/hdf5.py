"""Tables in HDF5 files: a data set of records, or a group whose data sets are columns of one length."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lightmill.table.column import Raw, raw_of
from lightmill.table.table import Found, Origin, TableError

LISTED = 12
"""Tables that a message names."""


def find(path: Path, origin: Origin, used: frozenset[str]) -> Found:
    """Return what a table of an HDF5 file holds: the only one, or the one at `path`."""
    import h5py

    with h5py.File(path, "r") as file:
        place = origin.path if origin.path is not None else _only(file)
        node = file.get(place)
        if isinstance(node, h5py.Group) and _columns(node):
            return _of_group(node, used)
        if isinstance(node, h5py.Dataset) and _is_records(node):
            return _of_records(file, node, used)
        raise TableError(f"there is no table at this path; here are {_listed(_all(file))}", "path")


def _only(file: Any) -> str:
    tables = _all(file)
    if not tables:
        raise TableError("there is no table in it: no data set of records, no group of columns of one length", "file")
    if len(tables) > 1:
        raise TableError(
            f"there are {len(tables)} tables in it; say which, as in `path: {tables[0]}`: {_listed(tables)}"
        )
    return tables[0]


def _listed(tables: list[str]) -> str:
    more = f" and {len(tables) - LISTED} more" if len(tables) > LISTED else ""
    return (", ".join(tables[:LISTED]) or "none") + more


def _all(file: Any) -> list[str]:
    import h5py

    found = ["/"] if _columns(file) else []

    def look(name: str, node: Any) -> None:
        if _columns(node) if isinstance(node, h5py.Group) else _is_records(node):
            found.append(name)

    file.visititems(look)
    return found


def _is_records(node: Any) -> bool:
    return node.ndim == 1 and node.dtype.names is not None


def _columns(group: Any) -> list[str]:
    """Return the names of a group's columns; none where it has several lengths, or records of its own."""
    import h5py

    flat = {name: node for name, node in group.items() if isinstance(node, h5py.Dataset) and node.ndim == 1}
    lengths = {len(node) for node in flat.values()}
    return [] if len(lengths) != 1 or any(map(_is_records, flat.values())) else list(flat)


def _of_group(group: Any, used: frozenset[str]) -> Found:
    names = _columns(group)
    columns = {name: _raw(group[name]) for name in used.intersection(names)}
    return Found(names, len(group[names[0]]), columns.__getitem__)


def _raw(node: Any) -> Raw:
    """Return a column; lengths that a data set of ours gives in no unit say so by the word."""
    import h5py

    unit = node.attrs.get("unit")
    values = node.asstr()[()] if h5py.check_string_dtype(node.dtype) else node[()]
    plain = {"", "one", "flux", "intensity", "length", "degree"}
    return Raw(values, None, {"degree": "deg"}.get(unit) if unit in plain else unit and str(unit))


def _of_records(file: Any, node: Any, used: frozenset[str]) -> Found:
    from astropy.io.misc.hdf5 import read_table_hdf5

    table = read_table_hdf5(file, path=node.name, character_as_bytes=False)
    return Found(table.colnames, len(table), lambda name: raw_of(table[name]))
