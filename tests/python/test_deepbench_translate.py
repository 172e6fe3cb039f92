"""DeepBench's words: what each becomes in a recipe, where it stands, and what is said of it."""

import math

import pytest
from deepbench_files import SAID, body_of, messages, recipe_of, shape_file, sky_file

from lightmill.deepbench import recognise
from lightmill.recipe.memory import from_object
from lightmill.recipe.reader import read


def test_a_file_is_known_by_either_of_its_first_words():
    assert recognise(from_object({"object_type": 3}))
    assert recognise(from_object({"object_name": None, "objects": []}))
    assert not recognise(from_object({"objects": [], "image": {"object_type": 3}}))
    assert not recognise(from_object({}))
    assert not recognise(read("- object_type", ""))


def test_what_is_the_same_for_all_images():
    file = shape_file({}, {"object_noise_level": 0.2}, total_runs=7, seed=0, name="results/night/")
    assert recipe_of(file) == {
        "name": "night",
        "seed": 0,
        "count": 7,
        "image": {"size": [28, 31]},
        "edges": "binary",
        "objects": [],
        "noise": [{"gaussian": {"sigma": 0.2}}],
    }
    del file["name"], file["seed"]
    assert recipe_of(file)["name"] == "stem"
    assert recipe_of(file)["seed"] == 0


@pytest.mark.parametrize(
    ("image", "noise"),
    [
        ({}, None),
        ({"object_noise_level": 0}, None),
        ({"object_noise_type": "poisson"}, None),
        ({"object_noise_level": 3}, [{"gaussian": {"sigma": 3.0}}]),
        ({"object_noise_level": 3, "object_noise_type": "gaussian"}, [{"gaussian": {"sigma": 3.0}}]),
        ({"object_noise_level": 3, "object_noise_type": "poisson"}, [{"poisson": {"mean": 3.0}}]),
    ],
)
def test_noise_is_there_only_where_it_is_asked_for(image, noise):
    assert recipe_of(shape_file({}, image)).get("noise") == noise
    assert recipe_of(sky_file({}, image)).get("noise") == noise


@pytest.mark.parametrize("word", SAID)
def test_a_shape_that_is_said(word):
    words, (model, parameters) = SAID[word]
    assert body_of(shape_file({word: words})) == (model, {"name": word, **parameters})


@pytest.mark.parametrize("word", SAID)
def test_parameters_may_stand_in_either_map(word):
    """DeepBench's code reads `instance`, its documentation says `object`."""
    words, (model, parameters) = SAID[word]
    file = shape_file({word: {}})
    file["object_parameters"][word] = {"instance": words}
    assert body_of(file) == (model, {"name": word, **parameters})
    first = next(iter(words))
    rest = {key: value for key, value in words.items() if key != first}
    file["object_parameters"][word] = {"object": {first: words[first]}, "instance": rest}
    assert body_of(file) == (model, {"name": word, **parameters})


@pytest.mark.parametrize(
    ("first", "last", "sweep"),
    [(0, 90, 90), (90, 0, 270), (350, 10, 20), (-30, 30, 60), (0, 360, 360), (10, 735, 5), (0, 720, 360), (40, 40, 0)],
)
def test_an_arc_goes_on_from_theta1_to_theta2_for_at_most_a_turn(first, last, sweep):
    _, body = body_of(shape_file({"arc": {"theta1": first, "theta2": last}}))
    assert (body["start"], body["sweep"]) == (first, sweep)


WHOLE = {"integers": [10, 15]}
MIDDLE = {"column": WHOLE, "row": WHOLE}
DRAWN = {
    "rectangle": ({"width": WHOLE, "height": WHOLE, "angle": 0.0, "fill": False, "line_width": 1.0}, MIDDLE),
    "ellipse": ({"width": WHOLE, "height": WHOLE, "angle": 0.0, "fill": False, "line_width": 1.0}, MIDDLE),
    "polygon": (
        {
            "sides": 3,
            "radius": {"uniform": [8, 12]},
            "angle": {"uniform": [110, 180]},
            "fill": False,
            "line_width": 1.0,
        },
        MIDDLE,
    ),
    "arc": (
        {
            "radius": {"uniform": [8, 12]},
            "start": {"uniform": [0, 45]},
            "sweep": "= theta2 - start",
            "line_width": 1.0,
        },
        {**MIDDLE, "theta2": {"uniform": [85, 120]}},
    ),
    "line": (
        {
            **{"x1": "= start_column - 15", "y1": "= start_row - 13.5"},
            **{"x2": "= end_column - 15", "y2": "= end_row - 13.5", "line_width": 1.0},
        },
        {
            **{"start_column": {"integers": [0, 9]}, "start_row": {"integers": [0, 9]}},
            **{"end_column": {"integers": [12, 27]}, "end_row": {"integers": [12, 27]}},
        },
    ),
}


@pytest.mark.parametrize("word", DRAWN)
def test_what_is_not_said_is_drawn_for_each_image_from_its_documented_range(word):
    parameters, let = DRAWN[word]
    place = {} if word == "line" else {"x": "= column - 15", "y": "= row - 13.5"}
    assert body_of(shape_file({word: {}})) == (word, {"name": word, "let": let, **place, **parameters})
    [told] = [message for message in messages(shape_file({word: {}})) if "not given" in message]
    assert told.startswith(f"object_parameters.{word}: ")
    assert "each image has a draw of its own" in told


def test_parameter_noise_is_added_to_each_number_that_is_said():
    words = {"center": [15, 13.5], "angle": 10, "vertices": 5, "fill": True}
    _, body = body_of(shape_file({"polygon": words}, parameter_noise=0.5))
    assert body == {
        "name": "polygon",
        "x": {"uniform": [0.0, 0.5]},
        "y": {"uniform": [0.0, 0.5]},
        "sides": 5,
        "radius": {"uniform": [8.0, 12.0]},
        "angle": {"uniform": [100.0, 100.5]},
        "fill": True,
        "line_width": 1.0,
    }
    _, arc = body_of(shape_file({"arc": {"theta1": 350, "theta2": 10}}, parameter_noise=2))
    assert (arc["start"], arc["let"]["theta2"]) == ({"uniform": [350.0, 352.0]}, {"uniform": [370.0, 372.0]})
    assert arc["sweep"] == "= theta2 - start"


def test_a_star_has_its_peak_and_a_galaxy_its_surface_brightness():
    star = {"instance": {"radius": 1.2, "amplitude": 3}, "object": {"center_x": 12, "center_y": 30, "alpha": 2}}
    galaxy = {
        "instance": {"radius": 6, "amplitude": 0.5, "n": 2.5, "ellipse": 0.25, "theta": 0.6, "noise_level": 0.1},
        "object": {"center_x": 40, "center_y": 20},
    }
    recipe = recipe_of(sky_file({"star": star, "galaxy": galaxy}))
    assert recipe["image"] == {"size": [48, 64]}
    assert recipe["psf"] == {"gaussian": {"sigma": 0.7}}
    assert "edges" not in recipe
    assert recipe["objects"][0]["moffat"] == {
        "name": "star",
        "let": {"amplitude": 3.0},
        "x": -19.5,
        "y": 6.5,
        "flux": "= amplitude * pi * gamma ** 2 / (beta - 1)",
        "gamma": 1.2,
        "beta": 2.0,
    }
    assert recipe["objects"][1]["sersic"] == {
        "name": "galaxy",
        "x": 8.5,
        "y": -3.5,
        "surface_brightness": 0.5,
        "index": 2.5,
        "semi_major_half_light_radius": 6.0,
        "axis_ratio": 0.75,
        "angle": pytest.approx(math.degrees(0.6), abs=1e-12),
        "noise": [{"poisson": {"mean": 0.1}}],
    }


def test_a_galaxy_s_defaults_are_those_of_its_documentation():
    _, body = body_of(sky_file({"galaxy": {"instance": {}, "object": {}}}))
    angle = pytest.approx(math.degrees(1.5), abs=1e-12)
    assert body == {
        "name": "galaxy",
        "x": 5 - 31.5,
        "y": 5 - 23.5,
        "surface_brightness": 1.0,
        "index": 1.0,
        "semi_major_half_light_radius": 25.0,
        "axis_ratio": {"uniform": [0.1, 0.9]},
        "angle": {"uniform": [pytest.approx(-math.degrees(1.5)), angle]},
    }


def test_parameter_noise_of_a_sky_image():
    star = {"instance": {"radius": 1, "amplitude": 3}, "object": {"center_x": 12, "center_y": 30, "alpha": 2}}
    galaxy = {"instance": {"ellipse": 0.25, "theta": 0}, "object": {}}
    recipe = recipe_of(sky_file({"star": star, "galaxy": galaxy}, parameter_noise=0.5))
    body = recipe["objects"][0]["moffat"]
    assert body["let"] == {"amplitude": {"uniform": [3.0, 3.5]}}
    assert body["x"] == {"uniform": [-19.5, -19.0]}
    assert recipe["objects"][1]["sersic"]["axis_ratio"] == {"uniform": [0.25, 0.75]}
    assert recipe["objects"][1]["sersic"]["angle"]["uniform"] == pytest.approx([0.0, math.degrees(0.5)])


def test_a_file_of_one_star_is_an_image_of_one_object():
    star = {"radius": 1.2, "amplitude": 3, "noise_level": 0.1}
    where = {"center_x": 12, "center_y": 30, "alpha": 2}
    lone = {
        "object_type": "astro",
        "object_name": "StarObject",
        "total_runs": 5,
        "seed": 1,
        "image_parameters": {"image_dimensions": [48, 64], **star},
        "object_parameters": where,
    }
    assert recipe_of(lone) == recipe_of(sky_file({"star": {"instance": star, "object": where}}))
