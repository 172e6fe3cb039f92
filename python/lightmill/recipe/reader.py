"""From YAML text to nodes, through PyYAML's event stream, with limits.

PyYAML's C loader crashes on deep nesting, the pure one overflows at a depth of 500, and both
lose duplicate keys. Its pure event parser does not recurse, and this reader stops at a depth.
"""

from __future__ import annotations

from typing import Any

from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from lightmill.recipe.faults import Mark, RecipeError, refuse
from lightmill.recipe.names import clean
from lightmill.recipe.node import Node
from lightmill.recipe.scalars import resolve

MAX_DEPTH = 32
MAX_VALUES = 10_000
"""Keys and values that are still read: PyYAML takes about 20 µs for each, and an answer may take a second."""

_PLAIN_WORDS = {
    "found character '\\t' that cannot start any token": "a tab cannot indent or separate here; use spaces",
    "mapping values are not allowed here": "a second `: ` is not allowed here; quote the text or check the indentation",
    "could not find expected ':'": "a key without `:`; check the indentation and the quotes",
}
_NO_VALUE = "expected the node content, but found "


class _Events(Reader, Scanner, Parser):
    """PyYAML's pure parser as far as events."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def read(text: str, source: str, lines: bool = True) -> Node:
    """Return the nodes of a YAML text.

    Parameters
    ----------
    text : str
        The text; one document.
    source : str
        How to call it in messages.
    lines : bool
        Whether its line numbers mean something to the user; not for ``--set``.

    Raises
    ------
    RecipeError
        With one fault: where the text is not YAML, or uses what recipes do without (tags,
        merge keys, anchors on lists or maps, several documents), or is beyond a limit.
    """
    builder = _Builder(source, lines)
    try:
        return builder.document(_Events(text))
    except MarkedYAMLError as error:
        words, mark = _explain(error)
        raise refuse(f"this is not YAML: {words}", builder.mark(mark)) from None
    except ReaderError as error:
        message = f"the character U+{ord(text[error.position]):04X} is not allowed in YAML"
        raise refuse(message, builder.offset(text, error.position)) from None


def _explain(error: MarkedYAMLError) -> tuple[str, Any]:
    """Return what is wrong, and where: what is left open is where it was opened."""
    problem = str(error.problem or error.context)
    opened = error.context_mark or error.problem_mark
    if problem.startswith(("expected ',' or", "expected the node content, but found '<stream end>'")):
        return "this bracket is not closed, or a `,` is missing in it", opened
    if problem == "found unexpected end of stream":
        return "these quotes are not closed", opened
    if problem.startswith("expected <block end>, but found"):
        return "the indentation does not fit the lines above", error.problem_mark
    if problem.startswith(_NO_VALUE):
        return f"a value is missing before {problem.removeprefix(_NO_VALUE)}", error.problem_mark
    return _PLAIN_WORDS.get(problem) or " ".join(problem.split()), error.problem_mark or error.context_mark


def _lead(event: Any) -> int | None:
    """Return how many characters stand before a text's first; None where it is not written as it is."""
    start, end = event.start_mark, event.end_mark
    quotes = 2 if event.style in ("'", '"') else 0
    plain = event.anchor is None and event.style not in ("|", ">") and start.line == end.line
    return quotes // 2 if plain and end.column - start.column == len(event.value) + quotes else None


class _Builder:
    """Builds nodes from events; recursion is bounded by `MAX_DEPTH`."""

    def __init__(self, source: str, lines: bool) -> None:
        self.source = source
        self.lines = lines
        self.anchors: dict[str, Any] = {}
        self.count = 0

    def mark(self, mark: Any) -> Mark:
        if not self.lines:
            return Mark(self.source)
        return Mark(self.source, mark.line + 1, mark.column + 1) if mark else Mark(self.source, 1, 1)

    def offset(self, text: str, index: int) -> Mark:
        line = text.rfind("\n", 0, index) + 1
        return Mark(self.source, text.count("\n", 0, index) + 1, index - line + 1) if self.lines else Mark(self.source)

    def refuse(self, message: str, event: Any) -> RecipeError:
        return refuse(message, self.mark(event.start_mark))

    def document(self, events: Any) -> Node:
        events.get_event()
        start = events.get_event()
        if isinstance(start, StreamEndEvent):
            raise self.refuse("there is nothing here; a recipe needs at least `image` and `objects`", start)
        if start.tags:
            raise self.refuse("a %TAG directive is not allowed in a recipe", start)
        root = self.node(events, events.get_event(), 0)
        events.get_event()
        more = events.get_event()
        if isinstance(more, DocumentStartEvent):
            raise self.refuse("a second document (`---`) is not allowed; a recipe is one", more)
        return root

    def node(self, events: Any, event: Any, depth: int) -> Node:
        self._limit(event, depth)
        mark = self.mark(event.start_mark)
        if isinstance(event, AliasEvent):
            return Node(self._alias(event), mark, mark)
        if event.tag is not None:
            tag = clean(event.tag.replace("tag:yaml.org,2002:", "!!"))
            raise self.refuse(f"the tag `{tag}` is not allowed; a recipe has plain values only", event)
        if isinstance(event, ScalarEvent):
            return Node(self._scalar(event), mark, mark, _lead(event))
        if event.anchor is not None:
            raise self.refuse("an anchor (`&`) is allowed on single values only, not on lists or maps", event)
        make = self._map if isinstance(event, MappingStartEvent) else self._list
        return Node(make(events, depth + 1), mark, mark)

    def _limit(self, event: Any, depth: int) -> None:
        self.count += 1
        if self.count > MAX_VALUES:
            raise self.refuse(f"more than {MAX_VALUES} keys and values; a recipe is a small file", event)
        if depth > MAX_DEPTH:
            raise self.refuse(f"nested deeper than {MAX_DEPTH} levels", event)

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise self.refuse(f"`*{clean(event.anchor)}` has no anchor `&{clean(event.anchor)}` above it", event)
        return self.anchors[event.anchor]

    def _scalar(self, event: Any) -> Any:
        try:
            value = resolve(event.value) if event.implicit[0] else event.value
        except ValueError as error:
            raise self.refuse(f"{error}", event) from None
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        return value

    def _list(self, events: Any, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := events.get_event(), SequenceEndEvent):
            items.append(self.node(events, event, depth))
        return items

    def _map(self, events: Any, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := events.get_event(), MappingEndEvent):
            key = self._key(events, event, depth)
            if key in entries:
                first = entries[key].key.line
                where = f", first in line {first}" if first else ""
                raise self.refuse(f"`{clean(key)}` is given twice{where}", event)
            node = self.node(events, events.get_event(), depth)
            entries[key] = Node(node.value, node.mark, self.mark(event.start_mark), node.lead)
        return entries

    def _key(self, events: Any, event: Any, depth: int) -> str:
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            raise self.refuse("a list or map cannot be a key", event)
        node = self.node(events, event, depth)
        text = event.value if isinstance(event, ScalarEvent) else str(node.value)
        if text == "<<":
            raise self.refuse("merge keys (`<<`) are not allowed in a recipe", event)
        if not text:
            raise self.refuse("a key is missing before the `:`", event)
        return text
