"""The tables of a recipe: which columns it reads, where the files are, what they hold."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lightmill.recipe.faults import Fault, Mark, refuse
from lightmill.recipe.names import clean
from lightmill.recipe.node import Node, locate
from lightmill.recipe.recipe import Recipe
from lightmill.table.table import Origin, Table, TableError

KEYS = ("file", "rows", "path", "hdu", "length", "sha256")
KINDS: dict[str, type | tuple[type, ...]] = {"file": str, "path": str, "hdu": (int, str), "length": int, "sha256": str}


@dataclass(frozen=True, slots=True)
class Home:
    """Where a recipe finds its tables.

    Parameters
    ----------
    folder : str
        That of its file; empty for the working directory.
    read : mapping
        Tables that were read before, of the recipe that it is made from.
    given : mapping
        Tables in memory.
    """

    folder: str = ""
    read: Mapping[str, Table] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a recipe; None stands for one that is at fault.

    Parameters
    ----------
    by_name : mapping
        In the order of the recipe.
    faults : list of Fault
        What is wrong with them.
    """

    by_name: Mapping[str, Table | None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def whole(self) -> dict[str, Table]:
        """Those that can be read."""
        return {name: table for name, table in self.by_name.items() if table is not None}

    def resolved(self, checked: Mapping[str, Any]) -> dict[str, Any]:
        """Return their definitions with rows, length and checksum written out."""
        full = {}
        for name, table in self.whole.items():
            said = {"rows": "in_order", **checked.get(name, {}), "length": table.length, "sha256": table.sha256}
            full[name] = {key: said[key] for key in KEYS if key in said}
        return full


def gather(root: Node, plain: Any, home: Home) -> Tables:
    """Read the tables of a recipe as it was written, with and without positions, whatever else is wrong with it."""
    said = plain.get("tables") if isinstance(plain, dict) else None
    said = said if isinstance(said, dict) else {}
    used = _used(plain)
    tables: dict[str, Table | None] = {}
    faults = []
    for name in dict.fromkeys((*said, *home.given)):
        tables[name] = None
        try:
            tables[name] = _table(name, said.get(name, {}), frozenset(used.get(name, ())), home)
        except TableError as fault:
            key = (fault.key,) if fault.key and isinstance(said.get(name), dict) else ()
            mark, place = locate(root, ("tables", name, *key))
            faults.append(Fault(mark, place, clean(str(fault), 600)))
    return Tables(tables, faults)


def _used(value: Any) -> dict[str, set[str]]:
    """Return the columns that a recipe names, by table."""
    found: dict[str, set[str]] = {}
    for name in _named(value):
        table, _, column = name.partition(".")
        found.setdefault(table, set()).add(column)
    return found


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("column"), str):
            yield value["column"]
        for item in value.values():
            yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


def _table(name: str, said: Any, used: frozenset[str], home: Home) -> Table | None:
    said = {"file": said} if isinstance(said, str) else said
    if not isinstance(said, dict) or any(not isinstance(said[key], KINDS[key]) for key in KINDS if key in said):
        return None  # The checks of types tell it.
    if not used:
        raise TableError(f"nothing reads this table; leave it out, or write {{column: {clean(name)}.flux}} for a value")
    table = _read(name, said, used, home)
    if said.get("sha256", table.sha256) != table.sha256 or said.get("length", table.length) != table.length:
        was, now = (clean(text, 13) for text in (said.get("sha256", "?"), table.sha256))
        told = f"SHA-256 {now} and {table.length} rows, not {was} and {said.get('length', table.length)}"
        key = "sha256" if "sha256" in said else "length"
        raise TableError(f"it has changed since the recipe was resolved: {told}", key)
    return table


def _read(name: str, said: Mapping[str, Any], used: frozenset[str], home: Home) -> Table:
    from lightmill.table import files, memory
    from lightmill.table.table import build

    origin = _origin(said)
    if name in home.given:
        if origin is not None:
            raise TableError("it is given to `load` in memory, and here is a file; give one of them", "file")
        return build(name, memory.find(home.given[name]), used, None, None)
    known = home.read.get(name)
    if known is not None and known.origin == origin and used.intersection(known.names).issubset(known.columns):
        return known
    if origin is None:
        asked = f'`lm.load(recipe, tables={{"{clean(name)}": ...}})`'
        again = f"it was in memory when the recipe was resolved; give it again, as in {asked}"
        raise TableError(again if "sha256" in said else f"`file` must be given, or the table itself, as in {asked}")
    found, sha256 = files.read(Path(home.folder, origin.file), origin, used)
    return build(name, found, used, origin, sha256)


def _origin(said: Mapping[str, Any]) -> Origin | None:
    path, hdu = said.get("path"), said.get("hdu")
    return Origin(said["file"], path, hdu) if "file" in said else None


def home_of(source: Any, given: Mapping[str, Any] | None) -> Home:
    """Return where a recipe that comes from `source` finds its tables."""
    tables = dict(given or {})
    if isinstance(source, Recipe):
        return Home(source.folder, {name: one for name, one in source.tables.items() if name not in tables}, tables)
    if isinstance(source, (str, os.PathLike)):
        return Home(str(Path(source).parent), {}, tables)
    return Home("", {}, tables)


def counted(recipe: Recipe) -> Recipe:
    """Return a recipe with its number of samples, where a table that is read in order tells it.

    Raises
    ------
    RecipeError
        For more samples than its rows are enough for.
    """
    most = recipe.plan.samples
    if most is None:
        return recipe
    count = recipe.count
    if count is not None and count > most:
        mark, place = locate(recipe.origin, ("count",))
        wrong = f"{count} is more than the {most} samples that the rows of its tables are enough for"
        raise refuse(f"{wrong}; write `rows: cycle` to begin again, or `rows: random`", mark or Mark(), place)
    return recipe if count is not None else _with_count(recipe, most)


def _with_count(recipe: Recipe, count: int) -> Recipe:
    import json

    before = ("lightmill", "name", "seed")
    full = recipe.resolved
    first = {key: full.pop(key) for key in before}
    counted = replace(
        recipe, text=json.dumps({**first, "count": count, **full}, separators=(",", ":"), ensure_ascii=False)
    )
    # The number of samples is no part of the plan.
    counted.__dict__["plan"] = recipe.plan
    return counted
