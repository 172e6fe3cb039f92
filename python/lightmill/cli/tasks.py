"""`lightmill tasks`."""

import click

from . import options, output
from .describe import table


@click.command()
def tasks() -> None:
    """List the tasks: named, versioned recipes that come with the package."""
    from .. import tasks as known

    rows = []
    for name in known.names():
        recipe, path = options.load(name, ()), known.path(name)
        assert path is not None
        shape = "×".join(map(str, recipe.shape))
        rows.append((path.stem, f"{recipe.count:,} samples of {shape}", f"targets {', '.join(recipe.targets)}"))
    output.say(table(rows))
