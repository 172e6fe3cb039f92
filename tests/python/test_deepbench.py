"""DeepBench's files run, and what its code gets wrong is right here: one test for each fault."""

import warnings

import numpy as np
import pytest
import yaml

import lightmill as lm
from lightmill.cli.app import run
from lightmill.deepbench import convert

pytestmark = pytest.mark.filterwarnings("ignore::lightmill.DeepBenchWarning")

SHAPE = """\
object_type: shape
object_name: ShapeImage
total_runs: 20
image_parameters: {image_shape: [28, 28], object_noise_level: 0.2}
object_parameters:
  rectangle: {object: {center: [14, 10], width: 12, height: 6, angle: 30, fill: true}, instance: {}}
  arc: {object: {center: [14, 18], radius: 8, theta1: 10, theta2: 160, line_width: 2}, instance: {}}
"""
ALL = """\
object_type: shape
object_name: ShapeImage
total_runs: 12
seed: 4
parameter_noise: 0.5
name: every/shape
image_parameters: {image_shape: [40, 31], object_noise_type: poisson, object_noise_level: 0.2}
object_parameters:
  rectangle: {object: {center: [14, 10], width: 12}, instance: {height: 4.5, angle: 30}}
  regular_polygon: {object: {vertices: 5, line_width: 2}, instance: {}}
  polygon: {object: {center: [20, 20.5], fill: true}, instance: {}}
  arc: {object: {theta1: 350, theta2: 60}, instance: {}}
  line: {object: {start: [3, 20], end: [28, 5]}, instance: {}}
  ellipse: {object: {}, instance: {}}
"""


def image_parameters(rows, columns, **more):
    return {"image_shape": [rows, columns], **more}


def file_of(word, parameters, image=None, **top):
    return {
        "object_type": "shape",
        "object_name": "ShapeImage",
        "total_runs": 1,
        "image_parameters": image or image_parameters(33, 41),
        "object_parameters": {word: {"object": parameters, "instance": {}}},
        **top,
    }


def draw(word, **parameters):
    """Return one noiseless image of 33 rows and 41 columns, and the columns and rows of its lit pixels."""
    image = lm.generate(file_of(word, parameters), 0, 1).images[0]
    rows, columns = np.nonzero(image)
    return image, columns, rows


@pytest.fixture
def shape(tmp_path):
    path = tmp_path / "shape.yaml"
    path.write_text(SHAPE)
    return path


# What it makes, end to end.


def test_a_file_runs_as_it_is(shape, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(["generate", str(shape), str(out), "--quiet"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[1] == (
        f"{shape}:4:63: warning: image_parameters.object_noise_level: DeepBench drew the same noise for every image; "
        "here each image has its own"
    )
    assert all(line.startswith(f"{shape}:") and ": warning: " in line for line in lines)
    assert len(lines) == len(set(lines)) == 6
    with lm.open(out) as data:
        assert len(data) == 20
        assert data.images.shape == (20, 28, 28)


def test_preview_and_validate_read_it_too(shape, tmp_path, capsys):
    assert run(["preview", str(shape), "--output", str(tmp_path / "a.png")]) == 0
    assert run(["validate", str(shape)]) == 0
    assert "shape: 20 samples of 28×28" in capsys.readouterr().out


def test_a_dict_warns_where_it_is_loaded():
    with pytest.warns(lm.DeepBenchWarning) as told:
        lm.load(file_of("rectangle", {"angle": 3}))
    assert {warning.filename for warning in told} == {__file__}
    assert any("about one of its corners" in str(warning.message) for warning in told)


def test_settings_are_in_the_words_of_the_recipe(shape):
    recipe = lm.load(shape, settings=["rectangle.width=5", "count=3"])
    assert recipe.count == 3
    assert recipe.resolved["objects"][0]["rectangle"]["width"] == 5.0


# Converting.


@pytest.mark.parametrize("text", [SHAPE, ALL, ALL.replace("seed: 4\n", "").replace("name: every/shape\n", "")])
def test_the_converted_recipe_is_the_same_recipe(text, tmp_path):
    theirs, ours = tmp_path / "theirs.yaml", tmp_path / "ours.yaml"
    theirs.write_text(text)
    ours.write_text(convert(theirs))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        converted = lm.load(ours)
    recipe = lm.load(theirs)
    assert converted == recipe
    np.testing.assert_array_equal(lm.generate(converted, 0, 3).images, lm.generate(recipe, 0, 3).images)
    assert yaml.safe_load(ours.read_text())["lightmill"] == 1


def test_comments_stand_above_what_they_are_about(shape):
    lines = convert(shape).splitlines()
    angle = lines.index("      angle: 30.0")
    assert lines[angle - 1] == (
        "      # DeepBench turned a rectangle about one of its corners; here it turns about its centre"
    )
    noise = lines.index("noise:")
    assert lines[noise - 1].startswith("# DeepBench drew the same noise for every image")
    assert max(map(len, lines)) <= 110


def test_convert_prints_or_writes_and_never_overwrites(shape, tmp_path, capsys):
    assert run(["convert", str(shape)]) == 0
    printed = capsys.readouterr()
    assert printed.out == convert(shape)
    assert printed.err == ""
    out = tmp_path / "recipe.yaml"
    assert run(["convert", str(shape), "--output", str(out)]) == 0
    assert out.read_text() == printed.out
    capsys.readouterr()
    out.write_text("kept")
    assert run(["convert", str(shape), "--output", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert out.read_text() == "kept"


def test_what_is_no_file_of_deepbench_is_not_converted(tmp_path, capsys):
    path = tmp_path / "ours.yaml"
    path.write_text("image: {size: 8}\nobjects: []\n")
    assert run(["convert", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"{path}:1:1: this has no `object_type`")
    assert run(["convert", str(tmp_path / "absent.yaml")]) == 2
    assert "is no file" in capsys.readouterr().err
    path.write_text(SHAPE.replace("rectangle", "rectangel"))
    assert run(["convert", str(path)]) == 2
    assert "unknown shape `rectangel`; did you mean `rectangle`?" in capsys.readouterr().err


# Collections: seeds, noise, defaults, labels.


def test_the_seed_that_is_recorded_is_the_one_that_is_used(tmp_path):
    file = file_of("rectangle", {}, image_parameters(28, 28, object_noise_level=0.2), seed=11, total_runs=6)
    lm.write(lm.load(file), tmp_path / "out")
    with lm.open(tmp_path / "out") as data:
        again = lm.load(tmp_path / "out" / "recipe.yaml")
        assert again.seed == 11
        np.testing.assert_array_equal(data.images[:], lm.generate(again, 0, 6).images)
    other = lm.generate(lm.load({**file, "seed": 12}), 0, 6)
    assert (other.images != lm.generate(again, 0, 6).images).any()


def test_zero_is_a_seed():
    file = file_of("rectangle", {}, image_parameters(28, 28, object_noise_level=0.2), seed=0)
    first, second = (lm.generate(lm.load(file), 0, 4).images for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (first != lm.generate(lm.load({**file, "seed": 1}), 0, 4).images).any()


def test_runs_of_fixed_parameters_have_noise_of_their_own(shape):
    images = lm.generate(lm.load(shape), 0, 20).images
    assert len({image.tobytes() for image in images}) == 20
    noise = images - images.mean(axis=0)
    assert np.abs(np.corrcoef(noise.reshape(20, -1)) - np.eye(20)).max() < 0.3


def test_defaults_are_drawn_for_each_image_in_their_documented_range():
    batch = lm.generate(lm.load(file_of("rectangle", {}, total_runs=200)), 0, 200)
    for name in ("width", "height", "column", "row"):
        assert set(batch.labels[f"rectangle.{name}"]) == {10, 11, 12, 13, 14, 15}
    assert len({image.tobytes() for image in batch.images}) > 150


def test_parameter_noise_is_drawn_for_each_image():
    words = {"center": [14, 10], "width": 12, "height": 6}
    batch = lm.generate(lm.load(file_of("rectangle", words, parameter_noise=0.5)), 0, 200)
    width = batch.labels["rectangle.width"]
    assert 12 <= width.min() < 12.05
    assert 12.45 < width.max() <= 12.5
    assert abs(np.corrcoef(width, batch.labels["rectangle.height"])[0, 1]) < 0.3


def test_a_data_set_holds_the_labels(shape, tmp_path):
    lm.write(lm.load(shape), tmp_path / "out")
    with lm.open(tmp_path / "out") as data:
        assert (data.labels["rectangle.width"][:] == 12).all()
        assert (data.labels["arc.sweep"][:] == 150).all()
        assert "rectangle.angle" in data.labels


def test_noise_is_there_only_where_it_is_asked_for():
    silent = lm.generate(file_of("rectangle", {"fill": True}), 0, 5).images
    assert set(np.unique(silent)) == {0.0, 1.0}
    counts = image_parameters(33, 41, object_noise_type="poisson", object_noise_level=0.5)
    image = lm.generate(file_of("rectangle", {"center": [20, 16], "fill": True}, counts), 0, 1).images[0]
    np.testing.assert_array_equal(image, np.round(image))
    assert image[:5].mean() == pytest.approx(0.5, abs=0.2)


def test_images_need_not_be_square():
    for rows, columns in ((20, 50), (50, 20)):
        words = {"center": [columns - 6, rows - 6], "width": 4, "height": 4, "fill": True, "line_width": 0}
        image = lm.generate(file_of("rectangle", words, image_parameters(rows, columns)), 0, 1).images[0]
        assert image.shape == (rows, columns)
        lit = np.nonzero(image)
        assert (lit[0].mean(), lit[1].mean()) == (pytest.approx(rows - 6, abs=0.6), pytest.approx(columns - 6, abs=0.6))


# Shapes: where their pixels are.


@pytest.mark.parametrize("angle", [0, 30, 45, 90, 200])
def test_a_rectangle_turns_about_its_centre(angle):
    image, columns, rows = draw("rectangle", center=[22, 13], width=13, height=7, angle=angle, fill=True, line_width=0)
    assert (columns.mean(), rows.mean()) == (pytest.approx(22, abs=0.05), pytest.approx(13, abs=0.05))
    assert image.sum() == pytest.approx(91, abs=7)
    # The long side points in the direction of the angle.
    cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along, across = (columns - 22) * cosine + (rows - 13) * sine, (rows - 13) * cosine - (columns - 22) * sine
    assert np.abs(along).max() <= 6.5
    assert np.abs(across).max() <= 3.5


def test_an_outline_is_centred_on_the_edge():
    image, columns, rows = draw("rectangle", center=[20, 16], width=12, height=8, line_width=2)
    assert image[16, 20] == 0.0
    assert (columns.max() - columns.min() + 1, rows.max() - rows.min() + 1) == (
        pytest.approx(14, abs=1),
        pytest.approx(10, abs=1),
    )
    filled, *_ = draw("rectangle", center=[20, 16], width=12, height=8, line_width=2, fill=True)
    assert filled[16, 20] == 1.0
    assert filled.sum() > image.sum()


@pytest.mark.parametrize("word", ["polygon", "regular_polygon"])
@pytest.mark.parametrize(("angle", "vertices"), [(0, 3), (30, 3), (30, 6), (75, 5)])
def test_a_polygon_is_centred_and_turned_by_degrees(word, angle, vertices):
    image, columns, rows = draw(
        word, center=[20, 16], angle=angle, vertices=vertices, radius=11, fill=True, line_width=0
    )
    assert (columns.mean(), rows.mean()) == (pytest.approx(20, abs=0.2), pytest.approx(16, abs=0.2))
    for k in range(vertices):
        direction = np.radians(90 + angle + 360 * k / vertices)
        for reach, lit in ((9.0, 1.0), (12.5, 0.0)):
            column, row = round(20 + reach * np.cos(direction)), round(16 + reach * np.sin(direction))
            assert image[row, column] == lit


def test_an_ellipse_is_about_its_centre():
    image, columns, rows = draw("ellipse", center=[20, 16], width=20, height=8, angle=40, fill=True, line_width=0)
    assert (columns.mean(), rows.mean()) == (pytest.approx(20, abs=0.05), pytest.approx(16, abs=0.05))
    assert image.sum() == pytest.approx(np.pi * 10 * 4, rel=0.05)
    assert image[round(16 + 8.5 * np.sin(np.radians(40))), round(20 + 8.5 * np.cos(np.radians(40)))] == 1.0


@pytest.mark.parametrize(("first", "last"), [(10, 160), (300, 60), (0, 90)])
def test_an_arc_lies_between_its_angles_at_its_radius(first, last):
    _, columns, rows = draw("arc", center=[20, 16], radius=11, theta1=first, theta2=last, line_width=2)
    distance = np.hypot(columns - 20, rows - 16)
    assert distance.min() >= 10
    assert distance.max() <= 12
    after = (np.degrees(np.arctan2(rows - 16, columns - 20)) - first) % 360
    sweep = (last - first) % 360
    assert after.max() <= sweep
    assert after.min() < 6
    assert after.max() > sweep - 6


@pytest.mark.parametrize(
    ("start", "end"), [([4, 5], [34, 25]), ([4, 25], [34, 5]), ([30, 6], [10, 30]), ([5, 9], [36, 9])]
)
def test_a_line_goes_from_start_to_end_falling_or_rising(start, end):
    _, columns, rows = draw("line", start=start, end=end, line_width=2)
    points = np.stack([columns, rows], axis=1) - np.array(start)
    direction = np.subtract(end, start) / np.hypot(*np.subtract(end, start))
    along, across = points @ direction, points @ np.array([-direction[1], direction[0]])
    length = np.hypot(*np.subtract(end, start))
    assert np.abs(across).max() < 1.01
    assert -0.01 < along.min() < 1.01
    assert length - 1.01 < along.max() < length + 0.01


def test_positions_are_columns_then_rows():
    _, columns, rows = draw("rectangle", center=[35, 3], width=2, height=2, fill=True, line_width=0)
    assert (columns.mean(), rows.mean()) == (pytest.approx(35, abs=0.6), pytest.approx(3, abs=0.6))


def test_shapes_add_up():
    file = file_of("rectangle", {"center": [20, 16], "width": 9, "height": 9, "fill": True})
    file["object_parameters"]["ellipse"] = {"object": {"center": [20, 16], "width": 5, "height": 5, "fill": True}}
    assert lm.generate(file, 0, 1).images[0].max() == 2.0


# Files that are not available yet.


def test_a_sky_file_is_blurred_as_it_was(tmp_path):
    path = tmp_path / "sky.yaml"
    path.write_text(
        "object_type: sky\nobject_name: SkyImage\ntotal_runs: 2\nseed: 3\n"
        "image_parameters: {image_shape: [48, 64], scale: false}\n"
        "object_parameters:\n  star: {instance: {}, object: {center_x: 30, center_y: 20, alpha: 2}}\n"
    )
    with pytest.warns(lm.DeepBenchWarning):
        recipe = lm.load(path)
    assert recipe.resolved["psf"]["gaussian"]["sigma"] == 0.7
    [image] = lm.generate(recipe, 0, 1).images
    assert np.unravel_index(image.argmax(), image.shape) == (20, 30)
    assert image.max() < 0.6  # a blur of an amplitude of 1
