"""A bulge and a disk: the sum of two Sérsic profiles."""

import math
from collections.abc import Callable, Mapping

import numpy as np

from . import sersic
from .brightness import with_flux
from .frame import Array, Frame

PARTS = ("disk", "bulge")
CLOSE, STEPS = 1e-9, 200
"""What of the light is left to find where the search for a radius ends, and the steps after which it does anyway."""


def pixels(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Integrate both profiles over pixels.

    Parameters
    ----------
    parameters
        `x`, `y`, and for each of `disk` and `bulge` those of :func:`.sersic.pixels`, as in `disk.index`; its
        centre from the galaxy's.
    frame
        The pixels.

    Returns
    -------
    pixels, peak
        (rows, columns) float64, and the brighter of the pixels about the profiles' centres.
    """
    (disk, first), (bulge, second) = (sersic.pixels(_part(parameters, part), frame) for part in PARTS)
    return disk + bulge, max(first, second, key=abs)


def _part(parameters: Mapping[str, float], part: str) -> dict[str, float]:
    own = {key.removeprefix(f"{part}."): value for key, value in parameters.items() if key.startswith(f"{part}.")}
    return {**own, "x": parameters["x"] + own["x"], "y": parameters["y"] + own["y"]}


def with_fluxes(drawn: Mapping[str, Array]) -> dict[str, Array]:
    """Add the fluxes of both profiles and of the whole, whichever way the light is said.

    Parameters
    ----------
    drawn
        Parameters, (n,) each.

    Returns
    -------
    dict of (n,) float64
    """
    if "bulge_to_total" in drawn:
        flux, bulge = with_flux("bulge_disk", drawn)["flux"], drawn["bulge_to_total"]
        return {**drawn, "flux": flux, "disk.flux": flux * (1 - bulge), "bulge.flux": flux * bulge}
    parts = {
        part: {key.removeprefix(f"{part}."): values for key, values in drawn.items() if key.startswith(f"{part}.")}
        for part in PARTS
    }
    fluxes = {f"{part}.flux": with_flux("sersic", own)["flux"] for part, own in parts.items()}
    return {**drawn, **fluxes, "flux": np.sum(list(fluxes.values()), axis=0)}


def half_light_radius(parameters: Mapping[str, float], steps: int = 2000) -> float:
    """Find the circle about the centre of light that holds half of it.

    Rays from a profile's own centre, evenly spread where it is round, enter and leave a circle at the roots of a
    quadratic equation; what is between is a difference of incomplete gamma functions.

    Parameters
    ----------
    parameters
        Those of :func:`pixels`, with both fluxes.
    steps
        How many rays.

    Returns
    -------
    float
    """
    profiles = [_part({"x": 0.0, "y": 0.0, **parameters}, part) for part in PARTS]
    total = sum(own["flux"] for own in profiles)
    centre = [sum(own["flux"] * own[axis] for own in profiles) / total for axis in ("x", "y")]
    rays = [_rays(own, centre, steps) for own in profiles]

    def within(radius: float) -> float:
        parts = (own["flux"] * _within(own["index"], one, radius) for own, one in zip(profiles, rays, strict=True))
        return sum(parts) / total

    return _half(within)


def _half(within: Callable[[float], float]) -> float:
    """Find where a rising function is 1/2, by false position with a halved end (Dowell & Jarratt 1971)."""
    low, below, high = 0.0, -0.5, 1.0
    while (above := within(high) - 0.5) < 0:
        low, below, high = high, above, 2 * high
    for _ in range(STEPS):
        middle = (low * above - high * below) / (above - below)
        value = within(middle) - 0.5
        if abs(value) < CLOSE:
            break
        if value < 0:
            low, below, above = middle, value, above / 2
        else:
            high, above, below = middle, value, below / 2
    return middle


def _rays(own: Mapping[str, float], centre: list[float], steps: int) -> tuple[Array, Array, float]:
    """Return a, h and c of |o + t d|^2 = a t^2 + 2 h t + c, with o from the centre, t in half-light radii."""
    profile = sersic.profile(own)
    turn = 2 * math.pi * (np.arange(steps) + 0.5) / steps
    root = math.sqrt(profile.ellipse.axis_ratio)
    along, across = np.cos(turn) / root * profile.half_light, np.sin(turn) * root * profile.half_light
    cos, sin = math.cos(profile.ellipse.angle), math.sin(profile.ellipse.angle)
    x, y = along * cos - across * sin, along * sin + across * cos
    dx, dy = own["x"] - centre[0], own["y"] - centre[1]
    return x**2 + y**2, x * dx + y * dy, dx**2 + dy**2


def _within(index: float, rays: tuple[Array, Array, float], radius: float) -> float:
    a, h, c = rays
    square = h**2 - a * (c - radius**2)
    root = np.sqrt(np.maximum(square, 0.0))
    far, near = (_light(index, np.maximum(t, 0.0)) for t in ((root - h) / a, (-root - h) / a))
    return float(np.where(square > 0, far - near, 0.0).mean())


def _light(index: float, radius: Array) -> Array:
    """Return the share of a profile's light within radii, in half-light radii (series DLMF 8.7.1)."""
    a = 2 * index
    x = np.minimum(sersic.half_light(a) * radius ** (1 / index), a + 12 * math.sqrt(a) + 30)
    term = np.exp(a * np.log(np.maximum(x, 1e-300)) - x - math.lgamma(a + 1))
    total = np.zeros_like(x)
    for k in range(1, 400):
        total += term
        term = term * x / (a + k)
        if k > x.max() and term.max() < 1e-15:
            break
    return total
