"""Where a file means something else than DeepBench's code made of it."""

from __future__ import annotations

from dataclasses import dataclass

from lightmill.recipe.faults import Mark
from lightmill.recipe.node import Step


class DeepBenchWarning(UserWarning):
    """A file of DeepBench means something else than DeepBench made of it."""


@dataclass(frozen=True, slots=True)
class Note:
    """One difference.

    Parameters
    ----------
    mark : Mark
        Where in DeepBench's file.
    place : str
        Its path there, ``object_parameters.rectangle.object.angle``.
    message : str
        What the code did, and what the recipe does.
    target : tuple of str or int
        The path in the recipe that it is about; empty for the recipe as a whole.
    """

    mark: Mark
    place: str
    message: str
    target: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.mark), "warning", self.place, self.message) if part)


SEED = "DeepBench stored this seed and drew from another; here it is the one that is used"
SEED_0 = f"{SEED}, and 0 is a seed like any other"
NO_SEED = "no seed is given: DeepBench drew one at random; here it is 0, and the same file gives the same data"
REPEATED = "DeepBench drew the same noise for every image; here each image has its own"
NO_LEVEL = "no noise is added, since object_noise_level is 0"
NAME = "DeepBench wrote into this folder; here it names the recipe, and `generate` is told where to write"
PARAMETER_NOISE = "DeepBench failed at single numbers; here each has its own draw in every image"
WHOLE = "parameter_noise is left out here: a number of vertices is whole"
SWAPPED = "DeepBench ignored what is said in `object`, and drew from `instance`; here both are read"
TRANSPOSED = "DeepBench counted the first number along the rows; here a position is [column, row], as documented"

RECTANGLE_ANGLE = "DeepBench turned a rectangle about one of its corners; here it turns about its centre"
POLYGON = "DeepBench drew a polygon beside its center; here the center is its own"
POLYGON_ANGLE = "DeepBench took these degrees for radians; here they are degrees, and at 0 a vertex points up"
ARC_WIDTH = "DeepBench drew the line inside the radius; here the radius is the middle of the line"
LINE = "DeepBench drew a line beside its points, and a falling one as a rising one; here it goes from start to end"
ELLIPSE = (
    "DeepBench rounded the size up and drew the outline inside it; here the outline is half outside, as a rectangle's"
)

LIGHT = "DeepBench took light at pixel centres only; here it is integrated over each pixel"
SCALE = "DeepBench scaled each object between 0 and 1 unless told not to; here no light is lost: scale is false"
BLUR = "DeepBench added this noise before the blur; here it is added after it"
GALAXY_NOISE = "DeepBench added ten times as much noise, before the blur; here this is the mean, added after the blur"

NEWTONIAN = "DeepBench took every angle for a small one; here the equation holds at any angle"
HAMILTONIAN = (
    "DeepBench's kinetic term made the frequency grow with the length, it started at an angle of its own, and added "
    "noise unasked; here H = p^2 / (2 m L^2) + m g L (1 - cos q), from the angle that is given, without noise"
)
SCATTER = "DeepBench drew this scatter anew at every time, and that of a product twice; here it is drawn once a run"
NOISELESS = "noiseless is true, so that there is no scatter"
WHOLE_TIMES = "DeepBench gave zeros at whole times"
BODIES = (
    "DeepBench's class has no bodies and moves none; here are three, of random masses, drawn anew in every run, that "
    "go in even steps of dt"
)
NO_IMAGE = "a time series has no image"
FRICTION = "DeepBench took no notice of friction; here it is c in q'' = -(g/L) sin q - c q'"


def drawn(names: list[str]) -> str:
    """Say that parameters are not given and are drawn."""
    are = "is" if len(names) == 1 else "are"
    return (
        f"{', '.join(names)} {are} not given: DeepBench drew once, when it was imported; "
        "here each image has a draw of its own, from the same range"
    )
