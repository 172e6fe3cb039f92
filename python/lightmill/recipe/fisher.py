"""`fisher`: the columns that Fisher information is asked about; the targets, where only `save` asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lightmill.recipe.branches import Found
from lightmill.recipe.node import Node

ARRAYS = ("fisher", "crb")


def named_in(recipe: Mapping[str, Any], key: str) -> list[Any]:
    """Return the names of `targets` or `fisher`; none where it is malformed."""
    names = recipe.get(key)
    return names if isinstance(names, list) else []


def nothing_asked(recipe: Mapping[str, Any], example: str) -> Iterator[Found]:
    """Yield (place, message) for information that is to be saved, about nothing."""
    if named_in(recipe, "fisher") or ("fisher" not in recipe and named_in(recipe, "targets")):
        return
    for i, name in enumerate(named_in(recipe, "save")):
        if name in ARRAYS:
            yield ("save", i), f"`{name}` about nothing; say of what, as in `fisher: [{example}]`, or give targets"


def asked(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return `fisher` and `save` as the resolved recipe has them."""
    save = recipe.get("save", [])
    wanted = "fisher" in recipe or any(name in save for name in ARRAYS)
    about = {"fisher": recipe.get("fisher", recipe.get("targets", []))} if wanted else {}
    return {**about, "save": save}


def subjects(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is asked about as the core's specification has it; nothing where nothing is."""
    found = [{"name": name, "place": f"fisher[{i}]"} for i, name in enumerate(recipe.get("fisher", []))]
    return {"fisher": found} if found else {}


def said_at(root: Node, place: str) -> str:
    """Return a place of the core as it was written: what is asked about may be the targets."""
    if place.startswith("fisher[") and root.child("fisher") is None:
        return "targets" + place.removeprefix("fisher")
    return place
