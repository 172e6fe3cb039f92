"""Fisher information and Cramer-Rao bounds: the study's, what estimates do, and what cannot be told."""

import numpy as np
import pytest
from scipy.special import gammaln

import lightmill as lm

FIVE = [f"galaxy.{name}" for name in ("flux", "index", "half_light_radius", "g1", "g2")]
PUBLISHED = np.array([0.056e5, 0.78, 0.028, 0.054, 0.054])
"""Of the galaxy-measurement study, at a signal to noise of 60, where the centre is known."""


def study(sigma):
    galaxy = {"flux": 1e5, "index": 3, "half_light_radius": 0.3, "g1": -0.069, "g2": 0.15}
    return lm.load(
        {
            "name": "study",
            "image": {"size": 64, "pixel_scale": 0.23},
            "psf": {"moffat": {"fwhm": 0.5, "beta": 2}},
            "objects": [{"sersic": {"name": "galaxy", **galaxy}}],
            "noise": ["poisson", {"gaussian": {"sigma": sigma}}],
            "targets": FIVE,
        }
    )


@pytest.mark.parametrize(("sigma", "snr"), [(200, 59.90), (400, 29.95)])
def test_bounds_of_the_study(sigma, snr):
    recipe = study(sigma)
    assert lm.generate(recipe, 0, 1).measured["snr"][0] == pytest.approx(snr, abs=0.005)
    told = lm.fisher(recipe, 0, 1)
    assert told.names == tuple(FIVE)
    assert told.reasons == (None,)
    assert told.crb[0] / (PUBLISHED * (60 / snr)) == pytest.approx(1, abs=0.03)
    assert told.crb[0] == pytest.approx(np.sqrt(np.diag(np.linalg.inv(told.fisher[0]))))


def fits(recipe, names, count, steps=4):
    """Maximum-likelihood estimates by Fisher's scoring, from the truth on; each image has its own derivatives."""
    truth = lm.parameters(recipe, 0, 1)
    images = lm.render(recipe, {}, samples=range(count)).astype(float)
    sigma = truth["noise.gaussian.sigma"][0]
    values = np.repeat([[truth[name][0] for name in names]], count, axis=0)
    for _ in range(steps):
        given = dict(zip(names, values.T, strict=True))
        means = lm.render(recipe, given, samples=range(count), noise=False).astype(float)
        slopes = lm.derivatives(recipe, given, samples=range(count), names=names).reshape(count, len(names), -1)
        # The counts are many: their sum with the read noise is normal, with this variance.
        weights = 1 / (np.maximum(means, 0) + sigma**2).reshape(count, -1)
        rest = (images - means).reshape(count, -1)
        score = np.einsum("npi,ni->np", slopes, weights * rest)
        # The variance is an estimate of the mean too.
        score += 0.5 * np.einsum("npi,ni->np", slopes, (rest**2 * weights - 1) * weights)
        both = weights + 0.5 * weights**2
        values = values + np.linalg.solve(np.einsum("npi,nqi,ni->npq", slopes, slopes, both), score[..., None])[..., 0]
    return values


def test_estimates_of_a_bright_galaxy_scatter_as_the_bounds_say():
    galaxy = {"flux": 2e5, "index": 1.5, "half_light_radius": 2.5, "g1": 0.2, "g2": -0.1}
    recipe = lm.load(
        {
            "name": "bright",
            "image": {"size": 28},
            "psf": {"moffat": {"fwhm": 2.5, "beta": 3}},
            "objects": [{"sersic": {"name": "galaxy", **galaxy}}],
            "noise": ["poisson", {"gaussian": {"sigma": 5}}],
            "seed": 5,
        }
    )
    count = 600
    names = [*FIVE, "galaxy.x", "galaxy.y"]
    bounds = lm.fisher(recipe, 0, 1, names=names).crb[0]
    values = fits(recipe, names, count)
    scatter, offset = values.std(axis=0, ddof=1), values.mean(axis=0) - [[*galaxy.values(), 0, 0]]
    # Four standard errors of a standard deviation and of a mean.
    assert scatter / bounds == pytest.approx(1, abs=4 / np.sqrt(2 * count))
    assert np.abs(offset / bounds).max() < 4.5 / np.sqrt(count)


@pytest.mark.parametrize(
    ("level", "sigma", "gain", "gained"), [(0.02, 0.3, 1.0, 1.9), (0.6, 0.35, 2.0, 1.01), (1.5, 0.5, 0.5, 1.02)]
)
def test_estimates_of_a_faint_sky_scatter_as_the_bounds_say(level, sigma, gain, gained):
    """Few counts and read noise: the likelihood is a sum over counts, and its greatest is found by expectation."""
    recipe = lm.load(
        {
            "image": {"size": 32, "gain": gain},
            "objects": [],
            "sky": {"level": level, "subtract": False},
            "noise": ["poisson", {"gaussian": {"sigma": sigma}}],
            "targets": ["sky.level"],
        }
    )
    count, k = 500, np.arange(12)
    electrons = lm.render(recipe, {}, samples=range(count)).reshape(count, -1)[..., None].astype(float) * gain
    near = np.exp(-0.5 * ((electrons - k) / (sigma * gain)) ** 2)
    mean = np.full((count, 1, 1), level * gain)
    for _ in range(10):
        parts = near * np.exp(k * np.log(mean) - mean - gammaln(k + 1))
        mean = ((parts * k).sum(axis=2) / parts.sum(axis=2)).mean(axis=1)[:, None, None]
    scatter = (mean / gain).std(ddof=1)
    told = lm.fisher(recipe, 0, 1)
    assert scatter / told.crb[0, 0] == pytest.approx(1, abs=4 / np.sqrt(2 * count))
    # What the variance alone would say.
    naive = np.sqrt((level / gain + sigma**2) / 32**2)
    assert naive > gained * told.crb[0, 0]


def star(**rest):
    return {
        "name": "one",
        "image": {"size": 24},
        "objects": [{"gaussian": {"name": "star", "flux": 1000, "fwhm": 3}}],
        "noise": [{"gaussian": {"sigma": 2}}],
        **rest,
    }


def crb(recipe, *names):
    return lm.fisher(recipe, 0, 1, names=names).crb[0]


def test_a_gaussian_star_is_told_as_the_textbook_says():
    """Flux, position and size of a well sampled Gaussian in white noise."""
    sigma, width = 2.0, 3 / 2.3548200450309493
    width2 = width**2 + 1 / 12  # the pixel's
    flux, x = crb(star(), "star.flux")[0], crb(star(), "star.x")[0]
    assert flux == pytest.approx(np.sqrt(4 * np.pi * width2) * sigma, rel=2e-3)
    assert x == pytest.approx(np.sqrt(8 * np.pi) * width2 * sigma / 1000, rel=5e-3)


def test_noise_of_every_kind_counts():
    """Gaussian noises add; those of an object, and of repeated ones, too; a gain and a sky make counts."""
    one = crb(star(), "star.flux", "star.x")
    twice = crb(star(noise=[{"gaussian": {"sigma": 2}}, {"gaussian": {"sigma": 2}}]), "star.flux", "star.x")
    assert twice / one == pytest.approx(2**0.5)
    own = {"name": "star", "flux": 1000, "fwhm": 3, "noise": [{"gaussian": {"sigma": 2}}]}
    mine = crb(star(objects=[{"gaussian": own}]), "star.flux", "star.x")
    assert mine / one == pytest.approx(2**0.5, rel=1e-6)
    dark = [{"gaussian": {"flux": 0, "fwhm": 3, "repeat": 3, "noise": [{"gaussian": {"sigma": 2}}]}}]
    several = crb(star(objects=star()["objects"] + dark), "star.flux", "star.x")
    assert several / one == pytest.approx(2, rel=1e-6)
    counts = star(sky=400.0, noise=["poisson"], image={"size": 24, "gain": 100})
    assert crb(counts, "star.x") / one[1] == pytest.approx(1, abs=0.1)
    added = star(noise=[{"poisson": {"mean": 60}}, {"gaussian": {"sigma": 2}}])
    assert crb(added, "star.x") / one[1] == pytest.approx(4, rel=0.01)
    both = star(noise=["poisson", {"poisson": {"mean": 4000}}, {"gaussian": {"sigma": 2}}])
    assert crb(both, "star.x") / one[1] == pytest.approx(np.sqrt(1001 + 10), rel=0.02)


def test_pure_counts_tell_the_flux_as_well_as_all_light_does():
    recipe = star(noise=["poisson"], image={"size": 40})
    assert crb(recipe, "star.flux") == pytest.approx(1000**0.5, rel=1e-4)
    # The position is known to the width over the root of the number of photons.
    wide = star(
        noise=["poisson"], image={"size": 60}, objects=[{"gaussian": {"name": "star", "flux": 500, "sigma": 5}}]
    )
    assert crb(wide, "star.x") == pytest.approx(np.sqrt((25 + 1 / 12) / 500), rel=3e-3)


def test_what_cannot_be_told_has_no_bound_and_a_reason():
    nothing = lm.fisher(
        star(objects=[{"gaussian": {"flux": 0, "fwhm": 3}}]), 0, 2, names=["gaussian.flux", "gaussian.x"]
    )
    assert np.isinf(nothing.crb[:, 1]).all()
    assert nothing.crb[0, 0] == pytest.approx(crb(star(), "star.flux")[0])
    assert nothing.reasons == ("gaussian.x: no effect on the image",) * 2
    blurred = star(psf={"gaussian": {"fwhm": 2}})
    told = lm.fisher(blurred, 0, 1, names=["star.flux", "psf.fwhm", "star.x", "star.fwhm"])
    assert np.isinf(told.crb[0]).tolist() == [False, True, False, True]
    assert told.reasons == ("psf.fwhm, star.fwhm: cannot be told apart",)
    assert told.crb[0, [0, 2]] == pytest.approx(crb(blurred, "star.flux", "star.fwhm", "star.x")[[0, 2]])
    silent = lm.fisher(star(noise=["poisson"]), 0, 1, names=["star.flux"])
    assert silent.reasons == (None,)
    dark = star(noise=["poisson"], objects=[{"gaussian": {"flux": 0, "fwhm": 3}}])
    told = lm.fisher(dark, 0, 1, names=["gaussian.flux"])
    assert np.isinf(told.crb).all()
    assert "without any noise" in told.reasons[0]


def test_the_chain_rule_scales_bounds():
    """Of one value alone, a bound in other words is the bound times the derivative."""
    said = {"magnitude": 17.5, "fwhm": 3}
    recipe = star(zero_point=25, objects=[{"gaussian": {"name": "star", **said}}])
    magnitude, flux = crb(recipe, "star.magnitude")[0], crb(recipe, "star.flux")[0]
    assert magnitude == pytest.approx(2.5 / np.log(10) * flux / 1000, rel=1e-8)
    scaled = star(objects=[{"gaussian": {"name": "star", "flux": {"snr": 60}, "fwhm": 3}}])
    # A ratio of signal to noise is known to 1.
    assert crb(scaled, "star.flux.snr")[0] == pytest.approx(1, rel=1e-5)


def test_the_rows_do_not_depend_on_how_they_are_asked_for():
    galaxy = {"sersic": {"name": "star", "random": True}}
    names = ["star.flux", "star.index", "star.g1"]
    recipe = lm.load(star(objects=[galaxy], psf={"moffat": {"random": True}}, targets=names))
    whole = lm.fisher(recipe, 0, 24, threads=2)
    for start, stop in [(0, 1), (7, 12), (23, 24)]:
        part = lm.fisher(recipe, start, stop, threads=1)
        assert (part.crb == whole.crb[start:stop]).all()
        assert (part.fisher == whole.fisher[start:stop]).all()
    batch = lm.generate(recipe, 5, 9)
    assert batch.information is None
    asked = lm.load(recipe, {"fisher": recipe.targets})
    assert (lm.generate(asked, 5, 9).information.crb == whole.crb[5:9]).all()


def test_a_data_set_stores_them(tmp_path):
    recipe = lm.load(star(count=30, targets=["star.flux", "star.x"], save=["crb", "noiseless", "fisher"]))
    lm.write(recipe, tmp_path / "out")
    told = lm.fisher(recipe, 0, 30)
    with lm.open(tmp_path / "out") as data:
        assert (data.arrays("crb")[:] == told.crb).all()
        assert (data.arrays("fisher")[3:9] == told.fisher[3:9]).all()
        assert data.attributes("crb")["parameters"] == ["star.flux", "star.x"]
        assert data.arrays("fisher").shape == (30, 2, 2)
        assert lm.load(tmp_path / "out" / "recipe.yaml").fisher == ("star.flux", "star.x")


@pytest.mark.parametrize(
    ("change", "names", "said"),
    [
        ({}, ["star.beta"], "there is no column `star.beta`"),
        ({"noise": []}, ["star.flux"], "without noise an image tells all"),
        ({}, ["noise.gaussian.sigma"], "it is the strength of a noise"),
        ({"let": {"a": 3, "b": 4}}, ["a"], "nothing in the image follows from it"),
        ({"splits": {"train": 1}}, ["split"], "there is no column"),
        ({"sky": {"level": 3}}, ["sky.level"], "subtract: false"),
    ],
)
def test_what_is_not_known_is_refused(change, names, said):
    with pytest.raises(lm.RecipeError, match=said):
        lm.fisher(star(**change), 0, 1, names=names)


def test_nothing_to_ask_about_is_an_error():
    with pytest.raises(ValueError, match="no targets"):
        lm.fisher(star(), 0, 1)
