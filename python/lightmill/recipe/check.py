"""All checks of a recipe at once, and the way from the core's faults back to its lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from lightmill.recipe.faults import MOST, Fault, RecipeError
from lightmill.recipe.names import clean, short
from lightmill.recipe.node import Node, Step, character, find, locate, steps

if TYPE_CHECKING:
    from lightmill import _core
    from lightmill.recipe.table_use import Tables
    from lightmill.recipe.units import Lengths
    from lightmill.table import Table

_CHARACTER = re.compile(r'".*": character ([0-9]+): ', re.DOTALL)
_LONGEST = 300


def check(root: Node, plain: Any, tables: Tables, pictures: list[Fault]) -> dict[str, Any]:
    """Return a recipe's checked values as plain dicts and lists.

    Parameters
    ----------
    root : Node
        The recipe as it was written.
    plain : object
        The same without positions.
    tables : Tables
        Those that it reads.
    pictures : list of Fault
        What is wrong with the pictures that it reads.

    Raises
    ------
    RecipeError
        With every fault that was found.
    """
    from lightmill.recipe.table_types import known_of
    from lightmill.recipe.units import lengths_of

    if not isinstance(plain, dict):
        wrong = f"a recipe is a map with `image`, `objects`, ...; this is {short(root.value)}"
        raise RecipeError([Fault(root.mark, "", wrong)])
    lengths = lengths_of(plain)
    checked, faults = _fields(plain, known_of(lengths, tables.by_name), root)
    faults.extend(tables.faults)
    faults.extend(pictures)
    faults.extend(_relations(plain, root))
    if faults:
        raise RecipeError(faults)
    if lengths.unit is not None:
        checked["image"]["unit"] = lengths.unit
    if tables.by_name:
        checked["tables"] = tables.resolved(checked.get("tables", {}))
    return checked


def _fields(plain: dict[str, Any], lengths: Lengths, root: Node) -> tuple[dict[str, Any], list[Fault]]:
    from pydantic import ValidationError

    from lightmill.recipe import models, system
    from lightmill.recipe.explain import explain
    from lightmill.recipe.strict import dump

    kind = system if "system" in plain else models
    try:
        return dump(kind.document().model_validate(plain, context=lengths)), []
    except ValidationError as error:
        return {}, list(explain(error, root))


def _relations(plain: dict[str, Any], root: Node) -> Iterator[Fault]:
    from lightmill.recipe.relations import relations

    for place, message in islice(relations(plain), MOST):
        mark, where = locate(root, place, parent=True)
        yield Fault(mark, where, message)


def plan(spec: dict[str, Any], root: Node, tables: Mapping[str, Table]) -> _core.Plan:
    """Return the core's plan.

    Raises
    ------
    RecipeError
        With the core's faults, at the lines where their places were written.
    """
    from lightmill import _core
    from lightmill.recipe.fisher import said_at

    try:
        return _core.Plan(json.dumps(spec), {name: table.core for name, table in tables.items()})
    except _core.RecipeFaults as error:
        raise RecipeError([_placed(root, said_at(root, place), said) for place, said in error.args[0]]) from None


def _placed(root: Node, place: str, message: str) -> Fault:
    """Return a fault of the core at its line, and at its character where it tells one of an expression."""
    path = _written(root, steps(place))
    mark, _ = locate(root, path)
    node, told = find(root, path), _CHARACTER.match(message)
    if node is not None and told is not None:
        mark = character(node, int(told[1]))
        message = f"{short(node.value)}: character {told[1]}: {message[told.end() :]}"
    return Fault(mark, place, clean(message, _LONGEST))


def _written(root: Node, path: list[Step]) -> list[Step]:
    """Return a path as it was written: a condition by its column; a velocity or a sky's level may stand alone."""
    if path[:1] == ["keep"]:
        return ["keep", ".".join(map(str, path[1:]))]
    if path[:1] == ["system"] and path[-1] in ("vx", "vy", "vz") and find(root, path) is None:
        return [*path[:2], "velocity"]
    sky = root.child("sky")
    if sky is None or path[:2] != ["sky", "level"] or isinstance(sky.value, (int, float)):
        return path
    return path if sky.child("level") is not None else ["sky", *path[2:]]
