"""A column of a table: its numbers as float64, or what keeps it from being numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

EXACT = 2**53
"""Whole numbers up to here are exact as float64."""
_FLAGS = {"true": 1.0, "false": 0.0}


@dataclass(frozen=True, slots=True)
class Raw:
    """A column as its file or its owner gives it.

    Parameters
    ----------
    values : (N, ...) array
        What stands in it, of any type.
    mask : (N, ...) bool array or None
        True where nothing stands.
    unit : str or None
        Its unit, as astropy writes it.
    """

    values: Array
    mask: Array | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """What a recipe's checks need to know of a column.

    Parameters
    ----------
    unit : str or None
        Its unit.
    is_flag : bool
        Whether it is of true and false.
    most : float
        Its greatest number.
    wrong : str
        What keeps it from being read; empty where nothing does.
    """

    unit: str | None = None
    is_flag: bool = False
    most: float = 0.0
    wrong: str = ""


def raw_of(column: Any) -> Raw:
    """Return a column of NumPy, astropy or pandas, or a list, as its parts."""
    mask, unit = getattr(column, "mask", None), getattr(column, "unit", None)
    if hasattr(column, "to_numpy"):
        values, mask = _of_pandas(column)
    else:
        values = np.asarray(getattr(column, "value", column))
        mask = np.broadcast_to(mask, values.shape) if isinstance(mask, (np.ndarray, np.bool_)) else None
    return Raw(values, mask, str(unit) or None if unit is not None else None)


def _of_pandas(column: Any) -> tuple[Array, Array | None]:
    """Return numbers and mask of a series; its nullable types give objects otherwise."""
    mask = np.asarray(column.isna(), bool) if hasattr(column, "isna") else None
    kind = getattr(column.dtype, "kind", "O")
    if mask is not None and kind in "iu" and mask.any():
        return column.to_numpy(dtype=np.float64, na_value=np.nan), mask
    return np.asarray(column.to_numpy()), mask if kind != "f" else None


def read(name: str, raw: Raw) -> tuple[Column, Array | None]:
    """Return a column, and its numbers where it has them.

    Parameters
    ----------
    name : str
        How to call it in messages, ``cat.flux``.
    raw : Raw
        What was read.

    Returns
    -------
    column : Column
    numbers : (N,) float64, contiguous, or None
    """
    wrong = _unfit(name, raw)
    numbers = None if wrong else _numbers(raw.values)
    if numbers is None:
        return Column(raw.unit, wrong=wrong or f"{name} is {_kind(raw.values)}, not numbers"), None
    bad = ~np.isfinite(numbers) | (_inexact(raw.values) if raw.values.dtype.kind in "iu" else False)
    if bad.any():
        row = int(bad.argmax())
        exact = "" if not np.isfinite(numbers[row]) else ", more than a float64 can hold exactly"
        return Column(raw.unit, wrong=f"row {row} of {name} is {raw.values[row]}{exact}"), None
    return Column(raw.unit, raw.values.dtype.kind not in "iuf", float(numbers.max(initial=0.0))), numbers


def _unfit(name: str, raw: Raw) -> str:
    if raw.values.ndim != 1:
        each = "x".join(map(str, raw.values.shape[1:]))
        return f"{name} has {each} numbers in each row" if each else f"{name} is a single value, not a column"
    if raw.mask is not None and raw.mask.any():
        return f"row {int(raw.mask.argmax())} of {name} has no value"
    return ""


def _numbers(values: Array) -> npt.NDArray[np.float64] | None:
    if values.dtype.kind in "biuf":
        return np.ascontiguousarray(values, np.float64)
    if values.dtype.kind not in "US" or not len(values):
        return None
    # CSV has no type for them.
    words, place = np.unique(values.astype(str), return_inverse=True)
    flags = [_FLAGS.get(word.lower()) for word in words[:9].tolist()]
    return None if None in flags or len(words) > len(flags) else np.array(flags, np.float64)[place]


def _inexact(values: Array) -> Array:
    return np.asarray(
        (values > EXACT) | (values < -EXACT) if values.dtype.itemsize == 8 else np.zeros(len(values), bool)
    )


def _kind(values: Array) -> str:
    if values.dtype.kind in "US" or (values.dtype.kind == "O" and any(isinstance(v, str) for v in values[:100])):
        return "text"
    return f"of type {values.dtype}"
