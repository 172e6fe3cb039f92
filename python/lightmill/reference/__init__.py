"""Slow, obvious evaluations of every model in float64, independent of the core.

Each takes parameters as a recipe writes them and a :class:`~lightmill.reference.frame.Frame`, and
returns the pixels and the peak that errors are measured by. A new model is one file and one line here.
"""

from collections.abc import Callable, Mapping

from . import gaussian, moffat, rectangle, sersic
from .frame import Array, Frame

Evaluate = Callable[[Mapping[str, float], Frame], tuple[Array, float]]

COVERAGE: Mapping[str, Evaluate] = {
    "gaussian": gaussian.pixels,
    "moffat": moffat.pixels,
    "rectangle": rectangle.pixels,
    "sersic": sersic.pixels,
    "exponential": sersic.exponential,
    "de_vaucouleurs": sersic.de_vaucouleurs,
}
"""By model: pixels integrated over, or covered."""

BINARY: Mapping[str, Evaluate] = {
    "rectangle": rectangle.inside,
}
"""By shape: pixels whose centre is in it, for `edges: binary`."""

__all__ = ["BINARY", "COVERAGE", "Array", "Evaluate", "Frame"]
