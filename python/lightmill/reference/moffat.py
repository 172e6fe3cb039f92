"""The Moffat profile, by astropy's Moffat2D in the plane where it is circular."""

import math
from collections.abc import Mapping

import numpy as np

from .ellipse import Ellipse
from .frame import Array, Frame
from .quadrature import Profile, light


def pixels(parameters: Mapping[str, float], frame: Frame) -> tuple[Array, float]:
    """Integrate a Moffat profile over pixels.

    Parameters
    ----------
    parameters
        `x`, `y`, `flux`, `beta`, `fwhm` or `gamma`, and a shape.
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
    from astropy.modeling.models import Moffat2D

    beta, ellipse = parameters["beta"], Ellipse.of(parameters)
    per_gamma = 2 * math.sqrt(2 ** (1 / beta) - 1)
    gamma = parameters["gamma"] if "gamma" in parameters else parameters["fwhm"] / per_gamma
    circle = Moffat2D(amplitude=(beta - 1) / (math.pi * gamma**2), gamma=gamma, alpha=beta)

    def brightness(x: Array, y: Array) -> Array:
        return np.asarray(circle(*ellipse.to_circle(x, y)), dtype=np.float64)

    # For a large beta the profile is a Gaussian of sigma gamma / sqrt(2 beta).
    half_light = gamma * math.sqrt(2 ** (1 / (beta - 1)) - 1)
    return Profile(ellipse, gamma / math.sqrt(max(1.0, beta)), brightness, half_light)
