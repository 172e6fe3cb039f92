"""`lightmill tasks`."""

import click

from . import options, output
from .describe import table


@click.command()
def tasks() -> None:
    """List the tasks, which are named and versioned recipes that come with the package, and the models.

    The name of either will do wherever a RECIPE is asked for; a model's parameters are then all random.
    """
    from .. import tasks as known
    from ..recipe.tables import tables

    rows = []
    for name in known.names():
        recipe, path = options.load(name, ()), known.path(name)
        assert path is not None
        rows.append((path.stem, f"{recipe.count:,}", "×".join(map(str, recipe.shape)), known.summary(path)))
    models = [(name, model.summary) for name, model in tables().objects.items()]
    output.say(f"tasks\n{table(rows)}\nmodels\n{table(models)}")
