"""A recipe's objects and its PSF in the words of other packages, so that each can draw or fit what we draw.

None of the packages is needed for it; the tests compare with them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lightmill.conventions import astropy, galfit, galsim, lenstronomy, skimage
from lightmill.conventions.drawn import Drawn, Pixels, Quantity, Said
from lightmill.recipe.tables import tables

if TYPE_CHECKING:
    from lightmill.batch import RecipeLike
    from lightmill.columns import Entry
    from lightmill.recipe import Recipe

__all__ = ["Drawn", "Explanation", "Pixels", "Quantity", "Said", "explain"]

PART = "sersic"
"""What the parts of a model are."""
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
        One for each object that the row has, in the recipe's order, and one for its PSF, as a source of flux 1 in
        the middle; ``print`` shows it as a table, ``plain()`` gives JSON types.

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
                yield from _parts(entry, {**values, **_fluxes(entry, row, number)}, (number, pixels))
    yield from _psf(recipe, row, pixels)


def _psf(recipe: Recipe, row: Mapping[str, Any], pixels: Pixels) -> Iterator[Drawn]:
    """Tell the PSF as a source of flux 1 in the middle, where it is a model: no picture and no sum."""
    known = tables().psf
    for model in known.keys() & recipe.resolved.get("psf", {}).keys():
        spread = known[model]
        values = {name: float(row[f"psf.{name}"][0]) for name in spread.canonical}
        units = {name: _unit(spread.parameters[name].unit, pixels) for name in spread.canonical}
        yield Drawn("psf", model, 0, {"x": 0.0, "y": 0.0, "flux": 1.0, **values}, units, pixels)


def _fluxes(entry: Entry, row: Mapping[str, Any], number: int) -> dict[str, float]:
    """Return what the parts of an object have of its light."""
    names = (f"{part}.flux" for part in tables().objects[entry.model].parts)
    return {name: float(row[f"{entry.name}.{name}"].flat[number]) for name in names}


def _parts(entry: Entry, values: Mapping[str, float], where: tuple[int, Pixels]) -> Iterator[Drawn]:
    """Tell what an object is made of as objects of their own."""
    number, pixels = where
    for part in tables().objects[entry.model].parts:
        own = {name.removeprefix(f"{part}."): value for name, value in values.items() if name.startswith(f"{part}.")}
        own |= {axis: values[axis] + own[axis] for axis in ("x", "y")}
        units = {name: _unit(one.unit, pixels) for name, one in tables().objects[PART].parameters.items()}
        own = {name: own[name] for name in tables().objects[PART].canonical}
        yield Drawn(f"{entry.name}.{part}", PART, number, own, units, pixels)


def _pixels(recipe: Recipe) -> Pixels:
    resolved = recipe.resolved
    scale, zero_point = resolved["image"]["pixel_scale"], resolved.get("zero_point", 0.0)
    return Pixels(*recipe.shape, scale, recipe.unit or "length", zero_point)


def _unit(unit: str, pixels: Pixels) -> str:
    return {"one": "", "length": pixels.unit}.get(unit, unit)


def _said(drawn: Drawn) -> Iterator[Said]:
    # A PSF has no place and no light of its own.
    own = {name: value for name, value in drawn.values.items() if name in drawn.units}
    ours = {name: Quantity(value, drawn.units[name]) for name, value in own.items()}
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
