"""DeepBench's stars and galaxies as objects of a recipe."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from lightmill.deepbench import notes
from lightmill.deepbench.body import Body, mapped
from lightmill.recipe.names import later

BLUR = 0.7
"""Standard deviation in pixels of the blur that DeepBench gives every object."""


def star(body: Body) -> None:
    """Translate a star.

    Its amplitude is the peak of the profile, (β − 1) / (π γ²) of the flux.
    """
    _place(body)
    body.define("amplitude", body.words["amplitude"].value, body.words["amplitude"])
    body.put("flux", "= amplitude * pi * gamma ** 2 / (beta - 1)", body.words["amplitude"])
    body.copy("radius", "gamma")
    body.copy("alpha", "beta")
    _noise(body, notes.BLUR)


def galaxy(body: Body) -> None:
    """Translate an elliptical galaxy."""
    _place(body)
    body.copy("amplitude", "surface_brightness")
    body.copy("n", "index")
    body.copy("radius", "semi_major_half_light_radius")
    body.put("axis_ratio", mapped(body.words["ellipse"].value, lambda e: 1.0 - e), body.words["ellipse"])
    body.put("angle", mapped(body.words["theta"].value, math.degrees), body.words["theta"])
    _noise(body, notes.GALAXY_NOISE)


def spiral(body: Body) -> None:
    """Refuse a spiral galaxy."""
    body.reader.wrong(body.key, body.where, later("the model `spiral`"), on_key=True)


def _place(body: Body) -> None:
    body.offset("center_x", "x", body.columns)
    body.offset("center_y", "y", body.rows)


def _noise(body: Body, message: str) -> None:
    given = body.words["noise_level"]
    if given.value:
        body.put("noise", [{"poisson": {"mean": given.value}}], given)
        body.note("noise_level", message, "noise")


MODELS: Mapping[str, tuple[str, Callable[[Body], None]]] = {
    "star": ("moffat", star),
    "galaxy": ("sersic", galaxy),
    "spiral_galaxy": ("spiral", spiral),
}
"""The model of each object, and what writes its parameters."""
