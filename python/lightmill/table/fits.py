"""Tables in FITS files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lightmill.table.column import raw_of
from lightmill.table.table import Found, Origin, TableError, distinct


def find(path: Path, origin: Origin, used: frozenset[str]) -> Found:
    """Return what a table of a FITS file holds: the only one, or the one that `hdu` names."""
    from astropy.io import fits
    from astropy.table import Table

    with fits.open(path) as units:
        tables = {i: unit for i, unit in enumerate(units) if _is_table(unit)}
        unit = tables[_chosen({i: one.name for i, one in tables.items()}, origin.hdu)]
        names = list(unit.columns.names)
        distinct(names)
        table = Table.read(unit, mask_invalid=False)
        # Numbers of a file that is closed may be gone.
        columns = {name: raw_of(table[name].copy()) for name in used.intersection(names, table.colnames)}
        return Found(names, len(table), columns.__getitem__)


def _is_table(unit: Any) -> bool:
    from astropy.io import fits

    return isinstance(unit, (fits.BinTableHDU, fits.TableHDU)) and not isinstance(unit, fits.CompImageHDU)


def _chosen(tables: dict[int, str], hdu: int | str | None) -> int:
    listed = ", ".join(f"{i} ({name})" if name else str(i) for i, name in tables.items())
    if not tables:
        raise TableError("there is no table in it", "file")
    if hdu is None and len(tables) > 1:
        raise TableError(
            f"there are {len(tables)} tables in it; say which, as in `hdu: {next(iter(tables))}`: {listed}"
        )
    wanted = [i for i, name in tables.items() if hdu in (None, i) or (isinstance(hdu, str) and hdu.upper() == name)]
    if len(wanted) != 1:
        what = "there is no such table in it" if not wanted else f"{len(wanted)} tables have this name"
        raise TableError(f"{what}; here are {listed}", "hdu")
    return wanted[0]
