"""Sums of PSFs: their columns, and their pixels against the slow truth and against their parts."""

import numpy as np
import pytest
from convolved import airy, image, moffat, sheared, tabulated

import lightmill as lm

SCALE = 0.2
GALAXY = {"flux": 1, "index": 2, "half_light_radius": 0.5, "g1": 0.2, "x": 0.13, "y": -0.3}


def recipe(psf, objects=({"sersic": GALAXY},), **rest):
    image = {"size": 40, "pixel_scale": SCALE}
    return lm.load({"image": image, "psf": psf, "objects": list(objects), **rest})


def one(psf, **rest):
    return lm.generate(recipe(psf, **rest), 0, 1).images[0].astype(float)


PARTS = [
    {"moffat": {"name": "core", "fwhm": 0.6, "beta": 3.2, "g1": 0.05, "weight": 3}},
    {"moffat": {"name": "halo", "fwhm": 2.5, "beta": 2.0}},
    {"airy": {"lam_over_diam": 0.3, "obscuration": 0.3, "weight": 0.5}},
]


def truth():
    """Return the same by the slow way; each of the parts alone is compared with GalSim elsewhere."""

    def transform(kx, ky):
        core = tabulated(moffat, 3.2, 0.6 * sheared(kx, ky, 0.05, 0))
        halo = tabulated(moffat, 2.0, 2.5 * np.hypot(kx, ky))
        return (3 * core + halo + 0.5 * airy(0.3, 0.3)(kx, ky)) / 4.5

    return image(40, 40, SCALE, {"g2": 0, **GALAXY}, transform)


def test_a_sum_is_the_sum_of_its_parts():
    alone = []
    for part in PARTS:
        ((key, body),) = part.items()
        rest = {name: value for name, value in body.items() if name not in ("name", "weight")}
        alone.append(one({key: rest}))
    wanted = (3 * alone[0] + alone[1] + 0.5 * alone[2]) / 4.5
    assert np.abs(one({"sum": PARTS}) - wanted).max() < 1.5e-4 * wanted.max()
    assert np.abs(one({"sum": PARTS}) - truth()).max() < 1e-4 * wanted.max()
    assert np.array_equal(one({"sum": [{"gaussian": {"fwhm": 1, "weight": 7}}]}), one({"gaussian": {"fwhm": 1}}))


def test_columns_are_named_after_the_parts():
    parts = [
        {"moffat": {"fwhm": {"uniform": [0.5, 0.7]}, "beta": 3}},
        {"gaussian": {"name": "wings", "sigma": "= 2 * psf.moffat.fwhm", "weight": {"uniform": [0.1, 0.3]}}},
    ]
    made = recipe({"sum": parts}, save=["psf"], targets=["psf.wings.weight", "psf.moffat.fwhm"])
    batch = lm.generate(made, 0, 6)
    names = ["moffat.fwhm", "moffat.beta", "moffat.g1", "moffat.g2", "moffat.weight"]
    names += ["wings.fwhm", "wings.g1", "wings.g2", "wings.sigma", "wings.weight"]
    assert list(batch.labels)[:10] == [f"psf.{name}" for name in names]
    assert batch.labels["psf.wings.sigma"] == pytest.approx(2 * batch.labels["psf.moffat.fwhm"])
    assert np.array_equal(batch.targets[:, 0], batch.labels["psf.wings.weight"])
    assert batch.psf.sum(axis=(1, 2)) == pytest.approx(1, abs=0.03)
    assert lm.load(made.resolved) == made
    again = lm.render(made, lm.parameters(made, 0, 6), samples=range(6))
    assert np.array_equal(again, batch.images)
    with pytest.raises(ValueError, match="psf.wings of record 2: weight = -1 is not allowed; it must be above 0"):
        lm.render(made, {"psf.wings.weight": [1, 1, -1]})


def test_weights_move_light_and_keep_it():
    parts = [{"gaussian": {"fwhm": 0.5}}, {"moffat": {"fwhm": 2, "beta": 4, "weight": {"uniform": [0.1, 9]}}}]
    batch = lm.generate(recipe({"sum": parts}, [{"star": {"flux": 1}}]), 0, 20)
    order = np.argsort(batch.labels["psf.moffat.weight"])
    peaks = batch.images.max(axis=(1, 2))
    assert (np.diff(peaks[order]) < 0).all()
    assert batch.images.sum(axis=(1, 2)) == pytest.approx(1, abs=0.01)


def test_random_parts_and_settings():
    made = lm.load(
        {"image": {"size": 32}, "psf": {"sum": [{"moffat": "random"}, {"airy": {"random": True, "weight": "random"}}]}}
        | {"objects": [{"star": {"flux": 1}}]},
        ["psf.sum[0].moffat.beta=3", "psf.sum[1].airy.obscuration=0.1"],
    )
    labels = lm.generate(made, 0, 9).labels
    assert set(labels["psf.moffat.beta"]) == {3.0}
    assert len(set(labels["psf.airy.weight"])) == 9
    assert set(labels["psf.airy.obscuration"]) == {0.1}
