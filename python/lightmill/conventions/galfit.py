"""GALFIT: pixels counted from 1, total magnitudes, sizes along the major axis, angles from +y (up = 0, left = 90).

Peng et al. 2010, AJ 139, 2097; the line numbers of a parameter file of version 3, for an exposure of 1 second.
"""

from __future__ import annotations

import math

from lightmill.conventions.drawn import Drawn, Quantity, Said
from lightmill.conventions.profile import SERSIC, b

_NAMES = {"exponential": "expdisk", "de_vaucouleurs": "devauc"}


def say(drawn: Drawn) -> Said | None:
    """Return an object in GALFIT's words; None where it has no such profile."""
    if drawn.model not in SERSIC | {"moffat", "gaussian"}:
        return None
    place = {"1) x": Quantity(drawn.column + 1.0, "pixel"), "1) y": Quantity(drawn.row + 1.0, "pixel")}
    bright = {"3) magnitude": Quantity(_magnitude(drawn), "mag")} if drawn.values["flux"] > 0.0 else {}
    shape = {"9) q": Quantity(drawn.axis_ratio), "10) PA": Quantity(_position_angle(drawn), "degree")}
    parameters = {**place, **bright, **_size(drawn), **shape}
    note = f"zero point {drawn.pixels.zero_point:g}" if bright else "a flux of 0 or less has no magnitude"
    return Said("GALFIT", _NAMES.get(drawn.model, drawn.model), parameters, note)


def _size(drawn: Drawn) -> dict[str, Quantity]:
    values = drawn.values
    if drawn.model in ("moffat", "gaussian"):
        power = {"5) powerlaw": Quantity(values["beta"])} if drawn.model == "moffat" else {}
        return {"4) FWHM": Quantity(drawn.semi_major(values["fwhm"]), "pixel"), **power}
    radius = drawn.semi_major(values["half_light_radius"])
    if drawn.model == "exponential":
        return {"4) R_s": Quantity(radius / b(1.0), "pixel")}
    power = {"5) n": Quantity(values["index"])} if drawn.model == "sersic" else {}
    return {"4) R_e": Quantity(radius, "pixel"), **power}


def _magnitude(drawn: Drawn) -> float:
    return drawn.pixels.zero_point - 2.5 * math.log10(drawn.values["flux"])


def _position_angle(drawn: Drawn) -> float:
    """Return the position angle, above -90 and at most 90 degrees."""
    return drawn.angle - 90.0 if drawn.angle > 0.0 else 90.0
