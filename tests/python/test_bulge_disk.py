"""A bulge and a disk: two Sérsic profiles that share a centre, a light and a half-light radius."""

import copy

import numpy as np
import pytest

import lightmill as lm
from lightmill.recipe import RecipeError
from lightmill.recipe.tables import tables
from lightmill.reference import bulge_disk

SIZE, SCALE = 48, 0.4
FRAME = {"size": SIZE, "pixel_scale": SCALE}
PARTS = ("disk", "bulge")
DISK = {
    "index": {"uniform": [0.7, 1.5]},
    "semi_major_half_light_radius": {"uniform": [1.5, 4]},
    "axis_ratio": {"uniform": [0.25, 1]},
    "angle": {"uniform": [0, 180]},
}
BULGE = {
    "index": {"uniform": [2, 6]},
    "half_light_radius": {"uniform": [0.4, 2]},
    "shear": {"magnitude": {"uniform": [0, 0.4]}, "angle": "= disk.angle"},
    "x": {"normal": [0, 0.3]},
    "y": {"normal": [0, 0.3]},
}
WHOLE = {"flux": {"log_uniform": [1e3, 1e4]}, "bulge_to_total": {"uniform": [0, 1]}}
GALAXY = {"name": "galaxy", "x": {"uniform": [-3, 3]}, **WHOLE, "disk": DISK, "bulge": BULGE}


def recipe(body=GALAXY, **rest):
    return {"name": "galaxies", "image": FRAME, "zero_point": 25, "objects": [{"bulge_disk": body}], **rest}


def by_parts(disk, bulge):
    """The galaxy whose parts say their light."""
    body = {key: value for key, value in GALAXY.items() if key not in WHOLE}
    return body | {"disk": DISK | disk, "bulge": BULGE | bulge}


@pytest.mark.parametrize("psf", [{}, {"psf": {"gaussian": {"fwhm": 1.3}}}], ids=["sharp", "blurred"])
def test_it_is_the_sum_of_two_sersics(psf):
    labels = lm.parameters(recipe(), 0, 20)
    parts = [
        {"sersic": {"name": part, "flux": 1, "index": 1, "half_light_radius": 1, "g1": 0, "g2": 0}} for part in PARTS
    ]
    columns = tables().objects["sersic"].canonical
    given = {f"{part}.{name}": labels[f"galaxy.{part}.{name}"] for part in PARTS for name in columns}
    for part in PARTS:
        given[f"{part}.x"], given[f"{part}.y"] = (given[f"{part}.{axis}"] + labels[f"galaxy.{axis}"] for axis in "xy")
    apart = lm.render({"image": FRAME, "objects": parts, **psf}, given)
    whole = lm.generate(recipe(**psf), 0, 20).images
    np.testing.assert_allclose(whole, apart, atol=2e-7 * apart.max())


LIGHT = {"flux": {"uniform": [1e3, 2e3]}, "magnitude": {"uniform": [14, 18]}, "surface_brightness": {"uniform": [5, 9]}}


@pytest.mark.parametrize("disk", LIGHT)
@pytest.mark.parametrize("bulge", LIGHT)
def test_each_part_can_say_its_light(disk, bulge):
    body = by_parts({disk: LIGHT[disk]}, {bulge: LIGHT[bulge]})
    labels = lm.generate(recipe(body), 0, 8).labels
    drawn = {name.removeprefix("galaxy."): values for name, values in labels.items()}
    known = bulge_disk.with_fluxes({name: drawn[name] for name in _said(body)})
    for name in ("flux", "disk.flux", "bulge.flux"):
        np.testing.assert_allclose(drawn[name], known[name], rtol=2e-9)
    np.testing.assert_allclose(drawn["bulge_to_total"], known["bulge.flux"] / known["flux"], rtol=2e-9)


def _said(body):
    names = ["x", "y"]
    for part in PARTS:
        own = body[part]
        names += [f"{part}.{key}" for key in {"x": 0, "y": 0, **own} if key != "shear"]
        names += [f"{part}.shear.{key}" for key in own.get("shear", {})]
    return names


def test_the_whole_can_say_its_light():
    drawn = lm.parameters(recipe(), 0, 50)
    flux, ratio = drawn["galaxy.flux"], drawn["galaxy.bulge_to_total"]
    np.testing.assert_array_equal(drawn["galaxy.disk.flux"], flux * (1 - ratio))
    np.testing.assert_array_equal(drawn["galaxy.bulge.flux"], flux * ratio)
    body = {**GALAXY, "magnitude": {"uniform": [15, 17]}}
    del body["flux"]
    drawn = lm.parameters(recipe(body), 0, 50)
    np.testing.assert_allclose(drawn["galaxy.flux"], 10 ** (0.4 * (25 - drawn["galaxy.magnitude"])), rtol=1e-13)


def half_light(labels, i):
    own = {name.removeprefix("galaxy."): float(values[i]) for name, values in labels.items()}
    canonical = [f"{part}.{name}" for part in PARTS for name in tables().objects["sersic"].canonical]
    return bulge_disk.half_light_radius({name: own[name] for name in canonical})


def test_half_of_the_light_is_within_the_half_light_radius():
    thin = {**DISK, "axis_ratio": {"log_uniform": [0.02, 0.2]}}
    apart = {**BULGE, "x": {"uniform": [-6, 6]}}
    for body in ({}, {"disk": thin}, {"bulge": apart}, {"disk": thin, "bulge": apart}):
        labels = lm.parameters(recipe({**GALAXY, **body}), 0, 4)
        found = [half_light(labels, i) for i in range(4)]
        # The rays of the reference, not our points, are as coarse as this.
        np.testing.assert_allclose(labels["galaxy.half_light_radius"], found, rtol=5e-6)


def test_pixels_within_the_half_light_radius_are_half():
    body = {**GALAXY, "flux": 1}
    batch = lm.generate(recipe(body, image={"size": 200, "pixel_scale": 0.1}), 0, 5)
    for i, image in enumerate(batch.images.astype(float)):
        assert (image * half_light_circle(batch.labels, i, 200, 0.1)).sum() == pytest.approx(0.5, abs=5e-4)


def half_light_circle(labels, i, size, scale):
    """The share of each pixel in the circle."""
    own = {name.removeprefix("galaxy."): values[i] for name, values in labels.items()}
    ratio = own["bulge_to_total"]
    centre = [own[axis] + (1 - ratio) * own[f"disk.{axis}"] + ratio * own[f"bulge.{axis}"] for axis in "xy"]
    y, x = (np.mgrid[: size * 8, : size * 8] + 0.5) * scale / 8 - size * scale / 2
    within = np.hypot(x - centre[0], y - centre[1]) < own["half_light_radius"]
    return within.reshape(size, 8, size, 8).mean(axis=(1, 3))


def test_it_is_galsim_s_sum_of_two_sersics():
    galsim = pytest.importorskip("galsim")
    best = galsim.GSParams(
        folding_threshold=5e-4, maxk_threshold=1e-4, kvalue_accuracy=1e-7, maximum_fft_size=16384, stepk_minimum_hlr=12
    )
    batch = lm.generate(recipe(psf={"gaussian": {"fwhm": 1.3}}), 0, 3)
    for i, image in enumerate(batch.images.astype(float)):
        own = {name.removeprefix("galaxy."): float(values[i]) for name, values in batch.labels.items()}
        profiles = [
            galsim.Sersic(own[f"{part}.index"], own[f"{part}.half_light_radius"], flux=own[f"{part}.flux"])
            .shear(g1=own[f"{part}.g1"], g2=own[f"{part}.g2"])
            .shift(own["x"] + own[f"{part}.x"], own["y"] + own[f"{part}.y"])
            for part in PARTS
        ]
        both = galsim.Convolve([galsim.Sum(profiles), galsim.Gaussian(fwhm=1.3)]).withGSParams(best)
        expected = both.drawImage(nx=SIZE, ny=SIZE, scale=SCALE, dtype=float).array
        assert np.abs(image - expected).max() < 2e-4 * expected.max()
        assert abs((image - expected).sum()) < 2e-3 * own["flux"]


def test_expressions_see_their_own_part_first():
    body = copy.deepcopy(GALAXY)
    body["let"] = {"size": "= disk.half_light_radius + bulge.half_light_radius"}
    body["bulge"]["index"] = "= 2 * half_light_radius + 0 * x"
    body["bulge"]["half_light_radius"] = "= disk.semi_major_half_light_radius / 3"
    made = recipe(body, let={"index": 7}, objects=None)
    made["objects"] = [
        {"bulge_disk": body},
        {"gaussian": {"flux": "= galaxy.bulge.flux", "fwhm": "= galaxy.half_light_radius + galaxy.size"}},
    ]
    drawn = lm.parameters(made, 0, 5)
    np.testing.assert_array_equal(drawn["galaxy.bulge.index"], 2 * drawn["galaxy.bulge.half_light_radius"])
    major = drawn["galaxy.disk.semi_major_half_light_radius"]
    np.testing.assert_array_equal(drawn["galaxy.bulge.half_light_radius"], major / 3)
    np.testing.assert_array_equal(drawn["gaussian.flux"], drawn["galaxy.bulge.flux"])
    assert (drawn["gaussian.fwhm"] > drawn["galaxy.half_light_radius"]).all()


def test_a_let_may_stand_between_the_magnitudes_of_the_parts():
    body = by_parts({"magnitude": {"uniform": [15, 22]}}, {"magnitude": "= fainter"})
    drawn = lm.parameters(recipe({**body, "let": {"fainter": "= disk.magnitude + 1"}}), 0, 5)
    np.testing.assert_allclose(drawn["galaxy.bulge_to_total"], 1 / (1 + 10**0.4), rtol=1e-12)


FULL = recipe(
    {**GALAXY, "repeat": {"integers": [0, 3]}, "noise": ["poisson"]},
    mixture=[
        {"class": "pair", "objects": [{"bulge_disk": {**GALAXY, "name": "lone"}}]},
        {"class": "none", "objects": []},
    ],
    psf={"moffat": {"fwhm": 1, "beta": 3}},
    noise=["poisson", {"gaussian": {"sigma": 1}}],
    save=["noiseless"],
)


def test_drawn_parameters_render_to_the_same_bits():
    for made in (FULL, recipe(noise=["poisson"])):
        given = lm.parameters(made, 3, 12)
        again = lm.render(made, given, samples=range(3, 12))
        np.testing.assert_array_equal(again, lm.generate(made, 3, 12).images)


def test_repeated_galaxies_have_columns_of_their_own():
    batch = lm.generate(FULL, 0, 30)
    present = batch.objects["present"]
    for name in ("disk.flux", "bulge.g1", "half_light_radius", "bulge_to_total", "disk.axis_ratio"):
        assert (np.isfinite(batch.objects[name]) == present).all()
    assert batch.noiseless[~present.any(axis=1)].max() == 0.0


def test_a_renderer_takes_the_ratio_whichever_way_the_light_was_said():
    body = by_parts({"magnitude": 17}, {"magnitude": 18})
    ratios = np.array([0.0, 0.3, 1.0])
    for made in (recipe(), recipe(body)):
        given = {"galaxy.flux": 2e3, "galaxy.bulge_to_total": ratios, "galaxy.bulge.x": 0, "galaxy.bulge.y": 0}
        images = lm.render(made, given, samples=[0, 0, 0], noise=False).astype(float)
        mixed = 0.7 * images[0] + 0.3 * images[2]
        np.testing.assert_allclose(images[1], mixed, atol=1e-6 * mixed.max())


@pytest.mark.parametrize("name", ["half_light_radius", "disk.flux"])
def test_what_follows_cannot_be_given(name):
    given = {f"galaxy.{name}": [3.0, 4.0]}
    with pytest.raises(ValueError, match=rf"galaxy\.{name} of record 0 is given as 3, but .* follows .*; leave it out"):
        lm.render(recipe(), given)


def test_scenes_are_kept_by_what_follows():
    made = recipe(keep={"galaxy.half_light_radius": [2, 2.5], "galaxy.disk.flux": [500, None]})
    labels = lm.parameters(made, 0, 40)
    assert (np.abs(labels["galaxy.half_light_radius"] - 2.25) <= 0.25).all()
    assert (labels["galaxy.disk.flux"] >= 500).all()
    assert labels["attempt"].max() > 0


@pytest.mark.parametrize("psf", [{}, {"psf": {"gaussian": {"fwhm": 1.3}}}], ids=["sharp", "blurred"])
def test_its_flux_can_follow_from_a_ratio_of_signal_to_noise(psf):
    made = recipe({**GALAXY, "flux": {"snr": {"uniform": [20, 90]}}}, noise=[{"gaussian": {"sigma": 2}}], **psf)
    batch = lm.generate(made, 0, 20)
    np.testing.assert_allclose(batch.measured["snr"], batch.labels["galaxy.flux.snr"], rtol=1e-6)
    total = batch.labels["galaxy.disk.flux"] + batch.labels["galaxy.bulge.flux"]
    np.testing.assert_allclose(total, batch.labels["galaxy.flux"], rtol=1e-12)
    with pytest.raises(RecipeError, match=r"galaxy\.disk\.flux is found from the image at the end"):
        lm.load(made | {"let": {"a": "= galaxy.disk.flux"}})


def test_the_aperture_is_the_circle_of_half_the_light():
    batch = lm.generate(recipe(noise=[{"gaussian": {"sigma": 2}}], save=["noiseless"]), 0, 5)
    for i, light in enumerate(batch.noiseless.astype(float)):
        cover = half_light_circle(batch.labels, i, SIZE, SCALE)
        expected = (light * cover).sum() / np.sqrt(((4 + light) * cover).sum())
        assert batch.measured["snr_aperture"][i] == pytest.approx(expected, rel=3e-3)


def test_all_of_it_or_a_part_can_be_random():
    bulge = {**BULGE, "shear": {"magnitude": 0.2}}
    for body in ("random", {"random": True, "bulge": {"index": 4}}, {**WHOLE, "disk": "random", "bulge": bulge}):
        batch = lm.generate({"image": FRAME, "objects": [{"bulge_disk": body}]}, 0, 30)
        assert np.ptp(batch.labels["bulge_disk.disk.index"]) > 0.3
        assert batch.images.max(axis=(1, 2)).min() > 0
    assert lm.load("bulge_disk").resolved["objects"][0]["bulge_disk"]["bulge"]["index"] == {"log_uniform": [1.5, 6.0]}


def test_other_packages_are_told_of_its_parts():
    whole, disk, bulge, *_psf = lm.explain(recipe(), 2)
    drawn = lm.parameters(recipe(), 2, 3)
    assert [whole.drawn.model, disk.drawn.name, bulge.drawn.name] == ["bulge_disk", "galaxy.disk", "galaxy.bulge"]
    assert [said.package for said in whole.said] == ["lightmill"]
    galsim = bulge.said[1].parameters
    assert galsim["flux"].value == drawn["galaxy.bulge.flux"][0]
    assert galsim["dx"].value == drawn["galaxy.x"][0] + drawn["galaxy.bulge.x"][0]


def test_the_task_draws_what_the_networks_were_trained_on():
    drawn = {name.removeprefix("galaxy."): values for name, values in lm.parameters("bulge-disk-sdss", 0, 4000).items()}
    fainter = drawn["bulge.magnitude"] - drawn["disk.magnitude"]
    assert 3 < np.abs(fainter).max() <= 3.2
    assert drawn["bulge.magnitude"].min() >= 15
    assert drawn["bulge.magnitude"].max() <= 22
    assert np.abs(drawn["bulge.angle"] - drawn["disk.angle"]).max() <= 15
    np.testing.assert_allclose(drawn["flux"], sum(10 ** (0.4 * (25.11 - drawn[f"{p}.magnitude"])) for p in PARTS))
    assert 0.05 < np.quantile(drawn["bulge_to_total"], 0.05) < np.quantile(drawn["bulge_to_total"], 0.95) < 0.95
    radii = [drawn[f"{part}.half_light_radius"] for part in PARTS]
    # An ellipse holds less within a circle than within itself, so that its circle is the larger one.
    assert (drawn["half_light_radius"] > 0.99 * np.minimum(*radii)).all()
    assert (drawn["half_light_radius"] < 1.6 * np.maximum(*radii)).all()


def test_a_renderer_takes_the_magnitude_and_the_ratio_together():
    body = {key: value for key, value in GALAXY.items() if key != "flux"} | {"magnitude": 20}
    given = {"galaxy.magnitude": [20, 22.5], "galaxy.bulge_to_total": [0.5, 0.2]}
    images = lm.render(recipe(body), given, samples=[3, 3], noise=False)
    plain = lm.render(recipe(), {"galaxy.flux": [10.0], "galaxy.bulge_to_total": [0.2]}, samples=[3], noise=False)
    assert images[0].sum() > 5 * images[1].sum()
    np.testing.assert_allclose(images[1], plain[0], rtol=1e-4, atol=1e-6 * plain.max())
