"""GalSim: profiles before an area-preserving shear, lengths in the unit of the pixel scale, origin in the centre.

So are ours; ``drawImage(nx=columns, ny=rows, scale=pixel_scale)`` then integrates over pixels as we do.
Rowe et al. 2015, Astronomy and Computing 10, 121; names of GalSim 2.
"""

from __future__ import annotations

from lightmill.conventions.drawn import Drawn, Quantity, Said
from lightmill.conventions.profile import SERSIC, index
from lightmill.reference.airy import lam_over_diam

N_RANGE = (0.3, 6.2)
"""The Sersic indices that GalSim takes."""
_SHAPE = ".shear(g1, g2).shift(dx, dy)"


def say(drawn: Drawn) -> Said | None:
    """Return an object in GalSim's words; None where it has no such profile."""
    unit = drawn.pixels.unit
    if drawn.model in SERSIC:
        n = index(drawn.model, drawn.values)
        size = {"n": Quantity(n), "half_light_radius": Quantity(drawn.values["half_light_radius"], unit)}
        note = "" if N_RANGE[0] <= n <= N_RANGE[1] else "GalSim takes n from 0.3 to 6.2"
        return _said(drawn, "Sersic(n, half_light_radius, flux)", size, note)
    if drawn.model == "moffat":
        size = {"beta": Quantity(drawn.values["beta"]), "fwhm": Quantity(drawn.values["fwhm"], unit)}
        return _said(drawn, "Moffat(beta, fwhm=fwhm, flux=flux)", size)
    if drawn.model == "airy":
        hidden = drawn.values["obscuration"]
        width = Quantity(lam_over_diam(drawn.values["fwhm"], hidden), unit)
        size = {"lam_over_diam": width, "obscuration": Quantity(hidden)}
        return _said(drawn, "Airy(lam_over_diam=lam_over_diam, obscuration=obscuration, flux=flux)", size)
    if drawn.model == "gaussian":
        return _said(drawn, "Gaussian(fwhm=fwhm, flux=flux)", {"fwhm": Quantity(drawn.values["fwhm"], unit)})
    return None


def _said(drawn: Drawn, call: str, size: dict[str, Quantity], note: str = "") -> Said:
    values, unit = drawn.values, drawn.pixels.unit
    shape = {"flux": Quantity(values["flux"]), "g1": Quantity(values["g1"]), "g2": Quantity(values["g2"])}
    place = {"dx": Quantity(values["x"], unit), "dy": Quantity(values["y"], unit)}
    return Said("GalSim", call + _SHAPE, {**size, **shape, **place}, note)
