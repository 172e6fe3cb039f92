"""`lightmill new`."""

from pathlib import Path

import click

from . import options, output
from .schema import written

SCHEMA = "lightmill.schema.json"
"""The schema's file, beside the recipes that name it."""


@click.command()
@click.argument("file", metavar="[FILE]", type=click.Path(dir_okay=False, allow_dash=True), default="-")
@click.option("--task", metavar="NAME", help="Start from a task, every default written out.")
@click.option("--model", metavar="NAME", help="Start from a model or a system with everything random.")
def new(file: str, task: str | None, model: str | None) -> None:
    """Write a first recipe to FILE, or print it where FILE is - or missing.

    FILE must not exist. The JSON Schema of the language, by which editors complete and check the recipe, is put beside
    it as lightmill.schema.json, unless one is there.
    """
    text = _text(task, model)
    if file == "-":
        output.say(text.rstrip("\n"))
        return
    path = Path(file)
    _create(path, f"# yaml-language-server: $schema={SCHEMA}\n{text}")
    schema = path.with_name(SCHEMA)
    if not schema.exists():
        _create(schema, written() + "\n")
    output.say(f"{path}: a recipe to start from; lightmill preview {path} shows what it makes")


def _text(task: str | None, model: str | None) -> str:
    from .. import tasks
    from ..recipe.starter import starter, written_out
    from ..recipe.tables import tables

    if task is not None and model is not None:
        raise click.UsageError("--task and --model both say what to start from: choose one")
    options.instructions()
    if task is not None and tasks.path(task) is None:
        raise click.UsageError(f"--task {task}: there is no such task; there are {', '.join(tasks.names())}")
    models = (*tables().objects, *tables().systems)
    if model is not None and model not in models:
        raise click.UsageError(f"--model {model}: there is no such model; there are {', '.join(models)}")
    name = task or model
    return starter() if name is None else written_out(name)


def _create(path: Path, text: str) -> None:
    """Write a file that must not exist."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.UsageError(f"{path} is there already: name a new file, or remove it") from None
