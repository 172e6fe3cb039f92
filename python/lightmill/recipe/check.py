"""All checks of a recipe at once, and the way from the core's faults back to its lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from lightmill.recipe.faults import MOST, Fault, RecipeError
from lightmill.recipe.names import short
from lightmill.recipe.node import Node, locate, steps

if TYPE_CHECKING:
    from lightmill import _core


def check(root: Node) -> dict[str, Any]:
    """Return a recipe's checked values as plain dicts and lists.

    Raises
    ------
    RecipeError
        With every fault that was found.
    """
    if not isinstance(root.value, dict):
        wrong = f"a recipe is a map with `image`, `objects`, ...; this is {short(root.value)}"
        raise RecipeError([Fault(root.mark, "", wrong)])
    checked, faults = _fields(root)
    faults.extend(_relations(root))
    if faults:
        raise RecipeError(faults)
    return checked


def _fields(root: Node) -> tuple[dict[str, Any], list[Fault]]:
    from pydantic import ValidationError

    from lightmill.recipe.explain import explain
    from lightmill.recipe.models import document
    from lightmill.recipe.strict import dump

    try:
        return dump(document().model_validate(root.plain())), []
    except ValidationError as error:
        return {}, list(explain(error, root))


def _relations(root: Node) -> Iterator[Fault]:
    from lightmill.recipe.relations import relations

    for place, message in islice(relations(root.plain()), MOST):
        mark, where = locate(root, place, parent=True)
        yield Fault(mark, where, message)


def plan(spec: dict[str, Any], root: Node) -> _core.Plan:
    """Return the core's plan.

    Raises
    ------
    RecipeError
        With the core's faults, at the lines where their places were written.
    """
    from lightmill import _core

    try:
        return _core.Plan(json.dumps(spec))
    except _core.RecipeFaults as error:
        raise RecipeError([_placed(root, *fault) for fault in error.args[0]]) from None


def _placed(root: Node, place: str, message: str) -> Fault:
    return Fault(locate(root, steps(place))[0], place, message)
