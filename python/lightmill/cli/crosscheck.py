"""`lightmill crosscheck`."""

import click

from . import options, output


@click.command()
@click.argument("models", metavar="[MODEL]...", nargs=-1)
@click.option("-n", "--images", type=click.IntRange(1), default=40, show_default=True, help="Images of every kind.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the random parameters.")
def crosscheck(models: tuple[str, ...], images: int, seed: int) -> None:
    """Compare every MODEL (all of them by default) with an independent evaluation on this machine.

    Prints the worst deviations; a broken promise of accuracy is exit code 1.
    """
    from ..reference.crosscheck import crosscheck as compare

    options.instructions()
    try:
        compare(models or None, images, seed, echo=output.say)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
