"""`lightmill preview`."""

from pathlib import Path

import click

from . import options, output


@click.command()
@options.recipe
@click.option("--output", "file", type=click.Path(dir_okay=False), help="The picture; NAME.png here by default.")
@click.option("--samples", type=click.IntRange(1, 400), default=16, show_default=True, help="How many, at most.")
@options.seed
@options.settings
def preview(recipe: str, file: str | None, samples: int, seed: int | None, settings: tuple[str, ...]) -> None:
    """Draw a contact sheet of the first samples of RECIPE.

    Row 0 of an image is at the bottom. Grey is linear from 0 to 1 where all values lie there, else each image has an
    asinh stretch of its own. A table that is read in order may have rows for fewer samples: then these are drawn.
    """
    from ..preview import png

    loaded = options.load(recipe, settings, seed=seed)
    path = Path(file or f"{loaded.name}.png")
    if path.suffix.lower() != ".png":
        raise click.UsageError(f"--output {path}: the picture is a PNG file, and its name ends in .png")
    samples = min(samples, loaded.count or samples)
    content = png(loaded, samples)
    path.write_bytes(content)
    output.say(f"{path}: {samples} samples of {loaded.name}")
