"""DeepBench's objects, each with its `object` and `instance`, as the objects of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lightmill.deepbench import notes, shapes, sky
from lightmill.deepbench.body import Body, noisy, wrap
from lightmill.deepbench.read import Given, Reader, below
from lightmill.deepbench.words import SHAPES, SKY_INSTANCE, SKY_OBJECT, Words
from lightmill.recipe.faults import MOST
from lightmill.recipe.names import clean, suggest
from lightmill.recipe.node import Node

SECTIONS = ("object", "instance")
PLACE = "object_parameters"


@dataclass(frozen=True, slots=True)
class Frame:
    """The image that objects are drawn in, and the noise of their parameters."""

    rows: int
    columns: int
    noise: float
    reader: Reader


@dataclass(frozen=True, slots=True)
class Item:
    """What a file says of an object: DeepBench's name of it, where, and by which path."""

    key: str
    node: Node
    place: str


def listed(frame: Frame, kind: str, node: Node) -> list[Node]:
    """Return the objects of an image.

    Parameters
    ----------
    frame : Frame
        The image.
    kind : {'shape', 'sky'}
        Its type.
    node : Node
        The map of objects.
    """
    known = SHAPES if kind == "shape" else {key: {**SKY_INSTANCE[key], **SKY_OBJECT[key]} for key in SKY_OBJECT}
    found: list[Node] = []
    for key, child in frame.reader.map(node, PLACE, "the objects' names below it").items():
        item = Item(key, child, below(PLACE, key))
        if len(frame.reader.faults) > MOST:
            break
        if key not in known:
            told = f"unknown {'shape' if kind == 'shape' else 'object'} `{clean(key)}`; {suggest(key, tuple(known))}"
            frame.reader.wrong(child, item.place, told, on_key=True)
            continue
        words = _merged(frame.reader, item, known[key])
        if kind == "shape" and not found:
            _note_swapped(frame.reader, item)
        found.append(_object(frame, item, words, len(found)))
    return found


def alone(frame: Frame, key: str, image: Node, node: Node) -> Node:
    """Return the object of a file that is of one object: `image_parameters` has its instance."""
    instance = frame.reader.words(image, "image_parameters", SKY_INSTANCE[key], image.value)
    words = instance | frame.reader.words(node, PLACE, SKY_OBJECT[key])
    return _object(frame, Item(key, node, PLACE), words, 0)


def _merged(reader: Reader, item: Item, words: Words) -> dict[str, Given]:
    """Return what an object's two maps give together: its users write its parameters in either."""
    sections = reader.map(item.node, item.place, "`object: {...}` and `instance: {...}` below it")
    reader.unknown(sections, item.place, SECTIONS)
    found: dict[str, Given] = {}
    for section in SECTIONS:
        if section in sections:
            for key, given in _section(reader, sections[section], below(item.place, section), words).items():
                if key in found:
                    reader.wrong(given.node, given.place, f"`{key}` is in `object` too; give it once", on_key=True)
                found.setdefault(key, given)
    rest = {key: word for key, word in words.items() if key not in found}
    found |= reader.words(item.node, item.place, rest, {})
    return {key: found[key] for key in words}


def _section(reader: Reader, node: Node, place: str, words: Words) -> dict[str, Given]:
    entries: Mapping[str, Node] = reader.map(node, place, "the parameters below it, or {}")
    reader.unknown(entries, place, tuple(words))
    return reader.words(node, place, {key: word for key, word in words.items() if key in entries}, entries)


def _note_swapped(reader: Reader, item: Item) -> None:
    section = item.node.child("object")
    if section is not None and section.value:
        reader.note(Given(None, section, False, below(item.place, "object")), notes.SWAPPED, "objects")


def _object(frame: Frame, item: Item, words: dict[str, Given], index: int) -> Node:
    """Return one object; an empty map where something is wrong with its words."""
    if any(given.value is None for given in words.values()):
        return wrap({}, item.node)
    model, translate = {**shapes.MODELS, **sky.MODELS}[item.key]
    noised = {word: noisy(given, frame.noise) for word, given in words.items()}
    body = Body(item.node, item.place, noised, frame.rows, frame.columns, frame.reader, ("objects", index, model))
    translate(body)
    _notes(frame, body, item.key in shapes.MODELS and index == 0)
    return wrap({model: body.node(item.key)}, item.node)


def _notes(frame: Frame, body: Body, first_shape: bool) -> None:
    """Note what is the same for all kinds of objects."""
    drawn = [key for key, given in body.words.items() if not given.said and isinstance(given.value, (dict, list))]
    if drawn:
        silent = Given(None, body.key, False, body.where)
        frame.reader.note(silent, notes.drawn(drawn), *body.path)
    if first_shape:
        position = next(iter(body.words))
        frame.reader.note(body.words[position], notes.TRANSPOSED, *body.path)
    sides = body.words.get("vertices")
    if sides is not None and sides.said and frame.noise:
        frame.reader.note(sides, notes.WHOLE, *body.path, "sides")
