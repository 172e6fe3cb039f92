"""Changes to a recipe by path: ``--set galaxy.flux=100``.

A path is dotted; an item of a list is found by its name, by its model's key, or by ``[i]``. An
object's name may stand at the front, without ``objects``. What a path leads through and is not
there is made, so that the checks of the whole recipe say what is wrong with it. An object of a
branch of `mixture` is found from the front too, and a branch by its class.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from lightmill.recipe import names
from lightmill.recipe.branches import KEYS, class_of
from lightmill.recipe.columns import named
from lightmill.recipe.faults import Fault, Mark, RecipeError, refuse
from lightmill.recipe.memory import from_object
from lightmill.recipe.names import clean, suggest
from lightmill.recipe.node import Node, Step
from lightmill.recipe.reader import read
from lightmill.recipe.tables import tables

TOP = (
    *("lightmill", "name", "seed", "count", "image", "zero_point", "edges", "overlap"),
    *("times", "tables", "let", "system", "observe", "objects", "mixture", "sky", "noise"),
    *("keep", "realisations", "splits", "targets", "fisher", "save"),
)
MAX_STEPS = 16
_STEP = re.compile(r"\.?([^.\[\]=\s]+)|\[(\d{1,6})\]")


def apply(root: Node, settings: Iterable[str] | Mapping[str, object]) -> None:
    """Change a recipe in place.

    Parameters
    ----------
    root : Node
        The recipe.
    settings : iterable of str, or mapping
        Texts ``path=value``, the value in YAML; or values by path.

    Raises
    ------
    RecipeError
        With a fault for each setting that is not ``path=value`` or whose path leads nowhere.
    """
    if isinstance(settings, str):
        raise TypeError("settings are a list of texts, path=value, or a mapping")
    faults: list[Fault] = []
    for change in _changes(settings) if isinstance(root.value, dict) else ():
        try:
            _set(root, *change)
        except RecipeError as error:
            faults.extend(error.faults)
    if faults:
        raise RecipeError(faults)


def _changes(settings: Iterable[str] | Mapping[str, object]) -> Iterator[tuple[str, object, Mark, bool]]:
    if isinstance(settings, Mapping):
        yield from ((path, value, Mark(), False) for path, value in settings.items())
        return
    for text in settings:
        path, equals, value = text.partition("=")
        yield path.strip(), value if equals else None, Mark(f"--set {clean(text, 60)}"), True


def _set(root: Node, path: str, value: object, mark: Mark, is_text: bool) -> None:
    if is_text and value is None:
        raise refuse("a setting is path=value, as in galaxy.flux=100", mark)
    new = _read(str(value), mark) if is_text else from_object(value)
    steps = _parse(path, mark)
    node = root
    for n, step in enumerate(steps):
        node = _front(root, step, mark) if n == 0 else _enter(node, step, mark)
    node.value, node.mark, node.key, node.lead = new.value, new.mark, mark, None


def _read(text: str, mark: Mark) -> Node:
    return read(text, mark.source, lines=False) if text.strip() else Node(None, mark, mark)


def _parse(path: str, mark: Mark) -> list[Step]:
    found = list(_STEP.finditer(path))
    whole = "".join(match[0] for match in found) == path
    if not found or not whole or not found[0][1] or path.startswith(".") or len(found) > MAX_STEPS:
        raise refuse(f"{names.short(path)} is not a path; write galaxy.flux, image.size or objects[1].flux", mark)
    steps: list[Step] = [int(match[2]) if match[2] else match[1] for match in found]
    # A condition goes by the name of a column, dots and all.
    return ["keep", path.partition(".")[2]] if steps[0] == "keep" and len(steps) > 1 else steps


def _front(root: Node, step: Step, mark: Mark) -> Node:
    """Enter the recipe, by a key of its own or by an object's name."""
    mixture = root.value.get("mixture", Node([]))
    objects = _all_objects(root, mixture)
    system = root.value.get("system")
    if system is not None and _entry_key(system) == step:
        return _body(system, mark)
    if step in TOP or step in names.LATER_TOP or step in root.value:
        own = _key(root, str(step), mark)
        return _level(own) if step == "sky" else _files(own) if step == "tables" else own
    found = _item(objects, str(step), mark) or _branch(mixture, str(step), mark)
    if found is None:
        known = [*TOP, *_labels(objects), *_labels(mixture)]
        raise refuse(f"there is no `{clean(str(step))}` in the recipe; {suggest(str(step), known)}", mark)
    return found


def _all_objects(root: Node, mixture: Node) -> Node:
    """Return the objects of the recipe and of its branches in one list."""
    branches = mixture.value if isinstance(mixture.value, list) else []
    lists = [node.child("objects") for node in (root, *branches)]
    return Node([item for node in lists if node is not None and isinstance(node.value, list) for item in node.value])


def _level(sky: Node) -> Node:
    """Write a lone level of the sky as ``{level: ...}``."""
    bare = not isinstance(sky.value, dict) or not {"level", "subtract"}.intersection(sky.value)
    if bare and sky.value != {}:
        sky.value = {"level": Node(sky.value, sky.mark, sky.key)}
    return sky


def _files(tables: Node) -> Node:
    """Write a lone file of a table as ``{file: ...}``."""
    for table in tables.value.values() if isinstance(tables.value, dict) else ():
        if isinstance(table.value, str):
            table.value = {"file": Node(table.value, table.mark, table.key)}
    return tables


def _enter(node: Node, step: Step, mark: Mark) -> Node:
    """Return the node that a step leads to, made where there is none."""
    if isinstance(step, int):
        return _index(node, step, mark)
    if isinstance(node.value, list):
        found = _item(node, step, mark) or _branch(node, step, mark)
        if found is None:
            raise refuse(f"there is no `{clean(step)}` in this list; {suggest(step, _labels(node))}", mark)
        return found
    key = _entry_key(node)
    if key is not None:
        return _body(node, mark) if step == key else _key(_body(node, mark), step, mark)
    objects = node.child("objects")
    inside = _item(objects, step, mark) if objects is not None and step not in KEYS else None
    return inside or _key(node, step, mark)


def _key(node: Node, key: str, mark: Mark) -> Node:
    if not isinstance(node.value, dict):
        node.value, node.mark = {}, mark
    found: Node = node.value.setdefault(key, Node({}, mark, mark))
    return found


def _index(node: Node, index: int, mark: Mark) -> Node:
    found = node.child(index)
    if found is None or not isinstance(node.value, (list, dict)):
        length = len(node.value) if isinstance(node.value, list) else 0
        raise refuse(f"there is no [{index}]; the list has {length} items, from [0]", mark)
    return found


def _entry_key(node: Node) -> str | None:
    """Return the model's key where a node is an entry of `objects` or `noise`, or a `system`."""
    if node.value == "poisson":
        return "poisson"
    if isinstance(node.value, dict) and len(node.value) == 1:
        key = str(next(iter(node.value)))
        return key if any(key in known for known in (tables().objects, tables().noise, tables().systems)) else None
    return None


def _body(entry: Node, mark: Mark) -> Node:
    """Return an entry's parameters; a word is written out as a map."""
    if entry.value == "poisson":
        entry.value = {"poisson": Node({}, mark, mark)}
    body: Node = next(iter(entry.value.values()))
    if body.value == "random":
        body.value = {"random": Node(True, body.mark, body.key)}
    return body


def _label(item: Node) -> str | None:
    key = _entry_key(item)
    if key is None and isinstance(item.value, dict) and "objects" in item.value:
        return class_of(item.plain())
    if key is None or not isinstance(item.value, dict):
        return key
    body = item.value[key].plain()
    return named(key, body) if isinstance(body, dict) else key


def _labels(items: Node) -> list[str]:
    listed = items.value if isinstance(items.value, list) else []
    return [label for label in map(_label, listed) if label is not None]


def _item(items: Node, name: str, mark: Mark) -> Node | None:
    """Return the parameters of the entry of a name, or else of a model that is there once."""
    listed = items.value if isinstance(items.value, list) else []
    entries = [item for item in listed if _entry_key(item) is not None]
    found = [item for item in entries if _label(item) == name]
    found = found or [item for item in entries if _entry_key(item) == name]
    if len(found) > 1:
        raise refuse(f"there are {len(found)} `{clean(name)}`; use a name or [i]", mark)
    return _body(found[0], mark) if found else None


def _branch(branches: Node, name: str, mark: Mark) -> Node | None:
    """Return the branch of a class."""
    listed = branches.value if isinstance(branches.value, list) else []
    found = [branch for branch in listed if _entry_key(branch) is None and _label(branch) == name]
    if len(found) > 1:
        raise refuse(f"{len(found)} branches are of the class `{clean(name)}`; use mixture[i]", mark)
    return found[0] if found else None
