"""The ellipse of a profile, from any way of saying its shape."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .frame import Array


@dataclass(frozen=True)
class Ellipse:
    """Where a profile lies, and how it stretches a circle of the same area.

    Parameters
    ----------
    x, y
        Its centre, in the unit of length.
    axis_ratio
        Minor over major axis.
    angle
        Direction of the major axis, in radians from +x towards +y.
    """

    x: float
    y: float
    axis_ratio: float
    angle: float

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Ellipse":
        """Read `x`, `y` and the shape, whichever way it is said."""
        return cls(parameters["x"], parameters["y"], *_shape(parameters))

    def to_circle(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Turn points of the image into points of the circular profile's plane, about its centre."""
        dx, dy, root = x - self.x, y - self.y, math.sqrt(self.axis_ratio)
        along = dx * np.cos(self.angle) + dy * np.sin(self.angle)
        across = dy * np.cos(self.angle) - dx * np.sin(self.angle)
        return along * root, across / root


def _shape(parameters: Mapping[str, float]) -> tuple[float, float]:
    if "axis_ratio" in parameters:
        if "position_angle" in parameters:
            return parameters["axis_ratio"], math.radians(parameters["position_angle"] + 90)
        return parameters["axis_ratio"], math.radians(parameters["angle"])
    if "shear.magnitude" in parameters:
        magnitude, angle = parameters["shear.magnitude"], math.radians(parameters["shear.angle"])
    else:
        magnitude = math.hypot(parameters["g1"], parameters["g2"])
        angle = math.atan2(parameters["g2"], parameters["g1"]) / 2
    return (1 - magnitude) / (1 + magnitude), angle
