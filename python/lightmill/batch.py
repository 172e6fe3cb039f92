"""Rows in memory: parameters, images or series, batches and streams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import series
from .columns import Column, table
from .once import once
from .recipe import Recipe, load
from .threads import resolve

if TYPE_CHECKING:
    from .information import Fisher

__all__ = ["Batch", "generate", "parameters", "render", "stream"]

Array = npt.NDArray[Any]
RecipeLike = Recipe | str | Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """Rows of a recipe: pixels or time series, labels and objects.

    Parameters
    ----------
    samples : (N,) uint64
        Row numbers.
    images : (N, H, W) float32
        What is recorded; of a recipe with a `system` there are no pixels, (N, 0, 0).
    noiseless, variance, psf : (N, H, W) float32 or None
        The light alone, the true variance, and the PSF at the frame's centre (its flux is 1), where the recipe saves
        them. A PSF that is the same for all rows is one plane, seen N times and not to be written to.
    records : (N, W) float64
        All that was drawn and derived, one record a row; read it by `labels` and `objects`.
    measurements : (N, M) float64
        What was measured on the noiseless images; read it by `measured`.
    recipe : Recipe
        What the rows were made from.
    series : dict of (N, T, ...) float64
        What is seen of a `system`, by observable; NaN where a body is absent, and after a failure.
    times : (T,) or (N, T) float64 or None
        When it is seen: the same for all rows, or each row's own; None of images.
    noiseless_series : dict of (N, T, ...) float64
        The same without noise, where the recipe saves it.
    """

    samples: Array
    images: Array
    noiseless: Array | None
    variance: Array | None
    psf: Array | None
    records: Array = field(repr=False)
    measurements: Array = field(repr=False)
    recipe: Recipe = field(repr=False)
    series: Mapping[str, Array] = field(default_factory=dict)
    times: Array | None = None
    noiseless_series: Mapping[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.samples)

    @once
    def labels(self) -> dict[str, Array]:
        """Every drawn or derived value that a row has once, (N,), by its name, ``"galaxy.flux"``."""
        return {column.name: column.read(self.records) for column in table(self.recipe).labels}

    @once
    def measured(self) -> dict[str, Array]:
        """What was measured on the noiseless images or trajectories, (N,), by its name, ``"snr"``."""
        return {one.name: one.read(self.measurements[:, i]) for i, one in enumerate(table(self.recipe).measures)}

    @once
    def objects(self) -> dict[str, Array]:
        """``"present"`` and every parameter, (N, slots), NaN where an object is absent."""
        return table(self.recipe).objects(self.records)

    @once
    def information(self) -> Fisher | None:
        """What the rows tell about the recipe's ``fisher``, worked out at first use; None where it asks nothing."""
        from .information import told

        return told(self.recipe, self.samples, self.records) if self.recipe.fisher else None

    @once
    def targets(self) -> Array:
        """The recipe's targets in its order, (N, targets) float64."""
        columns = [self.labels[name].astype(np.float64) for name in self.recipe.targets]
        return np.stack(columns, axis=1) if columns else np.empty((len(self), 0))


def as_recipe(recipe: RecipeLike) -> Recipe:
    """Return a recipe as it is, or load what names or describes one."""
    return recipe if isinstance(recipe, Recipe) else load(recipe)


def rows_between(start: int, stop: int) -> int:
    """Return how many rows there are from ``start`` to ``stop``, which must be legal."""
    if not 0 <= start <= stop < 2**64:
        raise ValueError(f"rows {start} to {stop} are not allowed; 0 <= start <= stop < 2**64 is")
    return stop - start


def blank(
    recipe: Recipe, rows: int, out: Mapping[str, Array]
) -> tuple[Array, Array | None, Array | None, Array | None]:
    """Return buffers for the planes of so many rows: those of ``out``, or fresh ones."""
    planes = []
    for name in ("images", "noiseless", "variance", "psf"):
        wanted = name == "images" or (name in recipe.save and name not in recipe.constants)
        given = out.get(f"/{name}")
        fresh = np.empty((rows, *recipe.shape), np.float32) if wanted and given is None else given
        planes.append(fresh if wanted else None)
    images = planes[0]
    assert images is not None
    return images, planes[1], planes[2], planes[3]


def generate(
    recipe: RecipeLike,
    start: int,
    stop: int,
    *,
    threads: int | None = None,
    out: Mapping[str, Array] | None = None,
) -> Batch:
    """Draw and render rows ``start`` to ``stop`` of a recipe.

    Parameters
    ----------
    recipe : Recipe, path, task's name or dict
        What to make.
    start, stop : int
        Rows, half open, from 0 to 2**64 - 1. The recipe's ``count`` does not limit them.
    threads : int, optional
        Worker threads; by default LIGHTMILL_THREADS, RAYON_NUM_THREADS or the CPUs that the process may use.
        The values do not depend on it.
    out : dict, optional
        Float32 buffers ``"/images"``, ``"/noiseless"``, ``"/variance"``, ``"/psf"`` of shape (N, H, W) to write into;
        a PSF that is the same for all rows needs none. Of time series float64 buffers ``"/series/x"``,
        ``"/noiseless/x"``, ``"/times"``.

    Returns
    -------
    Batch
        Images or series, labels and objects of the rows.

    Raises
    ------
    RecipeError
        If the recipe is not right.
    ValueError
        If the rows are not.
    RuntimeError
        If a row cannot be drawn: 65,535 attempts were refused, or a value is not legal in it.

    Examples
    --------
    >>> batch = generate("moffat", 5, 8)
    >>> batch.images.shape, batch.samples
    ((3, 64, 64), array([5, 6, 7], dtype=uint64))
    """
    recipe = as_recipe(recipe)
    rows = rows_between(start, stop)
    samples = np.arange(start, stop, dtype=np.uint64)
    if recipe.is_series:
        return series.generate(recipe, samples, resolve(threads), out or {})
    records = np.empty((rows, recipe.plan.width))
    images, noiseless, variance, psf = blank(recipe, rows, out or {})
    measured = np.empty((rows, len(table(recipe).measures)))
    recipe.plan.generate(start, records, measured, images, noiseless, variance, psf, resolve(threads))
    if "psf" in recipe.constants:
        psf = np.broadcast_to(recipe.constants["psf"], images.shape)
    return Batch(samples, images, noiseless, variance, psf, records, measured, recipe)


def parameters(recipe: RecipeLike, start: int, stop: int, *, threads: int | None = None) -> dict[str, Array]:
    """Draw the parameters of rows ``start`` to ``stop`` without making pixels or following a system.

    Where `keep` decides by what is measured on the images, these are made all the same, without noise.

    Parameters
    ----------
    recipe : Recipe, path, task's name or dict
        What to draw.
    start, stop : int
        Rows, half open, from 0 to 2**64 - 1.
    threads : int, optional
        As for :func:`generate`.

    Returns
    -------
    dict
        Every column by its name: (N,) float64 or int64, or (N, slots) for an entry with several
        objects, NaN where one is absent. :func:`render` takes it as it is.

    Raises
    ------
    RecipeError
        If the recipe is not right.
    ValueError
        If the rows are not.

    Examples
    --------
    >>> list(parameters("rectangle", 0, 10))[:4]
    ['rectangle.x', 'rectangle.y', 'rectangle.width', 'rectangle.height']
    """
    recipe = as_recipe(recipe)
    records = np.empty((rows_between(start, stop), recipe.plan.width))
    recipe.plan.parameters(np.arange(start, stop, dtype=np.uint64), records, resolve(threads))
    return {column.name: column.read(records) for column in table(recipe).columns}


def _class_numbers(recipe: Recipe, names: Array) -> Array:
    known = list(recipe.classes)
    for name in names.ravel():
        if name not in known:
            raise ValueError(f"{str(name)!r} is not a class of {recipe.name}; it has {', '.join(known)}")
    return np.array([known.index(name) for name in names.ravel()], np.float64).reshape(names.shape)


def _set(records: Array, recipe: Recipe, parameters: Mapping[str, npt.ArrayLike]) -> None:
    for name, values in parameters.items():
        given = np.asarray(values)
        named = name == "class" and given.dtype.kind == "U"
        _fill(records, table(recipe).by_name[name], _class_numbers(recipe, given) if named else given)


def _fill(records: Array, column: Column, values: npt.ArrayLike) -> None:
    given = np.asarray(values, np.float64)
    place = records[:, column.offset] if column.role == "label" else records[:, column.slice]
    try:
        place[...] = given
    except ValueError:
        raise ValueError(f"{column.name} has shape {given.shape}; {place.shape} is needed") from None


def _length(recipe: Recipe, given: Mapping[str, npt.ArrayLike]) -> int:
    known = table(recipe).by_name
    for name in given:
        if name not in known:
            raise ValueError(f"{name} is not a parameter of {recipe.name}; it has {', '.join(known)}")
    shapes = [np.shape(values) for values in given.values()]
    return next((shape[0] for shape in shapes if shape), 1)


def _samples(samples: Sequence[int] | Array) -> npt.NDArray[np.uint64]:
    given = np.asarray(samples)
    known = given.dtype.kind in "iu" and given.ndim == 1
    if given.size and not (known and 0 <= int(given.min()) <= int(given.max()) < 2**64 - 1):
        raise ValueError("samples are a sequence of whole numbers from 0 to 2**64 - 2")
    return np.ascontiguousarray(given, np.uint64)


def rows_of(
    recipe: Recipe, parameters: Mapping[str, npt.ArrayLike], samples: Sequence[int] | Array | None, threads: int | None
) -> tuple[Array, Array]:
    """Return the row numbers and the records of given parameters, all that they do not say being drawn or derived."""
    rows = _samples(range(_length(recipe, parameters)) if samples is None else samples)
    records = np.empty((len(rows), recipe.plan.width))
    by_name = table(recipe).by_name
    given = [list(by_name).index(name) for name in parameters]
    _set(records, recipe, parameters)
    if len(parameters) < len(by_name):
        # What is drawn depends on the class, and is drawn over the rest.
        recipe.plan.parameters(rows, records, resolve(threads), given)
        _set(records, recipe, parameters)
    recipe.plan.complete(records, given)
    return rows, records


def render(
    recipe: RecipeLike,
    parameters: Mapping[str, npt.ArrayLike],
    *,
    samples: Sequence[int] | Array | None = None,
    noise: bool = True,
    threads: int | None = None,
) -> Any:
    """Render images, or follow a system, from given parameters.

    Parameters
    ----------
    recipe : Recipe, path, task's name or dict
        What the images or series contain.
    parameters : dict of arrays
        Any of the recipe's columns, (N,) or (N, slots) or a number for all; the others are drawn.
        Canonical parameters follow from those they were said in. The class of a mixture, by number or
        by name, says which objects an image has; what is given for others is left out.
    samples : sequence of int, optional
        The row numbers, which choose the noise and the other draws; 0 to N - 1 by default.
    noise : bool
        False gives the noiseless images or series.
    threads : int, optional
        As for :func:`generate`.

    Returns
    -------
    (N, H, W) float32, or dict of (N, T, ...) float64
        The images; of a recipe with a `system` the series, by observable.

    Raises
    ------
    ValueError
        If a parameter is not the recipe's, is not legal or has the wrong shape.

    Examples
    --------
    >>> images = render("rectangle", {"rectangle.width": [10, 20], "rectangle.height": 5, "rectangle.intensity": 1})
    >>> images.shape
    (2, 64, 64)
    """
    recipe = as_recipe(recipe)
    rows, records = rows_of(recipe, parameters, samples, threads)
    if recipe.is_series:
        return series.render(recipe, rows, records, noise, resolve(threads))
    images = np.empty((len(rows), *recipe.shape), np.float32)
    recipe.plan.render(rows, records, images, None, None, None, noise, resolve(threads))
    return images


def stream(recipe: RecipeLike, batch_size: int = 64, *, start: int = 0, threads: int | None = None) -> Iterator[Batch]:
    """Yield batches of rows from row ``start`` on: without end, or to the end of a table that is read in order.

    Parameters
    ----------
    recipe : Recipe, path, task's name or dict
        What to make.
    batch_size : int
        Rows of a batch.
    start : int
        The first row.
    threads : int, optional
        As for :func:`generate`.

    Yields
    ------
    Batch
        The next rows; each row comes once. The last batch of a table may be shorter.

    Raises
    ------
    ValueError
        If the size of a batch is below 1.

    Examples
    --------
    >>> batches = stream("moffat", 32)
    >>> [int(next(batches).samples[0]) for _ in range(3)]
    [0, 32, 64]
    """
    recipe = as_recipe(recipe)
    if batch_size < 1:
        raise ValueError(f"batch_size {batch_size} is not allowed; it must be at least 1")
    last = recipe.plan.samples
    while last is None or start < last:
        stop = start + batch_size if last is None else min(start + batch_size, last)
        yield generate(recipe, start, stop, threads=threads)
        start = stop
