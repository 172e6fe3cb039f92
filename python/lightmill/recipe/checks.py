"""Checks of single values, which pydantic calls; each fault says what is wrong and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from lightmill.recipe.names import clean, later, nearest, quote, short
from lightmill.recipe.says import Schema, constant, either, says, takes
from lightmill.recipe.strict import Check
from lightmill.recipe.tables import Kind, Range

FLOAT_INTEGERS = 2**53
"""Whole numbers up to here are exact as float64."""

UNIT = re.compile(
    r"\s*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\s*(?![eE][-+]?[0-9]+\s*$|[xo][0-9a-fA-F]+\s*$)([A-Za-z].*)"
)
"""A number with a unit; neither 1e5 nor 0x1f is one."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def fault(
    wrong: str, allowed: str = "", at: Sequence[str | int] = (), key: bool = False, character: int = 0
) -> PydanticCustomError:
    """Return the error that `explain` turns into a line.

    Parameters
    ----------
    wrong : str
        What is wrong.
    allowed : str
        What is allowed; ``{name}`` in it stands for the parameter's name.
    at : sequence of str or int
        The rest of the place, below the value that is checked.
    key : bool
        Whether the key is to be pointed at, not its value.
    character : int
        The character of a text to be pointed at, from 1.
    """
    told = {"wrong": wrong, "allowed": allowed, "at": tuple(at), "key": key, "character": character}
    return PydanticCustomError("fault", "fault", told)


def numeric(kind: Kind, bounds: Range, allowed: str = "") -> Check:
    """Return the check of a number: its type, that it is finite, and its range."""
    allowed = allowed or "{name} must be " + wanted(kind, bounds)

    def check(value: Any) -> bool | int | float:
        if kind == "flag" and isinstance(value, bool):
            return value
        if kind == "flag":
            raise fault(f"{short(value)} is not allowed" if value is not None else "there is no value", allowed)
        if isinstance(value, str) and (known := _text_of(value)):
            raise fault(known, "" if "is text" in known else allowed)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise fault(_not_numeric(value), allowed)
        if not bounds.contains(value) or not _fits(kind, value):
            raise fault(f"{short(value)} is not allowed", allowed)
        return int(value) if kind == "integer" else float(value) + 0.0

    return takes(check, constant(kind, bounds))


def _fits(kind: Kind, value: float) -> bool:
    if kind == "integer":
        return isinstance(value, int) or (value.is_integer() and abs(value) <= FLOAT_INTEGERS)
    return True


def wanted(kind: Kind, bounds: Range) -> str:
    """Return what a number may be, ``above 0`` or ``a whole number from 0 to 8``."""
    if kind == "flag":
        return "true or false"
    return (
        f"a {'whole' if kind == 'integer' else 'finite'} number {bounds}".strip()
        if kind == "integer" or not str(bounds)
        else str(bounds)
    )


def _not_numeric(value: object) -> str:
    if value is None:
        return "there is no value"
    if isinstance(value, bool):
        return f"{short(value)} is not a number"
    return f"{short(value)} is not a number"


_PLAIN = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")


def _text_of(text: str) -> str:
    """Return what is wrong with a text that was meant to be a number, where that can be told."""
    if is_expression(text):
        return f"the expression {short(text)} is not allowed"
    if UNIT.fullmatch(text[:200]):
        return f"the unit in {short(text)} is not allowed"
    bare = text.strip().replace("_", "")
    # A comma groups thousands, or else stands for the point.
    bare = bare.replace(",", "") if _THOUSANDS.fullmatch(bare) else bare.replace(",", ".")
    if len(bare) <= 30 and _PLAIN.fullmatch(bare):
        return f"{short(text)} is text; write {clean(bare)}, without quotes"
    return ""


def is_expression(value: object) -> bool:
    """Return whether a value is text that is to be worked out."""
    return isinstance(value, str) and value.lstrip().startswith("=")


def expression(value: str) -> str:
    """Check how an expression is written; what its names mean is the core's to tell."""
    from lightmill import _core

    try:
        problem = _core.expression_problem(value)
    except UnicodeEncodeError:
        raise fault(f"{short(value)} is not text; it has half a character") from None
    if problem is not None:
        position, wrong = problem
        raise fault(f"{short(value)}: character {position}: {clean(wrong, 200)}", character=position)
    return value


def word(choices: Sequence[str], soon: frozenset[str] = frozenset()) -> Check:
    """Return the check of a word out of a list."""

    def check(value: Any) -> str:
        if isinstance(value, str) and value in choices:
            return value
        if isinstance(value, str) and value in soon:
            raise fault(later(f"`{value}`"))
        near = nearest(value, choices) if isinstance(value, str) else None
        wrong = f"{short(value)} is not allowed" if value is not None else "there is no value"
        raise fault(wrong, f"did you mean `{near}`?" if near else f"allowed: {quote(choices)}")

    return takes(check, {"enum": list(choices)})


def name(what: str, taken: frozenset[str] = frozenset()) -> Check:
    """Return the check of a name that becomes part of column names."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise fault(f"{short(value)} is not text", f"{what} is a name; quote it if need be")
        if not _NAME.fullmatch(value) or len(value) > 64:
            allowed = f"{what} has letters, digits, `_` and `-`, starts with a letter, and is at most 64 characters"
            raise fault(f"{short(value)} is not allowed", allowed)
        if value in taken:
            raise fault(f"{short(value)} is taken by the image's own columns", "choose another name")
        return value

    return takes(check, _named(_NAME, taken))


def _named(pattern: re.Pattern[str], taken: frozenset[str]) -> Schema:
    free = {"not": {"enum": sorted(taken)}} if taken else {}
    return {"type": "string", "pattern": f"^{pattern.pattern}$", "maxLength": 64, **free}


def variable(taken: frozenset[str]) -> Check:
    """Return the check of a name of `let`, which expressions can say and columns are called by."""

    def check(value: Any) -> str:
        if not _WORD.fullmatch(value) or len(value) > 64:
            allowed = "it has letters, digits and `_`, starts with no digit, and is at most 64 characters"
            raise fault(f"{short(value)} cannot be a name of `let`", allowed, key=True)
        if value in taken:
            raise fault(f"{short(value)} has a meaning of its own", "choose another name", key=True)
        return str(value)

    return takes(check, _named(_WORD, taken))


def title(value: Any) -> str:
    """Check the name of a recipe or of a class: one line of text."""
    if not isinstance(value, str):
        raise fault(f"{short(value)} is not text", "{name} is text; put it in quotes" if value is not None else "")
    if not value.strip() or len(value) > 100 or not value.isprintable():
        raise fault(f"{short(value)} is not allowed", "{name} is one line of 1 to 100 printable characters")
    return value


def mapping(example: str) -> Check:
    """Return the check that a value is a map."""

    def check(value: Any) -> Any:
        if not isinstance(value, dict):
            wrong = "there is no value" if value is None else f"{short(value)} is not a map"
            raise fault(wrong, f"write {example}")
        return value

    return check


def listing(example: str, lone: bool = False) -> Check:
    """Return the check that a value is a list; where `lone`, one text or map counts as a list of one."""

    def check(value: Any) -> Any:
        if lone and isinstance(value, (str, dict)):
            return [value]
        if not isinstance(value, list):
            wrong = "there is no value" if value is None else f"{short(value)} is not a list"
            raise fault(wrong, f"write {example}")
        return value

    return says(check, lambda inner, _book: either(inner, inner["items"]) if lone else inner)


def distinct(value: list[str]) -> list[str]:
    """Check that no item of a list is there twice."""
    seen: set[str] = set()
    for i, item in enumerate(value):
        if item in seen:
            raise fault(f"{short(item)} is given twice", at=(i,))
        seen.add(item)
    return value


def text(value: Any) -> str:
    """Check that a value is text."""
    if not isinstance(value, str):
        raise fault("there is no value" if value is None else f"{short(value)} is not text", "write a column's name")
    return value


def language(value: Any) -> int:
    """Check the version of the recipe language."""
    if value != 1 or isinstance(value, bool):
        raise fault(f"version {short(value)} of the recipe language is not known", "write `lightmill: 1`")
    return 1


takes(title, {"type": "string", "minLength": 1, "maxLength": 100, "pattern": r"\S"})
takes(text, {"type": "string"})
takes(language, {"const": 1})
says(distinct, lambda inner, _book: {**inner, "uniqueItems": True})
