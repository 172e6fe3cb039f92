"""The recipe that a file of DeepBench means, as YAML with comments."""

from __future__ import annotations

import os
import textwrap
import warnings
from collections.abc import Iterable

from lightmill.deepbench.notes import DeepBenchWarning, Note
from lightmill.deepbench.translate import recognise, translate
from lightmill.recipe.emit import emit
from lightmill.recipe.faults import refuse
from lightmill.recipe.node import Node, locate

WIDTH = 110


def convert(path: str | os.PathLike[str]) -> str:
    """Return the recipe that a file of DeepBench means.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    str
        YAML that loads to the same recipe as the file. Comments say where it means something else
        than DeepBench's code made of it.

    Raises
    ------
    RecipeError
        Where the file cannot be loaded, or is none of DeepBench's.
    """
    from lightmill.recipe.find import load, nodes

    root, stem = nodes(path)
    if not recognise(root):
        raise refuse(
            "this has no `object_type` and `object_name` as DeepBench's files do; only those are converted", root.mark
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeepBenchWarning)
        load(path)
    translation = translate(root, stem)
    text = emit({"lightmill": 1, **translation.root.plain()}, blocks=True)
    return _commented(text, translation.notes)


def _commented(text: str, notes: Iterable[Note]) -> str:
    """Return the text with each note above the line that it is about."""
    from lightmill.recipe.reader import read

    above: dict[int, list[str]] = {}
    root = read(text, "")
    for note in notes:
        line = _line(root, note)
        above.setdefault(line, []).append(note.message)
    lines = text.splitlines()
    return "".join("".join(_comments(above.get(n, []), line)) + line + "\n" for n, line in enumerate(lines, 1))


def _line(root: Node, note: Note) -> int:
    return locate(root, note.target, on_key=True)[0].line or 1


def _comments(messages: Iterable[str], line: str) -> Iterable[str]:
    start = " " * (len(line) - len(line.lstrip())) + "# "
    for message in messages:
        yield textwrap.fill(message, WIDTH, initial_indent=start, subsequent_indent=start + "  ") + "\n"
