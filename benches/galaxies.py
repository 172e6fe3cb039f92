"""Sérsic galaxies of 64 by 64 pixels against DeepBench's, and against libprofit's."""

from collections.abc import Iterator, Mapping

import libprofit
import numpy as np
from contest import Contest, Work, counter, installed, table

import lightmill as lm

SIDE = 64
BATCH = 256
RADIUS = 3
"""Half of the light is within so many pixels."""
LIBPROFIT = {1: 180.0, 2.5: 610.0, 4: 7300.0, 6: 9600.0}
"""Microseconds an image by index at this radius, as published, where libprofit is not installed."""


def recipe(index: float, noise: bool) -> lm.Recipe:
    """Every galaxy has an index of its own about the one that is named, so that nothing is at hand from the last."""
    varied = {
        "index": {"uniform": [index - 0.05, index + 0.05]},
        "axis_ratio": {"uniform": [0.3, 1]},
        "angle": {"uniform": [0, 180]},
    }
    return load(varied, [{"gaussian": {"sigma": 3}}] if noise else [])


def load(said: Mapping[str, object], noise: list[object]) -> lm.Recipe:
    galaxy = {
        "x": {"uniform": [-2, 2]},
        "y": {"uniform": [-2, 2]},
        "flux": {"uniform": [1e3, 1e5]},
        "half_light_radius": RADIUS,
        **said,
    }
    return lm.load({"name": "galaxy", "image": {"size": SIDE}, "objects": [{"sersic": galaxy}], "noise": noise})


def galaxies(rounds: int) -> Iterator[str]:
    """Rows of the table."""
    for index in LIBPROFIT:
        noisy: Contest = {"ours": ours(recipe(index, True))}
        if installed("deepbench"):
            noisy = {**noisy, "DeepBench, point-sampled": (deepbench_galaxy(index), 1)}
        yield from table(f"{SIDE}×{SIDE} Sérsic, n = {index}, Gaussian noise", noisy, rounds)
    for index, published in LIBPROFIT.items():
        title = f"{SIDE}×{SIDE} Sérsic, n = {index}, r = {RADIUS} px, noiseless"
        yield from noiseless(title, recipe(index, False), published, rounds)
    # What it needs no powers for, and no finer sub-pixels along a thin side.
    title = f"{SIDE}×{SIDE} round exponential, r = {RADIUS} px, noiseless"
    yield from noiseless(title, load({"index": 1, "axis_ratio": 1, "angle": 0}, []), LIBPROFIT[1], rounds)


def noiseless(title: str, made: lm.Recipe, published: float, rounds: int) -> Iterator[str]:
    if installed("pyprofit"):
        yield from libprofit.against(title, made, ours(made), lambda: parameters(made), rounds)
    else:
        yield from table(title, {"ours": ours(made)}, rounds, {"libprofit, as published": published})


def ours(made: lm.Recipe, rows: int = BATCH) -> tuple[Work, int]:
    batch = counter()

    def generate() -> None:
        start = batch() * rows
        lm.generate(made, start, start + rows, threads=1)

    return generate, rows


def parameters(made: lm.Recipe) -> Iterator[Mapping[str, float]]:
    """The rows of our own recipe, without end, so that the peer draws the same galaxies."""
    batch = counter()
    while True:
        start = batch() * BATCH
        drawn = lm.parameters(made, start, start + BATCH, threads=1)
        for i in range(BATCH):
            yield {name.partition(".")[2]: float(values[i]) for name, values in drawn.items()}


def deepbench_galaxy(index: float) -> Work:
    from deepbench.image import SkyImage

    rows = parameters(recipe(index, True))

    def draw() -> np.ndarray:
        p = next(rows)
        image = SkyImage((SIDE, SIDE), object_noise_level=3)
        shape = {"ellipse": 1 - p["axis_ratio"], "theta": np.radians(p["angle"])}
        galaxy = {"radius": RADIUS / np.sqrt(p["axis_ratio"]), "n": p["index"], "amplitude": p["flux"] / 100, **shape}
        return image.combine_objects("galaxy", galaxy, {"center_x": p["x"] + 31.5, "center_y": p["y"] + 31.5}, seed=1)

    return draw
