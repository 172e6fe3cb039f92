"""The numbers of distributions: constants, expressions, or distributions themselves."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationInfo

from lightmill.recipe import checks
from lightmill.recipe.checks import expression, fault, is_expression
from lightmill.recipe.distributions import is_number
from lightmill.recipe.magnitudes import BRIGHTNESS, UNITS, convert_magnitude
from lightmill.recipe.names import number, short
from lightmill.recipe.says import EXPRESSION, Book, Schema, either, said, says
from lightmill.recipe.strict import Check, after, before, list_of, pair_of, strict
from lightmill.recipe.tables import Kind, Range
from lightmill.recipe.units import Lengths, convert, split, texts

ANY = Range()
PER = ("dataset", "sample", "object")
_FINITE = "{name} takes finite numbers"


def measured(value: Any, unit: str, info: ValidationInfo) -> Any:
    """Return a text with a unit as a number; anything else as it is."""
    if not isinstance(value, str) or split(value) is None:
        return value
    return (convert_magnitude if unit in UNITS else convert)(value, unit, info.context or Lengths())


def _nested_type(kind: Kind, unit: str) -> Any:
    from lightmill.recipe.values import value_type

    return value_type(kind, ANY, prior=False, unit=unit)


@cache
def _nested(kind: Kind, unit: str) -> TypeAdapter[Any]:
    return TypeAdapter(_nested_type(kind, unit))


def argument(check: Check, unit: str = "one", kind: Kind = "real") -> Any:
    """Return the type of a number of a distribution.

    Parameters
    ----------
    check : callable
        What a constant must pass.
    unit : str
        What it is measured in.
    kind : {'real', 'integer', 'flag'}
        What a distribution in its place draws.
    """

    def validate(value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, dict):
            # Its faults join those of the whole, at their places.
            return _nested(kind, unit).validate_python(value, context=info.context)
        return expression(value) if is_expression(value) else check(measured(value, unit, info))

    def schema(inner: Schema, book: Book) -> Schema:
        made = said(check)
        nested = book.once(f"nested {unit if kind == 'real' else kind}", _nested_type(kind, unit))
        drawn = {"type": "object", **nested}
        return either(made(inner, book) if made else inner, EXPRESSION, *texts(unit), drawn)

    return before(says(validate, schema))


def _real(bounds: Range, allowed: str, unit: str = "one") -> Any:
    return argument(checks.numeric("real", bounds, allowed), unit)


def _two(what: str, first: Any, second: Any, check: Check) -> Any:
    def pair(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 2:
            wrong = f"a list of {len(value)}" if isinstance(value, list) else short(value)
            raise fault(f"{wrong} is not allowed", what)
        return value

    return after(before(pair, pair_of(first, second)), check)


def _ordered(value: tuple[Any, Any]) -> list[Any]:
    low, high = value
    if is_number([low, high]) and low > high:
        raise fault(f"[{number(low)}, {number(high)}] runs backwards", "the lower end comes first")
    if is_number([low, high]) and not math.isfinite(high - low):
        raise fault(f"[{number(low)}, {number(high)}] is too wide", "their difference must be a finite number")
    return [low, high]


def _normal(value: tuple[Any, Any]) -> list[Any]:
    mean, deviation = value
    if is_number([mean, deviation]) and not math.isfinite(abs(mean) + 100.0 * deviation):
        raise fault("the draws of this normal would not be finite", "give smaller numbers")
    return [mean, deviation]


def _log_normal(value: tuple[Any, Any]) -> list[Any]:
    median, dex = value
    if is_number([median, dex]) and abs(math.log10(median)) + 40.0 * dex > 300.0:
        raise fault("the draws of this log_normal would not be finite", "give smaller numbers")
    return [median, dex]


@cache
def distributions(unit: str) -> dict[str, Any]:
    """Return the types of all distributions but `choice`, for numbers of a unit."""
    bound = _real(ANY, "{name} must be a finite number", unit)
    # A width in magnitudes is no width of the light, and between two of them nothing is even in it.
    linear = "linear" if unit in BRIGHTNESS else unit
    real = _real(ANY, _FINITE, linear)
    positive = _real(Range(low=0.0, low_open=True), "both ends of log_uniform must be above 0", unit)
    whole = argument(
        checks.numeric("integer", Range(-(2.0**53), 2.0**53), "integers takes whole numbers"), kind="integer"
    )
    above = Range(low=0.0, low_open=True)
    deviation = _real(above, "the standard deviation of normal must be above 0", linear)
    median = _real(above, "the median of log_normal must be above 0", unit)
    dex = _real(above, "the scatter of log_normal, in dex, must be above 0")
    kinds = {
        "uniform": _two("uniform takes [low, high]", real, real, _ordered),
        "log_uniform": _two("log_uniform takes [low, high]", positive, positive, _ordered),
        "normal": _two("normal takes [mean, standard deviation]", real, deviation, _normal),
        "log_normal": _two("log_normal takes [median, scatter in dex]", median, dex, _log_normal),
        "integers": _two("integers takes [first, last], both drawn", whole, whole, _ordered),
        "poisson": _real(Range(0.0, 1e9), "the mean of poisson must be from 0 to 1e9"),
    }
    per = before(checks.word(PER))
    return {name: strict(name, **{name: kind, "min": bound, "max": bound, "per": per}) for name, kind in kinds.items()}


def choice(item: Check, kind: Kind, unit: str) -> Any:
    """Return the type of `choice` among values that pass a check."""
    options = before(_options, list_of(argument(item, unit, kind)))
    weight = _real(Range(0.0), "a weight must be at least 0")
    weights = before(checks.listing("weights: [1, 2, ...]"), list_of(weight))
    bound = _real(ANY, "{name} must be a finite number", unit)
    per = before(checks.word(PER))
    return strict("choice", choice=options, weights=weights, min=bound, max=bound, per=per)


def _options(value: Any) -> Any:
    if not isinstance(value, list) or not value:
        raise fault(f"{short(value)} is not allowed" if value != [] else "an empty list", "choice takes [a, b, ...]")
    return value


says(_options, lambda inner, _book: {**inner, "minItems": 1})
