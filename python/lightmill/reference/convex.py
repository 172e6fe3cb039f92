"""Convex regions given by many points of their edge, and sums and differences of such regions.

A line of constant y cuts a convex region in one interval, whose ends follow from the points by
interpolation; the interval's part in each pixel, integrated over y by Gauss's rule, is the area.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .frame import Array, Frame

Region = tuple[Array, float]
"""Points (N, 2) of a convex edge, in order, and a sign: 1 for what is added, -1 for a hole."""

POINTS = 20_000
"""Points of a curve: chords of a circle 50 pixels wide are 2e-7 pixels off."""
NODES = 16


def pixels(regions: Sequence[Region], parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Cover pixels with regions.

    Parameters
    ----------
    regions
        What is covered.
    parameters
        `intensity`.
    frame
        The pixels.

    Returns
    -------
    pixels, peak
        (rows, columns) float64, and the value of a pixel that is wholly covered.
    """
    covered = np.zeros((frame.rows, frame.columns))
    for points, sign in regions:
        covered += sign * _covered(points, frame)
    return parameters["intensity"] * covered, parameters["intensity"]


def inside(regions: Sequence[Region], parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Fill the pixels whose centre is in the regions, for `edges: binary`.

    Parameters and returns are those of :func:`pixels`.
    """
    x, y = frame.centres()
    filled = np.zeros((frame.rows, frame.columns))
    for points, sign in regions:
        left, right = _interval(_sides(points), y)
        filled += sign * ((x >= left[:, None]) & (x < right[:, None]))
    return parameters["intensity"] * filled, parameters["intensity"]


def _sides(points: Array) -> tuple[Array, Array]:
    """Return the two sides of a region, each from its lowest point to its highest."""
    start, top = int(np.argmin(points[:, 1])), int(np.argmax(points[:, 1]))
    turned = np.roll(points, -start, axis=0)
    top = (top - start) % len(points)
    rising, falling = turned[: top + 1], np.concatenate([turned[top:], turned[:1]])[::-1]
    return rising, falling


def _interval(sides: tuple[Array, Array], y: Array) -> tuple[Array, Array]:
    """Return the ends of the interval of a region at each y; where it is empty both are infinite."""
    one, other = (np.interp(y, side[:, 1], side[:, 0]) for side in sides)
    met = (y > sides[0][0, 1]) & (y < sides[0][-1, 1])
    left, right = np.minimum(one, other), np.maximum(one, other)
    return np.where(met, left, np.inf), np.where(met, right, np.inf)


def _covered(points: Array, frame: Frame) -> Array:
    half = frame.pixel_scale / 2
    x, y = frame.centres()
    low, high = points[:, 1].min(), points[:, 1].max()
    breaks = np.concatenate([points[[0], 1], _corners(points), _crossings(points, x, half), [low, high]])
    covered, sides = np.zeros((frame.rows, frame.columns)), _sides(points)
    node, weight = np.polynomial.legendre.leggauss(NODES)
    # At its lowest and highest points a region widens as a square root: with y = cos(t) it does not.
    turn = 0.5 * np.pi * (node + 1)
    for row, centre in enumerate(y):
        ends = np.unique(np.clip(np.append(breaks, [centre - half, centre + half]), centre - half, centre + half))
        middle, reach = (ends[1:] + ends[:-1]) / 2, (ends[1:] - ends[:-1]) / 2
        at = (middle[:, None] - reach[:, None] * np.cos(turn)).ravel()
        share = (reach[:, None] * np.sin(turn) * weight * 0.5 * np.pi).ravel()
        left, right = _interval(sides, at)
        met = np.isfinite(left)
        left, right = left[met, None], right[met, None]
        width = np.minimum(right, x + half) - np.maximum(left, x - half)
        covered[row] = share[met] @ np.maximum(width, 0.0)
    return covered / frame.pixel_scale**2


def _crossings(points: Array, x: Array, half: float) -> Array:
    """Return where the edge passes from one column of pixels to the next."""
    after = np.roll(points, -1, axis=0)
    found = []
    for side in (*(x - half), x[-1] + half):
        one, other = points[:, 0] - side, after[:, 0] - side
        met: NDArray[np.bool_] = (one < 0) != (other < 0)
        share = one[met] / (one[met] - other[met])
        found.append(points[met, 1] + share * (after[met, 1] - points[met, 1]))
    return np.concatenate(found)


def _corners(points: Array) -> Array:
    """Return the heights at which the edge turns by more than a degree or two from one chord to the next."""
    chords = np.roll(points, -1, axis=0) - points
    before = np.roll(chords, 1, axis=0)
    sizes = np.hypot(*chords.T) * np.hypot(*before.T)
    turn = abs(chords[:, 0] * before[:, 1] - chords[:, 1] * before[:, 0])
    return np.asarray(points[turn > 0.02 * sizes, 1], dtype=np.float64)
