"""The branches of `mixture`, of which each sample has one, and the lists of objects that a recipe has."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lightmill.recipe.columns import columns, entry_of, named
from lightmill.recipe.names import clean, later
from lightmill.recipe.node import Step

Place = tuple[Step, ...]
Found = tuple[Place, str]
KEYS = frozenset({"class", "weight", "objects"})


def branches(recipe: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the branches with their numbers, malformed ones left out."""
    items = recipe.get("mixture")
    for i, branch in enumerate(items if isinstance(items, list) else []):
        if isinstance(branch, Mapping):
            yield i, branch


def object_lists(recipe: Mapping[str, Any]) -> Iterator[tuple[Place, list[Any]]]:
    """Yield every list of objects with its place: the common one, then those of the branches."""
    written: list[tuple[Place, Any]] = [(("objects",), recipe.get("objects"))]
    written += [(("mixture", i, "objects"), branch.get("objects")) for i, branch in branches(recipe)]
    yield from ((place, items) for place, items in written if isinstance(items, list))


def class_of(branch: Mapping[str, Any]) -> str | None:
    """Return a branch's class: as it is given, or the name of its only object; None where neither tells."""
    if isinstance(given := branch.get("class"), str):
        return given
    items = branch.get("objects")
    entry = entry_of(items[0]) if isinstance(items, list) and len(items) == 1 else None
    return named(*entry) if entry is not None and "class" not in branch else None


def classes(recipe: Mapping[str, Any]) -> list[str]:
    """Return the names of the classes, by number: in the order in which branches first name them."""
    named_by = (class_of(branch) for _, branch in branches(recipe))
    return list(dict.fromkeys(name for name in named_by if name is not None))


def wrong_branches(recipe: Mapping[str, Any]) -> Iterator[Found]:
    """Yield (place, message) for what branches lack, and weights of which none can be drawn."""
    for i, branch in branches(recipe):
        items = branch.get("objects")
        if "objects" not in branch:
            yield ("mixture", i), "objects must be given: a list as at the top, or [] for none"
        elif not KEYS.issuperset(branch) or "class" in branch:
            continue  # A key that is not known may be the class, misspelt.
        elif isinstance(items, list) and len(items) != 1:
            yield ("mixture", i), f"class must be given; a branch of {len(items)} objects has no name of its own"
    weights = [branch.get("weight", 1) for _, branch in branches(recipe)]
    if weights and all(isinstance(w, (int, float)) and not isinstance(w, bool) and w >= 0 for w in weights):
        total = math.fsum(weights) if max(weights) < 1e300 else math.inf
        if not 0.0 < total < math.inf:
            yield (
                ("mixture",),
                f"the weights {'are all 0; at least one must be above 0' if total == 0 else 'are too large'}",
            )


def branch_columns(recipe: Mapping[str, Any]) -> tuple[list[str], set[str]]:
    """Return the columns that a mixture gives every sample, and the names of its entries."""
    given = [class_of(branch) for _, branch in branches(recipe)]
    found = ["class"] if given else []
    if len(set(given)) < len(given):
        found.append("mixture")
    entries = [
        entry
        for place, items in object_lists(recipe)
        for entry in filter(None, map(entry_of, items))
        if place[0] == "mixture"
    ]
    found += [f"{named(*entry)}.repeat" for entry in entries if entry[1].get("repeat", 1) != 1]
    return found, {named(*entry) for entry in entries}


def all_columns(recipe: Mapping[str, Any]) -> tuple[list[str], set[str]] | None:
    """Return the columns of one value a sample, and the names of entries that may occur more or less than once.

    None where an object is malformed or none is given: what it would have is not known.
    """
    lists = [items for _, items in object_lists(recipe)]
    if not lists or any(None in map(entry_of, items) for items in lists):
        return None
    (found, several), (more, branched) = columns(recipe), branch_columns(recipe)
    return [*found, *more], several | branched


def not_one(column: str) -> str:
    """Return what is said of a column of an entry that may occur more or less than once."""
    needed = f"`{clean(column.partition('.')[0])}` must occur once, without `repeat` and outside `mixture`"
    return f"`{clean(column)}` is not one number a sample; {needed}"


def resolved(recipe: Mapping[str, Any], objects: Callable[[Any], list[Any]]) -> dict[str, Any]:
    """Return `mixture` as the resolved recipe has it; nothing where there is none.

    Parameters
    ----------
    recipe : Mapping
        The checked recipe.
    objects : callable
        What resolves a list of objects.
    """
    found = [
        {"class": class_of(branch), "weight": branch.get("weight", 1.0), "objects": objects(branch["objects"])}
        for _, branch in branches(recipe)
    ]
    return {"mixture": found} if found else {}


def no_objects() -> str:
    """Return what a recipe without objects is told."""
    return (
        "objects, mixture or system must be given: objects is a list, as in `- gaussian: random`, or [] for none; "
        "mixture is a list of branches, of which each sample has one; system is what moves in a time series; "
        f"{later('`collection`')}"
    )
