"""DeepBench's words: what each becomes in a recipe, where it stands, and what is said of it."""

import math
import random
import re
import time

import pytest
import yaml

from lightmill.deepbench import recognise, translate
from lightmill.recipe import RecipeError
from lightmill.recipe.memory import from_object
from lightmill.recipe.node import find
from lightmill.recipe.reader import read


def shape_file(objects, image=(), **top):
    """Return a file of shapes in an image of 28 rows and 31 columns: its centre is column 15, row 13.5."""
    return {
        "object_type": "shape",
        "object_name": "ShapeImage",
        "total_runs": 5,
        "seed": 1,
        "image_parameters": {"image_shape": [28, 31], **dict(image)},
        "object_parameters": {key: {"object": words, "instance": {}} for key, words in objects.items()},
        **top,
    }


def sky_file(objects, image=(), **top):
    return {
        "object_type": "sky",
        "object_name": "SkyImage",
        "total_runs": 5,
        "seed": 1,
        "image_parameters": {"image_shape": [48, 64], "scale": False, **dict(image)},
        "object_parameters": objects,
        **top,
    }


def translated(file):
    return translate(from_object(file), "stem")


def recipe_of(file):
    return translated(file).root.plain()


def body_of(file):
    [entry] = recipe_of(file)["objects"]
    [(model, body)] = entry.items()
    return model, body


def messages(file):
    return [f"{note.place}: {note.message}" for note in translated(file).notes]


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


SAID = {
    "rectangle": (
        {"center": [20, 10.5], "width": 12, "height": 6, "angle": 30, "fill": True, "line_width": 2},
        (
            "rectangle",
            {"x": 5.0, "y": -3.0, "width": 12.0, "height": 6.0, "angle": 30.0, "fill": True, "line_width": 2.0},
        ),
    ),
    "ellipse": (
        {"center": [0, 0], "width": 12, "height": 6, "angle": -30},
        (
            "ellipse",
            {"x": -15.0, "y": -13.5, "width": 12.0, "height": 6.0, "angle": -30.0, "fill": False, "line_width": 1.0},
        ),
    ),
    "regular_polygon": (
        {"center": [15, 13.5], "angle": 10, "vertices": 5, "radius": 7, "fill": True, "line_width": 0},
        ("polygon", {"x": 0.0, "y": 0.0, "sides": 5, "radius": 7.0, "angle": 100.0, "fill": True, "line_width": 0.0}),
    ),
    "polygon": (
        {"center": [15, 13.5], "angle": 0, "radius": 7},
        ("polygon", {"x": 0.0, "y": 0.0, "sides": 3, "radius": 7.0, "angle": 90.0, "fill": False, "line_width": 1.0}),
    ),
    "arc": (
        {"center": [15, 13.5], "radius": 8, "theta1": 10, "theta2": 160, "line_width": 2},
        ("arc", {"x": 0.0, "y": 0.0, "radius": 8.0, "start": 10.0, "sweep": 150.0, "line_width": 2.0}),
    ),
    "line": (
        {"start": [1, 20], "end": [25, 4], "line_width": 3},
        ("line", {"x1": -14.0, "y1": 6.5, "x2": 10.0, "y2": -9.5, "line_width": 3.0}),
    ),
}


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


TEXT = """\
object_type: shape
object_name: ShapeImage
total_runs: 5
image_parameters: {image_shape: [28, 31], object_noise_level: 0.2}
object_parameters:
  rectangle: {object: {center: [14, 10], width: 12, angle: 30}, instance: {}}
"""


@pytest.mark.parametrize(
    ("path", "position"),
    [
        (["count"], (3, 13)),
        (["image", "size"], (4, 33)),
        (["noise", 0, "gaussian", "sigma"], (4, 63)),
        (["objects", 0, "rectangle", "x"], (6, 33)),
        (["objects", 0, "rectangle", "y"], (6, 37)),
        (["objects", 0, "rectangle", "width"], (6, 49)),
        (["objects", 0, "rectangle", "angle"], (6, 60)),
    ],
)
def test_a_value_of_the_recipe_stands_where_the_file_has_it(path, position):
    node = find(translate(read(TEXT, "shape.yaml"), "shape").root, path)
    assert (node.mark.source, node.mark.line, node.mark.column) == ("shape.yaml", *position)


def test_notes_have_their_place_and_are_in_the_order_of_the_file():
    notes = [str(note) for note in translate(read(TEXT, "shape.yaml"), "shape").notes]
    starts = [
        "shape.yaml:1:1: warning: seed: no seed is given",
        "shape.yaml:4:63: warning: image_parameters.object_noise_level: DeepBench drew the same noise",
        "shape.yaml:6:3: warning: object_parameters.rectangle: height is not given",
        "shape.yaml:6:15: warning: object_parameters.rectangle.object: DeepBench ignored what is said in `object`",
        "shape.yaml:6:24: warning: object_parameters.rectangle.object.center: DeepBench counted the first number",
        "shape.yaml:6:60: warning: object_parameters.rectangle.object.angle: DeepBench turned a rectangle about",
    ]
    assert [note[: len(start)] for note, start in zip(notes, starts, strict=True)] == starts
    assert all(note.isprintable() for note in notes)


SILENT = {"rectangle": {**SAID["rectangle"][0], "angle": 0}}
NOTES = [
    (shape_file({}, seed=5), "seed: DeepBench stored this seed and drew from another"),
    (shape_file({}, seed=0), "0 is a seed like any other"),
    (shape_file({}, name="out"), "name: DeepBench wrote into this folder"),
    (shape_file({}, {"object_noise_type": "poisson"}), "object_noise_type: no noise is added"),
    (shape_file(SILENT, parameter_noise=1), "parameter_noise: DeepBench failed at single numbers"),
    (shape_file({"polygon": {"vertices": 3}}, parameter_noise=1), "vertices: parameter_noise is left out here"),
    (shape_file({"polygon": {}}), "polygon.center: DeepBench drew a polygon beside its center"),
    (shape_file({"polygon": {"angle": 3}}), "angle: DeepBench took these degrees for radians"),
    (shape_file({"arc": {}}), "arc.line_width: DeepBench drew the line inside the radius"),
    (
        shape_file({"line": {}}),
        "line.start: DeepBench drew a line beside its points, and a falling one as a rising one",
    ),
    (shape_file({"ellipse": {}}), "ellipse.line_width: DeepBench rounded the size up"),
    (sky_file({}, {"scale": False}), "object_name: DeepBench took light at pixel centres only"),
    (sky_file({"galaxy": {"instance": {"noise_level": 1}}}), "noise_level: DeepBench added ten times as much noise"),
]


@pytest.mark.parametrize(("file", "told"), NOTES, ids=[told for _, told in NOTES])
def test_what_differs_is_told_once_and_only_where_it_does(file, told):
    assert sum(told in message for message in messages(file)) == 1
    plain = messages(shape_file(SILENT))
    assert not any(told in message for message in plain) or told.startswith("seed: ")


def test_the_scale_of_a_silent_file_is_told():
    file = sky_file({})
    assert not any("scale" in message for message in messages(file))
    del file["image_parameters"]["scale"]
    assert any(message.startswith("image_parameters.scale: DeepBench scaled each") for message in messages(file))


def test_a_rectangle_that_is_not_turned_has_no_corner_to_turn_about():
    assert not any("corner" in message for message in messages(shape_file(SILENT)))
    assert any("corner" in message for message in messages(shape_file({"rectangle": {"angle": 1}})))


def test_a_dict_is_refused_by_its_places():
    file = shape_file({"rectangle": {"width": -3}, "square": {}})
    with pytest.raises(RecipeError) as caught:
        translated(file)
    assert str(caught.value).splitlines() == [
        "object_parameters.rectangle.object.width: -3 is not allowed; width must be above 0",
        "object_parameters.square: unknown shape `square`; allowed: "
        "`rectangle`, `regular_polygon`, `polygon`, `arc`, `line`, `ellipse`",
    ]


def shape_text():
    """Return a file with an object of each shape, its numbers noisy."""
    words = {word: said for word, (said, _) in SAID.items()}
    return yaml.safe_dump(shape_file(words, parameter_noise=0.5), default_flow_style=None, sort_keys=False)


GOOD = (
    (TEXT, 1),
    (
        "object_type: sky\nobject_name: SkyImage\ntotal_runs: 3\nseed: 4\nparameter_noise: 0.1\n"
        "image_parameters: {image_shape: [48, 64], object_noise_type: poisson, object_noise_level: 1}\n"
        "object_parameters:\n  star: {instance: {radius: 1.2}, object: {center_x: 12, center_y: 30, alpha: 2.0}}\n"
        "  galaxy: {instance: {n: 2.5, ellipse: 0.4, theta: 0.6}, object: {center_x: 40}}\n",
        2,
    ),
    (
        "object_type: physics\nobject_name: Pendulum\ntotal_runs: 3\nimage_parameters: {pendulum_arm_length: 2,\n"
        "  starting_angle_radians: 0.2, big_G_newton: 10, phi_planet: 1, noise_std_percent: {phi_planet: null}}\n"
        "object_parameters: {time: [0, 1, 2]}\n",
        3,
    ),
    (
        "object_type: astro\nobject_name: NBodyObject\ntotal_runs: 3\nimage_parameters: {image_dimensions: [8, 8],\n"
        "  t_duration: 2, dt: 0.2, dampening: 0, noise_level: 0.02, G: 9.8, plot_real_time: false}\n"
        "object_parameters: {}\n",
        4,
    ),
    (shape_text(), 5),
)
DAMAGE = (
    *(
        "null",
        "-1",
        "1e999",
        "1e308",
        "-1e308",
        "true",
        "{}",
        "[]",
        "[1, 2]",
        "{uniform: [0, 1]}",
        "'= 3'",
        "arc",
        "line",
        "ellipse",
    ),
    *("object", "instance", "center", "angle", "theta1", "poisson", "SkyImage", "ShapeImage", "StarObject", ":", ","),
)


@pytest.mark.parametrize(("text", "seed"), GOOD)
def test_damaged_files_are_read_or_refused_in_lines_with_their_place(text, seed):
    rng = random.Random(seed)
    refused = 0
    for _ in range(300):
        tokens = re.findall(r"\w+|\s+|.", text)
        for _ in range(rng.randint(1, 3)):
            tokens[rng.randrange(len(tokens))] = rng.choice(["", *DAMAGE])
        try:
            root = read("".join(tokens), "f.yaml")
            if recognise(root):
                translate(root, "f")
        except RecipeError as error:
            refused += 1
            assert all(re.fullmatch(r"(f\.yaml:\d+:\d+: .+|and more; .*)", line) for line in str(error).split("\n"))
    assert refused > 100


def test_a_large_wrong_file_is_answered_within_a_second():
    text = TEXT + "".join(f"  rectangel{i}: {{objekt: {{}}}}\n" for i in range(2400))
    for wrong in (text, TEXT.replace("width: 12", ", ".join(f"width{i}: 3" for i in range(4900)))):
        start = time.process_time()
        with pytest.raises(RecipeError) as caught:
            translate(read(wrong, "f.yaml"), "f")
        assert time.process_time() - start < 1.0
        assert len(str(caught.value).splitlines()) == 51
