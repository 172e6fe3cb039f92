"""Objects in other packages' words: each package, or its formula, draws from them the pixels that we draw."""

import json
import math

import galsim
import numpy as np
import pytest
from astropy.modeling import functional_models
from scipy.special import gamma, gammaincinv

import lightmill as lm
from lightmill.cli.app import run
from lightmill.conventions.lenstronomy import linear_b
from lightmill.recipe.tables import tables

ROWS, COLUMNS, SCALE, ZERO_POINT = 31, 40, 0.2, 0.0
PLACE = {"x": 0.63, "y": -0.41, "flux": 900}
SHAPE = {"axis_ratio": 0.6, "angle": 125}
PROFILES = {
    "gaussian": ("gaussian", {"fwhm": 1.1, **SHAPE}),
    "moffat": ("moffat", {"fwhm": 0.9, "beta": 3, "g1": 0.2, "g2": -0.1}),
    "round moffat": ("moffat", {"gamma": 0.8, "beta": 2.5}),
    "flat sersic": ("sersic", {"index": 0.7, "half_light_radius": 0.9, **SHAPE}),
    "sersic": ("sersic", {"index": 2.5, "semi_major_half_light_radius": 1.1, "axis_ratio": 0.5, "position_angle": 80}),
    "exponential": ("exponential", {"half_light_radius": 0.8, **SHAPE}),
    "de vaucouleurs": ("de_vaucouleurs", {"half_light_radius": 1.2, "shear": {"magnitude": 0.2, "angle": 20}}),
}
FINE = 60
"""Points a side of a pixel, by the midpoint rule; none falls on the centre, where there may be a cusp."""
CUSP = 1e-3
"""What the midpoint rule makes of de Vaucouleurs's central pixel; the other profiles are held to our own promise."""


def recipe(model, body, **rest):
    image = {"size": [ROWS, COLUMNS], "pixel_scale": f"{SCALE} arcsec"}
    return lm.load({"name": "one", "image": image, "objects": [{model: {**PLACE, **body}}], **rest})


def explained(name):
    made = recipe(*PROFILES[name])
    [found] = lm.explain(made)
    said = {one.package: one for one in found.said}
    return lm.generate(made, 0, 1).images[0].astype(float), said


def values(said):
    return {name.split()[-1]: quantity.value for name, quantity in said.parameters.items()}


def integrated(brightness):
    """Mean over each pixel of a function of column and row, counted from 0 at the first pixel's centre."""
    step = (np.arange(FINE) + 0.5) / FINE - 0.5
    columns = (np.arange(COLUMNS)[:, None] + step).reshape(-1)
    rows = (np.arange(ROWS)[:, None] + step).reshape(-1)
    fine = brightness(*np.meshgrid(columns, rows))
    return fine.reshape(ROWS, FINE, COLUMNS, FINE).mean(axis=(1, 3))


def same(ours, theirs, tolerance):
    assert np.abs(ours - theirs).max() < tolerance * ours.max()


@pytest.mark.parametrize("name", PROFILES)
def test_galsim_draws_the_same(name):
    ours, said = explained(name)
    given = values(said["GalSim"])
    shape, place = [{key: given.pop(key) for key in keys} for keys in (("g1", "g2"), ("dx", "dy"))]
    maker = getattr(galsim, said["GalSim"].call.partition("(")[0])
    # A cusp takes transforms that grow as 1/maxk_threshold.
    sharp = given.get("n", 0) > 2
    accuracy = galsim.GSParams(folding_threshold=1e-3, maxk_threshold=3e-3 if sharp else 1e-4)
    profile = maker(**given, gsparams=accuracy).shear(**shape).shift(**place)
    theirs = profile.drawImage(nx=COLUMNS, ny=ROWS, scale=SCALE).array
    same(ours, theirs, 4e-3 if sharp else 3e-4)


@pytest.mark.parametrize("name", PROFILES)
def test_astropy_draws_the_same(name):
    ours, said = explained(name)
    if name == "moffat":
        assert said["astropy"].call == ""
        assert said["astropy"].note == "Moffat2D is circular"
        return
    model = getattr(functional_models, said["astropy"].call.partition("(")[0])(**values(said["astropy"]))
    same(ours, integrated(model), CUSP if name == "de vaucouleurs" else 1e-4)


def turned(column, row, x, y, angle):
    """Coordinates along and across a direction, in radians from +x."""
    dx, dy = column - x, row - y
    return dx * math.cos(angle) + dy * math.sin(angle), dy * math.cos(angle) - dx * math.sin(angle)


def galfit(said, column, row):
    """The formulas of Peng et al. 2010, eqs 3 to 10, in GALFIT's own coordinates."""
    p = values(said)
    across, along = turned(column + 1, row + 1, p["x"], p["y"], math.radians(p["PA"]))
    r, flux = np.hypot(along, across / p["q"]), 10 ** (-0.4 * p["magnitude"])
    if said.call == "gaussian":
        sigma = p["FWHM"] / 2.354820045
        return flux / (2 * np.pi * sigma**2 * p["q"]) * np.exp(-0.5 * (r / sigma) ** 2)
    if said.call == "moffat":
        n = p["powerlaw"]
        r_d = p["FWHM"] / (2 * math.sqrt(2 ** (1 / n) - 1))
        return flux * (n - 1) / (np.pi * r_d**2 * p["q"]) * (1 + (r / r_d) ** 2) ** -n
    if said.call == "expdisk":
        return flux / (2 * np.pi * p["R_s"] ** 2 * p["q"]) * np.exp(-r / p["R_s"])
    n = p["n"] if said.call == "sersic" else 4.0
    kappa = gammaincinv(2 * n, 0.5)
    total = 2 * np.pi * p["R_e"] ** 2 * np.exp(kappa) * n * kappa ** (-2 * n) * gamma(2 * n) * p["q"]
    return flux / total * np.exp(-kappa * ((r / p["R_e"]) ** (1 / n) - 1))


@pytest.mark.parametrize("name", PROFILES)
def test_galfit_s_formulas_draw_the_same(name):
    ours, said = explained(name)
    assert said["GALFIT"].note == "zero point 0"
    assert -90 < values(said["GALFIT"])["PA"] <= 90
    theirs = integrated(lambda column, row: galfit(said["GALFIT"], column, row))
    same(ours, theirs, CUSP if name == "de vaucouleurs" else 1e-4)


def lenstronomy(said, x, y):
    """Its light profiles, after `transform_e1e2_product_average` and `SersicUtil` of version 1.14."""
    p = values(said)
    e1, e2 = p.get("e1", 0.0), p.get("e2", 0.0)
    e = math.hypot(e1, e2)
    q = (1 - e) / (1 + e)
    along, across = turned(x, y, p["center_x"], p["center_y"], math.atan2(e2, e1) / 2)
    r = np.hypot(along * math.sqrt(q), across / math.sqrt(q))
    if said.call == "GAUSSIAN_ELLIPSE":
        return p["amp"] / (2 * np.pi * p["sigma"] ** 2) * np.exp(-(r**2) / (2 * p["sigma"] ** 2))
    if said.call == "MOFFAT":
        return p["amp"] * (1 + (r / p["alpha"]) ** 2) ** -p["beta"]
    n = p["n_sersic"]
    return p["amp"] * np.exp(-(1.9992 * n - 0.3271) * ((r / p["R_sersic"]) ** (1 / n) - 1))


@pytest.mark.parametrize("name", PROFILES)
def test_lenstronomy_s_formulas_draw_the_same(name):
    ours, said = explained(name)
    if name == "moffat":
        assert said["lenstronomy"].note == "MOFFAT is circular"
        return

    def brightness(column, row):
        x, y = (column - (COLUMNS - 1) / 2) * SCALE, (row - (ROWS - 1) / 2) * SCALE
        return lenstronomy(said["lenstronomy"], x, y) * SCALE**2

    same(ours, integrated(brightness), CUSP if name == "de vaucouleurs" else 1e-4)


def test_lenstronomy_s_b_stays_above_0():
    assert linear_b(1.0) == pytest.approx(1.6721)
    assert linear_b(0.1) == 0.00001


def test_a_rectangle_s_vertices():
    body = {"x": 1, "y": -0.5, "width": 1.9, "height": 0.7, "angle": 30, "line_width": 0.1}
    made = lm.load({"image": {"size": [20, 31], "pixel_scale": 0.2}, "objects": [{"rectangle": body}]})
    [found] = lm.explain(made)
    ours, vertices = found.said
    assert {name: quantity.unit for name, quantity in ours.parameters.items()} == {
        **dict.fromkeys(("x", "y", "width", "height", "line_width"), "length"),
        **{"angle": "degree", "intensity": "intensity", "fill": ""},
    }
    corner = complex(1, -0.5) + complex(1, 0.4) * np.exp(1j * np.pi / 6)
    assert vertices.parameters["c"].value[2] == pytest.approx(corner.real / 0.2 + 15)
    assert vertices.parameters["r"].value[2] == pytest.approx(corner.imag / 0.2 + 9.5)


@pytest.mark.parametrize("model", [name for name, model in tables().objects.items() if not model.parts])
def test_every_model_is_told_in_our_words_with_the_row_s_own_draws(model):
    made = lm.load(model)
    drawn = lm.parameters(made, 7, 8)
    [found, *psf] = lm.explain(made, 7)
    assert found.said[0].package == "lightmill"
    for name in tables().objects[model].canonical:
        assert found.said[0].parameters[name].value == drawn[f"{model}.{name}"][0]
    for name, quantity in psf[0].said[0].parameters.items() if psf else ():
        assert quantity.value == drawn[f"psf.{name}"][0]


def test_objects_that_are_there_are_told_in_order():
    made = lm.load("sky-stars")
    there = lm.parameters(made, 3, 4)
    found = lm.explain(made, 3)
    stars = [one for one in found if one.drawn.name == "star"]
    assert len(stars) == there["star.repeat"][0] > 1
    assert [one.drawn.number for one in stars] == list(range(len(stars)))
    assert stars[1].drawn.values["flux"] == there["star.flux"][0, 1]
    assert str(stars[1]).startswith("star 1: moffat\n  lightmill: moffat\n    x ")


def test_what_a_package_cannot_say_is_noted():
    [dark] = lm.explain(recipe("sersic", {"index": 7, "half_light_radius": 1, "flux": -3}))
    said = {one.package: one for one in dark.said}
    assert said["GalSim"].note == "GalSim takes n from 0.3 to 6.2"
    assert said["GALFIT"].note == "a flux of 0 or less has no magnitude"
    assert "3) magnitude" not in said["GALFIT"].parameters


# The command.

RECIPE = """\
image: {size: 16}
objects:
  - gaussian: {name: galaxy, flux: {uniform: [1, 2]}, fwhm: 3}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(RECIPE)
    return str(path)


def test_the_command_prints_a_table(file, capsys):
    assert run(["explain", file, "--sample", "3", "--set", "galaxy.x=0.5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "galaxy: gaussian"
    assert lines[1] == "  lightmill: gaussian"
    flux = lm.parameters(file, 3, 4)["galaxy.flux"][0]
    assert f"    flux  {flux:.9g}  flux" in lines
    assert "  GALFIT: gaussian (zero point 0)" in lines
    assert [line.split() for line in lines if "1) x" in line] == [["1)", "x", "9", "pixel"]]


def test_the_command_prints_json_with_all_digits(file, capsys):
    assert run(["explain", file, "--json", "--seed", "4"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["recipe"], told["sample"]) == ("one", 0)
    [galaxy] = told["objects"]
    flux = lm.parameters(lm.load(file).with_(seed=4), 0, 1)["galaxy.flux"][0]
    assert galaxy["said"]["GalSim"]["parameters"]["flux"] == {"value": flux, "unit": ""}
    assert galaxy["said"]["astropy"]["call"].startswith("Gaussian2D(")


def test_an_image_without_objects_is_said_to_have_none(file, capsys):
    assert run(["explain", file, "--set", "galaxy.repeat=0"]) == 0
    assert capsys.readouterr().out == "one: sample 0 has no objects of an image\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument 'RECIPE'"),
        (["moffat", "--sample", "-1"], "0<=x<="),
        (["nothing-of-that-name"], "is no file, task or model"),
    ],
)
def test_bad_usage_is_exit_code_2(arguments, said, capsys):
    assert run(["explain", *arguments]) == 2
    text = capsys.readouterr().err
    assert said in text
    assert text.count("\n") == 1


PSFS = {
    "gaussian": {"fwhm": 1.1, **SHAPE},
    "moffat": {"fwhm": 0.9, "beta": 3, "g1": 0.2, "g2": -0.1},
    "airy": {"fwhm": 0.8, "obscuration": 0.3, "g1": 0.1, "g2": 0.05},
    "round airy": {"lam_over_diam": 0.7},
}


def starlit(name):
    made = recipe("star", {}, psf={name.split()[-1]: PSFS[name]})
    star, psf = lm.explain(made)
    assert (star.drawn.name, psf.drawn.name, psf.drawn.model) == ("star", "psf", name.split()[-1])
    image = lm.generate(made, 0, 1).images[0].astype(float)
    return image, {one.package: values(one) for one in psf.said}


@pytest.mark.parametrize("name", PSFS)
def test_galsim_draws_our_psfs(name):
    ours, said = starlit(name)
    told = said["GalSim"]
    # Its defaults fold the rings of Airy patterns at 5e-3 of their light.
    params = galsim.GSParams(folding_threshold=5e-4, maximum_fft_size=8192)
    kind = {"gaussian": "Gaussian", "moffat": "Moffat", "airy": "Airy"}[name.split()[-1]]
    size = {key: told[key] for key in ("fwhm", "beta", "lam_over_diam", "obscuration") if key in told}
    psf = getattr(galsim, kind)(**size, flux=PLACE["flux"], gsparams=params).shear(g1=told["g1"], g2=told["g2"])
    psf = psf.shift(PLACE["x"], PLACE["y"])
    theirs = psf.drawImage(nx=COLUMNS, ny=ROWS, scale=SCALE, dtype=float).array
    assert np.abs(ours - theirs).max() < 3e-4 * ours.max()


def test_astropy_evaluates_a_round_airy_psf():
    ours, said = starlit("round airy")
    told = {key: said["astropy"][key] for key in ("amplitude", "radius")}
    x_0, y_0 = PLACE["x"] / SCALE + (COLUMNS - 1) / 2, PLACE["y"] / SCALE + (ROWS - 1) / 2
    psf = functional_models.AiryDisk2D(**told, x_0=x_0, y_0=y_0)
    theirs = PLACE["flux"] * integrated(psf)
    assert np.abs(ours - theirs).max() < 1e-4 * ours.max()
    assert starlit("airy")[1]["astropy"] == {}
