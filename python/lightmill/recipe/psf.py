"""PSFs: one model, or several that add up, ``psf: {sum: [{moffat: {...}}, {gaussian: {...}}]}``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lightmill.recipe.checks import fault
from lightmill.recipe.names import clean, short
from lightmill.recipe.node import Step
from lightmill.recipe.says import says
from lightmill.recipe.tables import Model, tables
from lightmill.recipe.ways import given, written, wrong

SUM = "sum"
MOST_PARTS = 8
_EXAMPLE = "write sum: [{moffat: {fwhm: 3, beta: 3}}, {gaussian: {fwhm: 9, weight: 0.2}}]"
_OWN = ("name", "weight")
"""What a part of a sum has besides its model's parameters."""


@dataclass(frozen=True, slots=True)
class Part:
    """A model of a PSF, alone or in a sum.

    Parameters
    ----------
    place : tuple
        Where it is below `psf`.
    model : Model
        What it is.
    body : mapping
        What is said of it.
    """

    place: tuple[Step, ...]
    model: Model
    body: Mapping[str, Any]

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
        """Its name in a sum, by default its model's key."""
        name = self.body.get("name", self.model.name)
        return name if isinstance(name, str) else self.model.name


def parts(value: Any) -> list[Part]:
    """Return the parts of `psf` as it was written, malformed ones left out."""
    key, body = _entry(value)
    if key != SUM:
        return [Part((key,), tables().psf[key], body)] if key in tables().psf and isinstance(body, dict) else []
    entries = enumerate(map(_entry, body if isinstance(body, list) else []))
    return [
        Part((SUM, i, key), tables().psf[key], body)
        for i, (key, body) in entries
        if key in tables().psf and isinstance(body, dict)
    ]


def _entry(item: Any) -> tuple[str, Any]:
    if not isinstance(item, dict) or len(item) != 1:
        return "", None
    key, body = next(iter(item.items()))
    return key, {"random": True} if body == "random" else body


def columns(value: Any) -> Iterator[str]:
    """Yield the columns of a PSF."""
    for part in parts(value):
        own = ("weight",) if part.in_sum else ()
        names = (*part.model.canonical, *written(part.model, given(part.model, part.body)), *own)
        yield from (f"{part.prefix}.{name}" for name in dict.fromkeys(names))


def faults(value: Any) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Yield (place below `psf`, message) for what is missing, said twice, or of one name."""
    seen: dict[str, Part] = {}
    for part in parts(value):
        yield from (((*part.place, *rest), said) for rest, said in wrong(part.model, part.body))
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


says(several, lambda inner, _book: {**inner, "minItems": 1, "maxItems": MOST_PARTS})
says(alone, lambda inner, _book: inner)


def resolved(
    value: Mapping[str, Any],
    parameters: Callable[[Model, Mapping[str, Any]], dict[str, Any]],
    weight: Callable[[Any], Any],
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
    """
    full = [
        (part, {"name": part.name, "weight": weight(part.body.get("weight", 1.0))} if part.in_sum else {})
        for part in parts(value)
    ]
    bodies = [{part.model.name: {**own, **parameters(part.model, part.body)}} for part, own in full]
    return {SUM: bodies} if SUM in value else bodies[0]


def lowered(
    recipe: Mapping[str, Any],
    parameters: Callable[[Model, Mapping[str, Any]], dict[str, Any]],
    value: Callable[[Any], Any],
) -> dict[str, Any]:
    """Return the part of the core's specification; nothing where there is no PSF."""
    if "psf" not in recipe:
        return {}
    specs = [
        {
            "model": part.model.name,
            "parameters": parameters(part.model, part.body),
            "place": "psf" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in part.place),
            **({name: value(part.body[name]) for name in _OWN} if part.in_sum else {}),
        }
        for part in parts(recipe["psf"])
    ]
    return {"psf": {"model": SUM, "place": "psf.sum", SUM: specs} if SUM in recipe["psf"] else specs[0]}
