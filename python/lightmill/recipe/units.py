"""Numbers with a unit: ``"0.3 arcsec"``, ``"15 deg"``, ``"1.5 pixel"``; in systems, ``"50 cm"``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lightmill.recipe import si
from lightmill.recipe.checks import UNIT, fault
from lightmill.recipe.names import quote, short
from lightmill.recipe.says import Schema
from lightmill.recipe.scalars import LONGEST_NUMBER

_ARCSEC = {"deg": 3600.0, "arcmin": 60.0, "arcsec": 1.0, "mas": 1e-3, "uas": 1e-6, "rad": 648_000.0 / math.pi}
LENGTHS = tuple(_ARCSEC)
"""What the recipe's unit of length may be."""

MEASURED = frozenset({"length", "degree", "magnitude", "surface_brightness", "sky", *si.UNITS})
"""What is measured in numbers that may have a unit."""

TEXT: Schema = {"type": "string", "pattern": f"^{UNIT.pattern}$", "description": "A number with its unit."}


def texts(unit: str) -> list[Schema]:
    """Return the schemas of the texts that stand for numbers of a unit."""
    return [TEXT] if unit in MEASURED else []


_PIXELS = frozenset({"pixel", "pixels", "pix", "px"})
_PER_PIXEL = re.compile(r"\s*/\s*(?:pixel|pix|px)$")


@dataclass(frozen=True, slots=True)
class Lengths:
    """What lengths are measured in.

    Parameters
    ----------
    unit : str or None
        The unit of lengths; None where the recipe gives none.
    pixel : float
        The side of a pixel in it.
    known : bool
        False where `image` or `zero_point` is at fault, so that no length or light can be told.
    zero_point : float or None
        The magnitude of one unit of flux; None where the recipe gives none.
    """

    unit: str | None = None
    pixel: float = 1.0
    known: bool = True
    zero_point: float | None = None


@cache
def factor(unit: str, to: str) -> float | None:
    """Return what numbers in a unit are multiplied with; None where the unit is no angle.

    The factor is rounded to 15 digits: it is a quotient of two roundings, and 1 arcmin is to be 60 arcsec
    to the last bit. The units of `LENGTHS` are known here, since importing astropy's takes 0.3 s.

    Examples
    --------
    >>> factor("arcmin", "arcsec"), factor("s", "arcsec")
    (60.0, None)
    """
    if unit in _ARCSEC and to in _ARCSEC:
        return float(f"{_ARCSEC[unit] / _ARCSEC[to]:.15g}")
    import warnings

    from astropy import units

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return float(f"{units.Unit(unit).to(units.Unit(to)):.15g}")
        except (ValueError, TypeError):  # astropy's UnitConversionError is both
            return None


def split(text: str) -> tuple[float, str] | None:
    """Return number and unit of a text; None where it is no such text."""
    match = UNIT.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    return (float(match[1]), match[2].strip()) if match else None


def convert(text: str, unit: str, lengths: Lengths) -> float:
    """Return the number that a text means.

    Parameters
    ----------
    text : str
        A number and its unit.
    unit : {'length', 'degree', 'flux', 'intensity', 'one', 'metre', 'kilogram', ...}
        What the parameter is measured in; those of the SI are the keys of `si.UNITS`.
    lengths : Lengths
        The recipe's unit of length.

    Raises
    ------
    PydanticCustomError
        For a unit that does not fit.
    """
    value, said = split(text) or (math.nan, "")
    if unit == "length":
        return _length(text, value, said, lengths)
    if unit == "degree":
        return value * _factor(text, said, "deg", "{name} takes degrees, or a unit of angle, as in `15 deg`")
    if unit in si.UNITS:
        found = si.factor(said, unit)
        if found is None:
            raise fault(f"the unit in {short(text)} is not allowed", si.allowed(unit))
        return value * found
    hint = "; magnitudes are for `magnitude`, `surface_brightness` and `sky`" if said.startswith("mag") else ""
    raise fault(f"the unit in {short(text)} is not allowed", "{name} takes a number without a unit" + hint)


def _length(text: str, value: float, said: str, lengths: Lengths) -> float:
    if said in _PIXELS:
        return value * lengths.pixel
    if not lengths.known:
        return value
    if lengths.unit is None:
        allowed = "give one, as in `pixel_scale: 0.2 arcsec`; or write pixels, as in `1.5 pixel`, or a number"
        raise fault(f"{short(text)} needs a pixel scale with a unit", allowed)
    allowed = f"{{name}} takes a number (of {lengths.unit}), an angle with its unit, or pixels, as in `1.5 pixel`"
    return value * _factor(text, said, lengths.unit, allowed)


def _factor(text: str, said: str, to: str, allowed: str) -> float:
    found = factor(said, to) if re.fullmatch(r"[A-Za-z]{1,20}", said) and said not in _PIXELS else None
    if found is None:
        raise fault(f"the unit in {short(text)} is not allowed", allowed)
    return found


def lengths_of(recipe: Mapping[str, Any]) -> Lengths:
    """Return the unit of length and the zero point of a recipe as it was written, whatever is wrong with it."""
    image = recipe.get("image")
    image = image if isinstance(image, Mapping) else {}
    scale, unit = image.get("pixel_scale", 1.0), image.get("unit")
    try:
        if isinstance(scale, str):
            unit = unit or unit_of_scale(scale)
        if unit is not None and unit not in LENGTHS:
            return Lengths(known=False)
        pixel = scale_in(scale, unit) if isinstance(scale, str) else float(scale)
        return Lengths(unit, pixel, zero_point=_zero_point(recipe))
    except (ValueError, TypeError, OverflowError):
        return Lengths(known=False)


def _zero_point(recipe: Mapping[str, Any]) -> float | None:
    given = recipe.get("zero_point")
    if isinstance(given, str):
        given, _ = split(given) or (given, "")
    return None if given is None else float(given)


def unit_of_scale(text: str) -> str:
    """Return the unit of a pixel scale; ``arcsec/pixel`` is arcsec too.

    Raises
    ------
    PydanticCustomError
        Where it is none of `LENGTHS`.
    """
    said = _PER_PIXEL.sub("", (split(text) or (0.0, ""))[1])
    if said not in LENGTHS:
        allowed = f"pixel_scale takes a number, alone or with one of {quote(LENGTHS)}"
        raise fault(f"the unit in {short(text)} is not allowed", allowed)
    return said


def scale_in(text: str, unit: str | None) -> float:
    """Return a pixel scale as a number in a unit; None stands for its own."""
    said = unit_of_scale(text)
    value, _ = split(text) or (math.nan, "")
    return value * (factor(said, unit or said) or math.nan)
