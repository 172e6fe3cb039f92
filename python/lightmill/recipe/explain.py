"""From pydantic's errors to faults in a recipe's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from lightmill.recipe.faults import MOST, Fault
from lightmill.recipe.names import OF_IMAGES, OF_SYSTEMS, clean, later, suggest
from lightmill.recipe.node import Node, Step, character, find, locate


def explain(error: ValidationError, root: Node) -> Iterator[Fault]:
    """Yield a fault for each error; tags of unions, ``<...>``, are no part of a place."""
    for detail in error.errors(include_url=False, include_input=False)[:MOST]:
        *parents, last = detail["loc"] or ("",)
        place = [step for step in parents if not _is_tag(step)]
        if detail["type"] == "unknown_key" or not _is_tag(last):
            place.append(last)
        yield _fault(detail["type"], detail.get("ctx", {}), place, root)


def _is_tag(step: Step) -> bool:
    return isinstance(step, str) and (step.startswith("<") or step == "[key]")


def _fault(kind: str, context: Mapping[str, Any], place: list[Step], root: Node) -> Fault:
    if kind == "unknown_key":
        mark, where = locate(root, place, on_key=True)
        return Fault(mark, where, _unknown(str(place[-1]), context["known"], context["later"]))
    path = [*place, *context["at"]]
    mark, where = locate(root, path, on_key=context["key"])
    node = find(root, path)
    if context["character"] and node is not None:
        mark = character(node, context["character"])
    allowed = str(context["allowed"]).replace("{name}", _name(place))
    return Fault(mark, where, f"{context['wrong']}; {allowed}" if allowed else str(context["wrong"]))


def _unknown(key: str, known: Sequence[str], soon: frozenset[str]) -> str:
    if key in soon:
        return later(f"`{key}`")
    if key in OF_SYSTEMS:
        return f"`{key}` goes with a `system`, which the recipe lacks"
    if key in OF_IMAGES and "system" in known:
        return f"`{key}` goes with images; a `system` makes none"
    return f"unknown key `{clean(key)}`; {suggest(key, known)}"


def _name(place: Sequence[Step]) -> str:
    """Return the parameter's name; an item of a `choice` is a value of the parameter itself."""
    names = [step for step in place if isinstance(step, str) and step not in ("choice", "[key]")]
    return clean(names[-1]) if names else "this"
