"""An object as a row drew it, and what is said of it in a package's words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Quantity(NamedTuple):
    """A value with its unit.

    Parameters
    ----------
    value : float or list of float
        The value, or those of a polygon's vertices.
    unit : str
        Its unit; empty for a plain number.
    """

    value: float | list[float]
    unit: str = ""


@dataclass(frozen=True)
class Said:
    """An object in the words of one package.

    Parameters
    ----------
    package : str
        ``lightmill``, ``GalSim``, ``astropy``, ``GALFIT``, ``lenstronomy``, ``scikit-image``.
    call : str
        How the parameters are put in, by their names; empty where the package has no such thing.
    parameters : Mapping
        Quantities by their names there.
    note : str
        What else there is to know.
    """

    package: str
    call: str
    parameters: Mapping[str, Quantity] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Pixels:
    """The image that objects lie in.

    Parameters
    ----------
    rows, columns : int
        Its pixels.
    scale : float
        A pixel's side in the unit of length.
    unit : str
        The unit of length; ``length`` where the recipe gives none.
    zero_point : float
        The magnitude of a flux of 1.
    """

    rows: int
    columns: int
    scale: float
    unit: str
    zero_point: float


@dataclass(frozen=True)
class Drawn:
    """One object of one row, in its model's canonical parameters.

    Parameters
    ----------
    name, model : str
        Its entry's name, and its model.
    number : int
        Which of the entry's objects it is, from 0.
    values : Mapping
        The canonical parameters, lengths in the unit of length.
    units : Mapping
        The unit of each canonical parameter; empty for a plain number.
    pixels : Pixels
        The image.
    """

    name: str
    model: str
    number: int
    values: Mapping[str, float]
    units: Mapping[str, str]
    pixels: Pixels

    @property
    def column(self) -> float:
        """The centre's column; the first pixel's centre is 0."""
        return self.values["x"] / self.pixels.scale + (self.pixels.columns - 1) / 2

    @property
    def row(self) -> float:
        """The centre's row; the first pixel's centre is 0."""
        return self.values["y"] / self.pixels.scale + (self.pixels.rows - 1) / 2

    @property
    def axis_ratio(self) -> float:
        """Minor over major axis."""
        shear = math.hypot(self.values["g1"], self.values["g2"])
        return (1 - shear) / (1 + shear)

    @property
    def angle(self) -> float:
        """Direction of the major axis in degrees from +x towards +y, from 0 to below 180."""
        return math.degrees(math.atan2(self.values["g2"], self.values["g1"]) / 2) % 180.0

    def semi_major(self, radius: float) -> float:
        """Return a radius of the circular profile along the major axis, in pixels."""
        return radius / math.sqrt(self.axis_ratio) / self.pixels.scale
