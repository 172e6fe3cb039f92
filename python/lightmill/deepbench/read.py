"""Reading DeepBench's words: every key is known and every value fits, or there is a fault where it is not so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic_core import PydanticCustomError

from lightmill.deepbench.notes import Note
from lightmill.deepbench.words import ABSENT, REQUIRED, Word, Words
from lightmill.recipe import checks
from lightmill.recipe.checks import fault
from lightmill.recipe.faults import MOST, Fault
from lightmill.recipe.names import clean, short, suggest
from lightmill.recipe.node import Node, Step
from lightmill.recipe.strict import Check
from lightmill.recipe.tables import Range


@dataclass(frozen=True, slots=True)
class Given:
    """What a key has.

    Parameters
    ----------
    value : object
        The checked value, or the default; None where there is neither.
    node : Node
        Where it was written; its map where it was not.
    said : bool
        Whether the file gives it.
    place : str
        Its path in the file.
    """

    value: Any
    node: Node
    said: bool
    place: str


class Reader:
    """Reads maps against their words, and collects what is wrong and what differs."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.notes: list[Note] = []

    def wrong(self, node: Node, place: str, message: str, on_key: bool = False) -> None:
        """Add a fault."""
        self.faults.append(Fault(node.key if on_key else node.mark, place, message))

    def note(self, given: Given, message: str, *target: Step) -> None:
        """Add a note about a value, or about its map where it is not given."""
        mark = given.node.mark if given.said and not isinstance(given.node.value, (dict, list)) else given.node.key
        self.notes.append(Note(mark, given.place, message, target))

    def map(self, node: Node, place: str, example: str) -> Mapping[str, Node]:
        """Return the entries of a map; a fault and none where it is none."""
        if isinstance(node.value, dict):
            return node.value
        what = "there is no value" if node.value is None else f"{short(node.plain())} is not a map"
        self.wrong(node, place, f"{what}; write {example}")
        return {}

    def unknown(self, entries: Mapping[str, Node], place: str, known: tuple[str, ...]) -> None:
        """Add a fault for each key that is not known."""
        wrong = (key for key in entries if key not in known)
        for key in islice(wrong, MOST):
            hint = "one seed is for all: write it at the top" if key == "seed" else suggest(key, known)
            self.wrong(entries[key], below(place, key), f"unknown key `{clean(key)}`; {hint}", on_key=True)

    def words(
        self, node: Node, place: str, words: Words, entries: Mapping[str, Node] | None = None
    ) -> dict[str, Given]:
        """Return what a map gives for each of its words.

        Parameters
        ----------
        node : Node
            The map.
        place : str
            Its path.
        words : Words
            What it may hold.
        entries : mapping, optional
            Its entries, where they are not all to be read.
        """
        if entries is None:
            entries = self.map(node, place, f"`{next(iter(words))}: ...` and so on below it")
            self.unknown(entries, place, tuple(words))
        return {key: self._word(word, entries.get(key), node, below(place, key)) for key, word in words.items()}

    def _word(self, word: Word, node: Node | None, parent: Node, place: str) -> Given:
        if node is None:
            if word.default == REQUIRED:
                self.wrong(parent, place, "this must be given", on_key=True)
            return Given(None if word.default in (REQUIRED, ABSENT) else word.default, parent, False, place)
        try:
            return Given(_CHECKS[word.kind](word)(node.plain()), node, True, place)
        except PydanticCustomError as error:
            self._refused(error, node, place)
            return Given(None, node, True, place)

    def _refused(self, error: PydanticCustomError, node: Node, place: str) -> None:
        told = error.context or {}
        allowed = str(told["allowed"]).replace("{name}", place.rpartition(".")[2])
        for step in told["at"]:
            node, place = node.child(step) or node, f"{place}[{step}]"
        self.wrong(node, place, f"{told['wrong']}; {allowed}" if allowed else str(told["wrong"]))


def below(place: str, key: str) -> str:
    """Return the path of a key."""
    return f"{place}.{clean(key)}" if place else clean(key)


def _whole_check(word: Word) -> Check:
    bounds = word.bounds
    allowed = f"{{name}} must be a whole number from {bounds.low} to {bounds.high}"
    number = checks.numeric("integer", Range(), allowed)

    def check(value: Any) -> int:
        whole = int(number(value))
        if not bounds.low <= whole <= bounds.high:
            raise fault(f"{short(value)} is not allowed", allowed)
        return whole

    return check


def _pair(word: Word, one: Check, example: str) -> Check:
    def check(value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) != 2:
            what = f"a list of {len(value)}" if isinstance(value, list) else short(value)
            raise fault(f"{what} is not allowed", f"{{name}} takes {example}")
        return [_item(one, item, i) for i, item in enumerate(value)]

    return check


def _item(one: Check, value: Any, index: int) -> Any:
    try:
        return one(value)
    except PydanticCustomError as error:
        told = error.context or {}
        raise fault(told["wrong"], told["allowed"], at=(index,)) from None


def _times(word: Word) -> Check:
    one = checks.numeric("real", word.bounds)

    def check(value: Any) -> list[Any]:
        items = value if isinstance(value, list) else [value]
        if not items:
            raise fault("there are no times", "{name} takes a number or a list of them")
        return [_item(one, item, i) for i, item in enumerate(items)]

    return check


def _maybe(word: Word) -> Check:
    one = checks.numeric("real", word.bounds)
    return lambda value: None if value is None else one(value)


_CHECKS: Mapping[str, Callable[[Word], Check]] = {
    "real": lambda word: checks.numeric("real", word.bounds),
    "whole": _whole_check,
    "flag": lambda _: checks.numeric("flag", Range()),
    "point": lambda word: _pair(word, checks.numeric("real", word.bounds), "[column, row]"),
    "shape": lambda word: _pair(word, _whole_check(word), "[rows, columns]"),
    "title": lambda _: checks.title,
    "map": lambda _: checks.mapping("its keys below it"),
    "word": lambda word: checks.word(word.words),
    "times": _times,
    "maybe": _maybe,
}
