"""``--set path=value``."""

import pytest

from lightmill.recipe import RecipeError, load

BASE = {
    "image": {"size": 32},
    "objects": [
        {"gaussian": {"name": "galaxy", "flux": 5, "fwhm": {"uniform": [1, 2]}}},
        {"moffat": {"flux": 5, "fwhm": 3, "beta": 3}},
        {"rectangle": "random"},
    ],
    "noise": ["poisson", {"gaussian": {"sigma": 3}}],
    "sky": 50,
}


def resolved(*settings):
    return load(BASE, settings).resolved


@pytest.mark.parametrize(
    ("setting", "place", "value"),
    [
        ("count=1e3", ["count"], 1000),
        ("image.size=[16, 8]", ["image", "size"], [16, 8]),
        ("image.size=16", ["image", "size"], [16, 16]),
        ("image.gain=2", ["image", "gain"], 2.0),
        ("galaxy.flux=-1", ["objects", 0, "gaussian", "flux"], -1.0),
        ("galaxy.flux = 7", ["objects", 0, "gaussian", "flux"], 7.0),
        ("galaxy.fwhm.uniform[1]=9", ["objects", 0, "gaussian", "fwhm"], {"uniform": [1.0, 9.0]}),
        (
            "galaxy.x={normal: [1, 2], min: 0}",
            ["objects", 0, "gaussian", "x"],
            {"normal": [1.0, 2.0], "min": 0.0},
        ),
        ("galaxy.flux.uniform=[1, 2]", ["objects", 0, "gaussian", "flux"], {"uniform": [1.0, 2.0]}),
        ("galaxy.shear.magnitude=0.1", ["objects", 0, "gaussian", "shear"], {"magnitude": 0.1, "angle": 0.0}),
        ("galaxy.name=other", ["objects", 0, "gaussian", "name"], "other"),
        ("objects.galaxy.x=1", ["objects", 0, "gaussian", "x"], 1.0),
        ("objects[1].flux=1", ["objects", 1, "moffat", "flux"], 1.0),
        ("objects[1].moffat.flux=1", ["objects", 1, "moffat", "flux"], 1.0),
        ("moffat.repeat=0", ["objects", 1, "moffat", "repeat"], 0),
        ("rectangle.width=3", ["objects", 2, "rectangle", "width"], 3.0),
        ("moffat.noise=poisson", ["objects", 1, "moffat", "noise"], ["poisson"]),
        ("noise.gaussian.sigma=1", ["noise", 1, "gaussian", "sigma"], 1.0),
        ("noise[1].sigma=1", ["noise", 1, "gaussian", "sigma"], 1.0),
        ("noise.poisson.mean=1", ["noise", 0, "poisson", "mean"], 1.0),
        ("noise=[]", ["noise"], []),
        ("sky=5", ["sky", "level"], 5.0),
        ("sky.level=5", ["sky", "level"], 5.0),
        ("sky.subtract=false", ["sky"], {"level": 50.0, "subtract": False}),
        ("splits.train=1", ["splits"], {"train": 1.0}),
        ("objects=[]", ["objects"], []),
        ("edges=binary", ["edges"], "binary"),
    ],
)
def test_sets(setting, place, value):
    found = resolved(setting)
    for step in place:
        found = found[step]
    assert found == value


def test_a_lone_noise_is_a_list_of_one():
    one = {**BASE, "noise": {"gaussian": {"sigma": 3}}}
    for path in ("noise.gaussian.sigma", "noise[0].gaussian.sigma", "noise[0].sigma"):
        assert load(one, [f"{path}=1"]).resolved["noise"] == [{"gaussian": {"sigma": 1.0}}]


def test_a_distribution_as_the_sky_is_kept():
    sky = load({**BASE, "sky": {"uniform": [1, 2]}}, ["sky.subtract=false"]).resolved["sky"]
    assert sky == {"level": {"uniform": [1.0, 2.0]}, "subtract": False}


def test_the_last_one_counts_and_a_mapping_works_too():
    assert resolved("count=1", "count=2")["count"] == 2
    assert load(BASE, {"galaxy.flux": 3, "count": 4}).resolved["count"] == 4


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("galaxy.flux=x", '--set galaxy.flux=x: objects[0].gaussian.flux: "x" is not a number; flux must be '),
        ("galaxy.flx=3", "--set galaxy.flx=3: objects[0].gaussian.flx: unknown key `flx`; did you mean `flux`?"),
        ("galaxi.flux=3", "--set galaxi.flux=3: there is no `galaxi` in the recipe; did you mean `galaxy`?"),
        (
            "objects.galaxi.flux=3",
            "--set objects.galaxi.flux=3: there is no `galaxi` in this list; did you mean `galaxy",
        ),
        ("objects[7].flux=3", "--set objects[7].flux=3: there is no [7]; the list has 3 items, from [0]"),
        ("cuont=3", "--set cuont=3: there is no `cuont` in the recipe; did you mean `count`?"),
        ("count=0", "--set count=0: count: 0 is not allowed; count must be a whole number from 1 to "),
        ("count", "--set count: a setting is path=value, as in galaxy.flux=100"),
        ("=3", '--set =3: "" is not a path; write galaxy.flux, image.size or objects[1].flux'),
        ("galaxy..flux=3", '--set galaxy..flux=3: "galaxy..flux" is not a path; write '),
        ("[0]=3", '--set [0]=3: "[0]" is not a path; write '),
        ("a" + ".a" * 20 + "=3", "is not a path; write "),
        ("galaxy.flux=", "--set galaxy.flux=: objects[0].gaussian.flux: there is no value; flux must be "),
        ("galaxy.flux=[1, 2", "--set galaxy.flux=[1, 2: this is not YAML: this bracket is not closed, or"),
        (
            "collection.stars.count=3",
            "--set collection.stars.count=3: collection: `collection` is not available yet in lightmill 0.1",
        ),
        ("name[0]=3", "--set name[0]=3: name: 3 is not text; name is text; put it in quotes"),
        ("image.size[5]=3", "--set image.size[5]=3: there is no [5]; the list has 0 items, from [0]"),
        ("galaxy.beta=3", "--set galaxy.beta=3: objects[0].gaussian.beta: unknown key `beta`; allowed: "),
    ],
)
def test_faults_name_the_setting(setting, expected):
    with pytest.raises(RecipeError) as caught:
        load(BASE, [setting])
    [line] = str(caught.value).splitlines()
    assert expected in line


def test_faults_of_several_settings_come_together():
    with pytest.raises(RecipeError) as caught:
        load(BASE, ["cuont=3", "galaxi.x=1"])
    assert len(caught.value.faults) == 2


def test_faults_of_settings_come_after_those_of_the_file(tmp_path):
    path = tmp_path / "sky.yaml"
    path.write_text("image: {size: 0}\nobjects: []\n")
    with pytest.raises(RecipeError) as caught:
        load(path, ["seed=-1"])
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"{path}:1:15: image.size")
    assert second.startswith("--set seed=-1: seed: -1 is not allowed")


def test_an_ambiguous_model_asks_for_a_name():
    twice = {"image": {"size": 8}, "objects": [{"gaussian": {"flux": 1, "fwhm": 1, "name": name}} for name in "ab"]}
    with pytest.raises(RecipeError, match="there are 2 `gaussian`; use a name or"):
        load(twice, ["gaussian.flux=3"])
    assert load(twice, ["b.flux=3"]).resolved["objects"][1]["gaussian"]["flux"] == 3.0


def test_one_text_is_not_a_list_of_settings():
    with pytest.raises(TypeError, match="a list of texts"):
        load(BASE, "count=3")
