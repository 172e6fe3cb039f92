"""`lightmill explain`."""

import json

import click

from . import options, output


@click.command()
@options.recipe
@click.option("--sample", type=click.IntRange(0, 2**64 - 2), default=0, show_default=True, help="The row to explain.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with all digits.")
@options.seed
@options.settings
def explain(recipe: str, sample: int, as_json: bool, seed: int | None, settings: tuple[str, ...]) -> None:
    """Tell the objects of RECIPE in the words of other packages.

    For each object of a row: its parameters here, and those with which GalSim, astropy, GALFIT, lenstronomy and
    scikit-image say the same.
    """
    from ..conventions import explain as made

    loaded = options.load(recipe, settings, seed=seed)
    most = loaded.plan.samples
    if most is not None and sample >= most:
        raise click.UsageError(f"--sample {sample}: the recipe's tables have rows for samples 0 to {most - 1}")
    found = made(loaded, sample)
    if as_json:
        objects = [explanation.plain() for explanation in found]
        output.say(json.dumps({"recipe": loaded.name, "sample": sample, "objects": objects}, indent=1))
    else:
        said = map(str, found) if found else [f"{loaded.name}: sample {sample} has no objects of an image"]
        output.say("\n\n".join(said))
