"""Values that follow from others: expressions, `let`, nested draws, `per`, units."""

import itertools
import json
import math

import h5py
import numpy as np
import pytest
from astropy import units

import lightmill as lm
from lightmill.recipe import RecipeError, load
from lightmill.recipe.columns import columns
from lightmill.recipe.units import LENGTHS, factor

SCENE = {
    "image": {"size": 16, "pixel_scale": "0.2 arcsec"},
    "let": {"L0": {"log_normal": [1000, 0.2]}, "G": {"integers": [2, 7], "per": "dataset"}, "k": "= L0 / 10"},
    "objects": [
        {
            "gaussian": {
                "name": "galaxy",
                "let": {"half": "= flux / 2", "L0": 3},
                "flux": {"normal": ["= 2 * k", {"uniform": [1, 2]}], "min": "= k"},
                "fwhm": {"uniform": ["0.4 arcsec", "4 pixel"]},
                "angle": "= 10 * L0",
                "axis_ratio": {"choice": [0.5, {"uniform": [0.2, 0.4]}], "weights": [1, "= L0"]},
            }
        },
        {
            "moffat": {
                "name": "star",
                "repeat": {"integers": [1, "= G"], "max": 20},
                "let": {"common": {"uniform": [0, 1], "per": "sample"}, "own": {"uniform": [0, 1]}},
                "x": {"uniform": ["= -own", 1]},
                "flux": "= galaxy.half * common",
                "fwhm": 1,
                "beta": 3,
                "noise": {"gaussian": {"sigma": "= flux / 1000"}},
            }
        },
    ],
    "sky": "= L0 / 100",
    "noise": ["poisson", {"gaussian": {"sigma": "= sqrt(k)"}}],
    "targets": ["L0", "galaxy.half", "galaxy.flux"],
}


def changed(**changes):
    return {**SCENE, **changes}


def faults(recipe):
    with pytest.raises(RecipeError) as caught:
        load(recipe)
    return str(caught.value).splitlines()


def test_values_follow_from_one_another():
    batch = lm.generate(SCENE, 0, 50)
    label, owned = batch.labels, batch.objects
    assert np.array_equal(label["k"], label["L0"] / 10)
    assert np.array_equal(label["galaxy.half"], label["galaxy.flux"] / 2)
    assert (np.abs(label["galaxy.flux"] - 2 * label["k"]) < 12).all()
    assert (label["galaxy.angle"] == 30).all()
    assert len(set(label["G"])) == 1
    assert np.array_equal(label["sky.level"], label["L0"] / 100)
    assert np.array_equal(batch.targets, np.stack([label["L0"], label["galaxy.half"], label["galaxy.flux"]], axis=1))
    stars = owned["present"][:, 1:]
    assert np.array_equal(stars.sum(axis=1), label["star.repeat"])
    assert set(label["star.repeat"]) <= set(range(1, int(label["G"][0]) + 1))
    common, own = owned["common"][:, 1:], owned["own"][:, 1:]
    assert all(len(set(row[there])) == 1 for row, there in zip(common, stars, strict=True))
    assert len(set(own[stars])) == stars.sum()
    assert (owned["x"][:, 1:][stars] >= -own[stars]).all()
    assert np.isnan(owned["half"][:, 1:]).all()
    assert np.array_equal(owned["half"][:, 0], label["galaxy.half"])


def test_the_resolved_recipe_keeps_what_was_written(tmp_path):
    recipe = load(SCENE)
    galaxy, star = (item for entry in recipe.resolved["objects"] for item in entry.values())
    assert recipe.resolved["let"] == {
        "L0": {"log_normal": [1000.0, 0.2]},
        "G": {"integers": [2, 7], "per": "dataset"},
        "k": "= L0 / 10",
    }
    assert galaxy["flux"] == {"normal": ["= 2 * k", {"uniform": [1.0, 2.0]}], "min": "= k"}
    assert galaxy["axis_ratio"] == {"choice": [0.5, {"uniform": [0.2, 0.4]}], "weights": [1.0, "= L0"]}
    assert star["repeat"] == {"integers": [1, "= G"], "max": 20}
    assert recipe.spec["objects"][1]["slots"] == 20
    path = tmp_path / "resolved.yaml"
    path.write_text(recipe.yaml())
    for again in (load(recipe.resolved), load(path), load(recipe), recipe.with_(count=3).with_(seed=0)):
        assert again.checksum == recipe.checksum
        assert again.spec == recipe.spec
    assert load(path).yaml() == recipe.yaml()


def test_a_prior_is_cut_where_its_numbers_are_there_and_in_each_row_where_they_vary():
    objects = [{"gaussian": {"flux": 1, "fwhm": {"normal": [{"uniform": [-1, 1]}, 2], "per": "sample"}}}]
    recipe = load({"image": {"size": 8}, "objects": objects, "sky": {"normal": [1, 1], "per": "sample"}})
    assert recipe.resolved["objects"][0]["gaussian"]["fwhm"] == objects[0]["gaussian"]["fwhm"]
    assert recipe.resolved["sky"]["level"] == {"normal": [1.0, 1.0], "min": 0.0, "max": 1e18, "per": "sample"}
    assert load(recipe.resolved) == recipe
    assert (lm.parameters(recipe, 0, 500)["gaussian.fwhm"] > 0).all()


def test_the_columns_are_those_of_the_plan():
    recipe = load(SCENE)
    planned = json.loads(recipe.plan.columns())
    known, several = columns(recipe.resolved)
    assert sorted(known) == sorted(column["name"] for column in planned if column["role"] == "label")
    assert several == {"star"}


def test_lets_and_units_on_disk(tmp_path):
    lm.write(load(SCENE).with_(count=4), tmp_path / "out")
    with h5py.File(next((tmp_path / "out").rglob("*.h5"))) as file:
        assert {"L0", "G", "k", "galaxy.half"} <= set(file["labels"])
        assert {"half", "L0", "common", "own", "present"} <= set(file["objects"])
        assert file["labels/galaxy.fwhm"].attrs["unit"] == "arcsec"
        assert file["objects/x"].attrs["unit"] == "arcsec"
        assert file["labels/galaxy.angle"].attrs["unit"] == "degree"
        assert file["labels/k"].attrs["unit"] == "one"


def test_a_row_without_a_legal_value_says_why():
    recipe = load(changed(let={"L0": {"integers": [0, 3]}, "G": 3, "k": 5}, sky="= 6 / L0"))
    with pytest.raises(
        RuntimeError, match=r'sky.level: "= 6 / L0" is inf with L0 = 0; level must be .* \(in row \d+\)'
    ):
        lm.generate(recipe, 0, 100)


def test_what_is_given_to_render_is_followed():
    drawn = lm.parameters(SCENE, 0, 5)
    for noise in (False, True):
        same = lm.render(SCENE, drawn, samples=range(5), noise=noise)
        brighter = lm.render(SCENE, {"L0": drawn["L0"] * 2}, samples=range(5), noise=noise)
        # The sky, which follows from L0, is subtracted; its noise stays. What is drawn is not drawn anew.
        assert np.array_equal(same, brighter) is not noise


def test_an_entry_that_never_occurs():
    recipe = {"image": {"size": 8}, "objects": [{"rectangle": {"random": True, "repeat": 0}}]}
    batch = lm.generate(recipe, 0, 3)
    assert not batch.images.any()
    assert not batch.objects["present"].any()


@pytest.mark.parametrize(
    ("image", "scale", "unit"),
    [
        ({"pixel_scale": "0.2 arcsec"}, 0.2, "arcsec"),
        ({"pixel_scale": "0.2arcsec/pixel"}, 0.2, "arcsec"),
        ({"pixel_scale": "200 mas", "unit": "arcsec"}, 0.2, "arcsec"),
        ({"pixel_scale": "3 arcmin"}, 3.0, "arcmin"),
        ({"pixel_scale": 0.2, "unit": "mas"}, 0.2, "mas"),
        ({"unit": "deg"}, 1.0, "deg"),
        ({}, 1.0, None),
    ],
)
def test_the_unit_of_lengths(image, scale, unit):
    recipe = load({"image": {"size": 8, **image}, "objects": [{"gaussian": {"flux": 1, "fwhm": "3 pixel"}}]})
    resolved = recipe.resolved["image"]
    assert resolved["pixel_scale"] == pytest.approx(scale, rel=1e-15)
    assert (recipe.unit, resolved.get("unit")) == (unit, unit)
    assert recipe.spec["objects"][0]["parameters"]["fwhm"] == pytest.approx(3 * scale, rel=1e-15)
    assert load(recipe.resolved) == recipe


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("fwhm", "0.3 arcsec", 0.3),
        ("fwhm", "300 mas", 0.3),
        ("fwhm", "1e-2arcmin", 0.6),
        ("fwhm", "1.5 pixels", 0.3),
        ("x", "-1 deg", -3600.0),
        ("angle", "15 deg", 15.0),
        ("angle", "90 arcmin", 1.5),
        ("angle", "3.141592653589793 rad", 180.0),
        ("position_angle", "1 hourangle", 15.0),
    ],
)
def test_numbers_with_a_unit(key, text, value):
    body = {"flux": 1, "fwhm": 3, "axis_ratio": 0.5, key: text}
    image = {"size": 8, "pixel_scale": "0.2 arcsec"}
    recipe = load({"image": image, "objects": [{"gaussian": body}]})
    assert recipe.spec["objects"][0]["parameters"][key] == pytest.approx(value, rel=2e-15)


def test_factors_are_exact_where_the_units_are_whole_multiples():
    assert (factor("arcmin", "arcsec"), factor("deg", "arcsec"), factor("arcsec", "mas")) == (60.0, 3600.0, 1000.0)
    assert factor("rad", "deg") == pytest.approx(180 / math.pi, rel=1e-14)
    for unit, to in itertools.product(LENGTHS, LENGTHS):
        assert factor(unit, to) == float(f"{units.Unit(unit).to(units.Unit(to)):.15g}")
    assert factor("s", "deg") is None
    assert factor("nonsense", "deg") is None


@pytest.mark.parametrize(
    ("repeat", "slots"),
    [
        ({"choice": ["= G"], "max": 12}, 12),
        ({"choice": [1, {"integers": [0, 5]}]}, 5),
        ({"integers": [0, {"integers": [3, 9]}]}, 9),
        ({"poisson": {"uniform": [0, 3]}, "max": 15}, 15),
        ({"integers": ["= G", -1]}, 1),
        (0, 1),
        ({"integers": ["= G", 10**6]}, 65_536),
        ({"log_normal": [3, 1]}, None),
        ({"poisson": "= G"}, None),
        ({"integers": [0, 3], "max": "= G"}, 3),
    ],
)
def test_slots_of_a_repeat_that_varies(repeat, slots):
    recipe = {"image": {"size": 8}, "let": {"G": {"integers": [0, 2]}}, "objects": [{"rectangle": "random"}]}
    recipe["objects"] = [{"rectangle": {"random": True, "repeat": repeat}}]
    if slots is None:
        assert faults(recipe)[0].startswith("objects[0].rectangle.repeat")
    else:
        assert load(recipe).spec["objects"][0]["slots"] == slots


def test_names_without_a_file_and_settings():
    [line] = faults(changed(sky="= L00"))
    assert line == 'sky.level: "= L00": character 3: no value is called L00; did you mean L0?'
    recipe = load(SCENE, ["let.k== 3 * L0", "galaxy.flux.normal[0]== k", "star.let.own=0.5"])
    assert recipe.resolved["let"]["k"] == "= 3 * L0"
    assert recipe.resolved["objects"][0]["gaussian"]["flux"]["normal"][0] == "= k"
    with pytest.raises(
        RecipeError, match=r'^--set galaxy.flux== 2 \* kk: objects\[0\].gaussian.flux: "= 2 \* kk": char'
    ):
        load(SCENE, ["galaxy.flux== 2 * kk"])


def test_odd_texts_are_refused():
    for text in ("=", "= \ud800", "= " + "1+" * 3000, "= " + "(" * 500, "=\n"):
        [line] = faults(changed(sky=text))
        assert line.isprintable()
        assert len(line) < 300
