"""Numbers with a unit of the SI, as systems take them: ``"50 cm"``, ``"200 g"``, ``"1.5 rad/s"``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

UNITS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "metre": ("m", "50 cm"),
        "kilogram": ("kg", "200 g"),
        "second": ("s", "20 ms"),
        "per_second": ("rad/s", "3 rad/min"),
        "per_second_squared": ("rad/s2", "20 deg/s2"),
        "degree_per_second": ("deg/s", "1.5 rad/s"),
        "metre_per_second": ("m/s", "30 cm/s"),
        "metre_per_second_squared": ("m/s2", "981 cm/s2"),
        "newton_per_metre": ("N/m", "2 N/cm"),
    }
)
"""The units of the core's tables that are the SI's: the unit itself, and a number in another."""

_PLAIN = re.compile(r"[A-Za-z]{1,12}(?:\^?-?[1-3])?(?:\s*[/ ]\s*[A-Za-z]{1,12}(?:\^?-?[1-3])?){0,2}")
"""Units and quotients of them; what else astropy reads could be long to work out."""
_CYCLES = re.compile(r"Hz|cycle|Bq|Ci")
"""What counts turns or decays: astropy has a hertz as one, and not 2 pi, over a second."""


@cache
def factor(said: str, unit: str) -> float | None:
    """Return what numbers in a unit are multiplied with; None where it is another quantity.

    A rate without an angle is one in radians.

    Examples
    --------
    >>> factor("cm", "metre"), factor("s-1", "per_second"), factor("Hz", "per_second"), factor("s", "metre")
    (0.01, 1.0, None, None)
    """
    if not _PLAIN.fullmatch(said) or _CYCLES.search(said):
        return None
    import warnings

    from astropy import units

    angles = units.dimensionless_angles() if unit.startswith("per_") else []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return float(units.Unit(said).to(units.Unit(UNITS[unit][0]), equivalencies=angles))
        except (ValueError, TypeError):  # astropy's UnitConversionError is both
            return None


def allowed(unit: str) -> str:
    """Return what a parameter in a unit takes."""
    own, example = UNITS[unit]
    return f"{{name}} takes a number (of {own}), or one with its unit, as in `{example}`"
