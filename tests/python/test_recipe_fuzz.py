"""Ten thousand damaged recipes: each loads and makes a row, or is refused in single lines within a second.

The good ones, in `good/`, are all of the language in small files, and the tasks. Six thousand are damaged as
text, three thousand as trees, which stay well-formed and so reach further in, and a thousand go through the
command line.
"""

import copy
import importlib
import random
import re
import time

import pytest
import yaml
from good_recipes import FILES, NUMBERS, TABLE, TASKS, any_of, damaged

import lightmill as lm
from lightmill import tasks
from lightmill.cli.app import run
from lightmill.recipe import RecipeError, load

pytestmark = pytest.mark.filterwarnings("ignore::lightmill.DeepBenchWarning")

LINE = re.compile(r".*damaged\.yaml:\d+:\d+: .+|and more; these are the first 50 faults")
ROW = re.compile(
    r".+ \(in row \d+\)|\S+: (none of 65535 draws for scene \d+ is|65535 attempts gave no scene \d+ that is kept;) .+"
)
ODD = (
    *(None, True, -1, 0, 2**70, 10**400, float("nan"), float("inf"), 1e-320, object(), range(3), {1, 2}, b"x"),
    *("", "random", "= x", "3 arcsec", "a\nb", [], [[]], [None], {}, {"": 1}, {1: 2}, {"a\nb": 1}, {"random": True}),
    *({"uniform": [0, 1]}, {"uniform": {}}, {"uniform": [-1e308, 1e308]}, {"log_uniform": [5e-324, 1e308]}),
    *({"choice": []}, {"choice": [1], "weights": [1e308]}, {"poisson": 1e15}, {"normal": [1e308, 1e308]}),
    *({"integers": [-(2**53), 2**53]}, {"moffat": None}, "= 1 +", "= \ud800", "= 3", "= flux", "= -1e308 * 10"),
    *("2 pixel", {"normal": ["= flux", 1]}, {"log_normal": [1, {"uniform": [1, 2]}]}, {"a": "= b"}),
    *({"poisson": "= 1e9"}, {"uniform": [0, 1], "per": "dataset"}, {"column": "cat.a"}, {"column": "cat.b"}),
    *({"choice": ["= x", {"uniform": [0, 1], "per": "object"}]}, {"column": "cat.word", "times": 0}, "20 mag"),
    *({"disc": {"radius": 3}}, {"annulus": {"inner": 1, "outer": "= 2"}}, [[0, 1], [1, 0], [1, 1]], "cat.csv"),
)


def places(value):
    """Yield every list or dict of a tree with each of its keys."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from places(value[key])


def bent(rng, trees):
    """Return the tree of a good recipe with one to three branches taken out, made odd, or swapped for others."""
    tree = copy.deepcopy(rng.choice(trees))
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        where, key = rng.choice(list(places(tree)))
        chance = rng.random()
        if chance < 0.15 and len(tree) > 1:
            del where[key]
        elif chance < 0.3 and isinstance(where[key], (int, float)):
            where[key] = rng.choice(NUMBERS)
        elif chance < 0.6:
            where[key] = copy.deepcopy(rng.choice(ODD))
        else:
            other, its = rng.choice(list(places(rng.choice(trees))))
            where[key if isinstance(where, list) or chance < 0.8 else its] = copy.deepcopy(other[its])
    return tree


def small(recipe):
    """Tell whether a recipe's row is cheap: damage may ask for an image of 9,999 pixels a side, or as many times."""
    if recipe.is_series:
        return len(recipe.resolved["times"].get("at", ())) + recipe.resolved["times"].get("points", 0) < 2000
    slots = sum(entry["slots"] for entry in recipe.spec["objects"])
    return recipe.shape[0] * recipe.shape[1] * (slots + 1) < 40_000


def outcome(source):
    """Load a recipe, again from its resolved form, and make two rows; return its faults, or no line."""
    start = time.process_time()
    try:
        recipe = load(source)
        assert load(recipe.resolved) == recipe
    except RecipeError as error:
        return str(error).split("\n")
    finally:
        assert time.process_time() - start < 1.0
    if small(recipe):
        try:
            lm.generate(recipe, 0, 2, threads=1)
        except RuntimeError as error:
            assert ROW.fullmatch(str(error))
    return []


@pytest.fixture(scope="module", autouse=True)
def imported():
    """Load once what the first recipe with a table and an odd unit loads, whichever test is first."""
    importlib.import_module("astropy.table")
    load("gaussian")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cat.csv").write_text(TABLE)
    return tmp_path


@pytest.mark.parametrize("text", [*FILES.values(), *TASKS], ids=[*FILES, *tasks.names()])
def test_what_is_damaged_here_is_good(text, folder):
    (folder / "damaged.yaml").write_text(text)
    assert not outcome("damaged.yaml")


@pytest.mark.parametrize("seed", range(12))
def test_damaged_text(seed, folder):
    rng = random.Random(seed)
    path = folder / "damaged.yaml"
    refused, odd = 0, []
    for _ in range(500):
        path.write_bytes(damaged(rng, any_of(rng)))
        said = outcome(path)
        refused += bool(said)
        odd += [line for line in said if not LINE.fullmatch(line)]
    assert not odd
    assert 300 < refused < 500


@pytest.mark.parametrize("seed", range(6))
def test_damaged_trees(seed, folder):
    rng = random.Random(100 + seed)
    trees = [yaml.safe_load(text) for text in [*FILES.values(), *TASKS]]
    refused, odd = 0, []
    for _ in range(500):
        said = outcome(bent(rng, trees))
        refused += bool(said)
        odd += [line for line in said if not line.isprintable() or len(line) > 1000]
    assert not odd
    assert 250 < refused < 500


COMMANDS = {
    "validate": ["validate", "damaged.yaml"],
    "resolved": ["validate", "damaged.yaml", "--resolved"],
    "explain": ["explain", "damaged.yaml"],
    "convert": ["convert", "damaged.yaml"],
    "dry": ["generate", "damaged.yaml", "out", "--count", "2", "--dry-run"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_damaged_files_on_the_command_line(command, folder, capsys):
    rng = random.Random(command)
    codes = set()
    for _ in range(200):
        text = FILES["deepbench-shapes"] if command == "convert" else any_of(rng)
        (folder / "damaged.yaml").write_bytes(damaged(rng, text))
        start = time.process_time()
        codes.add(run(COMMANDS[command]))
        assert time.process_time() - start < 1.0
        said = capsys.readouterr().err.splitlines()
        assert not [line for line in said if "unexpected" in line or "Traceback" in line or "panicked" in line]
    assert codes == {0, 2}
