"""Galaxies in large frames, about the edge and behind faint noise, against the slow truth."""

import numpy as np
import pytest
from convolved import image

import lightmill as lm

SCALE = 0.23


def gaussian(fwhm):
    """Give the transform of a Gaussian PSF."""
    sigma = fwhm / np.sqrt(8 * np.log(2))
    return lambda kx, ky: np.exp(-0.5 * sigma**2 * (kx**2 + ky**2))


def ours(shape, profile, psf, **rest):
    picture = {"size": list(shape), "pixel_scale": SCALE, **rest.pop("image", {})}
    return lm.load({"image": picture, "psf": psf, "objects": [{"sersic": profile}], **rest})


@pytest.mark.parametrize("accuracy", [1e-3, 1e-4])
@pytest.mark.parametrize(
    ("shape", "profile", "psf"),
    [
        ((256, 200), {"index": 1.5, "half_light_radius": 2.0, "g1": 0.3, "g2": 0.2, "x": 3.1, "y": -7}, "gaussian"),
        ((128, 128), {"index": 4, "half_light_radius": 0.8, "g1": -0.2, "g2": 0.5, "x": 14.5, "y": -10}, "moffat"),
        ((48, 40), {"index": 2.5, "half_light_radius": 0.7, "g1": 0.4, "g2": -0.2, "x": 5.2, "y": 1}, "moffat"),
        ((30, 64), {"index": 6, "half_light_radius": 0.5, "g1": 0.6, "g2": 0.3, "x": 0, "y": 0}, "gaussian"),
        ((16, 16), {"index": 0.5, "half_light_radius": 0.6, "g1": -0.7, "g2": 0.2, "x": 0.1, "y": 0}, "gaussian"),
    ],
)
def test_frames_of_all_sizes_and_objects_about_their_edge(shape, profile, psf, accuracy):
    profile = {"flux": 1, **profile}
    fwhm = 0.6
    said, truth = ({psf: {"fwhm": fwhm}}, gaussian(fwhm))
    if psf == "moffat":
        said, truth = ({psf: {"fwhm": fwhm, "beta": 3}}, {"fwhm": fwhm, "beta": 3})
    found = lm.generate(ours(shape, profile, said, image={"accuracy": accuracy}), 0, 1).images[0]
    expected = image(*shape, SCALE, profile, truth)
    peak = image(9, 9, SCALE, {**profile, "x": 0, "y": 0}, truth).max()
    assert np.abs(found - expected).max() < accuracy * peak
    assert abs(float(found.sum(dtype=float)) - expected.sum()) < 10 * accuracy


def test_no_pixel_is_further_off_than_a_twentieth_of_the_background_s_noise():
    """A peak of some 3,000 sigma: 1e-4 of it would be six times too much."""
    profile = {"flux": 5e4, "index": 1, "half_light_radius": 0.6, "g1": 0.4, "g2": 0.3, "x": 0.3, "y": -0.1}
    psf = {"moffat": {"fwhm": 0.7, "beta": 2}}
    truth = image(64, 64, SCALE, profile, {"fwhm": 0.7, "beta": 2})
    rest = {"noise": [{"gaussian": {"sigma": 0.3}}], "save": ["noiseless"]}
    found = lm.generate(ours((64, 64), profile, psf, **rest), 0, 1).noiseless[0]
    bare = lm.generate(ours((64, 64), profile, psf), 0, 1).images[0]
    assert truth.max() > 2000 * 0.3
    assert np.abs(found - truth).max() < 0.05 * 0.3
    assert np.abs(bare - truth).max() > np.abs(found - truth).max()


@pytest.mark.parametrize("kind", [{"gaussian": {}}, {"moffat": {"beta": 2.5}}, {"airy": {}}])
@pytest.mark.parametrize("fwhm", [1e3, 1e4, 1e6, 1e9])
def test_behind_a_psf_far_wider_than_the_frame_next_to_no_light_is_left(kind, fwhm):
    ((name, body),) = kind.items()
    psf = {name: {**body, ("lam_over_diam" if name == "airy" else "fwhm"): fwhm}}
    for galaxy in ({"index": 1, "half_light_radius": 3}, {"index": 6, "half_light_radius": 10}):
        recipe = lm.load({"image": {"size": 64}, "psf": psf, "objects": [{"sersic": {"flux": 1, **galaxy}}]})
        image = lm.generate(recipe, 0, 1).images
        # A Gaussian has 0.88/fwhm^2 in its middle, and the others less.
        assert np.abs(image).max() < 0.9 / fwhm**2 + 1e-7
