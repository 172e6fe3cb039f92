"""The JSON Schema: it takes what `load` takes, refuses what is wrongly built, and speaks of every key."""

import json
import random
import re
from pathlib import Path

import pytest
from good_recipes import FILES as GOOD
from good_recipes import TABLE, damaged
from jsonschema import Draft202012Validator
from test_golden import RECIPES

import lightmill as lm
from lightmill import tasks
from lightmill.cli.app import run
from lightmill.recipe import RecipeError
from lightmill.recipe.decode import decode
from lightmill.recipe.nested import put
from lightmill.recipe.reader import read
from lightmill.recipe.sentences import SENTENCES
from lightmill.recipe.tables import tables

SCHEMA = lm.schema()
VALIDATOR = Draft202012Validator(SCHEMA)
ROOT = Path(__file__).parent
FILES = sorted([*(ROOT.parent.parent / "docs").rglob("examples/*.yaml"), *map(tasks.path, tasks.names())])
OURS = {name: text for name, text in GOOD.items() if not name.startswith("deepbench")}
MALFORMED = sorted((ROOT / "malformed").glob("*.yaml"))
STRUCTURE = re.compile(
    r"unknown (key|object|noise|distribution)|is not a (map|list|number|noise|object)|is not text|must be given"
    r"|there is no value|not available yet|; (?!it)\w+ must be |; allowed: | say the \w+ in two ways"
)
"""What the messages say of faults that a schema can find: keys, types, words and ranges, one value at a time."""
BEYOND = re.compile(r'"= |(nan|inf) is not allowed|of the draws|row \d+ of |or the table itself')
"""Of those, what takes an expression's value, a table, or a number that JSON does not have."""


def plain(data, source="recipe"):
    return read(decode(data, source), source).plain()


def wrong(value):
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in VALIDATOR.iter_errors(value)]


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_takes_recipes_as_they_are_written_and_as_they_are_resolved(path):
    assert wrong(plain(path.read_bytes())) == []
    assert wrong(lm.load(path).resolved) == []


@pytest.mark.parametrize("text", OURS.values(), ids=OURS)
def test_it_takes_every_corner_of_the_language(text):
    assert wrong(plain(text.encode())) == []


@pytest.mark.parametrize("name", RECIPES)
def test_it_takes_the_golden_recipes(name):
    assert wrong({"image": {"size": 8}, **RECIPES[name]}) == []


@pytest.mark.parametrize("model", tables().objects)
def test_it_takes_every_way_of_saying_a_model(model):
    table = tables().objects[model]
    for ways in [*table.ways, None]:
        for way in ways.ways if ways else [()]:
            body = {"random": True}
            for name in way:
                value = [[0, 0], [3, 0], [0, 2]] if table.parameters[name].kind == "points" else "random"
                put(body, name, value)
            psf = {"psf": {"moffat": "random"}} if table.needs_psf else {}
            recipe = {"image": {"size": 8}, "zero_point": 25, **psf, "objects": [{model: body}]}
            lm.load(recipe)
            assert wrong(recipe) == []


def test_damaged_recipes_that_load_are_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cat.csv").write_text(TABLE)
    rng = random.Random(11)
    path = tmp_path / "damaged.yaml"
    loaded = 0
    for _ in range(300):
        path.write_bytes(damaged(rng, rng.choice(list(OURS.values()))))
        try:
            lm.load(path)
        except RecipeError:
            continue
        loaded += 1
        assert wrong(plain(path.read_bytes())) == []
    assert loaded > 10


def malformed():
    """The malformed recipes that are YAML, and the lines that tell their faults."""
    told = (ROOT / "malformed" / "expected.txt").read_text().splitlines()
    for path in MALFORMED:
        try:
            value = plain(path.read_bytes())
        except RecipeError:
            continue
        yield path.stem, value, [line for line in told if line.startswith(f"{path.name}:")]


@pytest.mark.parametrize(
    ("name", "value", "told"), list(malformed()), ids=lambda item: item if isinstance(item, str) else ""
)
def test_it_refuses_what_is_wrongly_built(name, value, told):
    if any(STRUCTURE.search(line) and not BEYOND.search(line) for line in told):
        assert wrong(value), name


def test_it_refuses_most_of_what_is_wrong():
    refused = [bool(wrong(value)) for _, value, _ in malformed()]
    assert sum(refused) > 0.6 * len(refused) > 30


GAUSSIAN = {"flux": 1, "fwhm": 3}


@pytest.mark.parametrize(
    "body",
    [
        {"fwhm": 3},
        {"flux": 1},
        {**GAUSSIAN, "sigma": 1},
        {**GAUSSIAN, "g1": 0.1, "axis_ratio": 0.5},
        {**GAUSSIAN, "angle": 3},
        {**GAUSSIAN, "shear": {"angle": 3}},
        {**GAUSSIAN, "shear": {"magnitude": 0.1}, "g2": 0},
        {**GAUSSIAN, "random": "yes"},
        {"random": True, "fwhm": 3, "sigma": 1},
        "rondom",
    ],
)
def test_it_knows_what_must_be_given_and_what_excludes_each_other(body):
    recipe = {"image": {"size": 8}, "objects": [{"gaussian": body}]}
    assert wrong(recipe)
    with pytest.raises(RecipeError):
        lm.load(recipe)


def parts(value, path="$"):
    """Yield every schema within a schema, with its place."""
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            yield from parts(item, f"{path}.{key}")
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from parts(item, f"{path}[{i}]")


def test_every_key_has_a_description_and_every_value_a_rule():
    seen = 0
    for path, part in parts(SCHEMA):
        assert part, f"{path} takes anything: give the check a `says`"
        if part.get("additionalProperties") is False and "description" not in part.get("properties", {}):
            for key, item in part["properties"].items():
                seen += 1
                assert item.get("description"), f"{path}.{key}: give it a sentence in sentences.py"
                assert set(item) - {"title", "description", "default"}, f"{path}.{key}: give its check a `says`"
    assert seen > 100


def test_no_sentence_is_about_a_key_that_is_gone():
    known = {
        f"{re.sub(r'-[0-9]+$', '', title)}.{key}"
        for title, part in SCHEMA["$defs"].items()
        for key in part.get("properties", {})
    }
    known |= {name.partition(".")[2] for name in known}
    assert set(SENTENCES) <= known


def test_a_parameter_s_table_is_told():
    fwhm = SCHEMA["$defs"]["gaussian-profile"]["properties"]["fwhm"]
    assert fwhm["title"] == "fwhm"
    assert fwhm["description"] == (
        "Full width at half maximum of the circular profile. A length, in the unit of the pixel scale, above 0; "
        "random: log_uniform [0.03, 0.25] of its shorter side."
    )
    g1 = SCHEMA["$defs"]["gaussian-profile"]["properties"]["g1"]
    assert g1["default"] == 0
    images, series = (SCHEMA["$defs"][name]["properties"] for name in ("recipe", "series"))
    assert set(images) >= {"name", "seed", "count", "image", "objects", "sky", "noise", "targets"}
    assert set(series) >= {"name", "seed", "count", "times", "system", "observe", "noise", "targets"}


def test_the_command_prints_it_or_writes_it_to_a_file(tmp_path, capsys):
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
    path = tmp_path / "recipe.json"
    path.write_text("old")
    assert run(["schema", "--output", str(path)]) == 0
    assert json.loads(path.read_text()) == SCHEMA
    assert capsys.readouterr().out == f"{path}: the JSON Schema of the recipe language\n"


def test_a_schema_that_cannot_be_written_is_one_line(tmp_path, capsys):
    assert run(["schema", "--output", str(tmp_path / "no" / "recipe.json")]) == 1
    assert capsys.readouterr().err.endswith("no/recipe.json: No such file or directory\n")
    assert run(["schema", "--output", str(tmp_path)]) == 2
    assert run(["schema", "extra"]) == 2
    assert "Traceback" not in capsys.readouterr().err
