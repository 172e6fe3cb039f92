"""The types of values: a number, `random`, an expression or one distribution, fitted to its parameter's range."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from pydantic import BaseModel, ValidationInfo

from lightmill.recipe import checks
from lightmill.recipe.arguments import choice, distributions, measured
from lightmill.recipe.checks import expression, fault, is_expression
from lightmill.recipe.distributions import (
    FITTING,
    MODIFIERS,
    NAMES,
    POSITIONS,
    in_order,
    is_constant,
    is_number,
    largest,
    poisson_limit,
    share,
    support,
)
from lightmill.recipe.names import clean, number, quote, short, suggest
from lightmill.recipe.says import EXPRESSION, WORD, constant, either, says, takes
from lightmill.recipe.strict import Check, after, before, dump, one_of
from lightmill.recipe.table_types import column_type
from lightmill.recipe.tables import Kind, Range
from lightmill.recipe.units import texts

LEAST_SHARE = 0.01
"""Part of a distribution's draws that must be legal (the rest is redrawn)."""


def tag_of(names: tuple[str, ...]) -> Callable[[Any], str]:
    """Return the function that tells which of some distributions, or `<constant>`, a value is meant to be."""

    def tag(value: Any) -> str:
        given = [name for name in NAMES if name in value] if isinstance(value, dict) else []
        return f"<{given[0]}>" if len(given) == 1 and given[0] in names else "<constant>"

    return tag


def _explain_map(value: dict[str, Any], kind: Kind) -> Exception:
    given = [name for name in NAMES if name in value]
    if len(given) > 1:
        return fault(f"{quote(given)} are {len(given)} distributions", "give one", at=(given[1],), key=True)
    if given:
        allowed = f"{{name}} takes {quote(FITTING[kind])} or a single value"
        return fault(f"`{given[0]}` does not fit", allowed, at=(given[0],), key=True)
    for key in value:
        if key in POSITIONS:
            return fault(f"`{key}` gives x and y together", "write position: {disc: {radius: 3}}", at=(key,), key=True)
    first = next((key for key in value if key not in MODIFIERS), None)
    if first is None:
        return fault("there is no distribution here", f"give one of {quote(FITTING[kind])}")
    return fault(f"unknown distribution `{clean(first)}`", suggest(first, FITTING[kind]), at=(first,), key=True)


def _constant(kind: Kind, bounds: Range, prior: bool, counted: bool, unit: str) -> Check:
    plain = checks.numeric(kind, bounds)

    def check(value: Any, info: ValidationInfo) -> Any:
        if value == "random" and isinstance(value, str):
            if prior:
                return value
            raise fault("`random` is not allowed", "{name} has no prior of its own")
        if isinstance(value, dict):
            raise _explain_map(value, kind)
        if is_expression(value):
            return _boundless(value) if counted else expression(value)
        return plain(measured(value, unit, info))

    words = [*([] if counted else [EXPRESSION]), *([WORD] if prior else [])]
    return takes(check, either(constant(kind, bounds), *texts(unit), *words))


def _boundless(value: str) -> Any:
    wrong = f"{short(expression(value))} does not tell how many there can be at most"
    raise fault(wrong, f"write {{choice: [{short(value)}], max: 12}}")


def _ends_of(value: dict[str, Any], bounds: Range) -> tuple[float, float]:
    """Return the least and the greatest legal value; whole numbers leave an open end out, reals all but touch it."""
    low, high = bounds.low, bounds.high
    if "integers" in value or "poisson" in value:
        low = math.floor(low) + 1.0 if bounds.low_open and math.isfinite(low) else low
        high = math.ceil(high) - 1.0 if bounds.high_open and math.isfinite(high) else high
    return max(value.get("min", -math.inf), low), min(value.get("max", math.inf), high)


def cut(value: dict[str, Any], bounds: Range) -> dict[str, Any]:
    """Return a distribution with `min` and `max` wherever it reaches outside the legal range.

    Raises
    ------
    PydanticCustomError
        Where nothing, or less than 1 % of it, is legal.
    """
    if "choice" in value and not {"min", "max"}.intersection(value):
        return value
    first, last = support(value)
    low, high = _ends_of(value, bounds)
    kept = Range(low, high, bounds.low_open and low == bounds.low, bounds.high_open and high == bounds.high)
    legal = share(value, low, high)
    if legal < LEAST_SHARE:
        part = "none" if legal == 0.0 else f"only {100.0 * legal:.2g} %"
        raise fault(f"{part} of its draws are {kept}", "at least 1 % must be; the rest is drawn again")
    if "choice" in value:
        return value
    ends = {"min": low} if "min" in value or not (low < first or kept.contains(first) or low == -math.inf) else {}
    if "max" in value or not (high > last or kept.contains(last) or high == math.inf):
        ends["max"] = high
    return in_order({**value, **ends})


def _weighted(value: dict[str, Any]) -> None:
    weights, options = value.get("weights"), value.get("choice", [])
    if weights is None:
        return
    if len(weights) != len(options):
        raise fault(f"{len(weights)} weights for {len(options)} choices", "give one each", at=("weights",))
    if not is_number(weights):
        return
    total = math.fsum(weights) if max(weights) < 1e300 else math.inf
    if not 0.0 < total < math.inf:
        raise fault(
            "the weights sum to " + number(total) if total == 0.0 else "the weights are too large",
            "at least one must be above 0",
            at=("weights",),
        )


def _bounded(value: dict[str, Any], limit: float) -> dict[str, Any]:
    """Give a Poisson `repeat` its `max`."""
    if "poisson" not in value or "max" in value:
        return value
    most = poisson_limit(value["poisson"], int(limit))
    if most is None:
        wrong = f"a poisson of mean {number(value['poisson'])} may draw more than {number(limit)}"
        raise fault(wrong, "give a smaller mean, or `max`")
    return {**value, "max": float(most)}


def _limited(value: dict[str, Any]) -> dict[str, Any]:
    """Check that a `repeat` of numbers that vary has a largest value."""
    if math.isinf(largest(value)):
        raise fault("this does not tell how many there can be at most", "give `max`")
    return value


def _whole_ends(value: dict[str, Any]) -> dict[str, Any]:
    ends = {"min": math.ceil, "max": math.floor}
    return {key: ends[key](item) if key in ends and is_number(item) else item for key, item in value.items()}


def _fit(kind: Kind, bounds: Range, counted: bool, value: Any) -> Any:
    if not isinstance(value, BaseModel):
        return value
    drawn = dump(value)
    _weighted(drawn)
    low, high = drawn.get("min"), drawn.get("max")
    if is_number(low) and is_number(high) and low > high:
        raise fault(f"min {number(low)} is above max {number(high)}", "min comes below max")
    if is_constant(drawn):
        fitted = cut(_bounded(drawn, bounds.high) if counted else drawn, bounds)
    else:
        # What varies from row to row is cut by the core, in each row.
        fitted = _limited(drawn) if counted else drawn
    return _whole_ends(fitted) if kind == "integer" else fitted


@cache
def value_type(kind: Kind, bounds: Range, prior: bool = True, counted: bool = False, unit: str = "one") -> Any:
    """Return the type of a parameter's values.

    Parameters
    ----------
    kind : {'real', 'integer', 'flag'}
        What it draws; integers and flags take fitting distributions only.
    bounds : Range
        Its legal values.
    prior : bool
        Whether the word `random` stands for a prior of its own.
    counted : bool
        Whether it is a `repeat`, whose draws are bounded.
    unit : str
        What it is measured in: `length` and `degree` take numbers with a unit.
    """
    members = {"<constant>": before(_constant(kind, bounds, prior, counted, unit))}
    for name in FITTING[kind]:
        if name == "column":
            members["<column>"] = column_type(kind, unit, counted)
        elif name == "choice":
            members["<choice>"] = choice(checks.numeric(kind, bounds), kind, unit)
        else:
            members[f"<{name}>"] = distributions(unit)[name]
    hint = ("number" if unit == "one" else unit) if kind == "real" else kind
    fit = says(partial(_fit, kind, bounds, counted), lambda inner, book: book.define(hint, inner))
    return after(one_of(members, tag_of(FITTING[kind])), fit)
