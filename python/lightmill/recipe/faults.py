"""What is wrong with a recipe, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 50
"""Faults that a message lists, and"""
MOST = 60
"""that are looked into; a file of another kind may have thousands."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something was written.

    Parameters
    ----------
    source : str
        The file as it was named, or ``--set path=value``; empty for a dict.
    line, column : int
        From 1; 0 where the source has none.
    """

    source: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong.

    Parameters
    ----------
    mark : Mark
        Where it was written.
    place : str
        Its path in the recipe, ``objects[1].moffat.fwhm``; empty for the recipe as a whole.
    message : str
        What is wrong, what is allowed.
    """

    mark: Mark
    place: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.mark), self.place, self.message) if part)


class RecipeError(ValueError):
    """A recipe that cannot be run; its text has one line a fault.

    Parameters
    ----------
    faults : iterable of Fault
        All that is wrong; at least one.

    Attributes
    ----------
    faults : tuple of Fault
        In the order of the file; what `--set` said comes last.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        unique = dict.fromkeys(faults)
        self.faults = tuple(sorted(unique, key=_order))
        super().__init__(self.faults)

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            lines.append(f"and more; these are the first {SHOWN} faults")
        return "\n".join(lines)


def _order(fault: Fault) -> tuple[bool, int, int]:
    mark = fault.mark
    return (mark.source.startswith("--set"), mark.line, mark.column)


def refuse(message: str, mark: Mark | None = None, place: str = "") -> RecipeError:
    """Return the error of a single fault."""
    return RecipeError([Fault(mark or Mark(), place, message)])
