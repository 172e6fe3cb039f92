"""Positions in discs and rings: uniform in area, addressable, values like any others."""

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

import lightmill as lm
from lightmill import _core

ROWS = 20_000


def recipe(position, **changes):
    body = {"name": "star", "flux": 100, "fwhm": 2, "position": position}
    return lm.load({"name": "positions", "image": {"size": 32}, "objects": [{"gaussian": body}], **changes})


def drawn(position, rows=ROWS, **changes):
    labels = lm.parameters(recipe(position, **changes), 0, rows)
    return labels["star.x"], labels["star.y"]


def uniform(values):
    """Uniform on 0 to 1, by Kolmogorov-Smirnov; the seed is fixed, so the bound is no matter of luck."""
    return stats.kstest(values, "uniform").pvalue > 1e-3


@pytest.mark.parametrize(
    ("position", "inner", "outer", "centre"),
    [
        ({"disc": {"radius": 10}}, 0, 10, (0, 0)),
        ({"disc": {"radius": 3, "centre": [-5, "4 pixel"]}}, 0, 3, (-5, 4)),
        ({"annulus": {"inner": 4, "outer": 5}}, 4, 5, (0, 0)),
        ({"annulus": {"inner": 1, "outer": 20, "centre": [1, 2]}, "per": "sample"}, 1, 20, (1, 2)),
    ],
    ids=["disc", "centre", "annulus", "sample"],
)
def test_uniform_in_area(position, inner, outer, centre):
    x, y = drawn(position)
    x, y = x - centre[0], y - centre[1]
    share = (x**2 + y**2 - inner**2) / (outer**2 - inner**2)
    turn = np.arctan2(y, x) / (2 * np.pi) + 0.5
    assert uniform(share)
    assert uniform(turn)
    assert uniform(share[x > 0])
    assert abs(np.corrcoef(share, turn)[0, 1]) < 4 / np.sqrt(ROWS)
    assert abs(np.corrcoef(share[1:], share[:-1])[0, 1]) < 4 / np.sqrt(ROWS)


def test_a_position_is_a_pure_function_of_row_seed_and_slot():
    made = recipe({"disc": {"radius": 10}})
    whole = lm.parameters(made, 0, 300)
    for start, stop in [(7, 8), (100, 300), (299, 300)]:
        part = lm.parameters(made, start, stop, threads=2)
        for axis in ("star.x", "star.y"):
            np.testing.assert_array_equal(part[axis], whole[axis][start:stop])
    x = whole["star.x"]
    assert (drawn({"disc": {"radius": 10}}, 300, seed=1)[0] != x).all()
    assert (drawn({"disc": {"radius": 10}}, 300, name="other")[0] != x).all()
    np.testing.assert_array_equal(drawn({"disc": {"radius": 10, "centre": [0, {"uniform": [1, 2]}]}}, 300)[0], x)
    np.testing.assert_allclose(drawn({"disc": {"radius": 20}}, 300)[0], 2 * x, rtol=1e-15)


def test_a_known_value():
    x, y = drawn({"disc": {"radius": 10}}, 2)
    assert [x[1], y[1]] == [-5.807399665322332, 5.537698415860138]


def test_every_instruction_set_draws_the_same_bits():
    code = (
        "import lightmill as lm, sys\n"
        "body = {'flux': 1, 'fwhm': 2, 'position': {'annulus': {'inner': {'uniform': [0, 1]}, 'outer': 5}},"
        " 'magnitude': {'uniform': [15, 20]}}\n"
        "del body['flux']\n"
        "made = lm.load({'name': 'p', 'image': {'size': 8}, 'zero_point': 25, 'objects': [{'gaussian': body}]})\n"
        "values = lm.parameters(made, 0, 400)\n"
        "sys.stdout.buffer.write(b''.join(values[f'gaussian.{key}'].tobytes() for key in ('x', 'y', 'flux')))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "LIGHTMILL_ISA": isa}, capture_output=True, check=True
        ).stdout
        for isa in _core.cpu()
    ]
    assert len(set(runs)) == 1
    assert len(runs[0]) == 3 * 400 * 8


def test_arguments_are_values():
    galaxy = {
        "name": "galaxy",
        "flux": 1,
        "half_light_radius": {"uniform": [1, 3]},
        "position": {"disc": {"radius": "= 2 * half_light_radius", "centre": [{"normal": [0, 5]}, "= x"]}},
    }
    ring = {"inner": {"uniform": [-1, 1]}, "outer": 4, "centre": ["= galaxy.x", "= galaxy.y"]}
    star = {"name": "star", "repeat": {"integers": [1, 4]}, "flux": 1, "fwhm": 2, "position": {"annulus": ring}}
    made = recipe({"disc": {"radius": 1}}, objects=[{"exponential": galaxy}, {"gaussian": star}], targets=["galaxy.x"])
    batch = lm.generate(made, 0, 500)
    x, y, size = (batch.labels[f"galaxy.{key}"] for key in ("x", "y", "half_light_radius"))
    assert (np.abs(y - x) <= 2 * size).all()
    np.testing.assert_array_equal(batch.targets[:, 0], x)
    there = batch.objects["present"][:, 1:]
    stars = [batch.objects[axis][:, 1:] for axis in ("x", "y")]
    np.testing.assert_array_equal(np.isnan(stars[0]), ~there)
    distance = np.hypot(stars[0] - x[:, None], stars[1] - y[:, None])[there]
    assert 0 <= distance.min() < 0.3
    assert 3.9 < distance.max() <= 4
    assert len(np.unique(stars[0][there])) == there.sum()
    # The inner radius is cut to what is legal, and the resolved recipe says so.
    written = made.resolved["objects"][1]["gaussian"]["position"]["annulus"]
    assert written["inner"] == {"uniform": [-1.0, 1.0], "min": 0.0}
    assert lm.load(made.resolved) == made


def test_how_often_it_is_drawn():
    body = {"name": "star", "repeat": 3, "flux": 1, "fwhm": 2}
    each, shared, fixed = (
        lm.generate(recipe({}, objects=[{"gaussian": body | {"position": {"disc": {"radius": 9}, "per": per}}}]), 0, 50)
        for per in ("object", "sample", "dataset")
    )
    each, shared, fixed = (batch.objects["x"] for batch in (each, shared, fixed))
    assert len(np.unique(each)) == 150
    assert (shared == shared[:, :1]).all()
    assert len(np.unique(shared)) == 50
    assert len(np.unique(fixed)) == 1


def test_the_rest_of_an_object_does_not_move():
    common = {"name": "star", "flux": {"uniform": [1, 2]}, "fwhm": {"uniform": [2, 3]}}
    placed = lm.parameters(recipe({}, objects=[{"gaussian": common | {"position": {"disc": {"radius": 3}}}}]), 0, 50)
    central = lm.parameters(recipe({}, objects=[{"gaussian": common}]), 0, 50)
    for key in ("star.flux", "star.fwhm"):
        np.testing.assert_array_equal(placed[key], central[key])
    assert placed.keys() == central.keys()


def test_random_leaves_a_given_position_and_settings_reach_into_it():
    made = recipe({}, objects=[{"gaussian": {"random": True, "position": {"disc": {"radius": 2}}}}])
    body = made.resolved["objects"][0]["gaussian"]
    assert body["position"] == {"disc": {"radius": 2.0, "centre": [0.0, 0.0]}}
    assert {"x", "y"}.isdisjoint(body)
    assert body["flux"] == {"log_uniform": [100.0, 1e5]}
    changed = lm.load(made, ["gaussian.position.disc.radius=0", "gaussian.position.disc.centre=[3, 4]"])
    labels = lm.parameters(changed, 0, 5)
    assert (labels["gaussian.x"] == 3).all()
    assert (labels["gaussian.y"] == 4).all()


def test_given_coordinates_stand():
    made = recipe({"disc": {"radius": 10}}, noise=[{"gaussian": {"sigma": 1}}])
    known = lm.parameters(made, 0, 6)
    np.testing.assert_array_equal(lm.render(made, known), lm.generate(made, 0, 6).images)
    middle = lm.render(made, {"star.x": 0.0, "star.y": 0.0}, samples=range(2), noise=False)
    np.testing.assert_array_equal(middle[0], middle[1])


def test_a_row_whose_ring_is_inside_out_is_named():
    made = recipe({"annulus": {"inner": {"uniform": [0, 5]}, "outer": 4.9}})
    with pytest.raises(RuntimeError, match=r"position: the inner radius 4\.9\d+ is above the outer one, 4\.9 \(in row"):
        lm.parameters(made, 0, 1000)


def test_branches_of_a_mixture_have_positions_and_magnitudes():
    disc = {"position": {"disc": {"radius": 5}}}
    branches = [
        {"class": "star", "objects": [{"gaussian": {"name": "star", "magnitude": 20, "fwhm": 2, **disc}}]},
        {"class": "galaxy", "objects": [{"exponential": {"flux": 7, "half_light_radius": 2, **disc}}]},
    ]
    made = lm.load({"image": {"size": 8}, "zero_point": 25, "mixture": branches})
    batch = lm.generate(made, 0, 300)
    star = batch.labels["class"] == 0
    assert 100 < star.sum() < 200
    np.testing.assert_array_equal(batch.objects["present"], np.stack([star, ~star], axis=1))
    np.testing.assert_array_equal(np.isnan(batch.objects["x"]), ~batch.objects["present"])
    assert (batch.objects["flux"][star, 0] == 100).all()
    assert lm.load(made.resolved) == made
    with pytest.raises(lm.RecipeError, match=r"mixture\[0\].objects\[0\].gaussian.magnitude: magnitude needs"):
        lm.load({"image": {"size": 8}, "mixture": branches})
