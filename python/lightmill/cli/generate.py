"""`lightmill generate`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, output
from .describe import columns, counted, wanted

if TYPE_CHECKING:
    from ..recipe import Recipe
    from ..sink import Report


@click.command()
@options.recipe
@options.out
@options.count
@options.seed
@options.threads
@options.part
@options.settings
@click.option("--resume", is_flag=True, help="Go on with what OUT holds already, if anything.")
@click.option("--overwrite", is_flag=True, help="Replace the data set in OUT.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--quiet", is_flag=True, help="Report no progress.")
def generate(
    recipe: str,
    out: str,
    count: int | None,
    seed: int | None,
    threads: int,
    settings: tuple[str, ...],
    dry_run: bool,
    **how: Any,
) -> None:
    """Make a data set from RECIPE in the folder OUT.

    RECIPE is a YAML file, or the name of a task, a model or a system (whose parameters are then all random).
    """
    if how["resume"] and how["overwrite"]:
        raise click.UsageError("--resume keeps what is there, --overwrite replaces it: choose one")
    if how["overwrite"] and how["part"] != (1, 1):
        raise click.UsageError("parts write into one folder together and cannot --overwrite it: remove it first")
    loaded = options.load(recipe, settings, count, seed)
    if loaded.count is None:
        raise click.UsageError("how many samples? say --count N, or `count: N` in the recipe")
    if dry_run:
        output.say(f"{wanted(loaded, out, how['part'])}\n{columns(loaded)}")
        return
    _write(loaded, out, threads, **how)


def _write(recipe: "Recipe", out: str, threads: int, quiet: bool, **how: Any) -> None:
    from ..progress import progress
    from ..writer import write

    began = time.perf_counter()
    try:
        with progress(quiet) as reports:
            report = write(recipe, out, threads=threads, progress=reports, **how)
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(_kept(out)) from stop
    output.say(_summary(recipe, report, time.perf_counter() - began))


def _summary(recipe: "Recipe", report: "Report", seconds: float) -> str:
    from ..progress import duration, rate, size

    said = []
    if report.kept:
        said.append(f"{counted(report.kept)} there already")
    if report.rows:
        made = f"made {report.rows:,} samples in {counted(report.made)}, {size(report.bytes)}"
        said.append(f"{made}, in {duration(seconds)} ({rate(report.rows / seconds)})")
    if recipe.is_series and report.complete:
        said.extend(_failed(report.out))
    said.append("complete" if report.complete else f"{counted(report.missing)} of other parts missing")
    return f"{report.out}: {recipe.name}, " + "; ".join(said)


def _failed(out: Path) -> list[str]:
    """Tell how many trajectories ended early; nothing where none did."""
    from ..dataset import open as open_data

    with open_data(out) as data:
        failed = data.statistics["failed"]
    return [f"{failed:,} {'trajectory' if failed == 1 else 'trajectories'} failed"] if failed else []


def _kept(out: str) -> str:
    """Tell what a stopped run leaves."""
    from ..sink import DataError
    from ..sink.verify import info

    try:
        found = info(Path(out))
    except DataError:
        return "stopped; nothing was written yet"
    return f"stopped; {found.shards} of {found.wanted} shards kept; the same command with --resume goes on"
