"""``mixture``: one of several branches in each image, each with its objects, its class and its weight."""

import copy
import math

import h5py
import numpy as np
import pytest

import lightmill as lm
from lightmill import _core
from lightmill.cli.app import run
from lightmill.preview import from_arrays
from lightmill.recipe import RecipeError, load
from lightmill.source import source

BOX = {"rectangle": {"name": "box", "width": {"uniform": [3, 9]}, "height": {"uniform": [2, "= common.x + 9"]}}}
STAR = {
    "moffat": {
        "name": "star",
        "repeat": {"integers": [1, 3]},
        "x": {"uniform": [-8, 8]},
        "flux": {"log_uniform": [50, 500]},
        "fwhm": 3,
        "beta": 3,
        "noise": [{"gaussian": {"sigma": {"uniform": [0.1, 1]}}}],
    }
}
HOST = {"sersic": {"name": "host", "flux": 300, "index": {"uniform": [0.5, 4]}, "half_light_radius": 3}}
KNOT = {"gaussian": {"name": "knot", "repeat": {"choice": [1, "= 2"], "max": 2}, "flux": "= host.flux / 9", "fwhm": 2}}
RECIPE = {
    "name": "mix",
    "seed": 4,
    "image": {"size": [18, 21]},
    "let": {"s": {"uniform": [0, 1]}},
    "objects": [{"gaussian": {"name": "common", "flux": 20, "fwhm": 2, "x": {"uniform": [-5, 5]}}}],
    "mixture": [
        {"class": "box", "weight": 2, "objects": [BOX]},
        {"objects": [STAR]},
        {"class": "galaxy", "weight": "= 1 + s", "objects": [HOST, KNOT]},
        {"class": "box", "weight": {"uniform": [0, 1]}, "objects": [{"rectangle": "random"}]},
        {"class": "nothing", "objects": []},
    ],
    "noise": [{"gaussian": {"sigma": 0.3}}],
    "splits": {"train": 0.75, "test": 0.25},
    "realisations": 2,
    "targets": ["class", "common.x"],
    "save": ["noiseless", "variance"],
}


def changed(**changes):
    return {**copy.deepcopy(RECIPE), **changes}


def arrays(batch):
    planes = {"images": batch.images, "noiseless": batch.noiseless, "variance": batch.variance}
    return planes | batch.labels | {f"objects/{name}": values for name, values in batch.objects.items()}


def assert_same(one, two):
    assert one.keys() == two.keys()
    for name in one:
        assert one[name].tobytes() == two[name].tobytes(), name


@pytest.fixture(scope="module")
def recipe():
    return load(RECIPE)


@pytest.fixture(scope="module")
def whole(recipe):
    return lm.generate(recipe, 0, 400, threads=1)


def test_the_resolved_recipe_says_classes_and_weights_and_loads_again(recipe, tmp_path):
    branches = recipe.resolved["mixture"]
    assert [branch["class"] for branch in branches] == ["box", "star", "galaxy", "box", "nothing"]
    weights = [2.0, 1.0, "= 1 + s", {"uniform": [0.0, 1.0]}, 1.0]
    assert [branch["weight"] for branch in branches] == weights
    assert "width" in branches[3]["objects"][0]["rectangle"]
    path = tmp_path / "again.yaml"
    path.write_text(recipe.yaml())
    assert load(recipe.resolved) == recipe == load(path)
    assert recipe.classes == ("box", "star", "galaxy", "nothing")


def test_a_mixture_alone_needs_no_objects():
    recipe = load({"image": {"size": 8}, "mixture": [{"objects": [{"rectangle": "random"}]}]})
    batch = lm.generate(recipe, 0, 3)
    assert recipe.classes == ("rectangle",)
    assert batch.objects["present"].all()
    assert (batch.labels["class"] == 0).all()
    assert load({"image": {"size": 8}, "mixture": [{"class": "a", "objects": []}]}).resolved["objects"] == []


def test_classes_come_as_often_as_their_weights_say():
    branches = [
        {"class": name, "weight": weight, "objects": []} for name, weight in zip("abca", (1, 3, 0, 4), strict=True)
    ]
    drawn = lm.parameters({"name": "often", "image": {"size": 4}, "mixture": branches}, 0, 40_000)["class"]
    found = np.bincount(drawn, minlength=3)
    expected = np.array([5 / 8, 3 / 8]) * 40_000
    # One degree of freedom: 15.1 is exceeded once in 10,000.
    assert ((found[:2] - expected) ** 2 / expected).sum() < 15.1
    assert found[2] == 0


def test_each_image_has_the_objects_of_its_branch(recipe, whole):
    entry = np.array(_attributes(recipe, "/objects/present")["entry"])
    present, branch, labels = whole.objects["present"], whole.labels["mixture"], whole.labels
    assert list(dict.fromkeys(entry)) == ["common", "box", "star", "host", "knot", "rectangle"]
    for name, own in {"box": 0, "star": 1, "host": 2, "knot": 2, "rectangle": 3}.items():
        count = present[:, entry == name].sum(axis=1)
        numbers = labels.get(f"{name}.repeat", (branch == own).astype(int))
        assert (count == np.where(branch == own, numbers, 0)).all(), name
        assert (numbers[branch != own] == 0).all(), name
    assert (labels["class"] == np.array([0, 1, 2, 0, 3])[branch]).all()
    assert set(branch) == {0, 1, 2, 3, 4}
    assert np.isnan(whole.objects["x"][~present]).all()
    assert not {"box.width", "host.flux", "star.flux"}.intersection(labels)
    assert whole.targets[:, 0].tolist() == labels["class"].tolist()


def _attributes(recipe, path):
    return next(field.attributes for field in source(recipe).fields if field.path == path)


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_do_not_matter(recipe, whole, threads):
    assert_same(arrays(lm.generate(recipe, 0, 400, threads=threads)), arrays(whole))


@pytest.mark.parametrize("size", [1, 7])
def test_batches_do_not_matter(recipe, whole, size):
    pieces = [arrays(lm.generate(recipe, i, min(i + size, 60))) for i in range(0, 60, size)]
    joined = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    assert_same(joined, {name: values[:60] for name, values in arrays(whole).items()})


@pytest.mark.parametrize("isa", ["baseline", "avx2", "avx512"])
def test_instruction_sets_do_not_matter(monkeypatch, whole, isa):
    if isa not in _core.cpu():
        pytest.skip(f"this processor has no {isa}")
    monkeypatch.setenv("LIGHTMILL_ISA", isa)
    assert_same(arrays(lm.generate(load(RECIPE), 0, 400)), arrays(whole))


def test_render_of_the_parameters_is_generate(recipe, whole):
    drawn = lm.parameters(recipe, 0, 400)
    for given in (drawn, {"class": drawn["class"]}, {"mixture": drawn["mixture"]}, {"s": drawn["s"]}):
        images = lm.render(recipe, given, samples=range(400))
        assert images.tobytes() == whole.images.tobytes(), list(given)
    noiseless = lm.render(recipe, drawn, samples=range(400), noise=False)
    assert noiseless.tobytes() == whole.noiseless.tobytes()


def test_render_takes_a_class_by_number_or_name(recipe, whole):
    stars = lm.render(recipe, {"class": 1}, samples=range(400), noise=False)
    own = whole.labels["class"] == 1
    assert stars[own].tobytes() == whole.noiseless[own].tobytes()
    assert (stars[~own] != whole.noiseless[~own]).any(axis=(1, 2)).all()
    assert lm.render(recipe, {"class": "star"}, samples=range(400), noise=False).tobytes() == stars.tobytes()
    named = np.array(recipe.classes)[whole.labels["class"]]
    assert lm.render(recipe, {"class": named}, samples=range(400)).tobytes() == whole.images.tobytes()


def test_what_is_given_for_a_branch_goes_to_its_images_alone(recipe, whole):
    images = lm.render(recipe, {"box.x": 4.0}, samples=range(400), noise=False)
    moved = (images != whole.noiseless).any(axis=(1, 2))
    assert (moved == (whole.labels["mixture"] == 0)).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"class": 4}, "no branch of the mixture has class 4; branches are numbered from 0 to 4, classes to 3"),
        ({"class": "stars"}, "'stars' is not a class of mix; it has box, star, galaxy, nothing"),
        ({"class": 1, "mixture": 0}, "no branch of the mixture has class 1 and mixture 0; "),
        ({"mixture": 0.5}, "no branch of the mixture has mixture 0.5; "),
        ({"class": math.nan}, "no branch of the mixture has class NaN; "),
    ],
)
def test_a_class_that_there_is_not_is_refused(recipe, given, message):
    with pytest.raises(ValueError, match=message):
        lm.render(recipe, given, samples=range(4))


def with_a_branch_more():
    recipe = changed()
    recipe["mixture"].append({"class": "more", "objects": [{"gaussian": {"name": "more", "flux": 5, "fwhm": 2}}]})
    return recipe


def with_other_weights():
    recipe = changed()
    for branch in recipe["mixture"]:
        branch["weight"] = 1
    return recipe


def without_a_branch():
    recipe = changed()
    del recipe["mixture"][3]
    return recipe


def with_a_branch_first():
    return changed(mixture=[{"class": "first", "objects": []}, *copy.deepcopy(RECIPE["mixture"])])


@pytest.mark.parametrize("other", [with_a_branch_more, with_other_weights, without_a_branch, with_a_branch_first])
def test_no_other_value_moves(recipe, other):
    before, after = lm.parameters(recipe, 0, 4000), lm.parameters(other(), 0, 4000)
    assert (before["class"] != after["class"]).any()
    for name in before.keys() & after.keys() - {"class", "mixture"}:
        one, two = before[name], after[name]
        if name.partition(".")[0] in ("box", "star", "host", "knot", "rectangle"):
            # What both have: a number of objects above 0, or an object.
            both = one * two > 0 if name.endswith(".repeat") else ~np.isnan(one) & ~np.isnan(two)
            assert both.sum() > 10, name
            one, two = one[both], two[both]
        assert one.tobytes() == two.tobytes(), name


def test_objects_of_other_branches_leave_the_image_as_it_was(recipe, whole):
    only = changed(mixture=[{"class": "star", "objects": [STAR]}])
    stars = whole.labels["class"] == 1
    assert lm.generate(only, 0, 400).images[stars].tobytes() == whole.images[stars].tobytes()


def test_realisations_share_the_branch(whole):
    assert (whole.labels["mixture"][::2] == whole.labels["mixture"][1::2]).all()
    assert whole.noiseless[::2].tobytes() == whole.noiseless[1::2].tobytes()


@pytest.mark.parametrize(
    ("setting", "place", "value"),
    [
        ("mixture[0].weight=5", ["mixture", 0, "weight"], 5.0),
        ("mixture.star.weight=5", ["mixture", 1, "weight"], 5.0),
        ("galaxy.weight=5", ["mixture", 2, "weight"], 5.0),
        ("nothing.class=other", ["mixture", 4, "class"], "other"),
        ("galaxy.host.flux=5", ["mixture", 2, "objects", 0, "sersic", "flux"], 5.0),
        ("mixture.galaxy.host.flux=5", ["mixture", 2, "objects", 0, "sersic", "flux"], 5.0),
        ("mixture[2].objects[1].flux=5", ["mixture", 2, "objects", 1, "gaussian", "flux"], 5.0),
        ("mixture[2].objects.knot.flux=5", ["mixture", 2, "objects", 1, "gaussian", "flux"], 5.0),
        ("host.flux=5", ["mixture", 2, "objects", 0, "sersic", "flux"], 5.0),
        ("star.fwhm=5", ["mixture", 1, "objects", 0, "moffat", "fwhm"], 5.0),
        ("sersic.flux=5", ["mixture", 2, "objects", 0, "sersic", "flux"], 5.0),
        ("common.flux=5", ["objects", 0, "gaussian", "flux"], 5.0),
        ("mixture=[{class: one, objects: []}]", ["mixture", 0, "class"], "one"),
    ],
)
def test_settings_reach_into_branches(setting, place, value):
    found = load(changed(targets=[]), [setting]).resolved
    for step in place:
        found = found[step]
    assert found == value


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("box.weight=3", "box.weight"),
        ("mixture.box.weight=3", "2 branches are of the class `box`; use mixture[i]"),
        ("mixture.stars.weight=3", "there is no `stars` in this list; did you mean `star`?"),
        ("mixture[7].weight=3", "there is no [7]; the list has 5 items, from [0]"),
        ("galaxi.weight=3", "there is no `galaxi` in the recipe; did you mean `galaxy`?"),
        ("galaxy.wight=3", "unknown key `wight`; did you mean `weight`?"),
    ],
)
def test_settings_that_lead_nowhere(setting, message):
    with pytest.raises(RecipeError) as caught:
        load(RECIPE, [setting])
    assert message in str(caught.value)


def test_a_data_set_names_its_classes(recipe, whole, tmp_path, capsys):
    out = tmp_path / "out"
    lm.write(recipe, out, count=400)
    with lm.open(out) as data:
        assert data.attributes("labels/class")["classes"] == list(recipe.classes)
        assert data.labels["class"].dtype == np.int64
        assert data.labels["class"].tolist() == whole.labels["class"].tolist()
        assert data.images[3].tobytes() == whole.images[3].tobytes()
        assert load(out / "recipe.yaml").with_(count=400) == recipe.with_(count=400)
    with h5py.File(out / "shards" / "00000.h5") as shard:
        assert "box.width" not in shard["labels"]
        assert shard["objects/width"].shape == (400, 1 + 1 + 3 + 1 + 2 + 1)
    assert run(["info", str(out)]) == 0
    counts = np.bincount(whole.labels["class"])
    told = f"class: box {counts[0]}, star {counts[1]}, galaxy {counts[2]}, nothing {counts[3]}\n"
    assert told in capsys.readouterr().out


def test_parts_make_the_same_data_set(recipe, whole, tmp_path):
    for part in [(2, 2), (1, 2)]:
        lm.write(recipe, tmp_path, count=400, part=part)
    with lm.open(tmp_path) as data:
        assert data.images[:].tobytes() == whole.images.tobytes()
        for name, values in whole.labels.items():
            assert data.labels[name].tobytes() == values.tobytes(), name


def test_a_preview_says_the_class_by_name(monkeypatch, recipe):
    seen = []
    monkeypatch.setattr("lightmill.preview.sheet", lambda images, captions, title: seen.extend(captions))
    from_arrays(recipe, source(recipe).arrays(0, 60))
    labels = lm.parameters(recipe, 0, 60)
    for i, lines in enumerate(seen):
        expected = [recipe.classes[labels["class"][i]]]
        own = {1: "star", 2: "knot"}.get(labels["mixture"][i])
        expected += [f"{own}: {labels[f'{own}.repeat'][i]}"] if own else []
        assert lines == [*expected, f"common.x {labels['common.x'][i]:.4g}"]
