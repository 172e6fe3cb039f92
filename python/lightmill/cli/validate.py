"""`lightmill validate`."""

import click

from . import options, output
from .describe import columns, summary


@click.command()
@options.recipe
@options.settings
@click.option("--resolved", is_flag=True, help="Print the recipe with every default written out instead.")
def validate(recipe: str, settings: tuple[str, ...], resolved: bool) -> None:
    """Check RECIPE: print every fault, or what it makes."""
    loaded = options.load(recipe, settings)
    output.say(loaded.yaml().rstrip() if resolved else f"{summary(loaded)}\n{columns(loaded)}")
