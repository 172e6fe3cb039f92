"""`lightmill schema`."""

import json
from pathlib import Path

import click

from . import output


@click.command()
@click.option(
    "--output", "file", type=click.Path(dir_okay=False), help="Write it to this file, in place of an old one."
)
def schema(file: str | None) -> None:
    """Print the JSON Schema (draft 2020-12) of the recipe language.

    Editors with a YAML language server complete and check a recipe by it whose first line is
    `# yaml-language-server: $schema=FILE`.
    """
    if file is None:
        output.say(written())
        return
    Path(file).write_text(written() + "\n", encoding="utf-8")
    output.say(f"{file}: the JSON Schema of the recipe language")


def written() -> str:
    """Return the schema as JSON."""
    from ..recipe.schema import schema as made

    return json.dumps(made(), indent=1, ensure_ascii=False)
