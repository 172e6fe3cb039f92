"""lenstronomy: lengths in the unit of the pixel scale from the centre, brightness per square of it, e1 = g1, e2 = g2.

Birrer & Amara 2018, Physics of the Dark Universe 22, 189, and the code of versions 1.9 to 1.14. Radii are product
averages, √(ab), its default (`sersic_major_axis=False`), as ours. Its Sersic profile takes b_n = 1.9992 n − 0.3271 at
every n, so that its `R_sersic` is not quite the half-light radius: `R_sersic` and `amp` here are those with which it
draws the profile that we draw.
"""

from __future__ import annotations

import math

from lightmill.conventions.drawn import Drawn, Quantity, Said
from lightmill.conventions.profile import FWHM, SERSIC, b, brightness_at_half_light, gamma_of, index, moffat_peak


def say(drawn: Drawn) -> Said | None:
    """Return an object in lenstronomy's words; None where it has no such profile."""
    makers = {"moffat": _moffat, "gaussian": _gaussian, **dict.fromkeys(SERSIC, _sersic)}
    return makers[drawn.model](drawn) if drawn.model in makers else None


def linear_b(n: float) -> float:
    """Return the b_n of lenstronomy's `SersicUtil.b_n`."""
    return max(1.9992 * n - 0.3271, 0.00001)


def _sersic(drawn: Drawn) -> Said:
    n, half_light_radius = index(drawn.model, drawn.values), drawn.values["half_light_radius"]
    exact, linear = b(n), linear_b(n)
    radius = half_light_radius * math.exp(n * math.log(linear / exact))
    amplitude = brightness_at_half_light(drawn.values["flux"], n, half_light_radius**2) * math.exp(exact - linear)
    size = {"R_sersic": Quantity(radius, drawn.pixels.unit), "n_sersic": Quantity(n)}
    parameters = {"amp": _surface(drawn, amplitude), **size, **_shape(drawn), **_at(drawn)}
    note = "R_sersic and amp for its b_n = 1.9992 n - 0.3271, radii √(ab)"
    return Said("lenstronomy", "SERSIC_ELLIPSE", parameters, note)


def _gaussian(drawn: Drawn) -> Said:
    size = {"amp": Quantity(drawn.values["flux"]), "sigma": Quantity(drawn.values["fwhm"] / FWHM, drawn.pixels.unit)}
    return Said("lenstronomy", "GAUSSIAN_ELLIPSE", {**size, **_shape(drawn), **_at(drawn)})


def _moffat(drawn: Drawn) -> Said:
    if drawn.axis_ratio < 1.0:
        return Said("lenstronomy", "", note="MOFFAT is circular")
    beta = drawn.values["beta"]
    gamma = gamma_of(drawn.values["fwhm"], beta)
    amplitude = _surface(drawn, moffat_peak(drawn.values["flux"], beta, gamma**2))
    size = {"alpha": Quantity(gamma, drawn.pixels.unit), "beta": Quantity(beta)}
    return Said("lenstronomy", "MOFFAT", {"amp": amplitude, **size, **_at(drawn)})


def _surface(drawn: Drawn, value: float) -> Quantity:
    return Quantity(value, f"per {drawn.pixels.unit}²")


def _shape(drawn: Drawn) -> dict[str, Quantity]:
    return {"e1": Quantity(drawn.values["g1"]), "e2": Quantity(drawn.values["g2"])}


def _at(drawn: Drawn) -> dict[str, Quantity]:
    unit = drawn.pixels.unit
    return {"center_x": Quantity(drawn.values["x"], unit), "center_y": Quantity(drawn.values["y"], unit)}
