"""Putting an object of a recipe together, each value at the place that it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lightmill.deepbench.read import Given, Reader
from lightmill.recipe.names import number
from lightmill.recipe.node import Node

DECIMALS = 12


def wrap(value: Any, origin: Node) -> Node:
    """Return the nodes of a plain value, all of them where `origin` is."""
    if isinstance(value, Mapping):
        value = {key: wrap(item, origin) for key, item in value.items()}
    elif isinstance(value, list):
        value = [wrap(item, origin) for item in value]
    return value if isinstance(value, Node) else Node(value, origin.mark, origin.key)


def noisy(given: Given, amplitude: float) -> Given:
    """Return a given number with DeepBench's parameter noise, uniform on [0, amplitude], added."""
    if not given.said or amplitude == 0.0:
        return given
    if isinstance(given.value, list):
        return replace(given, value=[_spread(value, amplitude) for value in given.value])
    return replace(given, value=_spread(given.value, amplitude)) if isinstance(given.value, float) else given


def _spread(value: float, amplitude: float) -> dict[str, Any]:
    return {"uniform": [value, value + amplitude]}


def mapped(value: Any, change: Callable[[float], float]) -> Any:
    """Return a constant, or a uniform distribution, after a linear change.

    To 12 decimals: 14.2 - 15 is -0.8 as a person would have written it.
    """
    if isinstance(value, dict):
        return {"uniform": sorted(round(change(end), DECIMALS) for end in value["uniform"])}
    return round(change(value), DECIMALS)


def ends(value: Any) -> tuple[float, float]:
    """Return the least and the greatest value of a constant, or of a uniform distribution."""
    low, high = value["uniform"] if isinstance(value, dict) else (value, value)
    return low, high


@dataclass
class Body:
    """An object's parameters.

    Parameters
    ----------
    key : Node
        What DeepBench's file says of the object.
    where : str
        Its path there.
    words : dict
        What it gives, by DeepBench's words.
    rows, columns : int
        The image's.
    reader : Reader
        Where faults and notes go.
    path : tuple
        Where the object's parameters come to stand in the recipe.
    """

    key: Node
    where: str
    words: dict[str, Given]
    rows: int
    columns: int
    reader: Reader
    path: tuple[str | int, ...]
    entries: dict[str, Node] = field(default_factory=dict)
    let: dict[str, Node] = field(default_factory=dict)

    def put(self, name: str, value: Any, given: Given) -> None:
        """Write a parameter."""
        self.entries[name] = wrap(value, given.node)

    def define(self, name: str, value: Any, given: Given) -> None:
        """Write a named value of the object."""
        self.let[name] = wrap(value, given.node)

    def copy(self, word: str, name: str | None = None) -> None:
        """Write a parameter that is what DeepBench's word is."""
        self.put(name or word, self.words[word].value, self.words[word])

    def note(self, word: str, message: str, name: str | None = None) -> None:
        """Add a note about a word; its comment stands at the parameter."""
        self.reader.note(self.words[word], message, *self.path, name or word)

    def place(self, word: str, x: str, y: str, prefix: str = "") -> None:
        """Write a position: DeepBench's [column, row] from the corner, ours from the centre."""
        given = self.words[word]
        pair = given.value if isinstance(given.value, list) else [given.value] * 2
        for i, (name, count, step) in enumerate(((x, self.columns, "column"), (y, self.rows, "row"))):
            origin = given.node.child(i) if given.said else None
            self._offset(name, pair[i], 0.5 * (count - 1), f"{prefix}{step}", replace(given, node=origin or given.node))

    def offset(self, word: str, name: str, count: int) -> None:
        """Write one coordinate of a position."""
        self._offset(name, self.words[word].value, 0.5 * (count - 1), word, self.words[word])

    def _offset(self, name: str, value: Any, middle: float, word: str, given: Given) -> None:
        if isinstance(value, dict) and "integers" in value:
            self.define(word, value, given)
            self.put(name, f"= {word} - {number(middle)}", given)
        else:
            self.put(name, mapped(value, lambda step: step - middle), given)

    def node(self, name: str) -> Node:
        """Return the parameters, after the object's name and named values."""
        start = {"name": wrap(name, self.key)}
        if self.let:
            start["let"] = wrap(self.let, self.key)
        return wrap({**start, **self.entries}, self.key)
