"""The core against independent evaluations, and those evaluations against what is known of them."""

import importlib
import json
import math

import numpy as np
import pytest

import lightmill as lm
from lightmill import _core, reference
from lightmill.reference import BEHIND, BINARY, COVERAGE, Frame
from lightmill.reference.crosscheck import Check, CrosscheckError, Report
from lightmill.reference.draw import draw

module = importlib.import_module("lightmill.reference.crosscheck")
TABLES = json.loads(_core.tables())
MODELS = {table["name"]: table for table in TABLES["objects"] if not table["needs_psf"]}
PSFS = {table["name"]: table for table in TABLES["psf"]}
FRAME = Frame(25, 30, 0.5)
FILLED = {"fill": 1.0, "line_width": 0.0}
CIRCLE = {"x": 0.1, "y": -0.3, "flux": 1.0, "g1": 0.0, "g2": 0.0}


def test_every_model_keeps_its_promises(capsys):
    report = lm.crosscheck(n=16, seed=1)
    assert {check.said.split(" ")[0] for check in report.checks} == {*MODELS, "star"}
    behind = {check.said.split(", ")[1].split(":")[0] for check in report.checks if check.said.startswith("star")}
    assert behind == set(PSFS)
    assert all(check.number == 16 for check in report.checks)
    assert str(report) in capsys.readouterr().out


def test_every_model_has_a_reference():
    assert set(COVERAGE) == set(MODELS)
    assert set(BEHIND) == set(PSFS)
    assert set(BINARY) == {name for name, table in MODELS.items() if table["family"] == "shape"}


def test_a_broken_promise_names_the_worst_case(monkeypatch):
    def off(parameters, frame):
        pixels, peak = COVERAGE["rectangle"](parameters, frame)
        return pixels + 3e-4 * peak, peak

    monkeypatch.setattr(module, "COVERAGE", {"rectangle": off})
    with pytest.raises(CrosscheckError, match="rectangle") as caught:
        lm.crosscheck(["rectangle"], n=4, echo=lambda _text: None)
    assert "BROKEN at x " in str(caught.value.report)


def test_what_is_not_a_number_breaks_the_promise():
    assert not Check("model", 1, math.nan, 0.0, {}).kept
    assert not Check("model", 1, 0.0, math.nan, {}).kept
    assert "BROKEN" in str(Report((Check("model", 1, math.nan, 0.0, {}),), 1.0))


def test_unknown_models_and_no_images_are_refused():
    with pytest.raises(ValueError, match="no model is called pentagram; there are gaussian"):
        lm.crosscheck(["pentagram"])
    with pytest.raises(ValueError, match="no model is called pentagram;"):
        lm.crosscheck("pentagram")
    with pytest.raises(ValueError, match="n=0"):
        lm.crosscheck(n=0)


@pytest.mark.parametrize("name", MODELS)
def test_draws_are_legal_and_reach_the_ends(name):
    table = MODELS[name]
    for keys in module._sayings(table):
        drawn = draw(table, keys, 200, FRAME, np.random.default_rng(3))
        assert set(drawn) == set(keys)
        for parameter in table["parameters"]:
            if parameter["name"] in drawn:
                values, allowed = drawn[parameter["name"]], parameter["range"]
                assert (values >= (allowed["low"] if allowed["low"] is not None else -math.inf)).all()
                assert (values <= (allowed["high"] if allowed["high"] is not None else math.inf)).all()
                assert len(np.unique(values)) > 1


def within(pixels, frame, radius):
    """Share of the light within a radius of the centre of a profile at a pixel's centre."""
    x, y = np.meshgrid(*frame.centres())
    return pixels[np.hypot(x, y) < radius].sum()


def test_the_gaussian_reference_is_the_product_of_error_functions():
    sigma = 1.3
    pixels, _ = COVERAGE["gaussian"](CIRCLE | {"sigma": sigma}, FRAME)
    x, y = FRAME.centres()

    def share(centres, at):
        edges = [(side - at) / sigma / math.sqrt(2) for side in (*(centres - 0.25), centres[-1] + 0.25)]
        return np.diff([math.erf(edge) / 2 for edge in edges])

    np.testing.assert_allclose(pixels, np.outer(share(y, -0.3), share(x, 0.1)), atol=1e-12)


@pytest.mark.parametrize("shape", [{}, {"g1": 0.3, "g2": -0.4}, {"g1": 0.98, "g2": 0.0}])
@pytest.mark.parametrize("name", ["gaussian", "moffat"])
def test_profiles_sum_to_their_flux(name, shape):
    frame = Frame(61, 61, 1.0)
    parameters = CIRCLE | shape | {"fwhm": 0.4, "beta": 4.0, "flux": 3.0}
    pixels, peak = COVERAGE[name](parameters, frame)
    assert pixels.sum() == pytest.approx(3.0, abs=2e-5)
    assert pixels.max() <= peak * (1 + 1e-9)


def test_the_moffat_reference_holds_the_light_that_it_should():
    gamma, beta, frame = 8.0, 2.5, Frame(401, 401, 0.25)
    pixels, _ = COVERAGE["moffat"](CIRCLE | {"x": 0.0, "y": 0.0, "gamma": gamma, "beta": beta}, frame)
    for radius in (5.0, 20.0, 45.0):
        # Whole pixels fill a circle within some hundredths of its edge's width.
        expected = 1 - (1 + (radius / gamma) ** 2) ** (1 - beta)
        assert within(pixels, frame, radius) == pytest.approx(expected, abs=4e-3)


@pytest.mark.parametrize("name", ["gaussian", "moffat"])
def test_all_ways_of_saying_a_shape_are_one(name):
    size = {"fwhm": 3.0, "beta": 3.0}
    magnitude, angle = 0.4, 25.0
    ratio = (1 - magnitude) / (1 + magnitude)
    double = math.radians(2 * angle)
    ways = [
        {"g1": magnitude * math.cos(double), "g2": magnitude * math.sin(double)},
        {"shear.magnitude": magnitude, "shear.angle": angle},
        {"axis_ratio": ratio, "angle": angle},
        {"axis_ratio": ratio, "position_angle": angle - 90},
    ]
    place = {"x": 0.1, "y": -0.3, "flux": 1.0}
    first, *others = [COVERAGE[name](place | size | way, FRAME)[0] for way in ways]
    for other in others:
        np.testing.assert_allclose(other, first, atol=1e-10)
    x, y = np.meshgrid(FRAME.centres()[0] - 0.1, FRAME.centres()[1] + 0.3)
    assert (first * x * y).sum() > 0  # the major axis points up and to the right


def test_the_rectangle_reference_is_exact_where_area_is_plain():
    upright = {"x": 0.0, "y": 0.0, "width": 3.0, "height": 1.5, "angle": 0.0, "intensity": 2.0} | FILLED
    pixels, peak = COVERAGE["rectangle"](upright, Frame(8, 8, 1.0))
    assert peak == 2.0
    np.testing.assert_allclose(pixels[2:6, 2:6], 2 * np.outer([0, 0.75, 0.75, 0], [0.5, 1, 1, 0.5]), atol=1e-15)
    for angle in (0.0, 30.0, 45.0, 90.0, 200.0):
        turned = COVERAGE["rectangle"](upright | {"angle": angle, "x": 0.3}, Frame(8, 8, 1.0))[0]
        assert turned.sum() == pytest.approx(9.0, rel=1e-12)


def test_coverage_and_binary_agree_away_from_edges():
    slanted = {"x": 0.2, "y": 0.1, "width": 7.0, "height": 4.0, "angle": 27.0, "intensity": 1.0} | FILLED
    covered, filled = (kind["rectangle"](slanted, FRAME)[0] for kind in (COVERAGE, BINARY))
    clear = (covered < 1e-12) | (covered > 1 - 1e-12)
    np.testing.assert_allclose(covered[clear], filled[clear], atol=1e-12)
    assert set(np.unique(filled)) == {0.0, 1.0}
    assert 0 < (~clear).sum() < 100


def test_an_integral_that_does_not_settle_says_so():
    from lightmill.reference import quadrature
    from lightmill.reference.ellipse import Ellipse

    step = quadrature.Profile(Ellipse(0.0, 0.0, 1.0, 0.0), 1.0, lambda x, y: (x * math.pi > y).astype(float))
    with pytest.raises(ArithmeticError, match="does not settle"):
        quadrature.over_frame(step, Frame(2, 2, 1.0))


def test_reference_names_its_models_once():
    assert set(reference.BINARY) <= set(reference.COVERAGE)
