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
    *("let", "per", "sample", "object", "log_normal", "= a", "= 1 /", "'= flux'", "= fwhm ** 2", "3 arcsec", "2 pixel"),
    *("mixture", "class", "weight", "objects"),
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
WORDED = """\
image: {size: 8, pixel_scale: "0.5 arcsec"}
let: {a: {normal: [3, 1], per: dataset}, b: "= 2 * a ** 2", c: {log_normal: ["= b", 0.1]}}
objects:
  - gaussian: {name: galaxy, let: {half: "= flux / 2"}, flux: {normal: ["= c", {uniform: [1, 2]}], min: "= -b"},
               fwhm: {uniform: ["0.4 arcsec", "4 pixel"]}, axis_ratio: "= clip(a / 10, 0.1, 1)", angle: "0.5 rad"}
  - moffat: {name: star, repeat: {integers: [1, {choice: [2, 3]}], max: 4}, flux: "= galaxy.half", gamma: 3, beta: 3,
             x: {uniform: ["= -k", 1]}, let: {k: {uniform: [0, 1], per: sample}}, noise: {gaussian: {sigma: "= k"}}}
sky: "= max(c, 0) / 100"
noise: [poisson, {gaussian: {sigma: {choice: [1, "= sqrt(b)"], weights: [1, "= a * a"]}}}]
targets: [a, galaxy.half]
"""
TABLED = """\
image: {size: 8, pixel_scale: "0.5 arcsec"}
tables: {cat: cat.csv, more: {file: cat.csv, rows: random}, last: {file: cat.csv, rows: cycle}}
let: {a: {column: cat.a}, b: {normal: [{column: cat.b, times: 2}, {column: cat.a}]}}
objects:
  - gaussian: {name: galaxy, flux: {column: cat.a}, fwhm: {choice: [{column: cat.a}, 2]}, g1: {column: cat.c}, g2: 0}
  - moffat: {name: star, repeat: {column: cat.n}, flux: {column: more.a, per: sample}, gamma: {column: more.a}, beta: 3}
  - gaussian: {name: blob, repeat: 2, flux: {column: last.a}, sigma: {uniform: [{column: last.a}, 9]}, x: "= a"}
noise: {gaussian: {sigma: {column: more.n}}}
"""
TABLE = "a,b,c,n,word\n1,2,0.1,0,x\n2,-3,0.2,2,y\n3.5,4,-0.3,1,z\n"
MIXED = """\
image: {size: 8}
let: {s: {uniform: [0, 1]}}
objects: [gaussian: {name: common, flux: 5, fwhm: 2}]
mixture:
  - class: box
    weight: 2
    objects:
      - rectangle: {name: box, width: {uniform: [3, "= common.fwhm + 4"]}, height: 4}
  - objects: [moffat: {name: star, repeat: {integers: [0, 2]}, flux: 5, fwhm: 2, beta: 3, noise: poisson}]
  - {class: box, weight: "= 1 + s", objects: []}
targets: [class, mixture, star.repeat]
"""
GOOD = [*(tasks.path(name).read_text() for name in tasks.names()), EXTRA, WORDED, WORDED, MIXED, MIXED, TABLED, TABLED]


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
def test_damaged_recipes(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cat.csv").write_text(TABLE)
    rng = random.Random(seed)
    path = tmp_path / "damaged.yaml"
    refused, odd = 0, []
    for _ in range(400):
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
    assert 200 < refused < 400


ODD = (
    *(None, True, -1, 0, 2**70, 10**400, float("nan"), float("inf"), 1e-320, object(), range(3), {1, 2}, b"x"),
    *("", "random", "= x", "3 arcsec", "a\nb", [], [[]], [None], {}, {"": 1}, {1: 2}, {"a\nb": 1}, {"random": True}),
    *({"uniform": [0, 1]}, {"uniform": {}}, {"uniform": [-1e308, 1e308]}, {"log_uniform": [5e-324, 1e308]}),
    *({"choice": []}, {"choice": [1], "weights": [1e308]}, {"poisson": 1e15}, {"normal": [1e308, 1e308]}),
    *(
        {"integers": [-(2**53), 2**53]},
        {"moffat": None},
        "= 1 +",
        "= \ud800",
        "= 3",
        "= flux",
        "= -1e308 * 10",
        "2 pixel",
    ),
    *({"normal": ["= flux", 1]}, {"log_normal": [1, {"uniform": [1, 2]}]}, {"a": "= b"}, {"poisson": "= 1e9"}),
    *({"uniform": [0, 1], "per": "dataset"}, {"choice": ["= x", {"uniform": [0, 1], "per": "object"}]}),
)


def places(value):
    """Yield every list or dict of a tree with each of its keys."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from places(value[key])


def test_damaged_dicts():
    rng = random.Random(5)
    refused, odd = 0, []
    for _ in range(300):
        recipe = load(tasks.names()[rng.randrange(2)]).resolved
        for _ in range(rng.randint(1, 3)):
            where, key = rng.choice(list(places(recipe)))
            if rng.random() < 0.2:
                del where[key]
            else:
                where[key] = rng.choice(ODD)
        start = time.process_time()
        try:
            checked = load(recipe)
            assert load(checked.resolved) == checked
        except RecipeError as error:
            refused += 1
            odd += [line for line in str(error).split("\n") if not line.isprintable()]
        assert time.process_time() - start < 1.0
    assert not odd
    assert 150 < refused < 300
