"""Slow, obvious evaluations of every model in float64, independent of the core.

Each takes parameters as a recipe writes them and a :class:`~lightmill.reference.frame.Frame`, and
returns the pixels and the peak that errors are measured by. A new model is one file and one line here.
"""

from collections.abc import Callable, Mapping

from . import airy, arc, bulge_disk, gaussian, moffat, ovals, polygon, rectangle, sersic
from .frame import Array, Frame

Evaluate = Callable[[Mapping[str, float], Frame], tuple[Array, float]]

COVERAGE: Mapping[str, Evaluate] = {
    "gaussian": gaussian.pixels,
    "moffat": moffat.pixels,
    "rectangle": rectangle.pixels,
    "ellipse": ovals.ellipse,
    "circle": ovals.circle,
    "polygon": polygon.pixels,
    "arc": arc.pixels,
    "line": polygon.line,
    "sersic": sersic.pixels,
    "exponential": sersic.exponential,
    "de_vaucouleurs": sersic.de_vaucouleurs,
    "bulge_disk": bulge_disk.pixels,
}
"""By model: pixels integrated over, or covered."""

BINARY: Mapping[str, Evaluate] = {
    "rectangle": rectangle.inside,
    "ellipse": ovals.ellipse_inside,
    "circle": ovals.circle_inside,
    "polygon": polygon.inside,
    "arc": arc.inside,
    "line": polygon.line_inside,
}
"""By shape: pixels whose centre is in it, for `edges: binary`."""

BEHIND: Mapping[str, Evaluate] = {
    "gaussian": gaussian.pixels,
    "moffat": moffat.pixels,
    "airy": airy.pixels,
}
"""By PSF: the pixels of a star that is seen through it."""

__all__ = ["BEHIND", "BINARY", "COVERAGE", "Array", "Evaluate", "Frame"]
