"""``keep``: scenes stay by their drawn and measured values; what stays is the conditional distribution."""

import copy
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

import lightmill as lm
from lightmill import _core
from lightmill.cli.app import run
from lightmill.recipe import RecipeError, load

RECIPE = {
    "name": "kept",
    "seed": 11,
    "image": {"size": [17, 20], "gain": 1.7},
    "let": {"hue": {"normal": [0, 1]}, "common": {"uniform": [1, 2], "per": "dataset"}},
    "objects": [
        {
            "gaussian": {
                "name": "galaxy",
                "flux": {"log_uniform": [20, 2000]},
                "fwhm": {"normal": [3, 1], "min": 1.5},
                "g1": {"normal": [0, 0.4]},
                "g2": {"normal": [0, 0.4]},
                "x": {"uniform": [-4, 4]},
            }
        },
        {
            "moffat": {
                "name": "star",
                "repeat": {"integers": [0, 2]},
                "x": {"uniform": [-8, 8]},
                "flux": {"uniform": [5, 50]},
                "fwhm": 2,
                "beta": 3,
                "noise": ["poisson"],
            }
        },
    ],
    "sky": {"uniform": [1, 4]},
    "noise": ["poisson", {"gaussian": {"sigma": {"uniform": [0.5, 2]}}}, {"poisson": {"mean": 0.3}}],
    "splits": {"train": 0.75, "test": 0.25},
    "save": ["noiseless", "variance"],
}
DRAWN = {"galaxy.flux": [100, 1000], "hue": [-0.5, None], "star.repeat": [1, 2]}
MEASURED = {"snr": [10, 60]}
KEEPS = {"drawn": DRAWN, "measured": MEASURED, "both": DRAWN | MEASURED}


def kept(conditions, **changes):
    return {**copy.deepcopy(RECIPE), "keep": conditions, **changes}


def arrays(batch):
    planes = {"images": batch.images, "noiseless": batch.noiseless, "variance": batch.variance}
    groups = {"objects": batch.objects, "measured": batch.measured}
    return planes | batch.labels | {f"{group}/{name}": v for group, of in groups.items() for name, v in of.items()}


def assert_same(one, two):
    assert one.keys() == two.keys()
    for name in one:
        assert np.ascontiguousarray(one[name]).tobytes() == np.ascontiguousarray(two[name]).tobytes(), name


def accepted(values, conditions):
    ends = [(values[name], low, high) for name, (low, high) in conditions.items()]
    return np.logical_and.reduce([(low is None or v >= low) & (high is None or v <= high) for v, low, high in ends])


@pytest.mark.parametrize("keep", KEEPS.values(), ids=KEEPS)
def test_all_that_stays_meets_the_conditions(keep):
    batch = lm.generate(kept(keep), 0, 300)
    assert accepted(batch.labels | batch.measured, keep).all()
    assert batch.labels["attempt"].dtype == np.int64
    assert batch.labels["attempt"].max() > 3


@pytest.mark.parametrize("keep", KEEPS.values(), ids=KEEPS)
def test_rows_do_not_depend_on_batches_or_threads(keep):
    recipe = load(kept(keep, realisations=3))
    whole = arrays(lm.generate(recipe, 0, 210, threads=1))
    for threads in (1, 2, 3, 8):
        parts = [arrays(lm.generate(recipe, i, min(i + 70, 210), threads=threads)) for i in range(0, 210, 70)]
        assert_same({name: np.concatenate([part[name] for part in parts]) for name in whole}, whole)
    for k in (0, 100, 209):
        assert_same(arrays(lm.generate(recipe, k, k + 1)), {name: v[k : k + 1] for name, v in whole.items()})


@pytest.mark.parametrize("keep", KEEPS.values(), ids=KEEPS)
def test_parameters_are_those_of_the_images_and_render_gives_these(keep):
    recipe = load(kept(keep, realisations=2))
    batch, drawn = lm.generate(recipe, 31, 131), lm.parameters(recipe, 31, 131)
    for name, values in batch.labels.items():
        assert values.tobytes() == drawn[name].tobytes(), name
    rows = range(31, 131)
    assert lm.render(recipe, drawn, samples=rows).tobytes() == batch.images.tobytes()
    assert lm.render(recipe, {}, samples=rows).tobytes() == batch.images.tobytes()
    assert lm.render(recipe, drawn, samples=rows, noise=False).tobytes() == batch.noiseless.tobytes()


@pytest.mark.parametrize("keep", KEEPS.values(), ids=KEEPS)
def test_realisations_share_the_scene_and_not_the_noise(keep):
    one, three = (lm.generate(kept(keep, realisations=n), 0, 30 * n) for n in (1, 3))
    for name, values in (one.labels | one.measured).items():
        np.testing.assert_array_equal(np.repeat(values, 3), (three.labels | three.measured)[name], name)
    np.testing.assert_array_equal(three.images[::3], one.images)
    assert (three.images[0] != three.images[1]).mean() > 0.9


def test_given_parameters_are_not_selected():
    recipe = load(kept(MEASURED, objects=RECIPE["objects"][:1]))
    faint = lm.render(recipe, {"galaxy.flux": 1e-3}, samples=range(5), noise=False)
    assert (faint.sum((1, 2)) < 2e-3).all()  # far below what an SNR of 10 takes, and rendered all the same


def test_what_keeps_everything_changes_nothing():
    plain = arrays(lm.generate(RECIPE, 40, 90))
    every = {"snr": [0, None], "flux_in_frame": [-1e30, 1e30], "galaxy.flux": [None, 1e9]}
    batch = arrays(lm.generate(kept(every), 40, 90))
    assert (batch.pop("attempt") == 0).all()
    assert_same(batch, plain)


def test_what_round_0_keeps_is_as_it_is_without_keep():
    plain, batch = lm.generate(RECIPE, 0, 400), lm.generate(kept(DRAWN | MEASURED), 0, 400)
    first = accepted(plain.labels | plain.measured, DRAWN | MEASURED)
    assert 10 < first.sum() < 200
    np.testing.assert_array_equal(batch.labels["attempt"] == 0, first)
    np.testing.assert_array_equal(batch.images[first], plain.images[first])
    for name, values in plain.labels.items():
        np.testing.assert_array_equal(batch.labels[name][first], values[first], name)
    np.testing.assert_array_equal(batch.labels["split"], plain.labels["split"])
    assert (batch.labels["common"] == plain.labels["common"][0]).all()


def test_acceptance_and_distribution_are_those_of_a_selection_by_hand():
    conditions = {"galaxy.flux": [100, 1500], "snr": [10, 60]}
    n = 4000
    plain, batch = lm.generate(RECIPE, 10**6, 10**6 + 5 * n), lm.generate(kept(conditions), 0, n)
    by_hand = accepted(plain.labels | plain.measured, conditions)
    share, told = by_hand.mean(), n / (n + batch.labels["attempt"].sum())
    # Both are estimates: binomial, and geometric with sd of the share p sqrt((1 - p)/n).
    sd = np.sqrt(share * (1 - share) / (5 * n) + share**2 * (1 - share) / n)
    assert 0.1 < share < 0.9
    assert abs(told - share) < 4 * sd
    for name in ("galaxy.flux", "galaxy.fwhm", "galaxy.x", "galaxy.g1", "hue", "sky.level"):
        assert stats.ks_2samp(batch.labels[name], plain.labels[name][by_hand]).pvalue > 1e-4, name
    assert stats.ks_2samp(batch.measured["snr"], plain.measured["snr"][by_hand]).pvalue > 1e-4
    # The condition shows: without it the fluxes are another distribution.
    assert stats.ks_2samp(batch.labels["galaxy.flux"], plain.labels["galaxy.flux"]).pvalue < 1e-20
    number = batch.labels["attempt"]
    assert stats.ks_2samp(number, stats.geom(told, -1).rvs(n, random_state=1)).pvalue > 1e-4


def test_rounds_are_independent_of_each_other():
    """Values of neighbouring rounds, and of a round and of redraws within the slot, are no copies."""
    batch = lm.generate(kept({"hue": [1.5, None]}), 0, 1500)
    late = batch.labels["attempt"] > 0
    plain = lm.generate(RECIPE, 0, 1500)
    for name in ("galaxy.flux", "galaxy.fwhm", "galaxy.g1", "galaxy.x"):
        assert abs(np.corrcoef(batch.labels[name][late], plain.labels[name][late])[0, 1]) < 0.12, name
        assert not np.isin(batch.labels[name][late], plain.labels[name]).any(), name
        assert len(np.unique(batch.labels[name])) == 1500, name


def test_rare_scenes_of_rare_values_are_found():
    """1 % of a slot's draws are legal and 0.4 % of the scenes are kept: more draws than a slot has attempts."""
    let = {"rare": {"normal": [0, 1], "min": 2.2}, "also": {"uniform": [0, 1]}}
    recipe = {"name": "rare", "image": {"size": 4}, "objects": [], "let": let, "keep": {"also": [0.996, None]}}
    drawn = lm.parameters(recipe, 0, 300)
    assert (drawn["rare"] >= 2.2).all()
    assert (drawn["also"] >= 0.996).all()
    assert drawn["attempt"].max() > 900  # some 70 attempts each
    assert stats.kstest(drawn["also"], stats.uniform(0.996, 0.004).cdf).pvalue > 1e-4
    assert stats.kstest(drawn["rare"], stats.truncnorm(2.2, np.inf).cdf).pvalue > 1e-4


def test_a_mixture_is_selected_by_class_and_takes_a_given_one():
    branches = [
        {"class": "box", "objects": [{"rectangle": {"width": {"uniform": [3, 9]}, "height": 4}}]},
        {"class": "star", "objects": [{"gaussian": {"flux": {"uniform": [5, 50]}, "fwhm": 2}}]},
    ]
    recipe = load({**kept({"class": [1, 1], "snr": [2, None]}), "mixture": branches})
    batch = lm.generate(recipe, 0, 100)
    assert (batch.labels["class"] == 1).all()
    boxes = lm.render(recipe, {"class": "box"}, samples=range(100), noise=False)
    assert (boxes.max((1, 2)) >= 1).all()
    assert (boxes != batch.noiseless).any((1, 2)).all()


def test_every_instruction_set_gives_the_same_bits():
    script = (
        "import hashlib, json, sys, lightmill as lm\n"
        "b = lm.generate(json.loads(sys.argv[1]), 0, 60)\n"
        "data = [b.images, b.records, b.measurements]\n"
        "print(hashlib.sha256(b''.join(x.tobytes() for x in data)).hexdigest())\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script, json.dumps(kept(DRAWN | MEASURED))],
            env={**os.environ, "LIGHTMILL_ISA": isa},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for isa in _core.cpu()
    }
    assert len(told) == 1


def test_a_data_set_tells_the_acceptance(tmp_path, capsys):
    report = lm.write(kept(MEASURED, count=200), tmp_path / "out")
    assert report.complete
    with lm.open(tmp_path / "out") as data:
        attempts = data.labels["attempt"]
        assert data.statistics["acceptance"] == pytest.approx(200 / (200 + attempts.sum()), rel=1e-12)
        assert set(data.measured) == {"flux_in_frame", "snr", "snr_source"}
        np.testing.assert_array_equal(data.measured["snr"], lm.generate(kept(MEASURED), 0, 200).measured["snr"])
        assert data.statistics["measured"]["snr"]["min"] >= 10
    assert run(["info", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert f"kept: {100 * 200 / (200 + attempts.sum()):.4g} % of the scenes drawn" in said
    assert "snr_source" in said


def test_without_keep_there_is_no_acceptance(tmp_path):
    lm.write({**RECIPE, "count": 5}, tmp_path / "out")
    with lm.open(tmp_path / "out") as data:
        assert "acceptance" not in data.statistics
        assert "attempt" not in data.labels


def test_a_condition_that_is_never_met_ends_the_run(tmp_path, capsys):
    recipe = {"name": "never", "image": {"size": 8}, "objects": [], "let": {"a": {"uniform": [0, 1]}}, "count": 3}
    recipe["let"]["b"] = "= a * a"
    with pytest.raises(RuntimeError, match=r"^keep\.b: 65535 attempts gave no scene 0 that is kept; b must be 2 or"):
        lm.generate({**recipe, "keep": {"a": [0.5, None], "b": [2, None]}}, 0, 1)
    recipe |= {"noise": [{"gaussian": {"sigma": 1}}]}
    told = "snr must be from 1 to 2, and was so in 0 of 65535 draws, with values from 0 to 0"
    for call in (lm.parameters, lm.generate):
        with pytest.raises(RuntimeError, match=told):
            call({**recipe, "keep": {"snr": [1, 2]}}, 0, 1)
    path = tmp_path / "never.yaml"
    path.write_text(load({**recipe, "keep": {"snr": [1, 2]}}).yaml())
    assert run(["generate", str(path), str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert f"lightmill: keep.snr: 65535 attempts gave no scene 0 that is kept; {told}" in said


@pytest.mark.parametrize(
    ("psf", "shape", "share"),
    [({"moffat": {"fwhm": {"uniform": [2, 5]}, "beta": 2}}, "sersic", 0.4), ({"gaussian": {"fwhm": 3}}, "gaussian", 0)],
)
def test_scenes_that_are_too_bright_are_refused_without_drawing_them_as_with(psf, shape, share):
    galaxy = {
        "flux": {"log_uniform": [1e3, 1e5]},
        "x": {"uniform": [-9, 9]},
        "g1": {"normal": [0, 0.25]},
        **({"index": {"uniform": [0.4, 8]}} if shape == "sersic" else {}),
        ("half_light_radius" if shape == "sersic" else "fwhm"): {"log_uniform": [0.3, 6]},
    }
    recipe = {"name": "bright", "image": {"size": 48}, "psf": psf, "objects": [{shape: galaxy}]}
    recipe["noise"] = ["poisson", {"gaussian": {"sigma": {"uniform": [30, 60]}}}]
    short = lm.generate({**recipe, "keep": {"snr": [None, 20]}}, 0, 1200)
    # With a second condition on what is measured each scene is drawn.
    drawn = lm.generate({**recipe, "keep": {"snr": [None, 20], "flux_in_frame": [0, None]}}, 0, 1200)
    assert_same(arrays(short), arrays(drawn))
    attempts = short.labels["attempt"].sum()
    assert attempts > share * 1200
    np.testing.assert_array_equal(
        lm.parameters({**recipe, "keep": {"snr": [None, 20]}}, 0, 200)["attempt"], short.labels["attempt"][:200]
    )


def test_a_recipe_with_keep_reads_back_and_takes_settings():
    recipe = load(kept(DRAWN), ["keep.snr=[5, null]", "keep.galaxy.flux=[30, 40]"])
    wanted = {"galaxy.flux": [30.0, 40.0], "hue": [-0.5, None], "star.repeat": [1.0, 2.0], "snr": [5.0, None]}
    assert recipe.resolved["keep"] == wanted
    assert load(recipe.resolved) == recipe
    assert "keep" not in load(RECIPE).resolved


def test_an_infinite_ratio_is_above_every_lower_end():
    quiet = {"name": "quiet", "image": {"size": 8}, "objects": [{"gaussian": {"flux": 1, "fwhm": 2}}]}
    batch = lm.generate({**quiet, "keep": {"snr": [10, None]}}, 0, 3)
    assert np.isinf(batch.measured["snr"]).all()
    with pytest.raises(RuntimeError, match="with values from inf to inf"):
        lm.generate({**quiet, "keep": {"snr": [10, 1e300]}}, 0, 1)


def test_the_core_checks_conditions_by_itself():
    spec = load(kept(DRAWN)).spec
    keep = [
        {"label": "nothing", "low": 1},
        {"label": "star.flux", "low": 1},
        {"label": "hue"},
        {"label": "snr", "low": 3, "high": 2},
        {"label": "split", "low": 0},
    ]
    with pytest.raises(_core.RecipeFaults) as caught:
        _core.Plan(json.dumps({**spec, "keep": keep}))
    places = [place for place, _ in caught.value.args[0]]
    assert places == ["keep.nothing", "keep.star.flux", "keep.hue", "keep.snr", "keep.split"]


@pytest.mark.parametrize("name", ["snr", "attempt", "flux_in_frame", "snr_source"])
def test_names_of_what_is_measured_are_taken(name):
    with pytest.raises(RecipeError, match="has a meaning of its own"):
        load({"image": {"size": 8}, "objects": [], "let": {name: 1}})
    own = {"gaussian": {"flux": 1, "fwhm": 2, "let": {name: 1}}}
    assert lm.parameters({"image": {"size": 8}, "objects": [own]}, 0, 1)[f"gaussian.{name}"] == [1.0]


def test_a_table_that_is_read_in_order_is_not_selected_from():
    star = {"gaussian": {"name": "star", "flux": {"column": "cat.flux"}, "fwhm": {"uniform": [1, 3]}}}
    recipe = {"name": "t", "image": {"size": 8}, "tables": {"cat": {"rows": "in_order"}}}
    recipe |= {"objects": [star], "keep": {"star.fwhm": [2, None]}}
    cat = {"cat": {"flux": np.arange(1.0, 51.0)}}
    with pytest.raises(RecipeError, match=r"keep: cat is read in order, row by row; with keep write `rows: random`"):
        load(recipe, tables=cat)
    recipe["tables"]["cat"]["rows"] = "cycle"
    drawn = lm.parameters(load(recipe, tables=cat), 0, 60)
    assert (drawn["star.fwhm"] >= 2).all()
    np.testing.assert_array_equal(drawn["star.flux"], np.arange(60) % 50 + 1)
