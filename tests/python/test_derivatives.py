"""Derivatives of images: against differences of the slow truth, of GalSim, of the renderer; the chain rule."""

import functools
import json
from unittest import mock

import convolved
import numpy as np
import pytest
from scipy.interpolate import CubicSpline

import lightmill as lm
from lightmill import _core

SCALE = 0.23
GALAXY = {"flux": 7.0, "index": 2.3, "half_light_radius": 0.4, "x": 0.1, "y": -0.21, "g1": 0.25, "g2": -0.1}
PSF = {"fwhm": 0.8, "beta": 2.7}
TABLES = json.loads(_core.tables())
PROFILES = {one["name"]: one for one in TABLES["objects"] if one["family"] == "profile" and not one["parts"]}
SHAPES = {model["name"]: model for model in TABLES["objects"] if model["family"] == "shape"}
SAID = {
    **{"flux": 500.0, "magnitude": 18.3, "surface_brightness": 9.0, "x": 0.7, "y": -1.2},
    **{"g1": 0.2, "g2": -0.15, "shear.magnitude": 0.3, "shear.angle": 33.0, "axis_ratio": 0.6, "angle": 71.0},
    **{"position_angle": 20.0, "index": 1.7, "half_light_radius": 2.6, "semi_major_half_light_radius": 3.1},
    **{"fwhm": 4.4, "sigma": 2.1, "gamma": 3.3, "beta": 2.9},
}
"""A value for every parameter of a profile or a PSF."""


def five_point(f, at, h):
    """Differentiate by a five-point difference."""
    return ((f(at - 2 * h) - f(at + 2 * h)) - 8 * (f(at - h) - f(at + h))) / (12 * h)


def worst(found, truth):
    return np.abs(found - truth).max() / np.abs(truth).max()


def galaxy_recipe():
    return lm.load(
        {
            "image": {"size": [24, 27], "pixel_scale": SCALE, "accuracy": 1e-5},
            "psf": {"moffat": dict(PSF)},
            "objects": [{"sersic": {"name": "galaxy", **GALAXY}}],
            "noise": [{"gaussian": {"sigma": 1}}],
        }
    )


@functools.cache
def spline(transform, argument):
    nodes = np.exp(np.linspace(np.log(1e-3), np.log(1e3), 700))
    return CubicSpline(np.log(nodes), transform(argument, nodes))


def slow(name, value):
    """Render the galaxy with one value changed, by the slow truth in a short period."""
    galaxy, psf = dict(GALAXY), dict(PSF)
    (psf if name in psf else galaxy)[name] = value
    tables = {"tabulated": lambda transform, argument, q: spline(transform, argument)(np.log(q))}
    with mock.patch.multiple(convolved, PERIOD=128, **tables):
        return convolved.image(24, 27, SCALE, galaxy, psf)


@pytest.fixture(scope="module")
def ours():
    names = [f"galaxy.{name}" for name in GALAXY] + ["psf.fwhm", "psf.beta"]
    return dict(zip([*GALAXY, *PSF], lm.derivatives(galaxy_recipe(), {}, names=names)[0], strict=True))


@pytest.mark.parametrize("name", [*GALAXY, *PSF])
def test_derivatives_are_differences_of_the_slow_truth(name, ours):
    at = {**GALAXY, **PSF}[name]
    truth = five_point(lambda value: slow(name, value), at, 0.02 * max(abs(at), 0.3))
    assert worst(ours[name], truth) < 3e-5


@pytest.mark.parametrize(("name", "limit"), [("index", 1e-4), ("half_light_radius", 2e-5), ("g1", 2e-5), ("x", 2e-5)])
def test_derivatives_are_differences_of_galsim(name, limit, ours):
    galsim = pytest.importorskip("galsim")
    best = galsim.GSParams(kvalue_accuracy=1e-8, maxk_threshold=2e-5, folding_threshold=2e-4, maximum_fft_size=16384)

    def image(value):
        values = {**GALAXY, name: value}
        profile = galsim.Sersic(n=values["index"], half_light_radius=values["half_light_radius"], gsparams=best)
        profile = profile.shear(g1=values["g1"], g2=values["g2"]).withFlux(values["flux"])
        both = galsim.Convolve([profile, galsim.Moffat(**PSF, gsparams=best)], gsparams=best)
        offset = (values["x"] / SCALE, values["y"] / SCALE)
        return both.drawImage(nx=27, ny=24, scale=SCALE, offset=offset, dtype=float).array

    assert worst(ours[name], five_point(image, GALAXY[name], 0.03 * max(abs(GALAXY[name]), 1))) < limit


def ways_of(model):
    """Each way of each group once, the others in their first."""
    for ways in model["ways"]:
        for way in ways["ways"]:
            yield [*way, *(name for other in model["ways"] if other is not ways for name in other["ways"][0])]


def nested(names):
    said = {}
    for name in names:
        group, _, key = name.rpartition(".")
        (said.setdefault(group, {}) if group else said)[key] = SAID[name]
    return said


def cases():
    for name, model in PROFILES.items():
        in_ways = {one for ways in model["ways"] for way in ways["ways"] for one in way}
        free = [one["name"] for one in model["parameters"] if one["name"] not in in_ways]
        for way in ways_of(model):
            for psf in [None, "gaussian"] if not model["needs_psf"] else ["moffat"]:
                yield pytest.param(name, [*free, *dict.fromkeys(way)], psf, id=f"{name}-{'-'.join(way[:2])}-{psf}")


@pytest.mark.parametrize(("model", "names", "psf"), list(cases()))
def test_every_way_of_saying_a_profile_has_derivatives(model, names, psf):
    recipe = {
        "image": {"size": [20, 23], "accuracy": 1e-5} if psf else {"size": [20, 23]},
        "zero_point": 25,
        "objects": [{model: nested(names)}],
        "noise": [{"gaussian": {"sigma": 1}}],
    }
    psf_names = []
    if psf:
        widths = {"gaussian": ["fwhm", "g1", "g2"], "moffat": ["gamma", "beta", "axis_ratio", "angle"]}[psf]
        recipe["psf"] = {psf: nested(widths)}
        psf_names = [f"psf.{name}" for name in widths]
    columns = [*(f"{model}.{name}" for name in names), *psf_names]
    assert_differences(lm.load(recipe), columns, 3e-3)


def assert_differences(recipe, columns, limit):
    found = lm.derivatives(recipe, {}, names=columns)[0]
    drawn = lm.parameters(recipe, 0, 1)
    for name, slopes in zip(columns, found, strict=True):
        at = float(drawn[name][0])
        h = 0.01 * max(abs(at), 0.3)
        steps = [at - 2 * h, at - h, at + h, at + 2 * h]
        images = lm.render(recipe, {name: steps}, samples=[0] * 4, noise=False).astype(float)
        truth = ((images[0] - images[3]) - 8 * (images[1] - images[2])) / (12 * h)
        assert np.abs(slopes - truth).max() < limit * np.abs(truth).max() + 1e-5 * images.max() / h, name


def test_values_follow_through_expressions_and_repeats():
    recipe = lm.load(
        {
            "image": {"size": 24, "accuracy": 1e-5},
            "let": {"total": {"uniform": [500, 600]}, "tilt": "= 30 + total / 20", "size": {"normal": [2, 0.1]}},
            "psf": {"gaussian": {"fwhm": "= 1.5 * size"}},
            "objects": [
                {"sersic": {"name": "disk", "flux": "= 0.7 * total", "index": 1, "half_light_radius": "= 1.3 * size",
                            "axis_ratio": 0.5, "angle": "= tilt", "x": {"uniform": [-2, 2]}}},
                {"sersic": {"name": "bulge", "flux": "= total - disk.flux", "index": "= min(4, 2 * size)",
                            "half_light_radius": 1.2, "x": "= disk.x + 0.5", "y": "= disk.x ** 2 / 8"}},
                {"star": {"repeat": 3, "flux": "= 0.1 * total ** 1.1", "x": {"uniform": [-8, 8]}}},
            ],
            "noise": [{"gaussian": {"sigma": 1}}],
        }
    )  # fmt: skip
    assert_differences(recipe, ["total", "size", "disk.x", "tilt", "disk.g1", "bulge.index"], 3e-3)


PSFS = {
    "airy": ({"airy": {"fwhm": 2.4, "obscuration": 0.3, "g1": 0.1}}, ["fwhm", "obscuration", "g1"]),
    "telescope": ({"airy": {"lam_over_diam": 2.1, "obscuration": 0.2}}, ["lam_over_diam", "obscuration"]),
    "sum": (
        {"sum": [{"moffat": {"fwhm": 2.2, "beta": 3, "weight": 0.8}}, {"gaussian": {"fwhm": 6, "weight": 0.3}}]},
        ["moffat.fwhm", "moffat.weight", "gaussian.fwhm", "gaussian.weight"],
    ),
}


@pytest.mark.parametrize("name", list(PSFS))
def test_psfs_of_telescopes_and_sums_have_derivatives(name):
    psf, names = PSFS[name]
    recipe = lm.load(
        {
            "image": {"size": [21, 18], "accuracy": 1e-5},
            "psf": psf,
            "objects": [
                {"sersic": {"flux": 900, "index": 1.4, "half_light_radius": 2, "x": 0.8, "y": -0.3, "g2": 0.2}}
            ],
            "noise": [{"gaussian": {"sigma": 1}}],
        }
    )
    own = [f"sersic.{name}" for name in ("flux", "index", "half_light_radius", "g2", "x")]
    assert_differences(recipe, [*own, *(f"psf.{name}" for name in names)], 3e-3)


@pytest.mark.parametrize("psf", [{}, {"psf": {"gaussian": {"fwhm": 2}}}])
@pytest.mark.parametrize("light", [{"flux": 900, "bulge_to_total": 0.3}, {}])
def test_bulges_and_disks_have_derivatives(light, psf):
    disk = {"half_light_radius": 3, "index": 1, "axis_ratio": 0.6, "angle": 30}
    bulge = {"half_light_radius": 1, "index": 2.5, "g1": 0.1, "g2": 0, "x": 0.3}
    if not light:
        disk, bulge = {**disk, "flux": 600}, {**bulge, "flux": 250}
    galaxy = {"name": "galaxy", "x": 0.4, "y": -0.7, **light, "disk": disk, "bulge": bulge}
    recipe = lm.load(
        {
            "image": {"size": [19, 22], **({"accuracy": 1e-5} if psf else {})},
            **psf,
            "objects": [{"bulge_disk": galaxy}],
            "noise": [{"gaussian": {"sigma": 1}}],
        }
    )
    told = [*light] or ["disk.flux", "bulge.flux"]
    names = [
        *told,
        "x",
        "disk.half_light_radius",
        "disk.axis_ratio",
        "disk.angle",
        "bulge.index",
        "bulge.x",
        "bulge.g1",
    ]
    assert_differences(recipe, [f"galaxy.{name}" for name in names], 3e-3)


def test_light_wider_than_the_psf_is_drawn_without_it_and_so_are_its_derivatives():
    profile = {"flux": 1e6, "index": 4, "half_light_radius": 20_000, "g1": 0.2}
    recipe = lm.load(
        {
            "image": {"size": 16},
            "psf": {"gaussian": {"fwhm": 2}},
            "objects": [{"sersic": {"name": "halo", **profile}}],
            "noise": [{"gaussian": {"sigma": 1}}],
        }
    )
    assert_differences(recipe, ["halo.flux", "halo.half_light_radius", "halo.g1"], 5e-3)


@pytest.mark.parametrize("name", list(SHAPES))
def test_shapes_are_proportional_to_their_intensity(name):
    recipe = lm.load(
        {"image": {"size": 20}, "objects": [{name: {"random": True}}], "noise": [{"gaussian": {"sigma": 1}}]}
    )
    found = lm.derivatives(recipe, {}, names=[f"{name}.intensity"])[0, 0]
    assert found == pytest.approx(lm.render(recipe, {f"{name}.intensity": [1.0]}, noise=False)[0], abs=1e-6)


def test_a_sky_that_stays_in_the_image_is_seen():
    recipe = {"image": {"size": 8}, "objects": [], "sky": {"level": 5, "subtract": False}, "noise": ["poisson"]}
    assert (lm.derivatives(recipe, {}, names=["sky.level"]) == 1).all()


def test_many_galaxies_are_as_one():
    """The lattice's kernels and tables are kept from image to image, and change nothing."""
    recipe = galaxy_recipe()
    names = ["galaxy.index", "psf.fwhm"]
    given = {"galaxy.half_light_radius": np.linspace(0.1, 2, 12), "galaxy.index": np.tile([0.5, 3, 6], 4)}
    together = lm.derivatives(recipe, given, names=names, threads=2)
    for i in range(12):
        alone = lm.derivatives(
            recipe, {key: value[i : i + 1] for key, value in given.items()}, names=names, samples=[i]
        )
        assert (alone[0] == together[i]).all()
