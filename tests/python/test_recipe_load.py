"""Good recipes: what they resolve to, and what the core is told."""

import json
import pickle
from collections import OrderedDict
from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pytest

from lightmill import _core, tasks
from lightmill.recipe import Recipe, RecipeError, load
from lightmill.recipe.columns import columns
from lightmill.recipe.tables import tables

BLANK = {"image": {"size": 8}, "objects": []}
GAUSSIAN = {"flux": 5, "fwhm": 3}


def with_object(model, body, **rest):
    return load({"image": {"size": [20, 40], "pixel_scale": 0.5}, "objects": [{model: body}], **rest})


def parameters(model, body):
    return with_object(model, body).spec["objects"][0]["parameters"]


@pytest.mark.parametrize("source", [*tasks.names(), *tables().objects, BLANK], ids=str)
def test_the_resolved_recipe_loads_again_to_an_equal_one(source, tmp_path):
    recipe = load(source)
    path = tmp_path / "resolved.yaml"
    path.write_text(recipe.yaml())
    for again in (load(recipe.resolved), load(path), load(recipe), pickle.loads(pickle.dumps(recipe))):
        assert again == recipe
        assert hash(again) == hash(recipe)
        assert again.spec == recipe.spec
        assert again.checksum == recipe.checksum
    assert load(path).yaml() == recipe.yaml()


def test_defaults_are_written_out():
    assert load(BLANK).resolved == {
        "lightmill": 1,
        "name": "recipe",
        "seed": 0,
        "image": {"size": [8, 8], "pixel_scale": 1.0, "gain": 1.0},
        "edges": "coverage",
        "overlap": "add",
        "objects": [],
        "noise": [],
        "realisations": 1,
        "splits": {},
        "targets": [],
        "save": [],
    }


def test_faces_of_a_recipe():
    recipe = load("sky-stars")
    assert (recipe.name, recipe.seed, recipe.count, recipe.shape) == ("sky-stars", 2, 10_000, (96, 128))
    assert recipe.save == ("noiseless", "variance")
    shapes = load("shapes-rectangles@1")
    assert shapes.splits == {"train": 0.6, "validation": 0.2, "test": 0.2}
    assert shapes.targets[0] == "rectangle.x"
    assert load("moffat").count is None
    with pytest.raises(FrozenInstanceError):
        recipe.text = ""


def test_the_specification():
    recipe = load(
        {
            "name": "all",
            "seed": 2**64 - 1,
            "image": {"size": [4, 6], "pixel_scale": 0.5, "gain": 2},
            "edges": "binary",
            "overlap": "max",
            "objects": [
                {"moffat": {"name": "star", "flux": 1, "gamma": 2, "beta": 3, "shear": {"magnitude": 0.1},
                            "repeat": {"poisson": 5}, "noise": "poisson"}},
                {"rectangle": {"width": {"normal": [5, 3]}, "height": 2, "repeat": {"integers": [0, 2]}}},
            ],
            "sky": {"level": {"uniform": [1, 2]}, "subtract": False},
            "noise": ["poisson", {"gaussian": {"sigma": {"choice": [1, 2], "weights": [1, 3]}}},
                      {"poisson": {"mean": 3}}],
            "realisations": 2,
            "splits": {"train": 0.75, "test": 0.25},
        }
    )  # fmt: skip
    shape = {"shear.magnitude": 0.1, "shear.angle": 0.0}
    assert recipe.spec == {
        "name": "all",
        "seed": 2**64 - 1,
        "image": {"rows": 4, "columns": 6, "pixel_scale": 0.5, "gain": 2.0},
        "edges": "binary",
        "overlap": "max",
        "realisations": 2,
        "objects": [
            {"name": "star", "model": "moffat", "place": "objects[0].moffat", "repeat": {"poisson": 5.0, "max": 23},
             "slots": 23, "parameters": {"x": 0.0, "y": 0.0, "flux": 1.0, "gamma": 2.0, "beta": 3.0, **shape},
             "noise": [{"kind": "poisson", "parameters": {}, "place": "objects[0].moffat.noise[0].poisson"}]},
            {"name": "rectangle", "model": "rectangle", "place": "objects[1].rectangle",
             "repeat": {"integers": [0, 2]}, "slots": 2, "noise": [],
             "parameters": {"x": 0.0, "y": 0.0, "width": {"normal": [5.0, 3.0], "min": 0.0}, "height": 2.0,
                            "angle": 0.0, "intensity": 1.0, "fill": 1, "line_width": 0.0}},
        ],
        "sky": {"level": {"uniform": [1.0, 2.0]}, "subtract": False, "place": "sky"},
        "noise": [
            {"kind": "poisson", "parameters": {}, "place": "noise[0].poisson"},
            {"kind": "gaussian", "parameters": {"sigma": {"choice": [1.0, 2.0], "weights": [1.0, 3.0]}},
             "place": "noise[1].gaussian"},
            {"kind": "poisson", "parameters": {"mean": 3.0}, "place": "noise[2].poisson"},
        ],
        "splits": [["train", 0.75], ["test", 0.25]],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({}, {"g1": 0.0, "g2": 0.0}),
        ({"g2": 0.1}, {"g1": 0.0, "g2": 0.1}),
        ({"shear": {"magnitude": 0.1}}, {"shear.magnitude": 0.1, "shear.angle": 0.0}),
        ({"axis_ratio": 0.5}, {"axis_ratio": 0.5, "angle": 0.0}),
        ({"axis_ratio": 0.5, "position_angle": 3}, {"axis_ratio": 0.5, "position_angle": 3.0}),
    ],
)
def test_ways_of_saying_a_shape(said, meant):
    always = {"x": 0.0, "y": 0.0, "flux": 5.0, "fwhm": 3.0}
    assert parameters("gaussian", {**GAUSSIAN, **said}) == {**always, **meant}


def test_random_asks_for_all_priors_scaled_to_the_frame():
    expected = {
        "x": {"uniform": [-7.0, 7.0]},
        "y": {"uniform": [-3.5, 3.5]},
        "width": {"uniform": [2.0, 10.0]},
        "height": {"uniform": [1.0, 5.0]},
        "angle": {"uniform": [0.0, 180.0]},
        "intensity": {"uniform": [0.25, 1.0]},
        "fill": {"choice": [1, 0]},
        "line_width": {"log_uniform": [0.1, 0.8]},
    }
    assert parameters("rectangle", "random") == expected
    assert parameters("rectangle", {"random": True, "width": 12}) == {**expected, "width": 12.0}
    assert parameters("rectangle", {"random": False, "width": "random", "height": 1})["width"] == expected["width"]


def test_random_keeps_the_way_that_is_begun():
    drawn = parameters("gaussian", {"random": True, "axis_ratio": 0.5})
    assert drawn["axis_ratio"] == 0.5
    assert drawn["angle"] == {"uniform": [0.0, 180.0]}
    assert "g1" not in drawn
    assert drawn["fwhm"]["log_uniform"] == [0.03 * 10.0, 0.25 * 10.0]


def test_a_lone_noise_and_a_lone_level_of_the_sky():
    one = load({**BLANK, "noise": {"gaussian": {"sigma": 3}}, "sky": {"uniform": [1, 2]}})
    assert one == load({**BLANK, "noise": [{"gaussian": {"sigma": 3}}], "sky": {"level": {"uniform": [1, 2]}}})
    assert load({**BLANK, "noise": "poisson"}) == load({**BLANK, "noise": ["poisson"]})


def test_other_mappings_tuples_and_numpy_values():
    body = {"flux": np.float32(5), "fwhm": np.float64(3), "x": {"uniform": (np.int64(-1), 1)}}
    body["y"] = {"choice": np.array([1.0, 2.0])}
    recipe = load(OrderedDict(image={"size": (8, np.int32(9))}, objects=({"gaussian": body},)))
    assert recipe.shape == (8, 9)
    assert recipe.spec["objects"][0]["parameters"]["x"] == {"uniform": [-1.0, 1.0]}
    assert recipe.spec["objects"][0]["parameters"]["y"] == {"choice": [1.0, 2.0]}


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        ({**BLANK, 3: 1}, "the key 3 is not text; keys are names"),
        ({**BLANK, "count": 3j}, "count: a value of type complex is not allowed; a recipe has numbers, texts, lists"),
        ({**BLANK, "count": np.longdouble(3)}, "count: a value of type longdouble is not allowed"),
        ({**BLANK, "count": np.bool_(True)}, "count: true is not a number; count must be a whole number from 1"),
        ({**BLANK, "targets": ["a"] * 200_000}, "more than 100000 values; a recipe is small"),
        (
            {"image": {"size": 8}},
            "objects, mixture or system must be given: objects is a list, as in `- gaussian: random`",
        ),
        ({**BLANK, "colour": 1}, "colour: unknown key `colour`; allowed: `lightmill`, `name`, "),
        ({**BLANK, "<moffat>": 1}, "<moffat>: unknown key `<moffat>`; allowed: "),
    ],
)
def test_faults_of_a_dict_have_places_without_lines(recipe, expected):
    with pytest.raises(RecipeError) as caught:
        load(recipe)
    assert expected in str(caught.value)
    assert str(caught.value).startswith(expected.split(":")[0]) or "targets" in str(caught.value)


def test_a_dict_in_itself_is_too_deep():
    loop = {}
    loop["image"] = loop
    with pytest.raises(RecipeError, match="nested deeper than 32 levels"):
        load(loop)


def test_names():
    assert load(BLANK, name="sky").name == "sky"
    assert load({**BLANK, "name": "own"}, name="sky").name == "own"
    assert load("moffat").name == "moffat"


def test_a_file_gives_its_stem_as_the_name(tmp_path):
    path = tmp_path / "my sky.yaml"
    path.write_text("image: {size: 3}\r\nobjects: []\r\n")
    assert load(path).name == load(str(path)).name == "my sky"


def test_another_count_or_seed():
    recipe = load("sky-stars")
    other = recipe.with_(count=7, seed=8)
    assert (other.count, other.seed, other.spec["seed"]) == (7, 8, 8)
    assert recipe.with_() is recipe
    assert recipe.with_(count=7).checksum == recipe.checksum
    assert recipe.with_(seed=7).checksum != recipe.checksum
    with pytest.raises(RecipeError, match=r"^count: 0 is not allowed; count must be a whole number from 1 to "):
        recipe.with_(count=0)
    with pytest.raises(RecipeError, match=r"^seed: -1 is not allowed"):
        recipe.with_(seed=-1)


def test_the_checksum_tells_the_order_of_splits_and_not_the_way_of_writing():
    one, two = ({**BLANK, "splits": dict(pairs)} for pairs in ([("a", 0.5), ("b", 0.5)], [("b", 0.5), ("a", 0.5)]))
    assert load(one).checksum != load(two).checksum
    assert load({"objects": [], "image": {"size": [8.0, 8]}}).checksum == load(BLANK).checksum


def test_known_checksums():
    """A change here makes every data set on disk refuse its own recipe."""
    assert load("sky-stars").checksum == "e3d00cf1714c199ffe62fa062a7aa18b0e9f05ebc18979b9bbba518bf82249fa"
    assert load("shapes-rectangles").checksum == "60bbed16c132fc4c8a40beb17e67b53388e39385878f99e98f0f6257c9d97cd3"


def test_targets_may_be_canonical_written_noise_and_sky():
    body = {"name": "galaxy", **GAUSSIAN, "shear": {"magnitude": 0.1}, "noise": {"gaussian": {"sigma": 1}}}
    targets = ["galaxy.g1", "galaxy.shear.angle", "galaxy.noise.gaussian.sigma", "noise.gaussian.sigma",
               "noise.gaussian.2.sigma", "noise.counts.mean", "sky.level"]  # fmt: skip
    noise = ["poisson", {"gaussian": {"sigma": 1}}, {"gaussian": {"sigma": 2}}, {"poisson": {"mean": 3}}]
    recipe = with_object("gaussian", body, targets=targets, noise=noise, sky=3)
    assert recipe.targets == tuple(targets)


def test_faults_of_the_plan_are_given_their_lines(tmp_path, monkeypatch):
    class RecipeFaults(ValueError):  # noqa: N818 - the core's name
        pass

    def plan(*_):
        raise RecipeFaults([("objects[0].gaussian.g2", "too flat"), ("noise[0].gaussian", "odd"), ("sky.level", "dim")])

    monkeypatch.setattr(_core, "RecipeFaults", RecipeFaults, raising=False)
    monkeypatch.setattr(_core, "Plan", plan, raising=False)
    path = tmp_path / "flat.yaml"
    path.write_text(
        "image: {size: 3}\nobjects:\n  - gaussian: {flux: 1, fwhm: 1, g1: 0.9, g2: 0.9}\n"
        "noise:\n  gaussian: {sigma: 1}\nsky: 5\n"
    )
    with pytest.raises(RecipeError) as caught:
        _ = load(path).plan
    assert str(caught.value).splitlines() == [
        f"{path}:3:47: objects[0].gaussian.g2: too flat",
        f"{path}:5:13: noise[0].gaussian: odd",
        f"{path}:6:1: sky.level: dim",
    ]


def test_the_plan_is_made_once(monkeypatch):
    made = []
    plan = SimpleNamespace(samples=None)
    monkeypatch.setattr(_core, "Plan", lambda spec, _: made.append(spec) or plan, raising=False)
    recipe = load(BLANK)
    assert isinstance(recipe, Recipe)
    assert recipe.plan is recipe.plan
    assert len(made) == 1


@pytest.mark.parametrize("model", [name for name, model in tables().objects.items() if not model.needs_psf])
@pytest.mark.parametrize("image", [{"size": 1, "pixel_scale": 1e-12}, {"size": [16384, 1], "pixel_scale": 1e12}])
def test_priors_are_legal_in_every_frame(model, image):
    recipe = load({"image": image, "objects": [{model: "random"}], "sky": "random", "noise": {"gaussian": "random"}})
    assert load(recipe.resolved) == recipe


@pytest.mark.parametrize("model", tables().psf)
@pytest.mark.parametrize("image", [{"size": 1, "pixel_scale": 1e-12}, {"size": [2048, 1], "pixel_scale": 1e12}])
def test_priors_of_psfs_are_legal_in_every_frame(model, image):
    recipe = load({"image": image, "psf": {model: "random"}, "objects": [{"star": "random"}]})
    assert load(recipe.resolved) == recipe


def test_the_columns_that_targets_may_name_are_those_of_the_plan():
    noise = ["poisson", {"gaussian": {"sigma": {"uniform": [1, 2]}}}, {"gaussian": {"sigma": 3}}, {"poisson": "random"}]
    star = {"name": "star", "flux": 1, "gamma": 2, "beta": 3, "shear": {"magnitude": 0.1}, "noise": noise}
    objects = [{"moffat": star}, {"rectangle": "random"}, {"gaussian": {**GAUSSIAN, "repeat": {"poisson": 5}}}]
    psf = {"moffat": {"gamma": 2, "beta": 3, "axis_ratio": 0.9}}
    recipe = load({"image": {"size": 8}, "psf": psf, "objects": objects, "sky": {"uniform": [1, 2]}, "noise": noise})
    labels = [column["name"] for column in json.loads(recipe.plan.columns()) if column["role"] == "label"]
    assert sorted(columns(recipe.resolved)[0]) == sorted(labels)
