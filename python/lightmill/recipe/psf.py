"""PSFs: one model, or several that add up, ``psf: {sum: [{moffat: {...}}, {gaussian: {...}}]}``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lightmill.recipe import checks, pictures
from lightmill.recipe.checks import fault
from lightmill.recipe.names import clean, short
from lightmill.recipe.node import Step
from lightmill.recipe.pictures import IMAGE, Picture
from lightmill.recipe.says import Schema, says, takes
from lightmill.recipe.strict import before, noted, strict
from lightmill.recipe.table_types import hdu, text
from lightmill.recipe.tables import Model, Range, tables
from lightmill.recipe.ways import given, written, wrong

SUM = "sum"
MOST_PARTS = 8
_EXAMPLE = "write sum: [{moffat: {fwhm: 3, beta: 3}}, {gaussian: {fwhm: 9, weight: 0.2}}]"
_PIXELS = "pixels takes rows of numbers, as in [[0, 1, 0], [1, 4, 1], [0, 1, 0]]"
_OWN = ("name", "weight")
"""What a part of a sum has besides its model's parameters."""


@dataclass(frozen=True, slots=True)
class Part:
    """A PSF, alone or in a sum.

    Parameters
    ----------
    place : tuple
        Where it is below `psf`.
    key : str
        The key of its model, or `image`.
    body : mapping
        What is said of it.
    """

    place: tuple[Step, ...]
    key: str
    body: Mapping[str, Any]

    @property
    def model(self) -> Model | None:
        """Its model; a picture has none."""
        return tables().psf.get(self.key)

    @property
    def in_sum(self) -> bool:
        """Whether it is one of several."""
        return self.place[0] == SUM

    @property
    def prefix(self) -> str:
        """What its columns begin with: ``psf``, or ``psf.moffat``."""
        return f"psf.{self.name}" if self.in_sum else "psf"

    @property
    def name(self) -> str:
        """Its name in a sum, by default its key."""
        name = self.body.get("name", self.key)
        return name if isinstance(name, str) else self.key

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of its model."""
        model = self.model
        return (*model.canonical, *written(model, given(model, self.body))) if model else ()


def parts(value: Any) -> list[Part]:
    """Return the parts of `psf` as it was written, malformed ones left out."""
    key, body = _entry(value)
    if key != SUM:
        return [Part((key,), key, body)] if _is_known(key, body) else []
    entries = enumerate(map(_entry, body if isinstance(body, list) else []))
    return [Part((SUM, i, key), key, body) for i, (key, body) in entries if _is_known(key, body)]


def _is_known(key: str, body: Any) -> bool:
    return (key == IMAGE or key in tables().psf) and isinstance(body, dict)


def _entry(item: Any) -> tuple[str, Any]:
    if not isinstance(item, dict) or len(item) != 1:
        return "", None
    key, body = next(iter(item.items()))
    return key, {"random": True} if body == "random" else body


def columns(value: Any) -> Iterator[str]:
    """Yield the columns of a PSF."""
    for part in parts(value):
        own = ("weight",) if part.in_sum else ()
        yield from (f"{part.prefix}.{name}" for name in dict.fromkeys((*part.names, *own)))


def faults(value: Any) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Yield (place below `psf`, message) for what is missing, said twice, or of one name."""
    seen: dict[str, Part] = {}
    for part in parts(value):
        found = wrong(part.model, part.body) if part.model else pictures.missing(part.body)
        yield from (((*part.place, *rest), said) for rest, said in found)
        first = seen.setdefault(part.name, part)
        if part.in_sum and first is not part:
            where = (*part.place, "name") if "name" in part.body else part.place
            told = f"sum[{first.place[1]}] is called `{clean(part.name)}` too; give each a `name` of its own"
            yield where, told


def several(value: Any) -> Any:
    """Check how many parts a sum has."""
    if not isinstance(value, list):
        raise fault("there is no value" if value is None else f"{short(value)} is not a list", _EXAMPLE)
    if not 1 <= len(value) <= MOST_PARTS:
        raise fault(f"a sum of {len(value)} is not allowed", f"it has 1 to {MOST_PARTS} parts")
    return value


def alone(value: Any) -> Any:
    """Check that a PSF is no list: that could be a sum or one after the other."""
    if isinstance(value, list):
        raise fault("a list is not a psf", f"for parts that add up {_EXAMPLE}")
    return value


def image(pixel_scale: Any, **own: Any) -> Any:
    """Return the type of a picture; `pixel_scale` is that of its scale, `own` what a part of a sum has."""
    fields = {
        "file": before(text("write a file's name, as in `file: psf.fits`")),
        "pixels": before(_pixels),
        "hdu": before(hdu),
        "sha256": before(text("{name} is what the resolved recipe says")),
        "pixel_scale": pixel_scale,
        "interpolation": before(checks.word(pictures.INTERPOLATIONS)),
        "centre": before(checks.word(pictures.CENTRES)),
        "includes_pixel": before(checks.numeric("flag", Range())),
    }
    example = "`image: {file: psf.fits, pixel_scale: 0.05, includes_pixel: false}`"
    full = noted(strict("picture", **own, **fields), ("includes_pixel",))
    return before(checks.mapping(example), full)


def _pixels(value: Any) -> list[list[float]]:
    if not isinstance(value, list) or not value or not all(isinstance(row, list) for row in value):
        raise fault("there is no value" if value is None else f"{short(value)} is not allowed", _PIXELS)
    if any(isinstance(one, bool) or not isinstance(one, (int, float)) for row in value for one in row):
        raise fault("something here is no number", _PIXELS)
    if len({len(row) for row in value}) > 1:
        raise fault("the rows are not of one length", _PIXELS)
    try:
        plane: list[list[float]] = pictures.checked(value).tolist()
    except pictures.PictureError as error:
        raise fault(str(error)) from None
    return plane


_NUMBERS: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": pictures.MOST_SIDE}
takes(_pixels, {"type": "array", "items": _NUMBERS, "minItems": 1, "maxItems": pictures.MOST_SIDE})
says(several, lambda inner, _book: {**inner, "minItems": 1, "maxItems": MOST_PARTS})
says(alone, lambda inner, _book: inner)


def resolved(
    value: Mapping[str, Any],
    parameters: Callable[[Model, Mapping[str, Any]], dict[str, Any]],
    weight: Callable[[Any], Any],
    picture: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> dict[str, Any]:
    """Return `psf` as the resolved recipe has it.

    Parameters
    ----------
    value : Mapping
        As it was checked.
    parameters : callable
        What resolves the parameters of a model.
    weight : callable
        What resolves a weight.
    picture : callable
        What resolves a picture.
    """
    bodies = []
    for part in parts(value):
        own = {"name": part.name, "weight": weight(part.body.get("weight", 1.0))} if part.in_sum else {}
        rest = parameters(part.model, part.body) if part.model else picture(part.body)
        bodies.append({part.key: {**own, **rest}})
    return {SUM: bodies} if SUM in value else bodies[0]


def lowered(
    recipe: Mapping[str, Any],
    parameters: Callable[[Model, Mapping[str, Any]], dict[str, Any]],
    value: Callable[[Any], Any],
    read: Mapping[str, Picture],
) -> dict[str, Any]:
    """Return the part of the core's specification; nothing where there is no PSF."""
    if "psf" not in recipe:
        return {}
    specs = [
        {
            "model": part.key,
            **(
                {"parameters": parameters(part.model, part.body)}
                if part.model
                else {"picture": pictures.lowered(part.body, read)}
            ),
            "place": "psf" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in part.place),
            **({name: value(part.body[name]) for name in _OWN} if part.in_sum else {}),
        }
        for part in parts(recipe["psf"])
    ]
    return {"psf": {"model": SUM, "place": "psf.sum", SUM: specs} if SUM in recipe["psf"] else specs[0]}
