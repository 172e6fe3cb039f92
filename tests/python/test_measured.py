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
    assert list(batch.measured) == list(wanted)
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
