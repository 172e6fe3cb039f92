"""Galaxies through a PSF, by us and by GalSim."""

from collections.abc import Iterator

from contest import Work, counter, installed, table
from galaxies import SIDE, ours

import lightmill as lm

ROWS = 1000
EACH, FEW = 25, 5
"""Galaxies a call: with 9 rounds and one more that is thrown away, 250 of them."""


DRAWN = {"uniform": [0.5, 1.0]}
"""Width of the PSF in arcseconds, as in the study."""


def study(noise: bool, index: object = None, fwhm: object = DRAWN, centre: object = 0) -> lm.Recipe:
    """The measurement study's galaxies, of one index or of an index each; without one they are exponential."""
    galaxy = {
        "x": centre,
        "y": centre,
        "flux": {"uniform": [3e4, 4e5]},
        "half_light_radius": {"uniform": [0.1, 0.6]},
        "shear": {"magnitude": {"uniform": [0, 0.67]}, "angle": {"uniform": [0, 180]}},
        **({"index": index} if index else {}),
    }
    layers = ["poisson", {"gaussian": {"sigma": 300}}] if noise else []
    psf = {"moffat": {"fwhm": fwhm, "beta": 2}}
    image = {"size": SIDE, "pixel_scale": 0.23}
    objects = [{"sersic" if index else "exponential": {"name": "galaxy", **galaxy}}]
    return lm.load({"name": "galaxies", "image": image, "psf": psf, "objects": objects, "noise": layers})


def galsim_galaxies(recipe: lm.Recipe, noise: bool, first: int) -> Work:
    """Some of the same galaxies by GalSim, other ones in every call.

    GalSim keeps what it has worked out of its last 100 indices: a contest that begins at the same row as one before
    it would find there what that one left.
    """
    import galsim

    drawn = lm.parameters(recipe, first, first + ROWS)
    row = counter()
    layer = galsim.CCDNoise(galsim.BaseDeviate(1), gain=1.0, read_noise=300.0)

    def draw(i: int) -> None:
        p = {name.removeprefix("galaxy."): values[i] for name, values in drawn.items()}
        light = {"half_light_radius": p["half_light_radius"], "flux": p["flux"]}
        profile = galsim.Sersic(n=p["index"], **light) if "index" in p else galsim.Exponential(**light)
        psf = galsim.Moffat(beta=2, fwhm=p["psf.fwhm"])
        both = galsim.Convolve([profile.shear(g1=p["g1"], g2=p["g2"]), psf])
        image = both.drawImage(nx=SIDE, ny=SIDE, scale=0.23, offset=(p["x"] / 0.23, p["y"] / 0.23))
        if noise:
            image.addNoise(layer)

    return lambda: [draw(row() % ROWS) for _ in range(EACH)]


def behind_psf(rounds: int) -> Iterator[str]:
    """Galaxies through a PSF: an index for all, whose tables GalSim then has, and an index each."""
    if not installed("galsim"):
        return
    each = {"uniform": [0.5, 6]}
    cases = (
        ("Sérsic galaxy through a Moffat PSF, one index", {"index": 3.0}),
        ("Sérsic galaxy through a Moffat PSF, an index each", {"index": each}),
        ("Sérsic galaxy through one Moffat PSF, one index", {"index": 3.0, "fwhm": 0.7}),
        ("Sérsic galaxy anywhere about the middle, one index", {"index": 3.0, "centre": {"uniform": [-0.5, 0.5]}}),
        ("exponential galaxy through a Moffat PSF", {}),
    )
    first = 0
    for noise in (False, True):
        for said, rest in cases:
            recipe = study(noise, **rest)
            contest = {"ours": ours(recipe), "GalSim": (galsim_galaxies(recipe, noise, first), EACH)}
            layers = "with noise" if noise else "noiseless"
            yield from table(f"{SIDE}×{SIDE} {said}, {layers}", contest, rounds)
            first += ROWS
    task = lm.load("bulge-disk-sdss")
    contest = {"ours": ours(task, 32), "GalSim": (galsim_bulge_disks(task), FEW)}
    title = f"{task.shape[0]}×{task.shape[1]} bulge + disk through a Gaussian PSF, with noise"
    yield from table(title, contest, rounds, {"the aim, 5,000 a second": 200.0})


def galsim_bulge_disks(recipe: lm.Recipe) -> Work:
    """Some of a task's galaxies by GalSim, other ones in every call; its cache knows both indices."""
    import galsim

    drawn = lm.parameters(recipe, 0, ROWS)
    row = counter()
    layer = galsim.GaussianNoise(galsim.BaseDeviate(1), sigma=0.02)
    psf = galsim.Gaussian(fwhm=1.3)

    def part(p: dict[str, float], name: str) -> object:
        profile = galsim.Sersic(n=p[f"{name}.index"], half_light_radius=p[f"{name}.half_light_radius"])
        profile = profile.withFlux(p[f"{name}.flux"]).shear(g1=p[f"{name}.g1"], g2=p[f"{name}.g2"])
        return profile.shift(p["x"] + p[f"{name}.x"], p["y"] + p[f"{name}.y"])

    def draw(i: int) -> None:
        p = {name.removeprefix("galaxy."): float(values[i]) for name, values in drawn.items()}
        both = galsim.Convolve([galsim.Sum([part(p, name) for name in ("disk", "bulge")]), psf])
        image = both.drawImage(nx=recipe.shape[1], ny=recipe.shape[0], scale=0.396)
        image += p["sky.level"]
        image.addNoise(layer)

    return lambda: [draw(row() % ROWS) for _ in range(FEW)]
