"""Magnitudes: ``"21.3 mag"``, and surface brightnesses, ``"21.2 mag/arcsec2"``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lightmill.recipe.checks import fault
from lightmill.recipe.names import short
from lightmill.recipe.tables import Model
from lightmill.recipe.units import Lengths, factor, split
from lightmill.recipe.ways import given

BRIGHTNESS = ("sky", "surface_brightness")
"""What is said in magnitudes of a square angle: light in a pixel, or in a square of the unit of length."""
UNITS = ("magnitude", *BRIGHTNESS, "linear")
"""Units of parameters that this module reads; `linear` is that of numbers which no magnitude can be."""

_AREA = re.compile(r"mag(?:\s*/\s*([a-z]+)\s*(?:\^|\*\*)?\s*(?:2|²)|[\s*.]+([a-z]+)\s*(?:\^|\*\*)?\s*(?:\(-2\)|-2|⁻²))")
"""``mag/arcsec2``, ``mag / arcsec^2``, ``mag arcsec-2``, ``mag arcsec**(-2)``, ..."""
ZERO_POINT = "magnitude of one unit of flux; give it at the top level, as in `zero_point: 25.11`"
_EXAMPLE = "as in `21.2 mag/arcsec2`"


def convert_magnitude(text: str, unit: str, lengths: Lengths) -> float:
    """Return the number that a text in magnitudes means.

    Parameters
    ----------
    text : str
        A number and its unit.
    unit : {'magnitude', 'sky', 'surface_brightness', 'linear'}
        What the parameter is measured in. A sky's light is that of a pixel.
    lengths : Lengths
        The recipe's unit of length and its zero point.

    Raises
    ------
    PydanticCustomError
        For a unit that does not fit, or where zero point or unit of length are missing.
    """
    value, said = split(text) or (math.nan, "")
    if unit == "linear":
        allowed = "these are of the light itself; log_uniform between two surface brightnesses is even in magnitudes"
        raise fault(f"the unit in {short(text)} is not allowed", allowed)
    if unit == "magnitude":
        if said != "mag":
            raise fault(f"the unit in {short(text)} is not allowed", "{name} takes a number, alone or with `mag`")
        return value
    return _brightness(text, value, said, lengths, per_pixel=unit == "sky")


def unmeasured(model: Model, body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (place below the body, message) for the magnitudes of a recipe that has no zero point."""
    for name in given(model, body):
        if model.parameters[name].unit == "magnitude":
            yield tuple(name.split(".")), f"{name} needs the {ZERO_POINT}"


def _brightness(text: str, value: float, said: str, lengths: Lengths, per_pixel: bool) -> float:
    area = _AREA.fullmatch(said)
    angle = (area[1] or area[2]) if area else ""
    if not lengths.known:
        return 1.0
    if area is None or factor(angle, "arcsec") is None:
        allowed = f"{{name}} takes a number, or magnitudes of a square angle, {_EXAMPLE}"
        raise fault(f"the unit in {short(text)} is not allowed", allowed)
    if lengths.zero_point is None:
        raise fault(f"{short(text)} needs the {ZERO_POINT}")
    if lengths.unit is None:
        allowed = "give one, as in `pixel_scale: 0.2 arcsec`; or write the level of a pixel as a number"
        raise fault(f"{short(text)} needs a pixel scale with a unit", allowed)
    side = (lengths.pixel if per_pixel else 1.0) * (factor(lengths.unit, angle) or math.nan)
    return _flux(value, lengths.zero_point) * (side * side)


def _flux(magnitude: float, zero_point: float) -> float:
    """Return the core's flux: Python's powers are those of the platform."""
    from lightmill import _core

    return _core.flux(magnitude, zero_point)
