"""The Airy pattern of an obscured pupil."""

import math
from collections.abc import Mapping

import numpy as np

from .ellipse import Ellipse
from .frame import Array, Frame
from .quadrature import Profile, light

NEAR = 12.0
"""Up to here powers lose six digits of sixteen; from here on the asymptotic series has ten."""


def pixels(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Integrate an Airy pattern over pixels.

    Parameters
    ----------
    parameters
        `x`, `y`, `flux`, `obscuration`, `fwhm` or `lam_over_diam`, and a shape.
    frame
        The pixels.

    Returns
    -------
    pixels, peak
        (rows, columns) float64, and the pixel about the pattern's centre.
    """
    return light(profile(parameters), parameters["flux"], frame)


def profile(parameters: Mapping[str, float]) -> Profile:
    """Return the light of flux 1; parameters are those of :func:`pixels`, without `flux`."""
    ellipse, hidden = Ellipse.of(parameters), parameters["obscuration"]
    lam = parameters["lam_over_diam"] if "lam_over_diam" in parameters else lam_over_diam(parameters["fwhm"], hidden)
    peak = math.pi / 4 * (1 - hidden**2) / lam**2

    def brightness(x: Array, y: Array) -> Array:
        return peak * _pattern(np.hypot(*ellipse.to_circle(x, y)) * math.pi / lam, hidden)

    return Profile(ellipse, lam, brightness)


def lam_over_diam(fwhm: float, hidden: float) -> float:
    """Return the wavelength over the pupil's diameter: by bisection, where the pattern has fallen to a half."""
    low, high = 0.0, 2.0
    while high - low > 1e-13:
        middle = (low + high) / 2
        low, high = (middle, high) if _pattern(np.array([middle]), hidden)[0] > 0.5 else (low, middle)
    return fwhm * math.pi / (2 * low)


def _pattern(v: Array, hidden: float) -> Array:
    """Return the intensity over its peak at v = pi R / (lambda / D) (Born & Wolf, sect. 8.6.2)."""
    amplitude = (_jinc(v) - hidden**2 * _jinc(hidden * v)) / (1 - hidden**2)
    return np.asarray(amplitude**2)


def _jinc(v: Array) -> Array:
    """Return 2 J1(v) / v (Abramowitz & Stegun 1964, 9.1.10 and 9.2.5), to 1e-10."""
    near = v < NEAR
    found = np.empty_like(v)
    found[near], found[~near] = _by_powers(v[near] ** 2 / 4), _far_out(v[~near])
    return found


def _by_powers(z: Array) -> Array:
    total = term = np.ones_like(z)
    for k in range(1, 40):
        term = -term * z / (k * (k + 1))
        total = total + term
    return total


def _far_out(v: Array) -> Array:
    p, q, term = np.ones_like(v), np.zeros_like(v), np.ones_like(v)
    for k in range(1, 24):
        term = term * (4 - (2 * k - 1) ** 2) / (8 * k * v)
        sign = -1 if k % 4 > 1 else 1
        p, q = (p, q + sign * term) if k % 2 else (p + sign * term, q)
    phase = v - 3 * math.pi / 4
    return np.asarray(np.sqrt(8 / (math.pi * v**3)) * (p * np.cos(phase) - q * np.sin(phase)))
