"""Finding, reading and checking a recipe."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightmill.recipe.check import check
from lightmill.recipe.faults import Mark, refuse
from lightmill.recipe.names import LATER_MODELS, clean, later, nearest, short
from lightmill.recipe.node import Node
from lightmill.recipe.recipe import Recipe, freeze

if TYPE_CHECKING:
    Source = str | os.PathLike[str] | Mapping[str, Any] | Recipe

SIZE = 64
"""Pixels a side of the image of a model that is named alone."""
TIMES = {"start": 0, "stop": 10, "points": 101}
"""Times of a system that is named alone."""
BODIES = 3
"""How many bodies it has."""


def load(
    source: Source,
    settings: Iterable[str] | Mapping[str, object] = (),
    name: str | None = None,
    tables: Mapping[str, Any] | None = None,
) -> Recipe:
    """Read and check a recipe.

    All is checked here: the core's plan is made too, which finds unknown names, loops, and what is
    impossible together. Its faults are told once the rest is right.

    Parameters
    ----------
    source : str, path, mapping or Recipe
        A YAML file; a dict; the name of a task (``sky-stars``, ``sky-stars@1``); or the name of
        a model (``moffat``): one object with everything random in an image of 64 by 64; or of a
        system (``pendulum``): everything random, from time 0 to 10 at 101 points. A file or dict may
        be in DeepBench's words.
    settings : iterable of str, or mapping
        Changes, as ``--set`` takes them: ``galaxy.flux=100``, ``image.size=[32, 64]``; or a
        mapping from paths to values.
    name : str, optional
        The recipe's name where it does not give one; by default the file's stem, or ``recipe``.
    tables : mapping, optional
        Tables in memory by name: mappings of arrays, structured arrays, data frames, astropy tables. Those
        in files are looked for beside the recipe's file; for a dict, in the working directory.

    Returns
    -------
    Recipe
        Checked, frozen, every default written out.

    Raises
    ------
    RecipeError
        With every fault at once; each has file, line and column.

    Warns
    -----
    DeepBenchWarning
        For each thing that DeepBench's code made something else of.

    Examples
    --------
    >>> recipe = load({"image": {"size": 32}, "objects": [{"gaussian": {"flux": 5, "fwhm": 3}}]})
    >>> recipe.shape, recipe.seed, recipe.count
    ((32, 32), 0, None)
    """
    from lightmill.recipe import pictures
    from lightmill.recipe.resolve import resolve
    from lightmill.recipe.settings import apply
    from lightmill.recipe.table_use import counted, gather, home_of

    root, stem = nodes(source)
    root, notes = _in_our_words(root, name or stem)
    apply(root, settings)
    home = home_of(source, tables)
    plain = root.plain()
    read = gather(root, plain, home)
    known = source.pictures if isinstance(source, Recipe) else {}
    shown = pictures.gather(root, plain, home.folder, known)
    checked = check(root, plain, read, shown.faults)
    recipe = freeze(resolve(checked, name or stem, shown.found), root, read.whole, home.folder, shown.found)
    recipe = counted(recipe)  # The core's checks, of names, loops and what is impossible together.
    for note in notes:
        warnings.warn(note, stacklevel=2)
    return recipe


def _in_our_words(root: Node, name: str) -> tuple[Node, list[Warning]]:
    """Return a recipe as it is, and a file of DeepBench as the recipe that it means."""
    from lightmill.deepbench import DeepBenchWarning, recognise, translate

    if not recognise(root):
        return root, []
    translation = translate(root, name)
    return translation.root, [DeepBenchWarning(str(note)) for note in translation.notes]


def nodes(source: Source) -> tuple[Node, str]:
    """Return what a source says, unchecked, and the name that it gives to a recipe without one."""
    from lightmill.recipe.memory import from_object

    if isinstance(source, Recipe):
        return from_object(source.resolved), source.name
    if isinstance(source, Mapping):
        return from_object(source), "recipe"
    if not isinstance(source, (str, os.PathLike)):
        raise TypeError(f"a recipe is a path, a mapping or a name, not {type(source).__name__}")
    return _named(os.fspath(source))


def _named(text: str) -> tuple[Node, str]:
    from lightmill import tasks
    from lightmill.recipe.memory import from_object
    from lightmill.recipe.tables import tables

    path = Path(text)
    if _is_file(path):
        return _file(path, text), path.stem
    task = tasks.path(text)
    if task is not None:
        return _file(task, task.name), task.stem.partition("@")[0]
    if text in tables().systems:
        return from_object(_alone(text)), text
    if text in tables().objects:
        psf = {"psf": {"moffat": "random"}} if tables().objects[text].needs_psf else {}
        return from_object({"image": {"size": SIZE}, **psf, "objects": [{text: "random"}]}), text
    raise refuse(_absent(path, text))


def _alone(system: str) -> dict[str, Any]:
    """Return the recipe of a system that is named alone: everything random."""
    from lightmill.recipe.tables import tables

    bodies = {"bodies": BODIES} if tables().systems[system].body else {}
    return {"times": dict(TIMES), "system": {system: {"random": True, **bodies}}}


def _is_file(path: Path) -> bool:
    try:
        return path.exists() and not path.is_dir()
    except (OSError, ValueError):
        return False


def _file(path: Path, source: str) -> Node:
    from lightmill.recipe.decode import MAX_BYTES, decode
    from lightmill.recipe.reader import read

    shown = clean(source, 4096)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise refuse(f"cannot read the recipe: {error.strerror or error}", Mark(shown)) from None
    return read(decode(data, shown), shown)


def _absent(path: Path, text: str) -> str:
    from lightmill import tasks
    from lightmill.recipe.tables import tables

    if text in LATER_MODELS:
        return later(f"the model `{text}`")
    if _is_file(path / "recipe.yaml"):
        return f"{short(text)} is a folder, not a recipe; did you mean `{path / 'recipe.yaml'}`?"
    known = [*_neighbours(path), *tasks.names(), *tables().objects, *tables().systems]
    near = nearest(text, known)
    rest = (
        f"did you mean `{near}`?"
        if near
        else f"tasks: {', '.join(tasks.names())}; models: {', '.join((*tables().objects, *tables().systems))}"
    )
    what = "is a folder, not a recipe" if _is_folder(path) else "is no file, task or model"
    return f"{short(text)} {what}; {rest}"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _neighbours(path: Path) -> list[str]:
    """Return the YAML files beside a path, as the user would write them."""
    try:
        found = sorted(p.name for p in path.parent.iterdir() if p.suffix in (".yaml", ".yml"))
    except (OSError, ValueError):
        return []
    return [str(path.parent / name) if path.parent != Path() else name for name in found[:1000]]
