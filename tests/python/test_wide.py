"""Galaxies of all sizes in frames beyond 64 pixels, anywhere in them, against GalSim at its best."""

import numpy as np
import pytest
from convolved import GALSIM_AT_ITS_BEST

import lightmill as lm

KINDS = ("gaussian", "moffat", "sum")
NUMBERS = (1, 3, 4, 5, 10, 11, 12, 13)
"""Scenes that GalSim at its best needs no transform above 900 x 900 for: a second each at most."""


def log_uniform(rng, low, high):
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def part(rng, kind):
    """Draw a PSF, its widths in pixels."""
    size, twice = rng.uniform(0, 0.3), rng.uniform(0, 2 * np.pi)
    shape = {"fwhm": log_uniform(rng, 1, 8), "g1": size * np.cos(twice), "g2": size * np.sin(twice)}
    return {kind: shape | ({"beta": rng.uniform(2, 5)} if kind == "moffat" else {})}


def scene(number):
    """Draw a frame, a galaxy within it, and the parts of a PSF with their weights."""
    rng = np.random.default_rng(number)
    kind = KINDS[number % len(KINDS)]
    rows, columns = (int(log_uniform(rng, 65, 257)) for _ in range(2))
    size, twice = rng.uniform(0, 0.8), rng.uniform(0, 2 * np.pi)
    galaxy = {
        "flux": 1,
        "index": rng.uniform(0.3, 6.2),
        "half_light_radius": log_uniform(rng, 0.3, 10),
        "g1": size * np.cos(twice),
        "g2": size * np.sin(twice),
        "x": rng.uniform(-0.5, 0.5) * columns,
        "y": rng.uniform(-0.5, 0.5) * rows,
    }
    kinds = ("gaussian", "moffat") if kind == "sum" else (kind,)
    weights = (1.0, rng.uniform(0.05, 1))
    return (rows, columns), galaxy, [(part(rng, one), weight) for one, weight in zip(kinds, weights, strict=False)]


def ours(shape, galaxy, parts, accuracy):
    psf = {"sum": [{key: values | {"weight": w}} for one, w in parts for key, values in one.items()]}
    image = {"size": list(shape), "accuracy": accuracy}
    return lm.generate(lm.load({"image": image, "psf": psf, "objects": [{"sersic": galaxy}]}), 0, 1).images[0]


def by_galsim(shape, galaxy, parts):
    galsim = pytest.importorskip("galsim")
    best = galsim.GSParams(**GALSIM_AT_ITS_BEST)

    def sheared(light, values):
        return light.shear(g1=values["g1"], g2=values["g2"])

    def blur(key, values):
        beta = {"beta": values["beta"]} if key == "moffat" else {}
        return sheared({"gaussian": galsim.Gaussian, "moffat": galsim.Moffat}[key](fwhm=values["fwhm"], **beta), values)

    profile = galsim.Sersic(n=galaxy["index"], half_light_radius=galaxy["half_light_radius"])
    psf = galsim.Add([w * blur(*item) for one, w in parts for item in one.items()]) / sum(w for _, w in parts)
    both = galsim.Convolve([sheared(profile, galaxy), psf]).withGSParams(best)
    rows, columns = shape
    return both.drawImage(nx=columns, ny=rows, scale=1, offset=(galaxy["x"], galaxy["y"]), dtype=float).array


@pytest.mark.parametrize("number", NUMBERS)
def test_large_frames_are_as_exact_as_was_asked_for(number):
    truth = by_galsim(*scene(number))
    for accuracy in (1e-3, 1e-4):
        found = ours(*scene(number), accuracy)
        assert np.abs(found - truth).max() < accuracy * truth.max()
        assert abs(float(found.sum(dtype=float)) - truth.sum()) < 10 * accuracy
