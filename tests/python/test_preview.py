"""Contact sheets: what is shown, which way up, and with which words."""

import numpy as np
import pytest
from PIL import Image

import lightmill as lm
from lightmill import preview

DARK = 60


@pytest.mark.parametrize("shape", [(8, 8), (64, 64), (96, 128), (300, 40), (1024, 1024), (1, 1), (5, 2000)])
def test_any_size_is_brought_to_one_that_can_be_seen(shape):
    rng = np.random.default_rng(0)
    tile = preview._tile(rng.normal(size=shape), None)
    assert preview.SMALLEST <= max(tile.size) <= max(preview.LARGEST, preview.SMALLEST + max(shape))
    assert max(tile.size) <= 2 * preview.LARGEST
    assert min(tile.size) >= 1


def test_small_images_are_enlarged_by_a_whole_factor_and_row_0_is_at_the_bottom():
    image = np.zeros((8, 8))
    image[0, 7] = 1.0
    tile = np.asarray(preview._tile(image, preview.Stretch(0.0, 1.0)))
    side = 144 // 8
    assert tile.shape == (144, 144)
    assert (tile[-side:, -side:] == 255).all()
    assert tile.astype(int).sum() == 255 * side**2


def test_large_images_are_averaged_over_areas():
    image = np.zeros((1024, 1024))
    image[::2] = 1.0
    tile = np.asarray(preview._tile(image, preview.Stretch(0.0, 1.0)))
    assert tile.shape == (256, 256)
    assert ((tile == 127) | (tile == 128)).all()


def test_shapes_are_linear_from_0_to_1_and_light_is_not():
    assert preview._linear(np.array([[[0.0, 0.5]]]))
    assert not preview._linear(np.array([[[0.0, 0.5]], [[0.0, 1.5]]]))
    assert not preview._linear(np.array([[[-0.1, 0.5]]]))
    assert not preview._linear(np.full((1, 4, 4), 0.01))


def test_the_stretch_shows_sky_star_and_the_faint_one_beside_it():
    rng = np.random.default_rng(1)
    image = rng.normal(100, 5, (64, 64))
    image[10:13, 10:13] += 20000
    image[40:43, 40:43] += 60
    grey = preview.Stretch.of(image)(image).astype(int)
    sky = np.median(grey)
    assert 5 < sky < DARK
    assert grey[11, 11] == 255
    assert sky + 25 < grey[41, 41] < 200
    assert (np.diff(preview.Stretch.of(image)(np.linspace(80, 20000, 500))) >= 0).all()


@pytest.mark.parametrize("value", [0.0, 7.0, -3.0, np.nan, 1e30])
def test_an_even_image_is_black(value):
    image = np.full((8, 8), value)
    assert (preview.Stretch.of(image)(image) == 0).all()


def test_one_bright_pixel_in_nothing_is_seen():
    image = np.zeros((64, 64))
    image[5, 5] = 1e-3
    assert preview.Stretch.of(image)(image)[5, 5] == 255


def test_what_is_not_a_number_is_black_and_does_not_spoil_the_rest():
    image = np.random.default_rng(2).normal(size=(32, 32))
    image[3, 3] = np.nan
    grey = preview.Stretch.of(image)(image)
    assert grey[3, 3] == 0
    assert grey.max() > 100


def test_nothing_to_show_is_an_error():
    with pytest.raises(ValueError, match=r"shape \(0, 4, 4\)"):
        preview.sheet(np.empty((0, 4, 4)), [], "none")


def test_captions_show_the_targets_in_order():
    labels = {"a.flux": np.array([1.0, 2.0]), "a.fwhm": np.array([3.25, 4.0]), "b.x": np.array([0.0, 1.0])}
    assert preview.captions(labels, ["a.fwhm", "a.flux"]) == [["fwhm 3.25", "flux 1"], ["fwhm 4", "flux 2"]]
    assert preview.captions(labels, ["a.fwhm", "b.x"])[1] == ["a.fwhm 4", "b.x 1"]


def test_captions_without_targets_show_what_differs_positions_last():
    labels = {
        "a.x": np.array([1.0, 2.0]),
        "a.flux": np.array([1.0, 2.0]),
        "a.beta": np.array([3.0, 3.0]),
        "a.fwhm": np.array([1.0, 2.0]),
        "a.g1": np.array([0.1, 0.2]),
    }
    assert preview.captions(labels)[0] == ["flux 1", "fwhm 1", "g1 0.1"]
    assert preview.captions(labels, numbers={"star": np.array([4, 0])})[0] == ["star: 4", "a.flux 1", "a.fwhm 1"]


def test_of_many_entries_those_that_an_image_holds_are_in_one_line():
    numbers = {"arc": np.array([1, 0]), "line": np.array([0, 0]), "circle": np.array([2, 0])}
    assert preview.captions({}, numbers=numbers) == [["arc, circle ×2"], ["nothing"]]
    numbers["line"] = np.array([np.nan, np.nan])
    assert preview.captions({}, numbers=numbers) == [["arc: 1", "circle: 2"], ["arc: 0", "circle: 0"]]


def recipe(**keys):
    return lm.load(
        {
            "name": "field",
            "seed": 5,
            "count": 40,
            "image": {"size": [24, 32]},
            "objects": [
                {
                    "moffat": {
                        "name": "star",
                        "repeat": {"integers": [0, 3]},
                        "x": {"uniform": [-12, 12]},
                        "flux": {"log_uniform": [100, 10000]},
                        "fwhm": 3,
                        "beta": 3,
                    }
                },
                {"gaussian": {"name": "galaxy", "flux": {"uniform": [1000, 3000]}, "fwhm": {"uniform": [4, 8]}}},
            ],
            "noise": [{"gaussian": {"sigma": 2}}],
        }
        | keys
    )


def test_the_sheet_of_a_recipe_shows_its_rows_in_order():
    picture, batch = preview.preview(recipe(), 6), lm.generate(recipe(), 0, 6)
    for row, (left, top) in enumerate((20 + 172 * i, 66 + 187 * j) for j in range(2) for i in range(3)):
        upright = batch.images[row, ::-1]
        grey = preview.Stretch.of(upright)(upright)
        shown = np.asarray(picture.convert("L").crop((left, top, left + 160, top + 120)))
        np.testing.assert_array_equal(shown[::5, ::5], grey)
    np.testing.assert_array_equal(np.asarray(picture)[-1, -1], (250, 250, 248))


def test_the_lines_count_what_is_repeated():
    made = recipe()
    batch = lm.generate(made, 0, 4)
    numbers = preview._numbers(made, batch.objects["present"])
    assert list(numbers) == ["star"]
    np.testing.assert_array_equal(numbers["star"], batch.objects["present"][:, :3].sum(axis=1))


def test_the_picture_is_a_png_and_the_same_each_time(tmp_path):
    content = preview.png(recipe(), 9)
    (tmp_path / "sheet.png").write_bytes(content)
    with Image.open(tmp_path / "sheet.png") as picture:
        assert picture.format == "PNG"
    assert preview.png(recipe(), 9) == content
