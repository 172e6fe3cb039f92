"""How light, sky and noise make an image: mean, variance and what is stored."""

import numpy as np
import pytest

import lightmill as lm

STAR = {"gaussian": {"name": "star", "flux": 4000, "fwhm": 4, "x": 1.3, "g1": 0.2}}


def recipe(**keys):
    return lm.load(
        {"name": "scene", "image": {"size": 16}, "objects": [STAR], "save": ["noiseless", "variance"]} | keys
    )


def rows(made, count=4000):
    batch = lm.generate(made, 0, count)
    return batch.images.astype(float), batch.noiseless[0].astype(float), batch.variance[0].astype(float)


def assert_moments(images, mean, variance):
    """Every pixel's mean and variance agree within 5.5 standard errors (chance of a miss over 256 pixels: 1e-5)."""
    count = len(images)
    error = np.sqrt(variance / count) + 1e-6 * (1 + abs(mean))
    assert (abs(images.mean(axis=0) - mean) < 5.5 * error).all()
    spread = images.var(axis=0, ddof=1)
    kurtosis = 1 + 1 / np.maximum(variance, 1)  # of a Poisson variable, an upper bound for the mixture
    assert (abs(spread - variance) < 5.5 * variance * np.sqrt(2 * kurtosis / count) + 1e-6).all()


@pytest.mark.parametrize("gain", [0.5, 1, 4])
@pytest.mark.parametrize("subtract", [True, False])
def test_poisson_sky_and_gaussian_noise(gain, subtract):
    made = recipe(
        image={"size": 16, "gain": gain},
        sky={"level": 30, "subtract": subtract},
        noise=["poisson", {"gaussian": {"sigma": 3}}, {"poisson": {"mean": 2}}],
    )
    images, noiseless, variance = rows(made)
    np.testing.assert_allclose(variance, (noiseless + 30) / gain + 9 + 2 / gain, rtol=1e-5)
    assert_moments(images, noiseless + 2 + (0 if subtract else 30), variance)


def test_noise_of_an_object_falls_on_its_own_light_alone():
    noisy = {"gaussian": STAR["gaussian"] | {"noise": ["poisson", {"gaussian": {"sigma": 1.5}}]}}
    other = {"rectangle": {"width": 6, "height": 5, "y": -2, "intensity": 100}}
    images, noiseless, variance = rows(recipe(objects=[noisy, other], sky=10))
    plain = lm.generate(recipe(objects=[other]), 0, 1).noiseless[0]
    np.testing.assert_allclose(variance, noiseless - plain + 2.25, rtol=1e-4, atol=1e-4)
    assert_moments(images, noiseless, variance)


def test_without_noise_the_image_is_the_light():
    batch = lm.generate(recipe(sky=50), 0, 2)
    assert (batch.images == batch.noiseless).all()
    assert (batch.variance == 0).all()
    unsubtracted = lm.generate(recipe(sky={"level": 50, "subtract": False}), 0, 2)
    np.testing.assert_allclose(unsubtracted.images, batch.noiseless + 50, rtol=1e-6)


def test_pixels_sum_to_flux_and_rectangles_to_area():
    star = lm.generate(recipe(image={"size": 64, "pixel_scale": 0.5}), 0, 1).images.sum(dtype=float)
    assert star == pytest.approx(4000, rel=1e-4)
    box = recipe(
        objects=[{"rectangle": {"width": 3, "height": 2, "angle": 33, "intensity": 2}}],
        image={"size": 16, "pixel_scale": 0.5},
    )
    assert lm.generate(box, 0, 1).images.sum(dtype=float) == pytest.approx(2 * 6 / 0.25, rel=1e-5)


def test_a_blank_sky_is_legal():
    batch = lm.generate(recipe(objects=[], sky=20, noise=["poisson"]), 0, 500)
    assert batch.images.mean() == pytest.approx(0, abs=0.1)
    assert batch.objects == {}
    empty = lm.generate(recipe(objects=[]), 0, 2)
    assert (empty.images == 0).all()


def test_object_slots():
    stars = {
        "moffat": {
            "name": "star",
            "repeat": {"poisson": 2},
            "x": {"uniform": [-5, 5]},
            "flux": 10,
            "fwhm": 2,
            "beta": 3,
        }
    }
    batch = lm.generate(recipe(objects=[stars, STAR | {"gaussian": STAR["gaussian"] | {"name": "galaxy"}}]), 0, 3000)
    present = batch.objects["present"]
    assert present[:, -1].all()
    assert (present[:, :-1].sum(axis=1) == batch.labels["star.repeat"]).all()
    assert batch.labels["star.repeat"].mean() == pytest.approx(2, abs=0.15)
    assert (np.isnan(batch.objects["x"]) == ~present).all()
    assert np.isnan(batch.objects["beta"][:, -1]).all()
    assert "star.x" not in batch.labels
    assert batch.labels["galaxy.x"][0] == pytest.approx(1.3)


def test_canonical_columns_follow_from_what_was_written():
    written = {"gaussian": {"flux": 1, "sigma": 2, "axis_ratio": 0.5, "position_angle": 30}}
    labels = lm.generate(recipe(objects=[written]), 0, 1).labels
    assert labels["gaussian.fwhm"][0] == pytest.approx(2 * np.sqrt(8 * np.log(2)), rel=1e-12)
    angle = np.radians(2 * (30 + 90))
    assert labels["gaussian.g1"][0] == pytest.approx(np.cos(angle) / 3, rel=1e-12)
    assert labels["gaussian.g2"][0] == pytest.approx(np.sin(angle) / 3, rel=1e-12)
    assert labels["gaussian.axis_ratio"][0] == 0.5


def test_impossible_pairs_are_drawn_anew():
    wide = {"gaussian": {"flux": 1, "fwhm": 2, "g1": {"uniform": [-0.9, 0.9]}, "g2": {"uniform": [-0.9, 0.9]}}}
    labels = lm.generate(recipe(objects=[wide]), 0, 2000).labels
    radius = np.hypot(labels["gaussian.g1"], labels["gaussian.g2"])
    assert radius.max() <= 0.99 / 1.01
    assert (radius > 0.9).any()


def test_splits_deal_out_exactly_and_never_part_a_scene():
    made = recipe(splits={"train": 0.6, "validation": 0.15, "test": 0.25}, realisations=2, save=[])
    split = lm.parameters(made, 0, 8000)["split"]
    assert (split[::2] == split[1::2]).all()
    for block in split[::2].reshape(-1, 1000):
        assert np.bincount(block).tolist() == [600, 150, 250]
    assert (split[:2000] != split[2000:4000]).any()


def test_targets_in_order():
    made = recipe(targets=["star.flux", "star.x"])
    assert lm.generate(made, 0, 3).targets.tolist() == [[4000, 1.3]] * 3


def test_render_takes_numbers_and_says_what_is_wrong():
    made = recipe()
    images = lm.render(made, {"star.flux": [1, 2], "star.fwhm": 3}, noise=False)
    np.testing.assert_allclose(images[1], 2 * images[0], rtol=1e-5, atol=1e-7)
    by_sigma = recipe(objects=[{"gaussian": {"name": "star", "flux": 1, "sigma": 1}}])
    wide = lm.render(by_sigma, {"star.sigma": [2.0]}, noise=False)
    also = lm.render(by_sigma, {"star.fwhm": [2 * np.sqrt(8 * np.log(2))]}, noise=False)
    np.testing.assert_allclose(wide, also, rtol=1e-5)
    for parameters, message in [
        ({"star.flux": [1, 2], "star.fwhm": [-1, 2]}, "fwhm = -1 is not allowed"),
        ({"star.g1": 0.9, "star.g2": 0.9}, "not allowed"),
        ({"star.size": 1}, "star.size is not a parameter of scene"),
        ({"star.flux": [1, 2], "star.x": [1, 2, 3]}, "shape"),
    ]:
        with pytest.raises(ValueError, match=message):
            lm.render(made, parameters)


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (3, 2), (0, 2**64)])
def test_rows_that_are_not(start, stop):
    with pytest.raises(ValueError, match="rows"):
        lm.generate(recipe(), start, stop)


def test_samples_that_are_not():
    for samples in ([-1], [2**64 - 1], [0.5], [[0]]):
        with pytest.raises(ValueError, match="from 0 to"):
            lm.render("moffat", lm.parameters("moffat", 0, 1), samples=samples)


def test_a_stream_goes_on():
    made = recipe(noise=[{"gaussian": {"sigma": 1}}])
    batches = lm.stream(made, 8)
    first, second = next(batches), next(batches)
    assert second.samples.tolist() == list(range(8, 16))
    assert np.concatenate([first.images, second.images]).tobytes() == lm.generate(made, 0, 16).images.tobytes()
