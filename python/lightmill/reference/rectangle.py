"""The rectangle, by clipping its polygon to each pixel (Sutherland & Hodgman 1974)."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .frame import Array, Frame

Point = tuple[float, float]


def pixels(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Cover pixels with a rectangle, filled or its outline.

    Parameters
    ----------
    parameters
        `x`, `y`, `width`, `height`, `angle` or `position_angle`, `fill`, `line_width`, `intensity`.
    frame
        The pixels.

    Returns
    -------
    pixels, peak
        (rows, columns) float64, and the value of a pixel that is wholly covered.
    """
    return outlined(parameters, lambda by: _corners(parameters, by), frame)


def outlined(
    parameters: Mapping[str, float], corners: Callable[[float], list[Point]], frame: Frame
) -> tuple[Array, float]:
    """Cover pixels with a polygon whose sides are moved outward, less what an outline leaves empty.

    Parameters
    ----------
    parameters
        `fill`, `line_width`, `intensity`.
    corners
        Gives the corners with the sides moved outward by a length.
    frame
        The pixels.

    Returns
    -------
    pixels, peak
        As of :func:`pixels`.
    """
    half = parameters["line_width"] / 2
    share = covered(corners(half), frame)
    if not parameters["fill"]:
        share -= covered(corners(-half), frame)
    return parameters["intensity"] * share, parameters["intensity"]


def covered(corners: Sequence[Point], frame: Frame) -> Array:
    """Return the fraction of each pixel that a convex polygon covers."""
    half = frame.pixel_scale / 2
    x, y = frame.centres()
    share = np.zeros((frame.rows, frame.columns))
    for row, column in np.argwhere(_touched(corners, x, y, half)) if corners else ():
        pixel = _clip(corners, (x[column] - half, y[row] - half), (x[column] + half, y[row] + half))
        share[row, column] = _area(pixel) / frame.pixel_scale**2
    return share


def inside(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Fill the pixels whose centre is in the rectangle, for `edges: binary`.

    Parameters and returns are those of :func:`pixels`.
    """
    x, y = np.meshgrid(*frame.centres())
    cos, sin = direction(parameters)
    along = abs((x - parameters["x"]) * cos + (y - parameters["y"]) * sin)
    across = abs((y - parameters["y"]) * cos - (x - parameters["x"]) * sin)
    line = parameters["line_width"]
    width, height = parameters["width"], parameters["height"]
    within = (along <= (width + line) / 2) & (across <= (height + line) / 2)
    if not parameters["fill"]:
        within &= ~((along < (width - line) / 2) & (across < (height - line) / 2))
    return parameters["intensity"] * within.astype(np.float64), parameters["intensity"]


def direction(parameters: Mapping[str, float]) -> Point:
    """Return cosine and sine of a shape's direction."""
    said = parameters["angle"] if "angle" in parameters else parameters["position_angle"] + 90
    angle = math.radians(said % 360)
    return math.cos(angle), math.sin(angle)


def _corners(parameters: Mapping[str, float], by: float) -> list[Point]:
    cos, sin = direction(parameters)
    width, height = parameters["width"] + 2 * by, parameters["height"] + 2 * by
    if min(width, height) <= 0:
        return []
    signs = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))
    sides = [(a * width, b * height) for a, b in signs]
    return [(parameters["x"] + a * cos - b * sin, parameters["y"] + a * sin + b * cos) for a, b in sides]


def _touched(corners: Sequence[Point], x: Array, y: Array, half: float) -> NDArray[np.bool_]:
    """Find the pixels that meet the polygon's bounding box."""
    (left, right), (low, high) = ((min(side), max(side)) for side in zip(*corners, strict=True))
    rows, columns = (y + half > low) & (y - half < high), (x + half > left) & (x - half < right)
    met: NDArray[np.bool_] = rows[:, None] & columns
    return met


def _clip(polygon: Sequence[Point], low: Point, high: Point) -> list[Point]:
    """Cut away what lies outside the box, one side after another."""
    points = list(polygon)
    for axis in (0, 1):
        points = _half_plane(points, axis, low[axis], 1.0)
        points = _half_plane(points, axis, high[axis], -1.0)
    return points


def _half_plane(points: Sequence[Point], axis: int, bound: float, sign: float) -> list[Point]:
    kept: list[Point] = []
    for before, point in zip([*points[-1:], *points[:-1]], points, strict=True):
        a, b = sign * (before[axis] - bound), sign * (point[axis] - bound)
        if (a < 0) != (b < 0):
            t = a / (a - b)
            kept.append((before[0] + t * (point[0] - before[0]), before[1] + t * (point[1] - before[1])))
        if b >= 0:
            kept.append(point)
    return kept


def _area(points: Sequence[Point]) -> float:
    """Apply the shoelace formula, about the first point so that digits are not lost."""
    if not points:
        return 0.0
    x0, y0 = points[0]
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum((ax - x0) * (by - y0) - (bx - x0) * (ay - y0) for (ax, ay), (bx, by) in pairs)) / 2
