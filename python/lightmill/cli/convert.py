"""`lightmill convert`."""

from pathlib import Path

import click

from . import options, output


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--output", "path", type=click.Path(dir_okay=False), help="Where to write it; else it is printed.")
def convert(file: str, path: str | None) -> None:
    """Print the recipe that FILE, in the words of DeepBench, means.

    The recipe makes what `generate FILE` makes. Comments say where it means something else than DeepBench's code made
    of the file.
    """
    from ..deepbench import convert as convert_file

    options.instructions()
    text = convert_file(file)
    if path is None:
        output.say(text.rstrip())
        return
    try:
        with Path(path).open("x", encoding="utf-8") as written:
            written.write(text)
    except FileExistsError:
        raise click.UsageError(f"{path} is there already: name a new file, or remove it") from None
    output.say(f"{path}: the recipe of {file}")
