"""What the profiles' formulas make of their parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping

from lightmill.reference.sersic import half_light

INDEX = {"exponential": 1.0, "de_vaucouleurs": 4.0}
"""The Sersic index of models that have but one."""
SERSIC = frozenset({"sersic", *INDEX})
FWHM = 2.0 * math.sqrt(2.0 * math.log(2.0))
"""Full width at half maximum of a Gaussian of standard deviation 1."""


def index(model: str, values: Mapping[str, float]) -> float:
    """Return the Sersic index of one of `SERSIC`."""
    return INDEX[model] if model in INDEX else values["index"]


def b(n: float) -> float:
    """Return b_n, so that the half-light radius holds half of the light."""
    return half_light(2.0 * n)


def brightness_at_half_light(flux: float, n: float, area: float) -> float:
    """Return the surface brightness at the half-light radius.

    Parameters
    ----------
    flux : float
        The total light.
    n : float
        The Sersic index.
    area : float
        The product of the half-light ellipse's semi-axes, in the square of any unit.

    Returns
    -------
    float
        Flux per square of that unit; Graham & Driver 2005, PASA 22, 118, eq. 2.
    """
    b_n = b(n)
    return flux / (2.0 * math.pi * n * area) * math.exp(2.0 * n * math.log(b_n) - b_n - math.lgamma(2.0 * n))


def gamma_of(fwhm: float, beta: float) -> float:
    """Return the scale radius of a Moffat profile."""
    return fwhm / (2.0 * math.sqrt(2.0 ** (1.0 / beta) - 1.0))


def moffat_peak(flux: float, beta: float, area: float) -> float:
    """Return a Moffat profile's central brightness, for a product of scale radii."""
    return flux * (beta - 1.0) / (math.pi * area)
