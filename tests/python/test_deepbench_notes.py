"""What DeepBench's files are told: where a value stands, what differs, what is wrong."""

import random
import re
import time

import pytest
import yaml
from deepbench_files import SAID, messages, shape_file, sky_file, translated

from lightmill.deepbench import recognise, translate
from lightmill.recipe import RecipeError
from lightmill.recipe.node import find
from lightmill.recipe.reader import read

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
