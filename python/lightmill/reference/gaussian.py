"""The Gaussian profile, by astropy's Gaussian2D and its own ellipse."""

import math
from collections.abc import Mapping

import numpy as np

from .ellipse import Ellipse
from .frame import Array, Frame
from .quadrature import Profile, light


def pixels(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Integrate a Gaussian profile over pixels.

    Parameters
    ----------
    parameters
        `x`, `y`, `flux`, `fwhm` or `sigma`, and a shape.
    frame
        The pixels.

    Returns
    -------
    pixels, peak
        (rows, columns) float64, and the pixel about the profile's centre.
    """
    return light(profile(parameters), parameters["flux"], frame)


def profile(parameters: Mapping[str, float]) -> Profile:
    """Return the light of flux 1; parameters are those of :func:`pixels`, without `flux`."""
    from astropy.modeling.models import Gaussian2D
    from astropy.stats import gaussian_fwhm_to_sigma

    ellipse = Ellipse.of(parameters)
    sigma = parameters["sigma"] if "sigma" in parameters else parameters["fwhm"] * float(gaussian_fwhm_to_sigma)
    root = math.sqrt(ellipse.axis_ratio)
    plane = Gaussian2D(
        amplitude=1 / (2 * math.pi * sigma**2),
        x_mean=ellipse.x,
        y_mean=ellipse.y,
        x_stddev=sigma / root,
        y_stddev=sigma * root,
        theta=ellipse.angle,
    )

    def brightness(x: Array, y: Array) -> Array:
        return np.asarray(plane(x, y), dtype=np.float64)

    return Profile(ellipse, sigma, brightness, sigma * math.sqrt(2 * math.log(2)))
