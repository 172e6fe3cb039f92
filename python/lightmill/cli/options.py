"""Options that several commands share."""

import contextlib
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from . import output

if TYPE_CHECKING:
    from ..recipe import Recipe


def _part(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, int]:
    first, _, second = value.partition("/")
    if not (first.isdecimal() and second.isdecimal() and 1 <= int(first) <= int(second)):
        raise click.BadParameter(f"{value!r} is not a part; allowed is J/N with J from 1 to N, as 3/8", ctx, param)
    return int(first), int(second)


def _settings(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if "=" not in value or value.startswith("="):
            message = f"{value!r} is not a setting; allowed is path=value, as galaxy.flux=1000"
            raise click.BadParameter(message, ctx, param)
    return values


def _threads(ctx: click.Context, param: click.Parameter, value: int | None) -> int:
    from ..threads import resolve

    try:
        return resolve(value)
    except ValueError as fault:
        raise click.UsageError(str(fault), ctx) from None


def _out(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value:
        raise click.BadParameter("the folder has no name: an empty one would be the folder that this runs in")
    return value


recipe = click.argument("recipe", metavar="RECIPE")
out = click.argument("out", metavar="OUT", type=click.Path(), callback=_out)
count = click.option("--count", type=click.IntRange(1), metavar="N", help="Samples, from 1.")
seed = click.option("--seed", type=click.IntRange(0, 2**64 - 1), metavar="S", help="Seed, from 0 to 2^64 - 1.")
threads = click.option(
    "--threads",
    type=int,
    metavar="T",
    callback=_threads,
    help="Worker threads; else LIGHTMILL_THREADS, RAYON_NUM_THREADS, or the CPUs this process may use.",
)
part = click.option(
    "--part",
    default="1/1",
    metavar="J/N",
    callback=_part,
    help="Make the J-th of N parts; the run that finds all others there completes the data set.",
)
settings = click.option(
    "--set",
    "settings",
    metavar="PATH=VALUE",
    multiple=True,
    callback=_settings,
    help="Change the recipe: galaxy.flux=1000. As often as needed.",
)


def load(recipe: str, settings: tuple[str, ...], count: int | None = None, seed: int | None = None) -> "Recipe":
    """Read a recipe as the command line says it.

    Parameters
    ----------
    recipe
        A file, or a task's or model's name.
    settings
        Changes, each `path=value`.
    count, seed
        Replace the recipe's, where given.

    Returns
    -------
    Recipe

    Raises
    ------
    RecipeError
        If the recipe is not right.
    click.UsageError
        If the environment asks for instructions that the processor lacks.
    """
    from ..recipe import load as load_recipe

    instructions()
    with _told():
        loaded = load_recipe(recipe, settings=settings)
    changes = {name: value for name, value in (("count", count), ("seed", seed)) if value is not None}
    return loaded.with_(**changes)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Print warnings as lines of their own, every one."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        yield
    for warning in told:
        output.warn(str(warning.message))


def instructions() -> str:
    """Find the instruction set in use.

    Raises
    ------
    click.UsageError
        If the environment asks for one that the processor lacks.
    """
    from .. import _core

    try:
        return _core.isa()
    except (ValueError, RuntimeError) as fault:
        raise click.UsageError(str(fault)) from None
