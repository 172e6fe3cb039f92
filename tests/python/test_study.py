"""The galaxies of the measurement study: what its tasks promise, and that labels mean what they say."""

import numpy as np
import pytest
from test_psf import BETA, COLUMNS, SCALE, by_galsim

import lightmill as lm

NAMES = [f"measure-galaxies-{number}" for number in (1, 2, 3)]
TARGETS = [f"galaxy.{name}" for name in ("flux", "index", "half_light_radius", "g1", "g2")]


@pytest.mark.parametrize("name", NAMES)
def test_a_set_is_what_the_study_drew(name):
    recipe = lm.load(name)
    batch = lm.generate(recipe, 0, 400)
    labels, snr = batch.labels, batch.measured["snr"]
    assert recipe.count == 200_000
    assert list(recipe.targets) == TARGETS
    assert np.bincount(lm.generate(recipe, 0, 1000).labels["split"]).tolist() == [900, 100]
    assert snr.min() >= 10
    assert snr.max() <= 100
    assert 0.5 < labels["galaxy.index"].min() < 0.7
    assert 5.7 < labels["galaxy.index"].max() < 6
    assert labels["psf.beta"].tolist() == [BETA] * 400
    sigma, fwhm = labels["noise.gaussian.sigma"], labels["psf.fwhm"]
    assert (np.ptp(sigma) > 150) == (name != NAMES[0])
    assert (np.ptp(fwhm) > 0.4) == (name == NAMES[2])
    assert 200 <= sigma.min() <= sigma.max() <= 400
    assert 0.5 <= fwhm.min() <= fwhm.max() <= 1.0


@pytest.mark.parametrize("row", [0, 123_456, 199_999])
def test_galsim_s_pixels_of_the_labels_are_the_noiseless_ones(row):
    batch = lm.generate(NAMES[2], row, row + 1)
    values = {name: float(batch.labels["psf.fwhm" if name == "fwhm" else f"galaxy.{name}"][0]) for name in COLUMNS}
    truth = float(batch.labels["galaxy.flux"][0]) * by_galsim(values)
    assert np.abs(batch.noiseless[0] - truth).max() < 1e-4 * truth.max()
    assert batch.measured["flux_in_frame"][0] == pytest.approx(truth.sum(), abs=1e-3 * batch.labels["galaxy.flux"][0])
    sigma = batch.labels["noise.gaussian.sigma"][0]
    assert batch.measured["snr"][0] == pytest.approx(np.sqrt((truth**2).sum()) / sigma, rel=1e-4)
    psf = pytest.importorskip("galsim").Moffat(beta=BETA, fwhm=values["fwhm"])
    drawn = psf.drawImage(nx=64, ny=64, scale=SCALE, dtype=float).array
    assert np.abs(batch.psf[0] - drawn).max() < 3e-4 * drawn.max()  # GalSim's default accuracy


@pytest.mark.parametrize(("name", "published"), [("measure-galaxies-snr60", 59.90), ("measure-galaxies-snr30", 29.95)])
def test_the_test_galaxy_has_the_published_ratio(name, published):
    recipe = lm.load(name)
    batch = lm.generate(recipe, 0, 50)
    assert recipe.count == recipe.resolved["realisations"] == 10_000
    assert batch.measured["snr"] == pytest.approx(np.full(50, published), abs=0.005)
    assert (batch.noiseless == batch.noiseless[0]).all()
    assert (batch.images - batch.noiseless).std() == pytest.approx(200 if "60" in name else 400, rel=0.02)
