"""A row is a pure function of recipe, seed and number: nothing else may change a bit."""

import copy
import json
import os
import subprocess
import sys

import numpy as np
import pytest

import lightmill as lm
from lightmill import _core

RECIPE = {
    "name": "identity",
    "seed": 7,
    "image": {"size": [24, 33], "pixel_scale": 0.5, "gain": 2.0},
    "objects": [
        {
            "moffat": {
                "name": "star",
                "repeat": {"integers": [0, 3]},
                "x": {"uniform": [-5, 5]},
                "y": {"uniform": [-4, 4]},
                "flux": {"log_uniform": [100, 5000]},
                "fwhm": {"normal": [1.5, 0.3], "min": 0.5},
                "beta": 3,
                "noise": [{"gaussian": {"sigma": {"uniform": [0.1, 1]}}}],
            }
        },
        {
            "gaussian": {
                "name": "galaxy",
                "flux": {"uniform": [1000, 3000]},
                "sigma": 1.2,
                "axis_ratio": {"uniform": [0.3, 1]},
                "angle": {"uniform": [0, 180]},
            }
        },
        {"rectangle": {"width": 3, "height": {"uniform": [1, 4]}, "angle": {"choice": [0, 30, 45]}}},
    ],
    "sky": {"level": {"uniform": [5, 50]}},
    "noise": ["poisson", {"gaussian": {"sigma": 2}}],
    "save": ["noiseless", "variance"],
    "splits": {"train": 0.8, "test": 0.2},
    "realisations": 2,
}


def arrays(batch):
    planes = {"images": batch.images, "noiseless": batch.noiseless, "variance": batch.variance}
    return planes | batch.labels | {f"objects/{name}": values for name, values in batch.objects.items()}


def assert_same(one, two):
    assert one.keys() == two.keys()
    for name in one:
        assert one[name].tobytes() == two[name].tobytes(), name


@pytest.fixture(scope="module")
def recipe():
    return lm.load(RECIPE)


@pytest.fixture(scope="module")
def whole(recipe):
    return arrays(lm.generate(recipe, 0, 60, threads=1))


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_do_not_matter(recipe, whole, threads):
    assert_same(arrays(lm.generate(recipe, 0, 60, threads=threads)), whole)


@pytest.mark.parametrize("size", [1, 7, 512])
def test_batches_do_not_matter(recipe, size):
    whole = arrays(lm.generate(recipe, 0, 520))
    pieces = [arrays(lm.generate(recipe, i, min(i + size, 520))) for i in range(0, 520, size)]
    assert_same({name: np.concatenate([piece[name] for piece in pieces]) for name in whole}, whole)


@pytest.mark.parametrize("isa", ["baseline", "avx2", "avx512"])
def test_instruction_sets_do_not_matter(monkeypatch, whole, isa):
    monkeypatch.setenv("LIGHTMILL_ISA", isa)
    if isa not in _core.cpu():
        with pytest.raises(ValueError, match=f"LIGHTMILL_ISA={isa}"):
            _core.isa()
        return
    assert _core.isa() == isa
    assert_same(arrays(lm.generate(lm.load(RECIPE), 0, 60)), whole)


def test_render_of_the_parameters_is_generate(recipe):
    batch = lm.generate(recipe, 5, 45)
    images = lm.render(recipe, lm.parameters(recipe, 5, 45), samples=range(5, 45))
    assert images.tobytes() == batch.images.tobytes()
    noiseless = lm.render(recipe, lm.parameters(recipe, 5, 45), samples=range(5, 45), noise=False)
    assert noiseless.tobytes() == batch.noiseless.tobytes()


def test_a_row_far_away_is_at_hand(recipe):
    assert lm.generate(recipe, 10**12, 10**12 + 1).images.shape == (1, 24, 33)
    assert len(lm.generate(recipe, 2**64 - 2, 2**64 - 1)) == 1


def test_realisations_share_a_scene_and_nothing_of_the_noise(recipe):
    batch = lm.generate(recipe, 0, 2)
    assert (batch.noiseless[0] == batch.noiseless[1]).all()
    assert batch.labels["galaxy.flux"][0] == batch.labels["galaxy.flux"][1]
    assert (batch.images[0] != batch.images[1]).mean() > 0.9


def changed(**changes):
    recipe = copy.deepcopy(RECIPE)
    recipe.update(changes)
    return recipe


def reordered():
    return changed(objects=RECIPE["objects"][::-1])


def with_an_object_more():
    return changed(
        objects=[{"gaussian": {"name": "other", "flux": {"uniform": [1, 2]}, "fwhm": 2}}, *RECIPE["objects"]]
    )


def with_a_noise_more():
    return changed(noise=[*RECIPE["noise"], {"gaussian": {"sigma": {"uniform": [1, 2]}}}])


def with_a_constant_drawn():
    recipe = changed()
    recipe["objects"][0]["moffat"]["beta"] = {"uniform": [2, 4]}
    return recipe


@pytest.mark.parametrize("other", [reordered, with_an_object_more, with_a_noise_more, with_a_constant_drawn])
def test_no_other_column_moves(recipe, other):
    before, after = lm.parameters(recipe, 0, 50), lm.parameters(other(), 0, 50)
    moved = [name for name in before if before[name].tobytes() != after[name].tobytes()]
    assert moved == (["star.beta"] if other is with_a_constant_drawn else [])


def test_a_noise_more_leaves_the_others_as_they_were(recipe):
    silent = lm.load(changed(noise=[*RECIPE["noise"], {"gaussian": {"sigma": 0}}]))
    assert lm.generate(silent, 0, 10).images.tobytes() == lm.generate(recipe, 0, 10).images.tobytes()


def test_seeds_rows_slots_and_catalogues_differ(recipe):
    here = lm.generate(recipe, 0, 40)
    seed = lm.generate(changed(seed=8), 0, 40)
    name = lm.generate(changed(name="other"), 0, 40)
    for there in (seed, name):
        assert (here.images != there.images).any(axis=(1, 2)).all()
        assert (here.labels["galaxy.flux"] != there.labels["galaxy.flux"]).all()
    scenes = here.labels["galaxy.flux"][::2]
    assert len(set(scenes)) == len(scenes)
    assert abs(np.corrcoef(here.labels["galaxy.flux"], here.labels["galaxy.axis_ratio"])[0, 1]) < 0.6


def test_a_forked_process_draws_the_same(whole):
    code = (
        "import os, sys, json, hashlib, lightmill as lm\n"
        f"recipe = lm.load(json.loads({json.dumps(json.dumps(RECIPE))}))\n"
        "digest = lambda: hashlib.sha256(lm.generate(recipe, 0, 60, threads=2).images.tobytes()).hexdigest()\n"
        "first = digest()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(0 if digest() == first else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=60, env=dict(os.environ), check=False)
    assert done.returncode == 0
