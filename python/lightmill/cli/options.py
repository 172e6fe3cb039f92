"""Options that several commands share."""

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..recipe import Recipe


class Part(click.ParamType):
    """`J/N`: the J-th of N parts."""

    name = "J/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Read two whole numbers, 1 <= J <= N."""
        if isinstance(value, tuple):
            return value
        first, _, second = str(value).partition("/")
        if not (first.isdecimal() and second.isdecimal() and 1 <= int(first) <= int(second)):
            self.fail(f"{value!r} is not a part; allowed is J/N with J from 1 to N, as 3/8", param, ctx)
        return int(first), int(second)


class Setting(click.ParamType):
    """`path=value`."""

    name = "PATH=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check that there is a path and an equals sign."""
        if not str(value).partition("=")[0].strip() or "=" not in str(value):
            self.fail(f"{value!r} is not a setting; allowed is path=value, as galaxy.flux=1000", param, ctx)
        return str(value)


def _threads(ctx: click.Context, param: click.Parameter, value: int | None) -> int:
    from ..threads import resolve

    try:
        return resolve(value)
    except ValueError as fault:
        raise click.UsageError(str(fault), ctx) from None


recipe = click.argument("recipe", metavar="RECIPE")
out = click.argument("out", metavar="OUT", type=click.Path())
count = click.option("--count", type=click.IntRange(1, 2**64 - 1), metavar="N", help="Samples, from 1.")
seed = click.option("--seed", type=click.IntRange(0, 2**64 - 1), metavar="S", help="Seed, from 0 to 2^64 - 1.")
threads = click.option(
    "--threads",
    type=int,
    metavar="T",
    callback=_threads,
    help="Worker threads; else LIGHTMILL_THREADS, RAYON_NUM_THREADS, or the CPUs this process may use.",
)
settings = click.option(
    "--set",
    "settings",
    type=Setting(),
    multiple=True,
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
    changes = {name: value for name, value in (("count", count), ("seed", seed)) if value is not None}
    return load_recipe(recipe, settings=settings).with_(**changes)


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
