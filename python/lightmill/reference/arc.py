"""The arc, as the difference of two sectors; a sector above half a turn is a disc without the rest."""

from collections.abc import Mapping

import numpy as np

from . import convex
from .convex import POINTS, Region
from .frame import Array, Frame


def pixels(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Cover pixels with an arc.

    Parameters
    ----------
    parameters
        `x`, `y`, `radius`, `start`, `sweep`, `line_width`, `intensity`.
    frame
        The pixels.

    Returns
    -------
    pixels, peak
        (rows, columns) float64, and the value of a pixel that is wholly covered.
    """
    return convex.pixels(_regions(parameters), parameters, frame)


def inside(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Fill the pixels whose centre is in it; parameters and returns are those of :func:`pixels`."""
    return convex.inside(_regions(parameters), parameters, frame)


def _regions(parameters: Mapping[str, float]) -> list[Region]:
    first = parameters["start"] + min(parameters["sweep"], 0.0)
    regions = []
    for side in (1.0, -1.0):
        radius = parameters["radius"] + side * parameters["line_width"] / 2
        if radius > 0:
            regions += [(points, side * sign) for points, sign in _sector(parameters, radius, first)]
    return regions


def _sector(parameters: Mapping[str, float], radius: float, first: float) -> list[Region]:
    sweep = abs(parameters["sweep"])
    if sweep <= 180:
        return [(_points(parameters, radius, first, sweep, middle=True), 1.0)]
    whole = _points(parameters, radius, 0.0, 360.0, middle=False)
    return [(whole, 1.0), (_points(parameters, radius, first + sweep, 360 - sweep, middle=True), -1.0)]


def _points(parameters: Mapping[str, float], radius: float, first: float, sweep: float, middle: bool) -> Array:
    t = np.radians(first % 360 + np.linspace(0.0, sweep, POINTS))
    edge = radius * np.stack([np.cos(t), np.sin(t)], axis=1)
    points = np.concatenate([edge, np.zeros((int(middle), 2))])
    return np.asarray(points + np.array([parameters["x"], parameters["y"]]), dtype=np.float64)
