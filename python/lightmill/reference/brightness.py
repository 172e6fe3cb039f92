"""The flux of a profile, from any way of saying its light."""

import math
from collections.abc import Callable, Mapping

import numpy as np

from . import gaussian, moffat, sersic
from .frame import Array
from .quadrature import Profile

ZERO_POINT = 25.0
"""The magnitude of one unit of flux, for all that is compared."""
PROFILES: Mapping[str, Callable[[Mapping[str, float]], Profile]] = {
    "gaussian": gaussian.profile,
    "moffat": moffat.profile,
    "sersic": sersic.profile,
    "exponential": lambda parameters: sersic.profile({**parameters, "index": 1.0}),
    "de_vaucouleurs": lambda parameters: sersic.profile({**parameters, "index": 4.0}),
}
"""By model: its light, of flux 1."""


def with_flux(name: str, drawn: Mapping[str, Array]) -> dict[str, Array]:
    """Add the flux to a profile's parameters, where they say it by magnitude or surface brightness.

    Parameters
    ----------
    name
        The model's.
    drawn
        Parameters, (n,) each.

    Returns
    -------
    dict of (n,) float64
    """
    if "magnitude" in drawn:
        # Pogson 1856: five magnitudes are a factor of 100.
        return {**drawn, "flux": np.asarray(100 ** ((ZERO_POINT - drawn["magnitude"]) / 5))}
    if "surface_brightness" not in drawn:
        return dict(drawn)
    rows = ({key: float(values[i]) for key, values in drawn.items()} for i in range(len(drawn["x"])))
    return {
        **drawn,
        "flux": np.array([row["surface_brightness"] / _at_half_light(PROFILES[name](row)) for row in rows]),
    }


def _at_half_light(profile: Profile) -> float:
    """Return the brightness at the end of the major axis of the isophote that holds half of the light."""
    ellipse = profile.ellipse
    along = profile.half_light / math.sqrt(ellipse.axis_ratio)
    x = np.array([ellipse.x + along * math.cos(ellipse.angle)])
    y = np.array([ellipse.y + along * math.sin(ellipse.angle)])
    return float(profile.brightness(x, y)[0])
