"""The Sérsic galaxies of our recipes by libprofit, which integrates over pixels as we do."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from contest import Work, medians

import lightmill as lm
from lightmill.reference import COVERAGE, Frame

Rows = Callable[[], Iterator[Mapping[str, float]]]
"""Makes the endless rows of a recipe, from its first on."""

SETTINGS: Mapping[str, Mapping[str, bool]] = {"libprofit": {}, "libprofit, `adjust` off": {"adjust": False}}
"""As it comes, and without the finer sub-pixels that it then chooses by index and size."""
EMPTY = "an empty frame"
CHECKED = 12
"""Galaxies whose errors are looked at."""


def model(galaxy: Mapping[str, float], side: int, settings: Mapping[str, bool]) -> dict[str, object]:
    """Its radius is the semi-major axis's, its angle from +y and its magnitude's zero point 0."""
    sersic = {
        "xcen": galaxy["x"] + side / 2,
        "ycen": galaxy["y"] + side / 2,
        "mag": -2.5 * np.log10(galaxy["flux"]),
        "nser": galaxy["index"],
        "re": galaxy["half_light_radius"] / np.sqrt(galaxy["axis_ratio"]),
        "ang": galaxy["angle"] - 90,
        "axrat": galaxy["axis_ratio"],
    }
    return {"width": side, "height": side, "profiles": {"sersic": [sersic | settings]}}


def against(title: str, made: lm.Recipe, ours: tuple[Work, int], rows: Rows, rounds: int) -> Iterator[str]:
    """Rows of the table: times, less those of an empty frame, and errors."""
    import pyprofit

    side = made.shape[0]

    def draws(settings: Mapping[str, bool]) -> Work:
        galaxies = rows()
        return lambda: pyprofit.make_model(model(next(galaxies), side, settings))

    empty = {"width": side, "height": side, "profiles": {}}
    theirs = {name: (draws(settings), 1) for name, settings in SETTINGS.items()}
    found = medians({"ours": ours, EMPTY: (lambda: pyprofit.make_model(empty), 1), **theirs}, rounds)
    for name in SETTINGS:
        micros = found[name] - found[EMPTY]
        yield f"| {title} | {found['ours']:.3g} | {name} | {micros:.3g} | **{micros / found['ours']:.3g}** |"
    mine, *others = errors(made, rows).items()
    for name, error in others:
        ratio = error / mine[1]
        yield f"| worst error of {CHECKED}, over the peak | {mine[1]:.1e} | {name} | {error:.1e} | **{ratio:.3g}** |"


def errors(made: lm.Recipe, rows: Rows) -> dict[str, float]:
    """The largest deviations from the slow and obvious float64, over the brightest pixel."""
    import pyprofit

    side = made.shape[0]
    worst = {"ours": 0.0} | dict.fromkeys(SETTINGS, 0.0)
    for galaxy, image in zip(rows(), lm.generate(made, 0, CHECKED).images, strict=False):
        truth, _ = COVERAGE["sersic"](galaxy, Frame(side, side))
        images = {"ours": image}
        for name, settings in SETTINGS.items():
            images[name] = np.array(pyprofit.make_model(model(galaxy, side, settings)))
        for name, drawn in images.items():
            worst[name] = max(worst[name], float(np.abs(drawn - truth).max() / truth.max()))
    return worst
