"""astropy.modeling: pixels counted from 0, brightness per pixel, semi-axes, theta in radians from +x towards +y.

Its models give the brightness at a point; their mean over a pixel is our pixel.
"""

from __future__ import annotations

import math

from lightmill.conventions.drawn import Drawn, Quantity, Said
from lightmill.conventions.profile import FWHM, SERSIC, brightness_at_half_light, gamma_of, index, moffat_peak
from lightmill.reference.airy import lam_over_diam

DARK_RING = 1.2196698912665045
"""Radius of an Airy pattern's first dark ring, over lambda/D: the first zero of J1 over pi."""


def say(drawn: Drawn) -> Said | None:
    """Return an object in the words of astropy's models; None where it has no such profile."""
    makers = {"airy": _airy, "moffat": _moffat, "gaussian": _gaussian, **dict.fromkeys(SERSIC, _sersic)}
    return makers[drawn.model](drawn) if drawn.model in makers else None


def _sersic(drawn: Drawn) -> Said:
    n, radius = index(drawn.model, drawn.values), drawn.values["half_light_radius"] / drawn.pixels.scale
    amplitude = brightness_at_half_light(drawn.values["flux"], n, radius**2)
    major = drawn.semi_major(drawn.values["half_light_radius"])
    size = {"amplitude": Quantity(amplitude, "per pixel"), "r_eff": Quantity(major, "pixel"), "n": Quantity(n)}
    turned = {"ellip": Quantity(1.0 - drawn.axis_ratio), "theta": Quantity(math.radians(drawn.angle), "radian")}
    return Said("astropy", "Sersic2D(amplitude, r_eff, n, x_0, y_0, ellip, theta)", {**size, **_at(drawn), **turned})


def _gaussian(drawn: Drawn) -> Said:
    major = drawn.semi_major(drawn.values["fwhm"] / FWHM)
    minor = major * drawn.axis_ratio
    amplitude = drawn.values["flux"] / (2.0 * math.pi * major * minor)
    size = {"x_stddev": Quantity(major, "pixel"), "y_stddev": Quantity(minor, "pixel")}
    place = {"x_mean": Quantity(drawn.column, "pixel"), "y_mean": Quantity(drawn.row, "pixel")}
    call = "Gaussian2D(amplitude, x_mean, y_mean, x_stddev, y_stddev, theta)"
    turned = {"theta": Quantity(math.radians(drawn.angle), "radian")}
    return Said("astropy", call, {"amplitude": Quantity(amplitude, "per pixel"), **place, **size, **turned})


def _moffat(drawn: Drawn) -> Said:
    if drawn.axis_ratio < 1.0:
        return Said("astropy", "", note="Moffat2D is circular")
    beta = drawn.values["beta"]
    gamma = gamma_of(drawn.values["fwhm"], beta) / drawn.pixels.scale
    amplitude = moffat_peak(drawn.values["flux"], beta, gamma**2)
    size = {"gamma": Quantity(gamma, "pixel"), "alpha": Quantity(beta)}
    call = "Moffat2D(amplitude, x_0, y_0, gamma, alpha)"
    return Said("astropy", call, {"amplitude": Quantity(amplitude, "per pixel"), **_at(drawn), **size})


def _airy(drawn: Drawn) -> Said:
    hidden = drawn.values["obscuration"]
    if drawn.axis_ratio < 1.0 or hidden > 0.0:
        return Said("astropy", "", note="AiryDisk2D is circular and has no obstacle")
    width = lam_over_diam(drawn.values["fwhm"], hidden) / drawn.pixels.scale
    # Of the peak of an Airy pattern, pi flux / 4 over the square of lambda/D (Born & Wolf, sect. 8.5.2).
    amplitude = drawn.values["flux"] * math.pi / (4.0 * width**2)
    size = {"amplitude": Quantity(amplitude, "per pixel"), "radius": Quantity(DARK_RING * width, "pixel")}
    return Said("astropy", "AiryDisk2D(amplitude, x_0, y_0, radius)", {**size, **_at(drawn)})


def _at(drawn: Drawn) -> dict[str, Quantity]:
    return {"x_0": Quantity(drawn.column, "pixel"), "y_0": Quantity(drawn.row, "pixel")}
