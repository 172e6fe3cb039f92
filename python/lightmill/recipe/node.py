"""A recipe as it was written: plain values, each with its position."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lightmill.recipe.faults import Mark
from lightmill.recipe.names import clean

Step = str | int


@dataclass(slots=True)
class Node:
    """A value: a dict or list of nodes, or anything else as a scalar.

    Parameters
    ----------
    value : object
        ``dict[str, Node]``, ``list[Node]`` or a scalar.
    mark : Mark
        Where the value starts.
    key : Mark
        Where its key starts; for what has no key, the same as `mark`.
    lead : int, optional
        How many characters stand before the first of a text, 1 where it is quoted; None where it is
        not written as it is (escapes, several lines, a dict).
    """

    value: Any
    mark: Mark = field(default_factory=Mark)
    key: Mark = field(default_factory=Mark)
    lead: int | None = None

    def plain(self) -> Any:
        """Return the value without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def child(self, step: Step) -> Node | None:
        """Return what a step leads to; a lone value counts as a list of one."""
        if isinstance(step, int):
            if isinstance(self.value, list):
                return self.value[step] if 0 <= step < len(self.value) else None
            return self if step == 0 else None
        found = self.value.get(step) if isinstance(self.value, dict) else None
        return found if isinstance(found, Node) else None


def walk(root: Node, path: Sequence[Step]) -> Iterator[tuple[Step, Node | None]]:
    """Yield the steps of a path that were written, with their nodes; None from where it leaves the tree."""
    node: Node | None = root
    for step in path:
        found = node.child(step) if node is not None else None
        if found is not node or found is None:
            yield step, found
        node = found


def locate(root: Node, path: Sequence[Step], on_key: bool = False, parent: bool = False) -> tuple[Mark, str]:
    """Return where a path was written, and its place in words.

    Parameters
    ----------
    root : Node
        The recipe.
    path : sequence of str or int
        Where to go; one that leaves the tree (a key that was not given) is at its last written parent's key.
    on_key, parent : bool
        Whether the key is meant, not the value: always, or for lists and maps, whose value starts at their first item.
    """
    node, place, left = root, "", False
    for step, found in walk(root, path):
        place += f"[{step}]" if isinstance(step, int) else f".{clean(step)}" if place else clean(step)
        if found is None:
            left = True
        else:
            node = found
    on_key = on_key or left or (parent and isinstance(node.value, (dict, list)))
    return (node.key if on_key else node.mark), place


def find(root: Node, path: Sequence[Step]) -> Node | None:
    """Return the node at a path; None where it was not written."""
    node: Node | None = root
    for step in path:
        node = node.child(step) if node is not None else None
    return node


def character(node: Node, number: int) -> Mark:
    """Return where a character of a text stands, from 1; the text's beginning where that cannot be told."""
    mark = node.mark
    if node.lead is None or not mark.line:
        return mark
    return Mark(mark.source, mark.line, mark.column + node.lead + number - 1)


def in_words(path: Sequence[Step]) -> str:
    """Return a path as messages say it, ``objects[1].moffat``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{clean(step)}" for step in path).lstrip(".")


def steps(place: str) -> list[Step]:
    """Return the steps of a place such as ``objects[1].moffat.fwhm``."""
    parts = re.findall(r"\[(\d+)\]|([^.\[\]]+)", place)
    return [int(index) if index else name for index, name in parts]
