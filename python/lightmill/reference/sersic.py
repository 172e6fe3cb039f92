"""Sérsic profiles, by the textbook formula in the plane where they are circular."""

import math
from collections.abc import Mapping

import numpy as np

from .ellipse import Ellipse
from .frame import Array, Frame
from .quadrature import Profile, light

PASSED_OVER = 1e-9
"""The fraction of the light about the centre within which nothing changes that matters."""


def pixels(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Integrate a Sérsic profile over pixels.

    Parameters
    ----------
    parameters
        `x`, `y`, `flux`, `index`, `half_light_radius` or `semi_major_half_light_radius`, and a shape.
    frame
        The pixels.

    Returns
    -------
    pixels, peak
        (rows, columns) float64, and the pixel about the profile's centre.
    """
    return light(profile(parameters), parameters["flux"], frame)


def exponential(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Integrate a profile of index 1; parameters and returns are those of :func:`pixels`, less `index`."""
    return pixels({**parameters, "index": 1.0}, frame)


def de_vaucouleurs(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Integrate a profile of index 4; parameters and returns are those of :func:`pixels`, less `index`."""
    return pixels({**parameters, "index": 4.0}, frame)


def profile(parameters: Mapping[str, float]) -> Profile:
    """Return the light of flux 1; parameters are those of :func:`pixels`, without `flux`."""
    ellipse, n = Ellipse.of(parameters), parameters["index"]
    if "half_light_radius" in parameters:
        radius = parameters["half_light_radius"]
    else:
        radius = parameters["semi_major_half_light_radius"] * math.sqrt(ellipse.axis_ratio)
    b = half_light(2 * n)
    # Ciotti & Bertin 1999, A&A 352, 447, eq. 4.
    central = math.exp(2 * n * math.log(b) - math.lgamma(2 * n)) / (2 * math.pi * n * radius**2)

    def brightness(x: Array, y: Array) -> Array:
        return np.asarray(central * np.exp(-b * (np.hypot(*ellipse.to_circle(x, y)) / radius) ** (1 / n)), np.float64)

    core = math.sqrt(PASSED_OVER / (math.pi * central))
    return Profile(ellipse, min(core, 0.3 * radius), brightness, radius)


def half_light(a: float) -> float:
    """Find x where half of the gamma distribution of shape a lies below, by bisection.

    Parameters
    ----------
    a
        The shape, 2n.

    Returns
    -------
    float
    """
    low, high = 0.0, a + 1.0
    while high - low > 1e-15 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if _below(a, middle) > 0.5 else (middle, high)
    return high


def _below(a: float, x: float) -> float:
    """Sum the series of the regularised lower incomplete gamma function (DLMF 8.7.1)."""
    term = math.exp(a * math.log(x) - x - math.lgamma(a + 1))
    total = 0.0
    for k in range(1, 500):
        total += term
        term *= x / (a + k)
    return total
