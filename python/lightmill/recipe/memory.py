"""From a dict in memory to nodes: the same tree that a file gives, without positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lightmill.recipe.faults import Fault, Mark, RecipeError
from lightmill.recipe.names import clean
from lightmill.recipe.node import Node

MAX_DEPTH = 32
MAX_VALUES = 100_000
_SCALARS = (bool, int, float, str)


def from_object(value: object, source: str = "") -> Node:
    """Return the nodes of a Python value.

    Parameters
    ----------
    value : object
        Any mapping with text keys, lists, tuples, numbers, texts, None; NumPy scalars and arrays.
    source : str
        How to call it in messages.

    Raises
    ------
    RecipeError
        For other types, for keys that are not text, and beyond a depth or a number of values.
    """
    builder = _Builder(Mark(source))
    node = builder.node(value, "", 0)
    if builder.faults:
        raise RecipeError(builder.faults)
    return node


def _from_numpy(value: Any) -> Any:
    numpy_like = type(value).__module__.split(".")[0] == "numpy" and hasattr(value, "tolist")
    return value.tolist() if numpy_like else value


class _Builder:
    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.faults: list[Fault] = []
        self.count = 0

    def node(self, value: object, place: str, depth: int) -> Node:
        self.count += 1
        if self.count > MAX_VALUES or depth > MAX_DEPTH:
            what = f"nested deeper than {MAX_DEPTH} levels" if depth > MAX_DEPTH else f"more than {MAX_VALUES} values"
            raise RecipeError([*self.faults, Fault(self.mark, clean(place), f"{what}; a recipe is small")])
        if type(value) in _SCALARS:
            return self._new(value)
        value = _from_numpy(value)
        if isinstance(value, Mapping):
            return self._new(self._map(value, place, depth))
        if isinstance(value, (list, tuple)):
            return self._new([self.node(item, f"{place}[{i}]", depth + 1) for i, item in enumerate(value)])
        return self._new(self._scalar(value, place))

    def _new(self, value: Any) -> Node:
        return Node(value, self.mark, self.mark)

    def _map(self, value: Mapping[Any, Any], place: str, depth: int) -> dict[str, Node]:
        entries = {}
        for key, item in value.items():
            if not isinstance(key, str):
                self._wrong(place, f"the key {clean(repr(key))} is not text; keys are names")
                continue
            step = clean(str(key))
            entries[str(key)] = self.node(item, f"{place}.{step}" if place else step, depth + 1)
        return entries

    def _scalar(self, value: object, place: str) -> Any:
        for kind in _SCALARS:
            if isinstance(value, kind):
                return kind(value)
        if value is not None:
            kinds = "numbers, texts, lists and maps"
            self._wrong(place, f"a value of type {clean(type(value).__name__)} is not allowed; a recipe has {kinds}")
        return None

    def _wrong(self, place: str, message: str) -> None:
        self.faults.append(Fault(self.mark, place, message))
