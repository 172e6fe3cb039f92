"""What is measured on the noiseless image, against the sums written out."""

import numpy as np
import pytest

import lightmill as lm

RECIPE = {
    "name": "measured",
    "seed": 2,
    "image": {"size": [21, 30], "gain": 1.7},
    "objects": [
        {"sersic": {"name": "galaxy", "flux": {"log_uniform": [10, 1e4]}, "index": 2.5, "half_light_radius": 2}},
        {"rectangle": {"width": 4, "height": 3, "x": {"uniform": [-9, 9]}, "noise": [{"gaussian": {"sigma": 9}}]}},
    ],
    "sky": {"level": {"uniform": [1, 5]}, "subtract": False},
    "noise": [
        "poisson",
        {"gaussian": {"sigma": {"uniform": [1, 2]}}},
        {"gaussian": {"sigma": 0.5}},
        {"poisson": {"mean": 3}},
    ],
    "save": ["noiseless"],
}


def by_hand(batch, gain, background):
    light = batch.noiseless.astype(float)
    variance = np.maximum(background[:, None, None] + light / gain, 0)
    squares = light * light
    return {
        "flux_in_frame": light.sum((1, 2)),
        "snr": np.sqrt(squares.sum((1, 2)) / background),
        "snr_source": np.sqrt((squares / variance).sum((1, 2))),
    }


@pytest.mark.parametrize("threads", [1, 2])
def test_they_are_the_sums_of_their_definition(threads):
    batch = lm.generate(RECIPE, 100, 190, threads=threads)
    label = batch.labels
    background = (
        label["sky.level"] / 1.7
        + label["noise.gaussian.sigma"] ** 2
        + label["noise.gaussian.2.sigma"] ** 2
        + label["noise.counts.mean"] / 1.7
    )
    wanted = by_hand(batch, 1.7, background)
    assert list(batch.measured) == [*wanted, "snr_aperture"]
    for name, values in wanted.items():
        assert batch.measured[name].dtype == np.float64
        np.testing.assert_allclose(batch.measured[name], values, rtol=1e-12, err_msg=name)


def test_the_sky_counts_by_its_photons():
    dark = {
        "name": "m",
        "image": {"size": 9},
        "objects": [{"gaussian": {"flux": 100, "fwhm": 3}}],
        "save": ["noiseless"],
    }
    batch = lm.generate({**dark, "sky": 4}, 0, 1)
    assert batch.measured["snr"][0] == pytest.approx(by_hand(batch, 1.0, np.array([4.0]))["snr"][0], rel=1e-12)


def test_without_background_snr_is_infinite():
    faint = {"name": "m", "image": {"size": 9, "gain": 4}, "objects": [{"gaussian": {"flux": 100, "fwhm": 3}}]}
    for noise in ([], ["poisson"]):
        measured = lm.generate({**faint, "noise": noise}, 0, 1).measured
        assert np.isinf(measured["snr"]).all()
        # Electrons over their square root.
        assert measured["snr_source"][0] == pytest.approx(np.sqrt(4 * measured["flux_in_frame"][0]), rel=1e-12)


def test_a_blank_frame_has_none():
    measured = lm.generate({"name": "m", "image": {"size": 9}, "objects": [], "sky": 4}, 0, 2).measured
    assert {name: list(values) for name, values in measured.items()} == {
        "flux_in_frame": [0, 0],
        "snr": [0, 0],
        "snr_source": [0, 0],
    }


def test_a_shadow_lowers_the_variance_to_that_of_the_noise():
    shadow = {
        "name": "m",
        "image": {"size": 8},
        "objects": [{"rectangle": {"width": 2, "height": 2, "intensity": {"choice": [-1, -6]}}}],
        "sky": 4,
        "noise": ["poisson", {"gaussian": {"sigma": 1}}],
        "save": ["noiseless"],
    }
    batch = lm.generate(shadow, 0, 12)
    level = batch.noiseless.min((1, 2))
    assert set(level) == {-1.0, -6.0}
    wanted = np.where(level == -1, np.sqrt(4 * 1 / (1 + 3)), np.sqrt(4 * 36 / 1))
    np.testing.assert_allclose(batch.measured["snr_source"], wanted, rtol=1e-12)


def test_a_study_s_galaxy_has_the_ratio_of_a_matched_filter():
    """The SNR of a matched filter of known background is that of the best linear estimate of the flux."""
    recipe = {**RECIPE, "objects": RECIPE["objects"][:1], "sky": 0, "noise": [{"gaussian": {"sigma": 2}}]}
    recipe["objects"] = [{"sersic": {"flux": 500, "index": 2.5, "half_light_radius": 2}}]
    batch = lm.generate({**recipe, "realisations": 3000}, 0, 3000)
    template = batch.noiseless[0].astype(float) / 500
    fluxes = (batch.images * template).sum((1, 2)) / (template**2).sum()
    assert batch.measured["snr"][0] == pytest.approx(500 / fluxes.std(), rel=5 / np.sqrt(2 * 3000))


PROFILES = {
    "sersic": ({"index": 2.5, "half_light_radius": 2.5}, 2.5),
    "exponential": ({"half_light_radius": 2.5}, 2.5),
    "de_vaucouleurs": ({"half_light_radius": 2.5}, 2.5),
    "gaussian": ({"fwhm": 5}, 2.5),
    "moffat": ({"gamma": 3, "beta": 2.2}, 3 * np.sqrt(2 ** (1 / 1.2) - 1)),
}


def inside(shape, centre, radius, shear, parts=64):
    """The fraction of each pixel that is within a sheared circle, by counting points of a fine lattice."""
    (rows, columns), (x, y), (g1, g2) = shape, centre, shear
    fine = (np.arange(rows * parts) + 0.5) / parts - rows / 2, (np.arange(columns * parts) + 0.5) / parts - columns / 2
    dy, dx = np.meshgrid(fine[0] - y, fine[1] - x, indexing="ij")
    # The circle's points are those that the shear came from (area-preserving, Bernstein & Jarvis 2002).
    back = np.sqrt(1 - g1**2 - g2**2)
    u, v = ((1 - g1) * dx - g2 * dy) / back, ((1 + g1) * dy - g2 * dx) / back
    return (u * u + v * v <= radius**2).reshape(rows, parts, columns, parts).mean((1, 3))


@pytest.mark.parametrize("model", PROFILES)
def test_the_aperture_is_the_half_light_ellipse(model):
    size, radius = PROFILES[model]
    place = {"x": 1.3, "y": -0.7, "g1": {"choice": [-0.3, 0, 0.2]}, "g2": {"choice": [-0.2, 0, 0.3]}}
    recipe = {**RECIPE, "objects": [{model: {"name": "it", "flux": 5000, **size, **place}}], "sky": 4}
    recipe["noise"] = ["poisson", {"gaussian": {"sigma": 3}}]
    batch = lm.generate(recipe, 0, 5)
    assert list(batch.measured)[-1] == "snr_aperture"
    for row in range(5):
        g1, g2 = batch.labels["it.g1"][row], batch.labels["it.g2"][row]
        weight, light = inside((21, 30), (1.3, -0.7), radius, (g1, g2)), batch.noiseless[row].astype(float)
        wanted = (weight * light).sum() / np.sqrt((weight * (9 + (4 + light) / 1.7)).sum())
        assert batch.measured["snr_aperture"][row] == pytest.approx(wanted, rel=2e-3)
        assert (weight * light).sum() == pytest.approx(2500, rel=0.04)  # the pixels blur it


def test_the_aperture_takes_one_profile_that_every_image_has_once():
    two = [{"gaussian": {"flux": 1, "fwhm": 2}}, {"moffat": {"flux": 1, "fwhm": 2, "beta": 3}}]
    several = [{"gaussian": {"flux": 1, "fwhm": 2, "repeat": 2}}]
    for objects in ([], two, several, [{"rectangle": {"width": 3, "height": 2}}]):
        measured = lm.generate({"name": "m", "image": {"size": 9}, "objects": objects, "sky": 1}, 0, 1).measured
        assert list(measured) == ["flux_in_frame", "snr", "snr_source"]


def test_an_aperture_outside_the_frame_has_no_light():
    far = {
        "name": "m",
        "image": {"size": 9},
        "objects": [{"gaussian": {"flux": 1, "fwhm": 2, "x": {"choice": [-99, 99]}}}],
    }
    far["objects"][0]["gaussian"]["y"] = {"choice": [-99, 0, 99]}
    assert (lm.generate({**far, "sky": 1}, 0, 9).measured["snr_aperture"] == 0).all()


@pytest.mark.parametrize(("sigma", "snr"), [(200, 59.90), (400, 29.95)])
def test_the_study_s_galaxy_has_its_ratios(sigma, snr):
    galaxy = {"flux": 1e5, "index": 3, "half_light_radius": 0.3, "g1": -0.069, "g2": 0.15}
    recipe = {
        "name": "study",
        "image": {"size": 64, "pixel_scale": 0.23},
        "psf": {"moffat": {"fwhm": 0.5, "beta": 2}},
        "objects": [{"sersic": galaxy}],
        "noise": ["poisson", {"gaussian": {"sigma": sigma}}],
    }
    assert round(lm.generate(recipe, 0, 1).measured["snr"][0], 2) == snr
