"""Recipes to start from, as text with comments."""

from __future__ import annotations

from pathlib import Path

COUNT = 1000
"""Samples of a model that is named alone."""


def starter() -> str:
    """Return a first recipe."""
    return (Path(__file__).parent / "starter.yaml").read_text(encoding="utf-8")


def written_out(name: str) -> str:
    """Return a task, or a model or a system with everything random, with every default and a comment on each parameter.

    Parameters
    ----------
    name : str
        Its name, as `load` takes it.

    Raises
    ------
    RecipeError
        If there is none of that name.
    """
    from lightmill.recipe.find import load

    recipe = load(name)
    recipe = recipe if recipe.count else recipe.with_(count=COUNT)
    lines = [f"# {name}, with every default written out.", *recipe.yaml().splitlines()]
    return "\n".join(_commented(lines)) + "\n"


def _commented(lines: list[str]) -> list[str]:
    """Say behind each parameter of an object what it is, in one column of comments."""
    notes = _notes(lines)
    widest = max((len(line) for line, note in zip(lines, notes, strict=True) if note and len(line) <= 50), default=0)
    pairs = zip(lines, notes, strict=True)
    return [f"{line.ljust(widest)}  # {note}" if note else line for line, note in pairs]


def _notes(lines: list[str]) -> list[str]:
    """Return the sentence about the parameter on each line, empty for other lines."""
    from lightmill.recipe.tables import tables

    known = {**tables().objects, **{name: system.model for name, system in tables().systems.items()}}
    notes: list[str] = []
    summaries: dict[str, str] = {}
    depth = 0
    groups: list[tuple[int, str]] = []
    for line in lines:
        indent, key = len(line) - len(line.lstrip(" -")), line.lstrip(" -").partition(":")[0]
        if indent <= depth:
            summaries = {}
        groups = [(depth, group) for depth, group in groups if depth < indent]
        name = ".".join([*(group for _, group in groups), key])
        if line.strip(" -") == f"{key}:" and key in known:
            summaries = {name: row.summary for name, row in known[key].parameters.items()}
            depth, groups = indent, []
        elif summaries and line.endswith(f"{key}:"):
            groups.append((indent, key))
        notes.append(summaries.get(name, ""))
    return notes
