"""The circle and the ellipse, by many points of their edges."""

import math
from collections.abc import Mapping

import numpy as np

from . import convex
from .convex import POINTS, Region
from .frame import Array, Frame
from .rectangle import direction


def circle(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Cover pixels with a circle, filled or its outline.

    Parameters
    ----------
    parameters
        `x`, `y`, `radius`, `fill`, `line_width`, `intensity`.
    frame
        The pixels.

    Returns
    -------
    pixels, peak
        (rows, columns) float64, and the value of a pixel that is wholly covered.
    """
    return convex.pixels(_regions(_round(parameters)), parameters, frame)


def circle_inside(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Fill the pixels whose centre is in it; parameters and returns are those of :func:`circle`."""
    return convex.inside(_regions(_round(parameters)), parameters, frame)


def ellipse(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Cover pixels with an ellipse, filled or its outline.

    Parameters and returns are those of :func:`circle`, with `width`, `height`, `angle` for `radius`.
    """
    return convex.pixels(_regions(parameters), parameters, frame)


def ellipse_inside(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Fill the pixels whose centre is in it; parameters and returns are those of :func:`ellipse`."""
    return convex.inside(_regions(parameters), parameters, frame)


def _round(parameters: Mapping[str, float]) -> Mapping[str, float]:
    return {**parameters, "width": 2 * parameters["radius"], "height": 2 * parameters["radius"], "angle": 0.0}


def _regions(parameters: Mapping[str, float]) -> list[Region]:
    half = parameters["line_width"] / 2
    regions = [(_edge(parameters, half), 1.0)]
    if not parameters["fill"] and half < min(parameters["width"], parameters["height"]) / 2:
        regions.append((_edge(parameters, -half), -1.0))
    return regions


def _edge(parameters: Mapping[str, float], away: float) -> Array:
    """Return the points at a distance from an ellipse, outward or, where below 0, inward.

    Inward of the sharp ends normals cross each other on the long axis: what is beyond it is left out.
    """
    a, b = parameters["width"] / 2, parameters["height"] / 2
    even = (np.arange(POINTS // 2) + 0.5) * (4 * math.pi / POINTS) - math.pi
    # Half of the points turn the normal by the same angle: round the ends of a needle there are few others.
    t = np.unique(np.concatenate([even, np.arctan2(b * np.sin(even), a * np.cos(even))]))
    u, v = a * np.cos(t), b * np.sin(t)
    slope = np.hypot(b * np.cos(t), a * np.sin(t))
    moved = np.stack([u + away * b * np.cos(t) / slope, v + away * a * np.sin(t) / slope], axis=1)
    moved = moved[(moved[:, 0] * u >= 0) & (moved[:, 1] * v >= 0)]
    cos, sin = direction(parameters)
    turned = np.stack([moved @ [cos, -sin], moved @ [sin, cos]], axis=1)
    return np.asarray(turned + np.array([parameters["x"], parameters["y"]]), dtype=np.float64)
