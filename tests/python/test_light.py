"""Magnitudes, surface brightnesses, position angles: against astropy's units and profiles."""

import json
from itertools import pairwise

import numpy as np
import pytest
from astropy import units
from astropy.modeling.models import Gaussian2D, Moffat2D, Sersic2D
from scipy.integrate import quad
from scipy.optimize import brentq

import lightmill as lm
from lightmill import _core

ZERO_POINT = 25.11
PROFILES = {
    "gaussian": {"fwhm": 3.0},
    "moffat": {"gamma": 2.5, "beta": 2.2},
    "sersic": {"index": 2.7, "half_light_radius": 3.5},
    "exponential": {"semi_major_half_light_radius": 4.0},
    "de_vaucouleurs": {"half_light_radius": 3.0},
}


def recipe(model, body, **changes):
    full = {"image": {"size": 32, "pixel_scale": 0.5}, "zero_point": ZERO_POINT, "objects": [{model: body}], **changes}
    return lm.load({key: value for key, value in full.items() if value is not None})


def labels(model, body, rows=1, **changes):
    found = lm.parameters(recipe(model, body, **changes), 0, rows)
    return {name.removeprefix(f"{model}."): values for name, values in found.items()}


def test_every_profile_is_in_the_list():
    tables = json.loads(_core.tables())["objects"]
    assert {table["name"] for table in tables if table["family"] == "profile"} == {*PROFILES, "star", "bulge_disk"}


@pytest.mark.parametrize("model", PROFILES)
def test_a_magnitude_is_a_flux(model):
    drawn = labels(model, {**PROFILES[model], "magnitude": {"uniform": [14, 30]}}, 500)
    flux = (drawn["magnitude"] * units.mag(units.ct)).to_value(units.ct) * 10 ** (0.4 * ZERO_POINT)
    np.testing.assert_allclose(drawn["flux"], flux, rtol=1e-13)
    assert 14 <= drawn["magnitude"].min() < 14.2
    assert 29.8 < drawn["magnitude"].max() <= 30
    said = {"magnitude": "21.5 mag"}
    assert labels(model, {**PROFILES[model], **said})["magnitude"][0] == 21.5


def test_five_magnitudes_are_a_factor_of_100_to_the_last_bit():
    assert _core.flux(20.11, 25.11) == 100.0
    assert _core.flux(25.11, 25.11) == 1.0


def light_within(circle, radius):
    """Light of a circular profile within a radius, in pieces that widen outwards."""
    edges = [0.0, *np.geomspace(1e-6, 1.0, 13) * radius]
    return sum(
        quad(lambda r: 2 * np.pi * r * float(circle(r, 0.0)), *piece, epsabs=0, epsrel=1e-11)[0]
        for piece in pairwise(edges)
    )


CIRCLES = {
    "gaussian": lambda at: Gaussian2D(1, 0, 0, *2 * [at["fwhm"] / np.sqrt(8 * np.log(2))]),
    "moffat": lambda at: Moffat2D(1, 0, 0, at["fwhm"] / (2 * np.sqrt(2 ** (1 / at["beta"]) - 1)), at["beta"]),
}


@pytest.mark.parametrize("model", CIRCLES)
@pytest.mark.parametrize("shape", [{}, {"axis_ratio": 0.3, "angle": 20}], ids=["round", "flat"])
def test_surface_brightness_is_that_of_the_isophote_that_holds_half_the_light(model, shape):
    body = {**PROFILES[model], "beta": 5.0} if model == "moffat" else PROFILES[model]
    at = {name: float(values[0]) for name, values in labels(model, {**body, "surface_brightness": 7, **shape}).items()}
    circle, far = CIRCLES[model](at), 300.0
    whole = light_within(circle, far)
    half = brentq(lambda radius: light_within(circle, radius) - whole / 2, 0.1, far, xtol=1e-12)
    assert at["flux"] == pytest.approx(7 * whole / float(circle(half, 0.0)), rel=1e-9)
    assert at["surface_brightness"] == 7


@pytest.mark.parametrize("index", [0.5, 1.0, 2.7, 4.0, 6.5])
def test_surface_brightness_of_a_sersic_profile_is_astropys_amplitude(index):
    model = {1.0: "exponential", 4.0: "de_vaucouleurs"}.get(index, "sersic")
    own = {"index": index} if model == "sersic" else {}
    found = labels(model, {"surface_brightness": 7, "half_light_radius": 1.75, **own})
    circle = Sersic2D(amplitude=7, r_eff=1.75, n=index)

    def ring(t):
        """Light between rings, in the variable in which it falls as exp(-b t)."""
        radius = 1.75 * t**index
        return 2 * np.pi * radius * float(circle(radius, 0)) * index * radius / t

    expected = quad(ring, 1e-12, 60, epsabs=0, epsrel=1e-10, limit=200)[0]
    assert found["flux"][0] == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("angle", [0, 25, 110])
def test_a_sheared_profile_is_astropys_pixel_by_pixel(angle):
    """At pixel_scale 1, with astropy's own words; away from the centre a pixel is as bright as its middle."""
    said = {"axis_ratio": 0.5, "position_angle": angle - 90, "semi_major_half_light_radius": 12}
    body = {"surface_brightness": 7, "index": 1.5, "x": 0.25, "y": -0.25, **said}
    image = lm.generate(recipe("sersic", body, image={"size": 64}), 0, 1).images[0]
    y, x = np.mgrid[:64, :64] - 31.5
    expected = Sersic2D(7, 12, 1.5, 0.25, -0.25, ellip=0.5, theta=np.radians(angle))(x, y)
    away = np.hypot(x, y) > 6
    np.testing.assert_allclose(image[away], expected[away], rtol=0.01)
    np.testing.assert_allclose(image[away].sum(dtype=float), expected[away].sum(), rtol=1e-3)


def test_light_works_in_repeats_expressions_settings_targets_and_renders():
    star = {"name": "s", "repeat": {"integers": [0, 3]}, "magnitude": {"normal": [20, 1]}, "fwhm": 2}
    disk = {"name": "d", "magnitude": {"uniform": [17, 19]}, "half_light_radius": {"uniform": [2, 4]}}
    bulge = {"name": "b", "surface_brightness": "= 2 * d.flux / (pi * d.half_light_radius ** 2)"}
    made = recipe(
        "exponential",
        disk,
        objects=[
            {"exponential": disk},
            {"de_vaucouleurs": bulge | {"half_light_radius": 2}},
            {"gaussian": star},
            {"gaussian": {"flux": "= 10 ** (0.4 * (25.11 - d.magnitude))", "fwhm": 3, "name": "same"}},
        ],
        targets=["d.magnitude", "d.flux"],
    )
    batch = lm.generate(made, 0, 200)
    label = batch.labels
    np.testing.assert_allclose(label["same.flux"], label["d.flux"], rtol=1e-13)
    np.testing.assert_array_equal(batch.targets, np.stack([label["d.magnitude"], label["d.flux"]], axis=1))
    there = batch.objects["present"][:, 2:5]
    fluxes, magnitudes = batch.objects["flux"][:, 2:5], batch.objects["magnitude"][:, 2:5]
    np.testing.assert_array_equal(np.isnan(fluxes), ~there)
    np.testing.assert_allclose(fluxes[there], 10 ** (0.4 * (ZERO_POINT - magnitudes[there])), rtol=1e-13)
    assert lm.load(made.resolved) == made
    assert lm.load(made, ["d.magnitude=20", "zero_point=25"]).resolved["zero_point"] == 25.0
    given = lm.parameters(made, 3, 9)
    np.testing.assert_array_equal(lm.render(made, given, samples=range(3, 9)), batch.images[3:9])
    alone = lm.render(made, {"d.magnitude": np.full(2, 18.5)}, samples=[5, 150], noise=False)
    brighter = lm.render(made, {"d.magnitude": np.full(2, 16.0)}, samples=[5, 150], noise=False)
    assert (brighter > alone).all()
    with pytest.raises(ValueError, match=r"d.flux of record 0: the value is not allowed; .* from -1e30 to 1e30"):
        lm.render(made, {"d.magnitude": -1e3})


def test_random_is_the_flux_prior_and_writes_the_others_out():
    made = recipe("gaussian", "random", zero_point=None)
    assert made.resolved["objects"][0]["gaussian"]["flux"] == {"log_uniform": [100.0, 1e5]}
    drawn = recipe("gaussian", {"magnitude": "random", "random": True})
    assert "flux" not in drawn.resolved["objects"][0]["gaussian"]
    assert drawn.resolved["objects"][0]["gaussian"]["magnitude"] == {"uniform": [15.0, 22.0]}


def test_a_row_whose_flux_is_too_large_is_named():
    body = {"surface_brightness": 1e15, "half_light_radius": {"choice": [1, 1e12], "weights": [9, 1]}}
    made = recipe("exponential", body)
    with pytest.raises(
        RuntimeError, match=r"exponential.surface_brightness: .* flux from -1e30 to 1e30 \(in row \d+\)"
    ):
        lm.parameters(made, 0, 100)


SPELLINGS = [
    *("21.2 mag/arcsec2", "21.2mag/arcsec^2", "21.2 mag/arcsec**2", "21.2 mag arcsec-2", "21.2 mag / arcsec2"),
    *("21.2 mag arcsec^-2", "21.2 mag arcsec**-2", "21.2 mag.arcsec-2", "21.2 mag arcsec**(-2)", "21.2 mag/arcsec²"),
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_sky_in_magnitudes_of_a_square_angle(text):
    made = lm.load({"image": {"size": 8, "pixel_scale": "0.2 arcsec"}, "zero_point": 25.11, "sky": text, "objects": []})
    brightness = (21.2 - 25.11) * units.mag(units.ct / units.arcsec**2)
    level = (brightness.physical * (0.2 * units.arcsec) ** 2).to_value(units.ct)
    assert made.resolved["sky"]["level"] == pytest.approx(level, rel=1e-14)
    assert lm.parameters(made, 0, 1)["sky.level"][0] == made.resolved["sky"]["level"]
    assert lm.load(made.resolved) == made


def test_sky_and_surface_brightness_in_other_units_and_in_distributions():
    frame = {"size": 8, "pixel_scale": "200 mas", "unit": "arcmin"}
    sky = {"level": {"log_uniform": ["22 mag/arcsec2", "20 mag/arcsec2"], "max": "20.5 mag/arcsec2"}, "subtract": False}
    galaxy = {"surface_brightness": {"choice": ["24 mag/arcsec2", "25 mag/arcsec2"]}, "half_light_radius": "1 arcsec"}
    made = lm.load({"image": frame, "zero_point": 25, "sky": sky, "objects": [{"exponential": galaxy}]})
    drawn = lm.parameters(made, 0, 2000)
    magnitude = 25 - 2.5 * np.log10(drawn["sky.level"] / 0.04)
    assert 20.5 <= magnitude.min() < 20.51
    assert 21.99 < magnitude.max() <= 22 + 1e-9
    assert np.abs(np.sort(magnitude) - np.linspace(20.5, 22, 2000)).max() < 0.06
    faint = lm.load(
        {"image": frame, "zero_point": 25, "objects": [{"exponential": galaxy | {"surface_brightness": 1}}]}
    )
    per_arcmin = lm.parameters(faint, 0, 1)["exponential.flux"][0]
    expected = {per_arcmin * 3600 * 10 ** (0.4 * (25 - mag)) for mag in (24, 25)}
    assert sorted(set(drawn["exponential.flux"])) == pytest.approx(sorted(expected), rel=1e-12)


def test_position_angle_of_a_rectangle_is_from_y_counter_clockwise():
    body = {"width": 9, "height": 3}
    north = lm.generate(recipe("rectangle", {**body, "position_angle": 0}), 0, 1)
    assert north.labels["rectangle.angle"][0] == 90
    upright = lm.generate(recipe("rectangle", {**body, "width": 3, "height": 9}), 0, 1)
    np.testing.assert_array_equal(north.images, upright.images)
    drawn = labels("rectangle", {**body, "position_angle": {"uniform": [0, 180]}}, 50)
    np.testing.assert_array_equal(drawn["angle"], drawn["position_angle"] + 90)
    assert "angle" not in recipe("rectangle", {**body, "position_angle": 0}).resolved["objects"][0]["rectangle"]
