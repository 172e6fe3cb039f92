"""YAML 1.2's core schema for plain scalars (https://yaml.org/spec/1.2.2/#103-core-schema).

PyYAML follows YAML 1.1, where ``1e-3`` is text, ``no`` is false and ``12:30:45`` is 45045.
"""

from __future__ import annotations

import re

LONGEST_NUMBER = 400
"""Digits of a number that is still read; Python itself refuses to convert more than 4,300."""

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_NOT_A_NUMBER = frozenset({".nan", ".NaN", ".NAN"})


def resolve(text: str) -> bool | int | float | str | None:
    """Return what a plain scalar means.

    Raises
    ------
    ValueError
        For a number of more than 400 characters.

    Examples
    --------
    >>> [resolve(text) for text in ("1e-3", "no", "12:30:45", "0o17", "~", ".5")]
    [0.001, 'no', '12:30:45', 15, None, 0.5]
    """
    if text in _WORDS:
        return _WORDS[text]
    if text in _NOT_A_NUMBER:
        return float("nan")
    if match := _INFINITE.fullmatch(text):
        return float(f"{match[1]}inf")
    return _number(text)


def _number(text: str) -> int | float | str:
    convert = _integer if _INTEGER.fullmatch(text) else float if _FLOAT.fullmatch(text) else None
    if convert is None:
        return text
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} characters; at most {LONGEST_NUMBER} are read")
    return convert(text)


def _integer(text: str) -> int:
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    return int(text[2:] if base != 10 else text, base)
