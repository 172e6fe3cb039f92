"""``flux: {snr: 60}``: the flux with which an object alone in its frame has a ratio of signal to noise."""

import copy

import numpy as np
import pytest

import lightmill as lm
from lightmill import _core
from lightmill.recipe import load

GALAXY = {
    "name": "galaxy",
    "flux": {"snr": {"log_uniform": [5, 300]}},
    "index": {"uniform": [0.5, 5]},
    "half_light_radius": {"log_uniform": [0.5, 6]},
    "x": {"uniform": [-8, 8]},
    "g1": {"uniform": [-0.4, 0.4]},
}
RECIPE = {
    "name": "ratio",
    "seed": 5,
    "image": {"size": [24, 31], "gain": 1.7},
    "objects": [{"sersic": GALAXY}],
    "sky": {"uniform": [0, 5]},
    "noise": ["poisson", {"gaussian": {"sigma": {"uniform": [1, 4]}}}],
    "save": ["noiseless"],
}


def changed(**changes):
    return {**copy.deepcopy(RECIPE), **changes}


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("sersic", {"index": 4, "half_light_radius": 2}),
        ("exponential", {"half_light_radius": {"uniform": [1, 3]}}),
        ("de_vaucouleurs", {"half_light_radius": 2}),
        ("gaussian", {"fwhm": 0.7}),
        ("moffat", {"fwhm": {"uniform": [1, 5]}, "beta": 1.5}),
    ],
)
def test_the_image_has_the_ratio(model, size):
    body = {"flux": {"snr": {"log_uniform": [0.01, 1e5]}}, **size}
    batch = lm.generate(changed(objects=[{model: body}]), 0, 60)
    np.testing.assert_allclose(batch.measured["snr"], batch.labels[f"{model}.flux.snr"], rtol=1e-6)
    background = batch.labels["sky.level"] / 1.7 + batch.labels["noise.gaussian.sigma"] ** 2
    by_hand = np.sqrt((batch.noiseless.astype(float) ** 2).sum((1, 2)) / background)
    np.testing.assert_allclose(by_hand, batch.labels[f"{model}.flux.snr"], rtol=1e-6)


@pytest.mark.parametrize("model", ["sersic", "star"])
def test_the_image_has_the_ratio_through_a_psf(model):
    body = {**GALAXY, "half_light_radius": {"log_uniform": [0.2, 6]}} if model == "sersic" else {"name": "galaxy"}
    body["flux"] = {"snr": {"log_uniform": [0.1, 1e4]}}
    psf = {"moffat": {"fwhm": {"uniform": [1.5, 4]}, "beta": 2.5}}
    recipe = load(changed(objects=[{model: body}], psf=psf, keep={"galaxy.flux": [1, 1e5], "snr": [5, None]}))
    batch = lm.generate(recipe, 0, 80)
    # How exact pixels are depends on how bright they are beside the background's noise.
    np.testing.assert_allclose(batch.measured["snr"], batch.labels["galaxy.flux.snr"], rtol=1e-4)
    assert ("snr_aperture" in batch.measured) == (model == "sersic")
    drawn = lm.parameters(recipe, 0, 80)
    assert all(values.tobytes() == drawn[name].tobytes() for name, values in batch.labels.items())
    assert lm.render(recipe, drawn, samples=range(80)).tobytes() == batch.images.tobytes()


def test_the_flux_is_the_canonical_column_and_renders_the_same_image():
    batch = lm.generate(RECIPE, 0, 20)
    fluxes = batch.labels["galaxy.flux"]
    for row in (0, 7, 19):
        said = {name: float(batch.labels[f"galaxy.{name}"][row]) for name in GALAXY if name != "name"}
        plain = lm.generate(changed(objects=[{"sersic": {"name": "galaxy", **said}}]), row, row + 1)
        assert said["flux"] == fluxes[row]
        np.testing.assert_array_equal(plain.images[0], batch.images[row])
        np.testing.assert_array_equal(plain.noiseless[0], batch.noiseless[row])


def test_rows_do_not_depend_on_batches_threads_or_realisations():
    recipe = load(changed(realisations=3))
    whole = lm.generate(recipe, 0, 150, threads=1)
    for threads in (1, 2, 3):
        parts = [lm.generate(recipe, i, i + 50, threads=threads) for i in (0, 50, 100)]
        np.testing.assert_array_equal(np.concatenate([part.images for part in parts]), whole.images)
        np.testing.assert_array_equal(np.concatenate([part.records for part in parts]), whole.records)
    once = lm.generate(RECIPE, 0, 50)
    np.testing.assert_array_equal(whole.labels["galaxy.flux"], np.repeat(once.labels["galaxy.flux"], 3))
    drawn = lm.parameters(recipe, 0, 150, threads=2)
    assert all(values.tobytes() == drawn[name].tobytes() for name, values in whole.labels.items())
    assert lm.render(recipe, drawn, samples=range(150)).tobytes() == whole.images.tobytes()
    assert lm.render(recipe, {}, samples=range(150)).tobytes() == whole.images.tobytes()


def test_given_values_are_scaled_to_and_a_given_flux_stands():
    rows = range(6)
    ratio = lm.render(RECIPE, {"galaxy.flux.snr": 80, "galaxy.index": 1}, samples=rows, noise=False).astype(float)
    drawn = lm.parameters(RECIPE, 0, 6)
    background = drawn["sky.level"] / 1.7 + drawn["noise.gaussian.sigma"] ** 2
    np.testing.assert_allclose(np.sqrt((ratio**2).sum((1, 2)) / background), 80, rtol=1e-6)
    one = lm.render(RECIPE, {"galaxy.flux": 1}, samples=rows, noise=False)
    two = lm.render(RECIPE, {"galaxy.flux": 2, "galaxy.flux.snr": 80}, samples=rows, noise=False)
    np.testing.assert_allclose(two, 2 * one, rtol=1e-6)


def test_a_ratio_follows_from_others_and_other_objects_do_not_count():
    objects = [
        {"rectangle": {"name": "box", "width": {"uniform": [2, 4]}, "height": 3, "intensity": 50}},
        {"gaussian": {"name": "star", "flux": {"snr": "= 10 * box.width"}, "fwhm": 2, "noise": ["poisson"]}},
    ]
    batch = lm.generate(changed(objects=objects), 0, 10)
    np.testing.assert_array_equal(batch.labels["star.flux.snr"], 10 * batch.labels["box.width"])
    boxless = lm.render(changed(objects=objects), dict(batch.labels) | {"box.intensity": 0}, noise=False)
    background = batch.labels["sky.level"] / 1.7 + batch.labels["noise.gaussian.sigma"] ** 2
    found = np.sqrt((boxless.astype(float) ** 2).sum((1, 2)) / background)
    np.testing.assert_allclose(found, batch.labels["star.flux.snr"], rtol=1e-6)
    assert (batch.measured["snr"] > 1.5 * found).all()


def test_the_flux_can_be_a_condition():
    keep = {"galaxy.flux": [100, 1000], "galaxy.flux.snr": [10, None], "snr_aperture": [None, 40]}
    batch = lm.generate(changed(keep=keep), 0, 200)
    assert ((batch.labels["galaxy.flux"] >= 100) & (batch.labels["galaxy.flux"] <= 1000)).all()
    assert (batch.labels["galaxy.flux.snr"] >= 10).all()
    assert (batch.measured["snr_aperture"] <= 40).all()
    plain = lm.generate(RECIPE, 0, 200)
    label = plain.labels
    kept = (label["galaxy.flux"] >= 100) & (label["galaxy.flux"] <= 1000) & (label["galaxy.flux.snr"] >= 10)
    kept &= plain.measured["snr_aperture"] <= 40
    np.testing.assert_array_equal(batch.labels["attempt"] == 0, kept)
    np.testing.assert_array_equal(batch.images[kept], plain.images[kept])
    np.testing.assert_allclose(batch.measured["snr"], batch.labels["galaxy.flux.snr"], rtol=1e-6)


def test_it_reads_back_and_is_a_target():
    recipe = load(changed(targets=["galaxy.flux.snr", "galaxy.flux"]), ["galaxy.flux.snr=30"])
    assert recipe.resolved["objects"][0]["sersic"]["flux"] == {"snr": 30.0}
    assert load(recipe.resolved) == recipe
    assert (lm.generate(recipe, 0, 3).targets[:, 0] == 30).all()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"x": 1e6, "index": 0.5, "half_light_radius": 0.5},
            r"flux\.snr: (the object has no light|an snr of .* takes a flux of [0-9]{35})",
        ),
        (
            {"flux": {"snr": 1e35}},
            r"flux\.snr: an snr of 10{35} takes a flux of [0-9]*; flux must be from -1e30 to 1e30",
        ),
    ],
)
def test_what_no_flux_can_give_ends_the_run(changes, told):
    with pytest.raises(_core.DrawError, match=told):
        lm.generate(changed(objects=[{"sersic": {**GALAXY, **changes}}]), 0, 1)


def test_a_row_without_noise_ends_the_run():
    quiet = changed(sky={"choice": [0, 4]}, noise=["poisson"])
    with pytest.raises(RuntimeError, match="there is no background noise, so that every flux has an infinite snr"):
        lm.generate(quiet, 0, 40)
