"""Thousands of damaged recipes: each loads, or is refused in single lines within a second."""

import random
import re
import time

import pytest
from lightmill import tasks
from lightmill.recipe import RecipeError, load

LINE = re.compile(r".*damaged\.yaml:\d+:\d+: .+|and more; these are the first 50 faults")
WORDS = (
    *("{", "}", "[", "]", ":", "-", ",", "'", '"', "&a", "*a", "!", "|", ">", "?", "#", "%", "@", "\t", "\n", " "),
    *("null", "true", "1e999", "-1", "0", "random", ".nan", "9" * 30, "uniform", "choice", "poisson", "moffat", "min"),
    *("<<", "---", "...", "\0", "\x85", "é", "\ufeff", "\u2028", "psf", "repeat", "name", "noise", "sky", "{a: b}"),
)
EXTRA = """\
name: every corner
image: {size: [8, 9], pixel_scale: 0.5}
objects:
  - rectangle: {random: true, width: 3}
  - moffat: {name: star, flux: {choice: [1, 2], weights: [1, 3]}, gamma: &g 3, beta: {normal: [3, 1], min: 2}, x: *g,
             shear: {magnitude: 0.1, angle: random}, repeat: {integers: [0, 3]}, noise: [{gaussian: {sigma: 1}}]}
sky: {level: {log_uniform: [1, 2]}, subtract: false}
noise: poisson
realisations: 2
targets: [rectangle.width, sky.level]
splits: {train: 0.5, test: 0.5}
"""
GOOD = [*(tasks.path(name).read_text() for name in tasks.names()), EXTRA]


def damaged(rng):
    """Return a good recipe with up to four tokens or characters deleted, doubled, replaced or moved."""
    text = rng.choice(GOOD)
    for _ in range(rng.randint(1, 4)):
        tokens = re.findall(r"\w+|\s+|.", text) if rng.random() < 0.7 else list(text)
        at = rng.randrange(len(tokens))
        change = rng.choice(["delete", "double", "replace", "insert", "move", "cut"])
        if change == "delete":
            del tokens[at]
        elif change == "double":
            tokens.insert(at, tokens[at])
        elif change == "replace":
            tokens[at] = rng.choice(WORDS)
        elif change == "insert":
            tokens.insert(at, rng.choice(WORDS))
        elif change == "move":
            tokens.insert(rng.randrange(len(tokens)), tokens.pop(at))
        else:
            del tokens[at : at + rng.randint(1, 10)]
        text = "".join(tokens) or "x"
    data = bytearray(text.encode("utf-8"))
    if rng.random() < 0.1:
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_recipes(seed, tmp_path):
    rng = random.Random(seed)
    path = tmp_path / "damaged.yaml"
    refused, odd = 0, []
    for _ in range(750):
        path.write_bytes(damaged(rng))
        start = time.process_time()
        try:
            recipe = load(path)
            assert load(recipe.resolved) == recipe
        except RecipeError as error:
            refused += 1
            odd += [line for line in str(error).split("\n") if not LINE.fullmatch(line)]
        assert time.process_time() - start < 1.0
    assert not odd
    assert 400 < refused < 750
