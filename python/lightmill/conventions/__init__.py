"""A recipe's objects in the words of other packages, so that each can draw or fit what we draw.

None of the packages is needed for it; the tests compare with them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lightmill.conventions import astropy, galfit, galsim, lenstronomy, skimage
from lightmill.conventions.drawn import Drawn, Pixels, Quantity, Said

if TYPE_CHECKING:
    from lightmill.batch import RecipeLike
    from lightmill.recipe import Recipe

__all__ = ["Drawn", "Explanation", "Pixels", "Quantity", "Said", "explain"]

_PACKAGES = (galsim, astropy, galfit, lenstronomy, skimage)


@dataclass(frozen=True)
class Explanation:
    """An object of a row in our words and in other packages'.

    Parameters
    ----------
    drawn : Drawn
        The object.
    said : tuple of Said
        First ours, then those of each package that has such an object.
    """

    drawn: Drawn
    said: tuple[Said, ...]

    def __str__(self) -> str:
        number = f" {self.drawn.number}" if self.drawn.number else ""
        return "\n".join([f"{self.drawn.name}{number}: {self.drawn.model}", *map(_text, self.said)])

    def plain(self) -> dict[str, Any]:
        """Return all of it as JSON types.

        Returns
        -------
        dict
            ``name``, ``model`` and ``number`` of the object, and under ``said``, by package, ``call``, ``parameters``
            (each a ``value`` with its ``unit``) and ``note``.
        """
        packages = {
            said.package: {
                "call": said.call,
                "parameters": {name: quantity._asdict() for name, quantity in said.parameters.items()},
                "note": said.note,
            }
            for said in self.said
        }
        return {"name": self.drawn.name, "model": self.drawn.model, "number": self.drawn.number, "said": packages}


def explain(recipe: RecipeLike, sample: int = 0) -> tuple[Explanation, ...]:
    """Tell the objects of a row in the parameters of GalSim, astropy, GALFIT, lenstronomy and scikit-image.

    Parameters
    ----------
    recipe : Recipe, path, task's name or dict
        What to explain.
    sample : int
        The row whose draws are told, from 0 to 2**64 - 1.

    Returns
    -------
    tuple of Explanation
        One for each object that the row has, in the recipe's order; ``print`` shows it as a table, ``plain()``
        gives JSON types.

    Raises
    ------
    RecipeError
        If the recipe is not right.
    ValueError
        If there is no such row.

    Examples
    --------
    >>> recipe = {"image": {"size": 32}, "objects": [{"gaussian": {"flux": 5, "fwhm": 4, "x": 1}}]}
    >>> [explained] = explain(recipe)
    >>> ours, galsim, astropy, galfit, lenstronomy = explained.said
    >>> galfit.parameters["1) x"]
    Quantity(value=17.5, unit='pixel')
    """
    from lightmill.batch import as_recipe

    return tuple(Explanation(drawn, tuple(_said(drawn))) for drawn in _drawn(as_recipe(recipe), sample))


def _drawn(recipe: Recipe, sample: int) -> Iterator[Drawn]:
    from lightmill.batch import parameters
    from lightmill.columns import table

    if recipe.is_series:
        return  # No other package draws a system.
    row = parameters(recipe, sample, sample + 1)
    pixels = _pixels(recipe)
    for entry in table(recipe).entries:
        columns = [column for column in entry.columns if column.canonical]
        units = {str(column.parameter): _unit(column.unit, pixels) for column in columns}
        for number in range(entry.slots.stop - entry.slots.start):
            values = {str(column.parameter): float(row[column.name].flat[number]) for column in columns}
            if not math.isnan(next(iter(values.values()))):
                yield Drawn(entry.name, entry.model, number, values, units, pixels)


def _pixels(recipe: Recipe) -> Pixels:
    resolved = recipe.resolved
    scale, zero_point = resolved["image"]["pixel_scale"], resolved.get("zero_point", 0.0)
    return Pixels(*recipe.shape, scale, recipe.unit or "length", zero_point)


def _unit(unit: str, pixels: Pixels) -> str:
    return {"one": "", "length": pixels.unit}.get(unit, unit)


def _said(drawn: Drawn) -> Iterator[Said]:
    ours = {name: Quantity(value, drawn.units[name]) for name, value in drawn.values.items()}
    yield Said("lightmill", drawn.model, ours)
    yield from filter(None, (package.say(drawn) for package in _PACKAGES))


def _text(said: Said) -> str:
    rows = [(name, _number(quantity.value), quantity.unit) for name, quantity in said.parameters.items()]
    names, values = (max((len(row[i]) for row in rows), default=0) for i in (0, 1))
    lines = [f"    {name.ljust(names)}  {value.rjust(values)}  {unit}".rstrip() for name, value, unit in rows]
    note = f"({said.note})" if said.note else ""
    return "\n".join([" ".join(filter(None, (f"  {said.package}:", said.call, note))), *lines])


def _number(value: float | list[float]) -> str:
    return f"[{', '.join(map(_number, value))}]" if isinstance(value, list) else f"{value:.9g}"
