"""PSFs for which accuracy is promised."""

import math
from collections.abc import Callable

import numpy as np

from .draw import Values
from .ellipse import Ellipse
from .frame import Array, Frame

SHEAR = 0.8
"""The greatest reduced shear, an axis ratio of 1/9."""
OBSCURATION = 0.9
"""The greatest of an Airy PSF: a thinner ring's light goes further than the widest lattice."""
MINOR = 0.25
"""The least full width at half maximum of the minor axis, in pixels."""
MAJOR = 1.0
"""The greatest of the major axis, over the frame's shorter side."""


def promised(drawn: Values, frame: Frame) -> Values:
    """Bring random PSFs to the nearest for which accuracy is promised: rounder, then wider or narrower.

    Parameters
    ----------
    drawn
        Parameters of PSFs, (n,) each: one of `fwhm`, `sigma`, `gamma` and `lam_over_diam`, and a shape.
    frame
        For its size and that of its pixels.

    Returns
    -------
    dict of (n,) float64
    """
    excess = np.maximum(1.0, np.hypot(drawn.get("g1", 0.0), drawn.get("g2", 0.0)) / SHEAR)
    limited: dict[str, Callable[[Array], Array]] = {
        "obscuration": lambda hidden: np.minimum(hidden, OBSCURATION),
        "g1": lambda g1: g1 / excess,
        "g2": lambda g2: g2 / excess,
        "shear.magnitude": lambda magnitude: np.minimum(magnitude, SHEAR),
        "axis_ratio": lambda ratio: np.maximum(ratio, (1 - SHEAR) / (1 + SHEAR)),
    }
    rounder = {key: limited[key](values) if key in limited else values for key, values in drawn.items()}
    (size,) = {"fwhm", "sigma", "gamma", "lam_over_diam"} & set(drawn)
    root, fwhm = np.sqrt(_axis_ratios(rounder)), _fwhm_per(size, rounder)
    least, most = MINOR / root / fwhm, MAJOR * min(frame.rows, frame.columns) * root / fwhm
    return {**rounder, size: rounder[size].clip(least * frame.pixel_scale, most * frame.pixel_scale)}


def _axis_ratios(drawn: Values) -> Array:
    rows = range(len(next(iter(drawn.values()))))
    shapes = ({"x": 0.0, "y": 0.0} | {key: float(values[i]) for key, values in drawn.items()} for i in rows)
    return np.array([Ellipse.of(shape).axis_ratio for shape in shapes])


def _fwhm_per(size: str, drawn: Values) -> Array | float:
    """Return the full width at half maximum for a size of 1, or less."""
    if size == "gamma":
        return 2 * np.sqrt(2 ** (1 / drawn["beta"]) - 1)
    return {"fwhm": 1.0, "sigma": math.sqrt(8 * math.log(2)), "lam_over_diam": 0.7}[size]
