"""The words of DeepBench 0.2.3: what each key takes, and what it is where it is not given.

Ranges of random defaults are those of its signatures. They are numbers of pixels, whatever the size of the image.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from lightmill.recipe.tables import Range

Kind = Literal["real", "whole", "flag", "point", "shape", "title", "map", "word", "times", "maybe"]

REQUIRED: Final = "required"
ABSENT: Final = "absent"
POSITIVE = Range(low=0.0, low_open=True)
NOT_NEGATIVE = Range(low=0.0)
ANY = Range()
TURNS = Range(-1e6, 1e6)
"""Degrees that still tell where they end, after whole turns are taken off."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a key takes.

    Parameters
    ----------
    kind : str
        ``real``; ``whole``; ``flag``; ``point`` (two numbers); ``shape`` (rows and columns); ``title``; ``map``;
        ``word`` (one of some); ``times`` (a number or a list of them); ``maybe`` (a number or null).
    bounds : Range
        Legal numbers.
    default : object
        A constant; a distribution as in a recipe, for each number of a point; or `REQUIRED` or `ABSENT`.
    words : tuple of str
        What a ``word`` may be.
    """

    kind: Kind
    bounds: Range = ANY
    default: Any = ABSENT
    words: tuple[str, ...] = ()


Words = Mapping[str, Word]

NOISES = ("gaussian", "poisson")
NAMES = {
    "SkyImage": "sky",
    "ShapeImage": "shape",
    "StarObject": "astro",
    "GalaxyObject": "astro",
    "SpiralGalaxyObject": "astro",
    "NBodyObject": "astro",
    "Pendulum": "physics",
    "HamiltonianPendulum": "physics",
}
"""Its classes, and the `object_type` of each."""

TOP: Words = {
    "object_type": Word("word", default=REQUIRED, words=tuple(dict.fromkeys(NAMES.values()))),
    "object_name": Word("word", default=REQUIRED, words=tuple(NAMES)),
    "total_runs": Word("whole", Range(1, 2**63 - 1), REQUIRED),
    "image_parameters": Word("map", default=REQUIRED),
    "object_parameters": Word("map", default=REQUIRED),
    "seed": Word("whole", Range(0, 2**64 - 1)),
    "parameter_noise": Word("real", Range(0.0, 1e30), 0.0),
    "name": Word("title"),
}
SHAPE_IMAGE: Words = {
    "image_shape": Word("shape", Range(1, 16_384), REQUIRED),
    "object_noise_type": Word("word", default="gaussian", words=NOISES),
    "object_noise_level": Word("real", NOT_NEGATIVE, 0.0),
}
SKY_IMAGE: Words = {**SHAPE_IMAGE, "scale": Word("flag", default=False)}

_CENTER = Word("point", default={"integers": [10, 15]})
_SIDE = Word("real", POSITIVE, {"integers": [10, 15]})
_RADIUS = Word("real", POSITIVE, {"uniform": [8.0, 12.0]})
_LINE_WIDTH = Word("real", NOT_NEGATIVE, 1.0)
_CLOSED: Words = {"line_width": _LINE_WIDTH, "fill": Word("flag", default=False)}
_BOX: Words = {"center": _CENTER, "width": _SIDE, "height": _SIDE, "angle": Word("real", default=0.0), **_CLOSED}
_POLYGON: Words = {
    "center": _CENTER,
    "angle": Word("real", default={"uniform": [20.0, 90.0]}),
    "vertices": Word("whole", Range(3, 100), 3),
    "radius": _RADIUS,
    **_CLOSED,
}
SHAPES: Mapping[str, Words] = {
    "rectangle": _BOX,
    "regular_polygon": _POLYGON,
    "polygon": _POLYGON,
    "arc": {
        "center": _CENTER,
        "radius": _RADIUS,
        "theta1": Word("real", TURNS, {"uniform": [0.0, 45.0]}),
        "theta2": Word("real", TURNS, {"uniform": [85.0, 120.0]}),
        "line_width": _LINE_WIDTH,
    },
    "line": {
        "start": Word("point", default={"integers": [0, 9]}),
        "end": Word("point", default={"integers": [12, 27]}),
        "line_width": _LINE_WIDTH,
    },
    "ellipse": _BOX,
}

_LIGHT: Words = {"amplitude": Word("real", default=1.0), "noise_level": Word("real", NOT_NEGATIVE, 0.0)}
_PLACED: Words = {"center_x": Word("real", default=5.0), "center_y": Word("real", default=5.0)}
SKY_INSTANCE: Mapping[str, Words] = {
    "star": {"radius": Word("real", POSITIVE, 1.0), **_LIGHT},
    "galaxy": {
        "radius": Word("real", POSITIVE, 25.0),
        "n": Word("real", POSITIVE, 1.0),
        "ellipse": Word("real", Range(0.0, 1.0, high_open=True), {"uniform": [0.1, 0.9]}),
        "theta": Word("real", default={"uniform": [-1.5, 1.5]}),
        **_LIGHT,
    },
    "spiral_galaxy": {
        "radius": Word("real", POSITIVE, 25.0),
        "arm_thickness": Word("real", POSITIVE, 1.0),
        "winding_number": Word("whole", Range(1, 100), 2),
        "spiral_pitch": Word("real", default=0.2),
        **_LIGHT,
    },
}
_WHERE: Words = {key: Word("real", default=REQUIRED) for key in _PLACED}
SKY_OBJECT: Mapping[str, Words] = {
    # Its default exponent, 1, belongs to a profile of infinite flux.
    "star": {**_WHERE, "alpha": Word("real", Range(low=1.0, low_open=True), REQUIRED)},
    "galaxy": _PLACED,
    "spiral_galaxy": _WHERE,
}
ASTRO = {"StarObject": "star", "GalaxyObject": "galaxy", "SpiralGalaxyObject": "spiral_galaxy"}
DIMENSIONS: Words = {"image_dimensions": Word("shape", Range(1, 16_384), REQUIRED)}
N_BODY: Words = {
    **DIMENSIONS,
    "t_duration": Word("real", POSITIVE, 10.0),
    "dt": Word("real", POSITIVE, 0.01),
    "dampening": Word("real", NOT_NEGATIVE),
    "noise_level": Word("real", NOT_NEGATIVE),
    "G": Word("real", POSITIVE),
    "plot_real_time": Word("flag"),
}

_GRAVITY = ("acceleration_due_to_gravity", "big_G_newton", "phi_planet")
PENDULUM_NOISE: Words = {
    key: Word("maybe", NOT_NEGATIVE)
    for key in ("pendulum_arm_length", "starting_angle_radians", *_GRAVITY, "mass_pendulum_bob")
}
PENDULUM: Words = {
    "pendulum_arm_length": Word("real", POSITIVE, REQUIRED),
    "starting_angle_radians": Word("real", default=REQUIRED),
    **{key: Word("maybe") for key in _GRAVITY},
    "mass_pendulum_bob": Word("maybe", POSITIVE),
    "coefficient_friction": Word("maybe", NOT_NEGATIVE),
    "noise_std_percent": Word("map"),
}
TIMES: Words = {"time": Word("times", default=REQUIRED), "noiseless": Word("flag")}
