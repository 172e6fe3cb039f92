"""The types of `tables` and of values that stand in a column of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from lightmill.recipe import checks, si
from lightmill.recipe.checks import fault
from lightmill.recipe.names import clean, nearest, quote, short
from lightmill.recipe.says import Schema, either, says, takes
from lightmill.recipe.strict import Check, after, before, dump, map_of, strict
from lightmill.recipe.tables import Kind, Range
from lightmill.recipe.units import Lengths, convert

if TYPE_CHECKING:
    from lightmill.table.column import Column
    from lightmill.table.table import Table

ROWS = ("in_order", "cycle", "random")
PER = ("sample", "object")
TEXT: Schema = {"type": "string", "pattern": r"\S"}
SHOWN = 12
"""Columns that a message names."""


@dataclass(frozen=True, slots=True)
class Known(Lengths):
    """What lengths are measured in, and the tables; None stands for one that is at fault."""

    tables: Mapping[str, Table | None] = field(default_factory=dict)


def known_of(lengths: Lengths, tables: Mapping[str, Table | None]) -> Known:
    """Return what lengths are measured in, with tables."""
    return Known(**{one.name: getattr(lengths, one.name) for one in fields(lengths)}, tables=tables)


def tables_type(taken: frozenset[str]) -> Any:
    """Return the type of `tables`; a lone text is a file."""
    file = before(text("write a file's name, as in `file: galaxies.csv`"))
    path = before(text("write a path in the file, as in `path: catalogue/galaxies`"))
    length = before(checks.numeric("integer", Range(1.0), "{name} is a number of rows"))
    sha256 = before(text("{name} is what the resolved recipe says"))
    rows = before(checks.word(ROWS))
    table = strict("table", file=file, rows=rows, path=path, hdu=before(hdu), length=length, sha256=sha256)
    example = "cat: galaxies.csv, or cat: {file: galaxies.csv, rows: in_order}"
    full = checks.mapping(example)

    def file_alone(value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else full(value)

    one = before(says(file_alone, lambda inner, _book: either(TEXT, inner)), table)
    name = before(checks.name("a table's name", taken))
    return before(checks.mapping("tables: {cat: galaxies.csv}"), map_of(name, one))


def text(allowed: str) -> Check:
    """Return the check of a text that says something."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise fault("there is no value" if value is None else f"{short(value)} is not allowed", allowed)
        return value

    return takes(check, TEXT)


def hdu(value: Any) -> int | str:
    """Check which part of a FITS file is meant."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise fault(f"{short(value)} is not allowed", "hdu is the number of a table in the file, or its name")
    return value


takes(hdu, either({"type": "integer"}, TEXT))


@cache
def column_type(kind: Kind, unit: str, counted: bool) -> Any:
    """Return the type of ``{column: cat.flux}``.

    Parameters
    ----------
    kind : {'real', 'integer', 'flag'}
        What stands in its place.
    unit : str
        What that is measured in.
    counted : bool
        Whether it is a `repeat`, which must tell how many there are at most.
    """
    times = before(checks.numeric("real", Range(), "{name} is what the numbers are multiplied with"))
    name = before(text("write a table and its column, as in cat.flux"))
    form = strict("column", column=name, times=times, per=before(checks.word(PER)))

    def check(value: Any, info: ValidationInfo) -> Any:
        said = dump(value)
        found = _find(said["column"], info)
        if found is None:
            return said
        _check_kind(said["column"], found, kind)
        factor = said["times"] if "times" in said else _factor(said["column"], found, unit, info)
        said |= {"times": factor} if factor != 1.0 or "times" in said else {}
        return {"choice": [said], "max": max(int(found.most * factor), 0)} if counted else said

    return before(_uncut, after(form, check))


def _uncut(value: Any) -> Any:
    for key in ("min", "max", "weights"):
        if isinstance(value, dict) and key in value:
            allowed = "its numbers are taken as they are; wrap it, as in {choice: [{column: ...}], max: 3}"
            raise fault(f"`{key}` does not cut a column", allowed, at=(key,), key=True)
    return value


def _find(name: str, info: ValidationInfo) -> Column | None:
    """Return a column; None where its table is at fault, which is told there."""
    tables = getattr(info.context, "tables", {})
    table, dot, column = name.partition(".")
    if not dot or not column:
        raise fault(f"{short(name)} is no column", "write a table and its column, as in cat.flux", at=("column",))
    if table not in tables:
        near = nearest(table, tables)
        allowed = f"did you mean `{near}`?" if near else f"the tables are {quote(tables)}"
        allowed = allowed if tables else "give one at the top, as in `tables: {cat: galaxies.csv}`"
        raise fault(f"there is no table `{clean(table)}`", allowed, at=("column",))
    known = tables[table]
    if known is None:
        return None
    if column not in known.columns:
        near = nearest(column, known.names)
        listed = quote(map(clean, known.names[:SHOWN])) + (", ..." if len(known.names) > SHOWN else "")
        allowed = f"did you mean `{clean(near)}`?" if near else f"its columns are {listed}"
        raise fault(f"the table `{table}` has no column `{clean(column)}`", allowed, at=("column",))
    found: Column = known.columns[column]
    if found.wrong:
        raise fault(
            clean(found.wrong, 200), "rows count from 0" if found.wrong.startswith("row ") else "", at=("column",)
        )
    return found


def _check_kind(name: str, found: Column, kind: Kind) -> None:
    if found.is_flag and kind != "flag":
        raise fault(f"{clean(name)} is of true and false", "{name} takes numbers", at=("column",))


def _factor(name: str, found: Column, unit: str, info: ValidationInfo) -> float:
    """Return what brings a column to the recipe's units."""
    if found.unit is None:
        return 1.0
    wrong, rest = f"{clean(name)} is in {clean(found.unit)}", "or say what to multiply with, as in `times: 1`"
    if unit == "magnitude" and found.unit.startswith("mag"):
        return 1.0
    if unit not in ("length", "degree", *si.UNITS):
        raise fault(wrong, f"{{name}} takes numbers without a unit; {rest[3:]}", at=("column",))
    lengths = info.context or Lengths()
    if unit == "length" and lengths.known and lengths.unit is None:
        scale = "needs a pixel scale with a unit"
        raise fault(f"{wrong} and {scale}", f"give one, as in `pixel_scale: 0.2 arcsec`, {rest}", at=("column",))
    try:
        return convert(f"1 {found.unit}", unit, lengths)
    except PydanticCustomError as error:
        raise fault(wrong, f"{(error.context or {}).get('allowed', '')}; {rest}", at=("column",)) from None
