"""Airy PSFs: against the slow truth, and one of GalSim's."""

import numpy as np
import pytest
from convolved import airy, image

import lightmill as lm

SCALE = 0.05
SIZE = 48


def recipe(psf, objects, size=SIZE, accuracy=1e-4, **rest):
    frame = {"size": size, "pixel_scale": SCALE, "accuracy": accuracy}
    return lm.load({"image": frame, "psf": {"airy": psf}, "objects": objects, **rest})


@pytest.mark.parametrize(
    ("lam_over_diam", "obscuration", "galaxy"),
    [
        (0.1, 0.0, {"index": 1.0, "half_light_radius": 0.3, "g1": 0.2, "g2": -0.3, "x": 0.06, "y": -0.021}),
        (0.07, 0.33, {"index": 2.5, "half_light_radius": 0.15, "g1": -0.3, "g2": 0.1, "x": -0.3, "y": 0.4}),
        (0.2, 0.6, {"index": 0.7, "half_light_radius": 0.1, "g1": 0.0, "g2": 0.0, "x": 0.5, "y": 0.1}),
        (0.4, 0.15, {"x": 0.02, "y": 0.3}),
        (0.05, 0.95, {"x": -0.3, "y": 0.013}),
    ],
)
def test_light_is_as_exact_as_was_asked_for(lam_over_diam, obscuration, galaxy):
    truth = image(SIZE, SIZE, SCALE, {"flux": 1, **galaxy}, airy(lam_over_diam, obscuration))
    psf = {"lam_over_diam": lam_over_diam, "obscuration": obscuration}
    model = "sersic" if "index" in galaxy else "star"
    for accuracy in (1e-3, 1e-4, 1e-5):
        [found] = lm.generate(recipe(psf, [{model: {"flux": 1, **galaxy}}], accuracy=accuracy), 0, 1).images
        assert np.abs(found - truth).max() < accuracy * truth.max()
        assert abs(float(found.sum()) - truth.sum()) < 10 * accuracy


def test_a_star_is_galsim_s():
    """GalSim needs ever larger transforms for what falls as R^-3: here 2.5 s."""
    galsim = pytest.importorskip("galsim")
    best = galsim.GSParams(folding_threshold=2e-4, maxk_threshold=2e-5, kvalue_accuracy=1e-8, maximum_fft_size=16384)
    light = galsim.Airy(lam_over_diam=0.1, gsparams=best).shear(g1=0.1, g2=-0.2)
    truth = light.drawImage(nx=SIZE, ny=SIZE, scale=SCALE, dtype=float).array
    made = recipe({"lam_over_diam": 0.1, "g1": 0.1, "g2": -0.2}, [{"star": {"flux": 1}}], save=["psf"])
    batch = lm.generate(made, 0, 1)
    assert np.abs(batch.images[0] - truth).max() < 1e-4 * truth.max()
    assert np.array_equal(batch.psf[0], batch.images[0])
    assert abs(float(batch.psf[0].sum()) - truth.sum()) < 1e-3


def test_light_comes_back_into_no_frame():
    """The wings fall as R^-3: what a large frame shows, a small one in its middle shows too."""
    psf = {"lam_over_diam": 0.1, "obscuration": 0.3}
    large, small = (
        lm.generate(recipe(psf, [{"star": {"flux": 1, "x": 0.51}}], size), 0, 1).images[0] for size in (512, 32)
    )
    middle = large[240:272, 240:272]
    assert np.abs(middle - small).max() < 1e-4 * small.max()
    assert abs(float(middle.sum() - small.sum())) < 1e-3


def test_widths_and_obscurations_are_drawn():
    psf = {"lam_over_diam": {"uniform": [0.05, 0.1]}, "obscuration": {"uniform": [0, 0.5]}}
    labels = lm.generate(recipe(psf, [{"star": {"flux": 1}}]), 0, 5).labels
    assert list(labels)[:5] == ["psf.fwhm", "psf.obscuration", "psf.g1", "psf.g2", "psf.lam_over_diam"]
    ratio = labels["psf.fwhm"] / labels["psf.lam_over_diam"]
    assert ((ratio > 0.9) & (ratio < 1.029)).all()
    assert (np.argsort(ratio) == np.argsort(-labels["psf.obscuration"])).all()
    hidden = float(labels["psf.obscuration"][0])
    said = recipe({"fwhm": float(ratio[0]), "obscuration": hidden}, [{"star": {"flux": 1}}])
    other = recipe({"lam_over_diam": 1, "obscuration": hidden}, [{"star": {"flux": 1}}])
    assert lm.generate(said, 0, 1).images == pytest.approx(lm.generate(other, 0, 1).images, rel=1e-5)
