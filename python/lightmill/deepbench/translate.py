"""A whole file of DeepBench as a recipe."""

from __future__ import annotations

from dataclasses import dataclass

from lightmill.deepbench.file import File
from lightmill.deepbench.notes import Note
from lightmill.recipe.faults import RecipeError
from lightmill.recipe.node import Node

MARKS = frozenset({"object_type", "object_name"})
"""A map that has one of these keys is DeepBench's."""


@dataclass(frozen=True)
class Translation:
    """A recipe, and where it differs from what DeepBench's code made of the file.

    Parameters
    ----------
    root : Node
        The recipe, its values where DeepBench's file has them.
    notes : tuple of Note
        In the order of the file.
    """

    root: Node
    notes: tuple[Note, ...]


def recognise(root: Node) -> bool:
    """Return whether nodes are a file of DeepBench."""
    return isinstance(root.value, dict) and not MARKS.isdisjoint(root.value)


def translate(root: Node, name: str) -> Translation:
    """Return the recipe that a file of DeepBench means.

    Parameters
    ----------
    root : Node
        The file.
    name : str
        The recipe's name where the file has none.

    Raises
    ------
    RecipeError
        With every fault in the file, in DeepBench's words.
    """
    file = File(root)
    recipe = file.recipe(name)
    if file.reader.faults:
        raise RecipeError(file.reader.faults)
    ordered = sorted(file.reader.notes, key=lambda note: (note.mark.line, note.mark.column))
    return Translation(recipe, tuple(ordered))
