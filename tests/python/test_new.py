"""`lightmill new` and `lightmill tasks`: recipes to start from, which load and run."""

import json

import pytest
from jsonschema import Draft202012Validator

import lightmill as lm
from lightmill import tasks
from lightmill.cli.app import run
from lightmill.recipe.tables import tables

EDITOR_LINE = "# yaml-language-server: $schema=lightmill.schema.json\n"


def failure(capsys, code, *arguments):
    assert run([str(argument) for argument in arguments]) == code
    text = capsys.readouterr().err
    assert text.count("\n") == 1, text
    return text


def printed(capsys, *arguments):
    assert run(["new", *arguments]) == 0
    return capsys.readouterr().out


def test_a_first_recipe_loads_and_runs_and_its_schema_is_beside_it(tmp_path, capsys):
    path = tmp_path / "first.yaml"
    assert run(["new", str(path)]) == 0
    said = f"{path}: a recipe to start from; lightmill preview {path} shows what it makes\n"
    assert capsys.readouterr().out == said
    assert path.read_text().startswith(EDITOR_LINE)
    schema = json.loads((tmp_path / "lightmill.schema.json").read_text())
    assert schema == lm.schema()
    recipe = lm.load(path)
    assert (recipe.name, recipe.count) == ("first", 1000)
    Draft202012Validator(schema).validate(recipe.resolved)
    assert run(["generate", str(path), str(tmp_path / "out"), "--count", "20", "--quiet"]) == 0
    with lm.open(tmp_path / "out") as data:
        assert data.images.shape == (20, 64, 64)


def test_its_comments_say_what_stands_there(capsys):
    text = printed(capsys, "-")
    assert text == printed(capsys)
    assert "yaml-language-server" not in text
    assert text.count("#") > 8


@pytest.mark.parametrize("name", tasks.names())
def test_a_task_to_start_from_makes_the_task_s_rows(name, tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text(printed(capsys, "--task", name))
    assert path.read_text().startswith(f"# {name}, with every default written out.\n")
    assert lm.load(path) == lm.load(name)


@pytest.mark.parametrize("name", tables().objects)
def test_a_model_to_start_from_is_all_random_and_runs(name, tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text(printed(capsys, "--model", name))
    assert lm.load(path) == lm.load(name).with_(count=1000)
    lines = path.read_text().splitlines()
    for parameter in tables().objects[name].canonical:
        *groups, key = parameter.split(".")
        below = lines.index(f"      {groups[0]}:") if groups else 0
        line = next(line for line in lines[below:] if line.startswith(f"      {'  ' * len(groups)}{key}: "))
        assert line.endswith(f"  # {tables().objects[name].parameters[parameter].summary}")
    assert lm.generate(lm.load(path), 0, 2).images.any()


def test_nothing_that_exists_is_overwritten(tmp_path, capsys):
    path, schema = tmp_path / "first.yaml", tmp_path / "lightmill.schema.json"
    path.write_text("mine")
    assert "is there already: name a new file" in failure(capsys, 2, "new", path)
    assert path.read_text() == "mine"
    assert not schema.exists()
    schema.write_text("mine too")
    assert run(["new", str(tmp_path / "second.yaml")]) == 0
    assert schema.read_text() == "mine too"


def test_bad_usage_says_what_there_is(tmp_path, capsys):
    assert "--task nope: there is no such task; there are" in failure(capsys, 2, "new", "--task", "nope")
    assert "sky-stars" in failure(capsys, 2, "new", "--task", "moffat")
    assert "--model nope: there is no such model; there are gaussian" in failure(capsys, 2, "new", "--model", "nope")
    assert "choose one" in failure(capsys, 2, "new", "--model", "moffat", "--task", "sky-stars")
    assert "is a directory" in failure(capsys, 2, "new", tmp_path)
    assert "No such file" in failure(capsys, 1, "new", tmp_path / "no" / "first.yaml")


def test_tasks_and_models_are_listed_with_what_they_are(capsys):
    assert run(["tasks"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "tasks"
    middle, last = lines.index("models"), lines.index("systems")
    assert [line.split()[0].partition("@")[0] for line in lines[1:middle]] == tasks.names()
    assert [line.split()[0] for line in lines[middle + 1 : last]] == list(tables().objects)
    assert [line.split()[0] for line in lines[last + 1 :]] == list(tables().systems)
    stars = next(line for line in lines if "sky-stars@1" in line)
    assert stars.split()[1:3] == ["10,000", "96×128"]
    assert stars.endswith(tasks.summary(tasks.path("sky-stars")))
    moffat = next(line for line in lines if line.split()[0] == "moffat")
    assert moffat.endswith(tables().objects["moffat"].summary)


@pytest.mark.parametrize("name", tasks.names())
def test_a_task_is_whole(name):
    recipe = lm.load(name)
    assert tasks.path(name).name == f"{recipe.name}@1.yaml"
    assert len(tasks.summary(tasks.path(name))) > 20
    batch = lm.generate(recipe, 0, 4)
    for values in batch.series.values() if recipe.is_series else [batch.images]:
        assert values.any(axis=tuple(range(1, values.ndim))).all()
