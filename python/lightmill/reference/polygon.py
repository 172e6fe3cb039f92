"""The regular polygon and the straight line, by clipping their polygons to each pixel."""

import math
from collections.abc import Mapping

from . import convex
from .frame import Array, Frame
from .rectangle import Point, covered, outlined


def pixels(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Cover pixels with a regular polygon, filled or its outline.

    Parameters
    ----------
    parameters
        `x`, `y`, `sides`, `radius`, `angle`, `fill`, `line_width`, `intensity`.
    frame
        The pixels.

    Returns
    -------
    pixels, peak
        (rows, columns) float64, and the value of a pixel that is wholly covered.
    """
    return outlined(parameters, lambda by: _corners(parameters, by), frame)


def inside(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Fill the pixels whose centre is in it; parameters and returns are those of :func:`pixels`."""
    import numpy as np

    half = parameters["line_width"] / 2
    regions = [(np.array(_corners(parameters, half)), 1.0)]
    if not parameters["fill"] and (hole := _corners(parameters, -half)):
        regions.append((np.array(hole), -1.0))
    return convex.inside(regions, parameters, frame)


def _corners(parameters: Mapping[str, float], by: float) -> list[Point]:
    """Return the corners with every side moved outward, or none where none is left."""
    sides = round(parameters["sides"])
    middle = parameters["radius"] * math.cos(math.pi / sides) + by
    if middle <= 0:
        return []
    radius, start = middle / math.cos(math.pi / sides), math.radians(parameters["angle"] % 360)
    angles = [start + 2 * math.pi * i / sides for i in range(sides)]
    return [(parameters["x"] + radius * math.cos(a), parameters["y"] + radius * math.sin(a)) for a in angles]


def line(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Cover pixels with a straight line.

    Parameters and returns are those of :func:`pixels`, with `x1`, `y1`, `x2`, `y2`.
    """
    return parameters["intensity"] * covered(_band(parameters), frame), parameters["intensity"]


def line_inside(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Fill the pixels whose centre is in it; parameters and returns are those of :func:`line`."""
    import numpy as np

    return convex.inside([(np.array(_band(parameters)), 1.0)], parameters, frame)


def _band(parameters: Mapping[str, float]) -> list[Point]:
    ends = [(parameters["x"] + parameters[f"x{i}"], parameters["y"] + parameters[f"y{i}"]) for i in (1, 2)]
    (x1, y1), (x2, y2) = ends
    share = parameters["line_width"] / 2 / math.dist(*ends)
    u, v = share * (y2 - y1), share * (x2 - x1)
    return [(x1 + u, y1 - v), (x2 + u, y2 - v), (x2 - u, y2 + v), (x1 - u, y1 + v)]
