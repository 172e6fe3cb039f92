"""Derivatives and information behind PSFs that are pictures: against slow truths, closed forms and analytic PSFs."""

import functools
from unittest import mock

import convolved
import numpy as np
import pytest
from scipy.interpolate import CubicSpline
from test_derivatives import five_point, worst
from test_psf_image import quintic, transform, uneven

import lightmill as lm

SCALE = 0.2
GALAXY = {"flux": 7.0, "index": 1.7, "half_light_radius": 0.4, "x": 0.13, "y": -0.31, "g1": 0.2, "g2": -0.1}
NAMES = [f"galaxy.{name}" for name in GALAXY]


def recipe(psf, objects, size=(24, 27), **rest):
    return lm.load(
        {
            "image": {"size": list(size), "pixel_scale": SCALE, "accuracy": 1e-5},
            "psf": psf,
            "objects": objects,
            "noise": [{"gaussian": {"sigma": 1}}],
            **rest,
        }
    )


def picture(pixels, step=None, **rest):
    """Return a picture of pixels of their own scale, or of the image's and with its response."""
    own = {"includes_pixel": True} if step is None else {"pixel_scale": step, "includes_pixel": False}
    return {"image": {"pixels": pixels, **own, **rest}}


@functools.cache
def spline(transform, argument):
    nodes = np.exp(np.linspace(np.log(1e-3), np.log(1e3), 700))
    return CubicSpline(np.log(nodes), transform(argument, nodes))


def slow(psf, name, value):
    """Render the galaxy with one value changed, by the slow truth in a short period up to a high frequency."""
    tables = {"tabulated": lambda transform, argument, q: spline(transform, argument)(np.log(q))}
    with mock.patch.multiple(convolved, PERIOD=96, NYQUISTS=6, **tables):
        return convolved.image(24, 27, SCALE, {**GALAXY, name: value}, psf)


@pytest.mark.parametrize(("interpolation", "step"), [("quintic", 0.13), ("cubic", 0.2), ("linear", 0.17)])
def test_derivatives_are_differences_of_the_slow_truth(interpolation, step):
    psf = picture(uneven(), step, interpolation=interpolation)
    found = lm.derivatives(recipe(psf, [{"sersic": {"name": "galaxy", **GALAXY}}]), {}, names=NAMES)[0]
    at = transform(uneven(), step, interpolation)
    for (name, value), slopes in zip(GALAXY.items(), found, strict=True):
        truth = five_point(lambda value, name=name: slow(at, name, value), value, 0.02 * max(abs(value), 0.3))
        assert worst(slopes, truth) < 2e-5, name


def test_a_star_moves_over_an_effective_psf_as_its_interpolant_does():
    star, size = {"flux": 3.0, "x": 0.13, "y": -0.31}, (17, 21)
    psf = picture(uneven())
    found = lm.derivatives(recipe(psf, [{"star": star}], size), {}, names=["star.flux", "star.x", "star.y"])[0]

    def lines(x, y):
        places = zip((y, x), size, strict=True)
        return (quintic((np.arange(n) - at / SCALE)[:, None] - np.arange(n)) for at, n in places)

    def image(flux, x, y):
        along_y, along_x = lines(x, y)
        return flux * along_y @ uneven() @ along_x.T / uneven().sum()

    for i, (name, value) in enumerate(star.items()):
        truth = five_point(lambda value, name=name: image(**{**star, name: value}), value, 1e-4)
        # The interpolant's third derivative jumps at every pixel: frequencies that are left out count here.
        assert worst(found[i], truth) < 5e-5, name


def sampled(brightness, step, half):
    """Return a centred picture of a radial brightness."""
    y, x = np.indices((2 * half + 1, 2 * half + 1)) - half
    return brightness(step * np.hypot(x, y))


PSFS = {
    # Cut at 8 standard deviations; a picture keeps its pixels in float32.
    "gaussian": ({"gaussian": {"sigma": 0.3}}, lambda r: np.exp(-0.5 * (r / 0.3) ** 2), 0.04, 60, 1e-6),
    # Cut at 24 scale radii, beyond which 1.3e-7 of the light is.
    "moffat": ({"moffat": {"gamma": 0.5, "beta": 3.5}}, lambda r: (1 + (r / 0.5) ** 2) ** -3.5, 0.08, 150, 1e-5),
}


@pytest.mark.parametrize("name", list(PSFS))
def test_a_fine_picture_of_a_psf_tells_what_the_psf_tells(name):
    analytic, brightness, step, half, limit = PSFS[name]
    objects = [{"sersic": {"name": "galaxy", **GALAXY, "flux": 900}}]
    noise = ["poisson", {"gaussian": {"sigma": 1}}]
    psfs = [analytic, picture(sampled(brightness, step, half), step)]
    one, other = (lm.fisher(recipe(psf, objects, noise=noise), 0, 1, names=NAMES) for psf in psfs)
    scale = np.sqrt(np.outer(*[np.diag(one.fisher[0])] * 2))
    assert np.abs((other.fisher[0] - one.fisher[0]) / scale).max() < limit
    assert other.crb == pytest.approx(one.crb, rel=10 * limit)


def test_information_behind_pictures_is_symmetric_and_positive():
    drawn = {"name": "galaxy", "random": True, "x": {"uniform": [-1, 1]}, "y": {"uniform": [-1, 1]}}
    made = recipe(picture(uneven(), 0.13), [{"sersic": {**drawn, "flux": {"uniform": [500, 5000]}}}], seed=3)
    told = lm.fisher(made, 0, 12, names=NAMES)
    assert (told.fisher == told.fisher.transpose(0, 2, 1)).all()
    scale = np.sqrt(np.einsum("nii->ni", told.fisher))
    assert np.linalg.eigvalsh(told.fisher / scale[:, :, None] / scale[:, None, :]).min() > 0


def test_weights_of_pictures_in_sums():
    parts = [
        {"image": {**picture(uneven(), 0.13)["image"], "weight": 3}},
        {"moffat": {"fwhm": 1, "beta": 3, "weight": 1.5}},
    ]
    made = recipe({"sum": parts}, [{"sersic": {"name": "galaxy", **GALAXY}}])
    names = ["psf.image.weight", "psf.moffat.weight", "psf.moffat.fwhm", "galaxy.x"]
    found = lm.derivatives(made, {}, names=names)[0]
    for name, slopes, value in zip(names, found, [3, 1.5, 1, 0.13], strict=True):
        h = 0.02 * value
        steps = value + h * np.array([-2, -1, 1, 2])
        images = lm.render(made, {name: steps}, samples=[0] * 4, noise=False).astype(float)
        truth = ((images[0] - images[3]) - 8 * (images[1] - images[2])) / (12 * h)
        assert np.abs(slopes - truth).max() < 1e-3 * np.abs(truth).max() + 1e-5 * images.max() / h, name
    # The light is shared, so that both weights grow together without effect.
    assert 3 * found[0] + 1.5 * found[1] == pytest.approx(0, abs=1e-12)
