"""Fisher information and Cramer-Rao bounds, and the derivatives that they are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .batch import RecipeLike, as_recipe, rows_between, rows_of
from .recipe import Recipe, load
from .series import variations
from .threads import resolve

__all__ = ["Fisher", "derivatives", "fisher", "informed", "told"]

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Fisher:
    """What images or time series can tell about the values that they were made from.

    Parameters
    ----------
    names : tuple of str
        The P values, in the order of rows and columns.
    samples : (N,) uint64
        Row numbers.
    fisher : (N, P, P) float64
        Fisher information, in one over the product of the units of two values.
    crb : (N, P) float64
        The Cramer-Rao bounds as standard deviations: the least that an unbiased estimate of each value can have
        where none of the P is known. They are the roots of the diagonal of the inverse of `fisher`; infinite for a
        value that cannot be told.
    reasons : tuple of str or None
        Why a row has infinite bounds; None where it has none.
    """

    names: tuple[str, ...]
    samples: Array
    fisher: Array
    crb: Array
    reasons: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.samples)


def informed(recipe: RecipeLike, names: Sequence[str] | None = None) -> Recipe:
    """Return a recipe that says what is asked about: these names, its own ``fisher``, or its targets.

    Raises
    ------
    RecipeError
        If the effect of one of them is not known.
    ValueError
        If there is nothing to ask about.
    """
    recipe = as_recipe(recipe)
    if names is None and recipe.fisher:
        return recipe
    asked = list(recipe.targets if names is None else names)
    if not asked:
        example = "pendulum.length" if recipe.is_series else "galaxy.flux"
        raise ValueError(f"{recipe.name} has no targets; give names, or `fisher: [{example}]` in the recipe")
    return load(recipe, {"fisher": asked})


def told(recipe: Recipe, samples: Array, records: Array, threads: int | None = None) -> Fisher:
    """Return what the images or series of rows with these records tell about the recipe's ``fisher``."""
    count = len(recipe.fisher)
    matrices, bounds = np.empty((len(samples), count, count)), np.empty((len(samples), count))
    reasons = recipe.plan.fisher(samples, records, matrices, bounds, resolve(threads))
    return Fisher(recipe.fisher, samples, matrices, bounds, tuple(reasons))


def fisher(
    recipe: RecipeLike,
    start: int,
    stop: int,
    *,
    names: Sequence[str] | None = None,
    threads: int | None = None,
) -> Fisher:
    """Work out how much the rows ``start`` to ``stop`` tell about what they were made from.

    The derivatives of images are those of the renderer, in closed form and float64; those of time series come from
    the variational equations, integrated along with the motion. The information of a number about its mean is
    exact for Gaussian noise, for Poisson noise, and for their sum within 1e-3. Values that are not named are
    taken as known.

    Parameters
    ----------
    recipe : Recipe, path, task's name or dict
        What to make.
    start, stop : int
        Rows, half open, from 0 to 2**64 - 1.
    names : sequence of str, optional
        The values in question; by default the recipe's ``fisher``, or else its targets. ``n_body.x[0]`` is the
        first body's.
    threads : int, optional
        As for :func:`generate`.

    Returns
    -------
    Fisher
        Information, bounds and, where a bound is infinite, why.

    Raises
    ------
    RecipeError
        If the recipe is not right, or the effect of a value is not known: that of the position of a sharp shape, of the
        strength of noise, of a whole number.
    ValueError
        If the rows are not right, or there is nothing to ask about.
    RuntimeError
        If a row cannot be drawn.

    Examples
    --------
    >>> star = {"image": {"size": 32}, "objects": [{"gaussian": {"flux": 1000, "fwhm": 3}}],
    ...         "noise": [{"gaussian": {"sigma": 2}}]}
    >>> told = fisher(star, 0, 1, names=["gaussian.flux", "gaussian.x"])
    >>> told.crb.round(4)
    array([[9.263 , 0.0171]])
    """
    recipe = informed(recipe, names)
    samples = np.arange(start, start + rows_between(start, stop), dtype=np.uint64)
    records = np.empty((len(samples), recipe.plan.width))
    recipe.plan.parameters(samples, records, resolve(threads))
    return told(recipe, samples, records, threads)


def derivatives(
    recipe: RecipeLike,
    parameters: Mapping[str, npt.ArrayLike],
    *,
    samples: Sequence[int] | Array | None = None,
    names: Sequence[str] | None = None,
    threads: int | None = None,
) -> Array | dict[str, Array]:
    """Differentiate noiseless images or time series by what they are made from.

    Parameters
    ----------
    recipe : Recipe, path, task's name or dict
        What is made.
    parameters : dict of arrays
        As for :func:`render`.
    samples : sequence of int, optional
        The row numbers, which choose the other draws; 0 to N - 1 by default.
    names : sequence of str, optional
        The values to differentiate by; by default the recipe's ``fisher``, or else its targets.
    threads : int, optional
        As for :func:`generate`.

    Returns
    -------
    (N, P, H, W) float64, or dict of (N, P, T, ...) float64
        How fast each pixel changes with each value; of time series each observable, by its name.

    Raises
    ------
    RecipeError
        If the effect of a value is not known.
    ValueError
        If a parameter is not the recipe's, is not legal or has the wrong shape.

    Examples
    --------
    >>> star = {"image": {"size": 32}, "objects": [{"gaussian": {"flux": 1000, "fwhm": 3}}],
    ...         "noise": [{"gaussian": {"sigma": 2}}]}
    >>> slopes = derivatives(star, {"gaussian.flux": [500, 1000]}, names=["gaussian.flux"])
    >>> slopes.shape, slopes.sum(axis=(1, 2, 3)).round(3)
    ((2, 1, 32, 32), array([1., 1.]))
    """
    recipe = informed(recipe, names)
    rows, records = rows_of(recipe, parameters, samples, threads)
    if recipe.is_series:
        return variations(recipe, rows, records, resolve(threads))
    slopes = np.empty((len(rows), len(recipe.fisher), *recipe.shape))
    recipe.plan.derivatives(rows, records, slopes, resolve(threads))
    return slopes
