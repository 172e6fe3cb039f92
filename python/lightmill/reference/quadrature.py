"""Integrals over pixels by Gauss-Legendre rules on squares that are split until nothing changes.

Slow and obvious, in float64. A square is split into four while it is large beside the distance on
which the profile changes, so that no peak or ridge can hide between the nodes, and while a rule of
10 x 10 nodes and one of 8 x 8 disagree.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .ellipse import Ellipse
from .frame import Array, Frame

FINE, COARSE = np.polynomial.legendre.leggauss(10), np.polynomial.legendre.leggauss(8)
TOLERANCE = 1e-8
"""Disagreement that ends the splitting of a square, as a fraction of the brightest pixel there can be."""
DEEPEST, MOST = 40, 200_000
"""Splits of a pixel, and squares at a time, beyond which a function is not one that can be integrated."""


@dataclass(frozen=True)
class Profile:
    """A profile of light, of flux 1.

    Parameters
    ----------
    ellipse
        Where it lies.
    scale
        The length on which the circular profile changes.
    brightness
        Light per unit area at points (x, y) of the image; arrays in, an array out.
    half_light
        The radius within which the circular profile has half of its light.
    """

    ellipse: Ellipse
    scale: float
    brightness: Callable[[Array, Array], Array]
    half_light: float = math.nan


def over_frame(profile: Profile, frame: Frame) -> Array:
    """Integrate a profile over every pixel of a frame.

    Parameters
    ----------
    profile
        What is integrated.
    frame
        The pixels.

    Returns
    -------
    (rows, columns) float64
    """
    x, y = (side.ravel() for side in np.meshgrid(*frame.centres()))
    return _integrate(profile, x, y, frame.pixel_scale).reshape(frame.rows, frame.columns)


def over_centre(profile: Profile, frame: Frame) -> float:
    """Integrate a profile over a pixel about its centre: the most that any pixel can have.

    Parameters
    ----------
    profile
        What is integrated.
    frame
        For the size of a pixel.

    Returns
    -------
    float
    """
    x, y = np.array([profile.ellipse.x]), np.array([profile.ellipse.y])
    return float(_integrate(profile, x, y, frame.pixel_scale)[0])


def _integrate(profile: Profile, x: Array, y: Array, side: float) -> Array:
    tolerance = TOLERANCE * _brightest(profile, side)
    total, owner = np.zeros(x.size), np.arange(x.size)
    for _ in range(DEEPEST):
        settled = _small_enough(profile, x, y, side)
        fine = _rule(profile, x[settled], y[settled], side, FINE)
        close = np.abs(fine - _rule(profile, x[settled], y[settled], side, COARSE)) <= tolerance
        settled[settled] = close
        np.add.at(total, owner[settled], fine[close])
        if settled.all():
            return total
        x, y, owner = _split(x[~settled], y[~settled], owner[~settled], side)
        side /= 2
        if x.size > MOST:
            break
    raise ArithmeticError("the integral over a pixel does not settle")


def _brightest(profile: Profile, side: float) -> float:
    """Bound the brightest pixel: all of the flux, or the central brightness all over the pixel."""
    centre = profile.brightness(np.array([profile.ellipse.x]), np.array([profile.ellipse.y]))
    return min(1.0, float(centre[0]) * side**2)


def _small_enough(profile: Profile, x: Array, y: Array, side: float) -> NDArray[np.bool_]:
    """Tell which squares reach no further than half the distance on which the profile changes."""
    at, half = profile.ellipse, side / 2
    corners = at.to_circle(np.array([at.x + half, at.x + half]), np.array([at.y + half, at.y - half]))
    reach = np.hypot(*corners).max() / profile.scale
    distance = np.hypot(*at.to_circle(x, y)) / profile.scale
    return np.asarray(reach <= 0.5 * np.maximum(1.0, distance))


def _rule(profile: Profile, x: Array, y: Array, side: float, rule: tuple[Array, Array]) -> Array:
    nodes, weights = rule[0] * side / 2, rule[1] * side / 2
    x, y = np.broadcast_arrays(x[:, None, None] + nodes[None, None, :], y[:, None, None] + nodes[None, :, None])
    values: Array = np.einsum("pij,i,j->p", profile.brightness(x, y), weights, weights)
    return values


def _split(x: Array, y: Array, owner: NDArray[np.intp], side: float) -> tuple[Array, Array, NDArray[np.intp]]:
    quarter = side / 4
    right, up = np.array([-quarter, quarter, -quarter, quarter]), np.array([-quarter, -quarter, quarter, quarter])
    return (x[:, None] + right).ravel(), (y[:, None] + up).ravel(), np.repeat(owner, 4)


def light(profile: Profile, flux: float, frame: Frame) -> tuple[Array, float]:
    """Return the pixels of a profile of this flux, and the pixel about its centre."""
    return flux * over_frame(profile, frame), flux * over_centre(profile, frame)
