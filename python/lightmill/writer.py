"""``lightmill.write``: a recipe's data set on disk, what the command line does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lightmill import sink
from lightmill.manifest import Identity
from lightmill.sink import Progress, Report

if TYPE_CHECKING:
    from lightmill.recipe import Recipe


def write(  # noqa: PLR0913 -- each is a choice of the user, by keyword
    recipe: Recipe,
    out: str | Path,
    *,
    count: int | None = None,
    seed: int | None = None,
    shard_rows: int | None = None,
    part: tuple[int, int] = (1, 1),
    resume: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
    preview: Callable[[], bytes] | None = None,
) -> Report:
    """Write the data set of a recipe.

    Parameters
    ----------
    recipe : Recipe
        What to make, from `lightmill.load`.
    out : str or Path
        The folder; its parent must exist, and nothing outside it is written.
    count, seed : int, optional
        In place of the recipe's.
    shard_rows : int, optional
        Rows a shard; by default the largest power of two within 128 MiB. It changes no value.
    part : (int, int), optional
        Make part j of n (from 1) only; the run that finds all shards there completes the data set.
    resume : bool, optional
        Go on with what is there: make what is missing or damaged. An empty or missing folder will do.
    overwrite : bool, optional
        Remove the data set that is there first; a folder that holds anything else is refused.
    progress : callable, optional
        Called with the stage ("checking", "making", "finishing"), the rows done and the rows in all.
    threads : int, optional
        Threads that render; by default LIGHTMILL_THREADS, else those that this process may use. It changes no value.
    preview : callable, optional
        Makes the bytes of ``preview.png``, once, at the end; by default a contact sheet of the first rows.

    Returns
    -------
    Report
        What was done.

    Raises
    ------
    DataError
        If the data set cannot be written; completed shards are kept.
    Interrupted
        If the user stopped the run; completed shards are kept.
    ValueError
        If an argument is impossible.
    """
    from lightmill.source import source

    changes = {"count": count, "seed": seed}
    wanted = recipe.with_(**{name: value for name, value in changes.items() if value is not None})
    return sink.write(
        source(wanted, threads),
        out,
        identity(wanted),
        count=wanted.count,
        shard_rows=shard_rows,
        part=part,
        resume=resume,
        overwrite=overwrite,
        progress=progress,
        preview=preview or partial(_preview, wanted),
    )


def _preview(recipe: Recipe) -> bytes:
    from lightmill.preview import SAMPLES, png

    return png(recipe, min(SAMPLES, recipe.count))


def identity(recipe: Recipe) -> Identity:
    """Tell what the data set of a recipe is."""
    from lightmill import __version__, _core

    return Identity(recipe.name, recipe.seed, recipe.yaml(), recipe.checksum, _core.STREAM_VERSION, __version__)
