"""`lightmill tasks`."""

import click

from . import options, output
from .describe import made, table


@click.command()
def tasks() -> None:
    """List the tasks, which are named and versioned recipes that come with the package, the models and the systems.

    The name of any will do wherever a RECIPE is asked for; a model's or a system's parameters are then all random.
    """
    from .. import tasks as known
    from ..recipe.tables import tables

    rows = []
    for name in known.names():
        recipe, path = options.load(name, ()), known.path(name)
        assert path is not None
        rows.append((path.stem, f"{recipe.count:,}", made(recipe), known.summary(path)))
    models = [(name, model.summary) for name, model in tables().objects.items()]
    systems = [(name, system.model.summary) for name, system in tables().systems.items()]
    output.say(f"tasks\n{table(rows)}\nmodels\n{table(models)}\nsystems\n{table(systems)}")
