"""The types of values: a number, `random`, or one distribution, each fitted to its parameter's range."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from pydantic import BaseModel

from lightmill.recipe import checks
from lightmill.recipe.checks import fault
from lightmill.recipe.distributions import FITTING, NAMES, poisson_limit, share, support
from lightmill.recipe.names import LATER_DISTRIBUTIONS, LATER_VALUE, clean, later, number, quote, short, suggest
from lightmill.recipe.strict import Check, after, before, dump, list_of, one_of, strict
from lightmill.recipe.tables import Kind, Range

ANY = Range()
LEAST_SHARE = 0.01
"""Part of a distribution's draws that must be legal (the rest is redrawn)."""


def _number(bounds: Range, allowed: str) -> Any:
    return before(checks.numeric("real", bounds, allowed))


def _pair(what: str) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 2:
            raise fault(f"{short(value)} is not allowed" if not isinstance(value, list) else _count(value), what)
        return value

    return check


def _count(value: list[Any]) -> str:
    return f"a list of {len(value)} is not allowed"


def _ordered(value: list[float]) -> list[float]:
    low, high = value
    if low > high:
        raise fault(f"[{number(low)}, {number(high)}] runs backwards", "the lower end comes first")
    if not math.isfinite(high - low):
        raise fault(f"[{number(low)}, {number(high)}] is too wide", "their difference must be a finite number")
    return value


def _ends(what: str, item: Any) -> Any:
    return after(before(_pair(what), list_of(item)), _ordered)


def _normal(value: list[float]) -> list[float]:
    mean, deviation = value
    if deviation <= 0.0:
        raise fault(f"{number(deviation)} is not allowed", "the standard deviation of normal must be above 0", at=(1,))
    if not math.isfinite(abs(mean) + 100.0 * deviation):
        raise fault("the draws of this normal would not be finite", "give smaller numbers")
    return value


@cache
def _distributions() -> dict[str, Any]:
    finite = "{name} takes finite numbers"
    real = _number(ANY, finite)
    positive = _number(Range(low=0.0, low_open=True), "both ends of log_uniform must be above 0")
    whole_numbers = checks.numeric("integer", Range(-(2.0**53), 2.0**53), "integers takes whole numbers")
    whole = before(whole_numbers)
    mean = _number(Range(0.0, 1e15), "the mean of poisson must be from 0 to 1e15")
    normal = after(before(_pair("normal takes [mean, standard deviation]"), list_of(real)), _normal)
    arguments = {
        "uniform": _ends("uniform takes [low, high]", real),
        "log_uniform": _ends("log_uniform takes [low, high]", positive),
        "normal": normal,
        "integers": _ends("integers takes [first, last], both drawn", whole),
        "poisson": mean,
    }
    bound = _number(ANY, "{name} must be a finite number")
    return {
        name: strict(name, LATER_VALUE, **{name: kind, "min": bound, "max": bound}) for name, kind in arguments.items()
    }


def _choice(item: Check) -> Any:
    options = before(_options, list_of(before(item)))
    weight = _number(Range(0.0), "a weight must be at least 0")
    weights = before(checks.listing("weights: [1, 2, ...]"), list_of(weight))
    return strict("choice", LATER_VALUE, choice=options, weights=weights)


def _options(value: Any) -> Any:
    if not isinstance(value, list) or not value:
        raise fault(f"{short(value)} is not allowed" if value != [] else "an empty list", "choice takes [a, b, ...]")
    return value


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
        if key in LATER_DISTRIBUTIONS:
            return fault(later(f"`{key}`"), at=(key,), key=True)
    first = next((key for key in value if key not in ("min", "max", "weights")), None)
    if first is None:
        return fault("there is no distribution here", f"give one of {quote(FITTING[kind])}")
    return fault(f"unknown distribution `{clean(first)}`", suggest(first, FITTING[kind]), at=(first,), key=True)


def _constant(kind: Kind, bounds: Range, prior: bool) -> Check:
    plain = checks.numeric(kind, bounds)

    def check(value: Any) -> Any:
        if value == "random" and isinstance(value, str):
            if prior:
                return value
            raise fault("`random` is not allowed", "{name} has no prior of its own")
        if isinstance(value, dict):
            raise _explain_map(value, kind)
        return plain(value)

    return check


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
    if "choice" in value:
        return value
    first, last = support(value)
    low, high = _ends_of(value, bounds)
    kept = Range(low, high, bounds.low_open and low == bounds.low, bounds.high_open and high == bounds.high)
    legal = share(value, low, high)
    if legal < LEAST_SHARE:
        part = "none" if legal == 0.0 else f"only {100.0 * legal:.2g} %"
        raise fault(f"{part} of its draws are {kept}", "at least 1 % must be; the rest is drawn again")
    ends = {"min": low} if "min" in value or not (low < first or kept.contains(first) or low == -math.inf) else {}
    if "max" in value or not (high > last or kept.contains(last) or high == math.inf):
        ends["max"] = high
    return {**value, **ends}


def _weighted(value: dict[str, Any]) -> None:
    weights, options = value.get("weights"), value.get("choice", [])
    if weights is None:
        return
    if len(weights) != len(options):
        raise fault(f"{len(weights)} weights for {len(options)} choices", "give one each", at=("weights",))
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


def _whole_ends(value: dict[str, Any]) -> dict[str, Any]:
    ends = {"min": math.ceil, "max": math.floor}
    return {key: ends[key](item) if key in ends else item for key, item in value.items()}


def _fit(kind: Kind, bounds: Range, counted: bool, value: Any) -> Any:
    if not isinstance(value, BaseModel):
        return value
    drawn = dump(value)
    _weighted(drawn)
    if "min" in drawn and "max" in drawn and drawn["min"] > drawn["max"]:
        raise fault(f"min {number(drawn['min'])} is above max {number(drawn['max'])}", "min comes below max")
    fitted = cut(_bounded(drawn, bounds.high) if counted else drawn, bounds)
    return _whole_ends(fitted) if kind == "integer" else fitted


@cache
def value_type(kind: Kind, bounds: Range, prior: bool = True, counted: bool = False) -> Any:
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
        Whether it is a `repeat`, whose Poisson draws are bounded.
    """
    members = {"<constant>": before(_constant(kind, bounds, prior))}
    for name in FITTING[kind]:
        model = _choice(checks.numeric(kind, bounds)) if name == "choice" else _distributions()[name]
        members[f"<{name}>"] = model
    return after(one_of(members, tag_of(FITTING[kind])), partial(_fit, kind, bounds, counted))
