"""What a checked distribution covers: its support, the share inside bounds, its largest value.

A distribution is the dict of the resolved recipe, ``{"normal": [0.0, 1.0], "min": -2.0}``.
These numbers decide what is refused and how many slots a `repeat` has; draws are the core's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

NAMES = ("uniform", "log_uniform", "normal", "log_normal", "integers", "choice", "poisson", "column")
FITTING = {"real": NAMES, "integer": ("integers", "choice", "poisson", "column"), "flag": ("choice", "column")}
POSITIONS = ("disc", "annulus", "ball")
"""Distributions of more than one number, which no single parameter takes."""
MODIFIERS = ("weights", "min", "max", "per")
MAX_REPEAT = 65_536
RARE = 1e-9
"""Probability of the largest values of a Poisson `repeat` that are given up."""

_EXACT_MEAN = 1000.0
"""Poisson means above which the share inside bounds is taken from the normal law; it is compared with 1 % only."""


def kind_of(value: Mapping[str, Any]) -> str:
    """Return the name of a distribution."""
    return next(name for name in NAMES if name in value)


def in_order(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a distribution with its keys in the order of the language."""
    return {key: value[key] for key in (kind_of(value), *MODIFIERS) if key in value}


def is_constant(value: Any) -> bool:
    """Return whether all numbers of a value are there; neither expressions nor draws stand in it."""
    if isinstance(value, Mapping):
        return all(is_number(item) for key, item in value.items() if key != "per")
    return is_number(value)


def is_number(value: Any) -> bool:
    """Return whether this is a number, or a list of numbers."""
    return all(map(is_number, value)) if isinstance(value, list) else isinstance(value, (int, float))


def support(value: Mapping[str, Any]) -> tuple[float, float]:
    """Return the least and the greatest value that can be drawn, before `min` and `max`."""
    kind = kind_of(value)
    if kind == "normal":
        return -math.inf, math.inf
    if kind == "poisson":
        return 0.0, math.inf
    if kind == "log_normal":
        return math.ulp(0.0), math.inf
    return float(min(value[kind])), float(max(value[kind]))


def share(value: Mapping[str, Any], low: float, high: float) -> float:
    """Return the part of the draws between two bounds, ends included."""
    kind = kind_of(value)
    arguments = value[kind]
    if kind == "poisson":
        return _poisson_share(arguments, low, high)
    if kind == "normal":
        return _normal_share(arguments[0], arguments[1], low, high)
    if kind == "log_normal":
        ends = (math.log10(x) if x > 0.0 else -math.inf for x in (low, high))
        return _normal_share(math.log10(arguments[0]), arguments[1], *ends)
    if kind == "choice":
        return _choice_share(arguments, value.get("weights", [1.0] * len(arguments)), low, high)
    return _flat_share(kind, float(arguments[0]), float(arguments[1]), low, high)


def _choice_share(options: list[float], weights: list[float], low: float, high: float) -> float:
    legal = (weight for option, weight in zip(options, weights, strict=True) if low <= option <= high)
    return math.fsum(legal) / math.fsum(weights)


def _flat_share(kind: str, first: float, last: float, low: float, high: float) -> float:
    if kind == "integers":
        least, most = max(low, first), min(high, last)
        return max(0.0, math.floor(most) - math.ceil(least) + 1.0) / (last - first + 1.0) if least <= most else 0.0
    low, high = max(low, first), min(high, last)
    if low > high or first == last:
        return float(low <= high)
    if kind == "log_uniform":
        low, high, first, last = (math.log(x) for x in (low, high, first, last))
    return (high - low) / (last - first)


def _normal_share(mean: float, deviation: float, low: float, high: float) -> float:
    if low > high:
        return 0.0
    start, stop = ((x - mean) / deviation / math.sqrt(2.0) for x in (low, high))
    if start > 0.0:
        start, stop = -stop, -start
    return 0.5 * (math.erfc(-stop) - math.erfc(-start))


def _poisson_share(mean: float, low: float, high: float) -> float:
    if mean > _EXACT_MEAN:
        return _normal_share(mean, math.sqrt(mean), low - 0.5, high + 0.5)
    first, last = math.ceil(max(low, 0.0)), math.floor(min(high, mean + 50.0 * math.sqrt(mean) + 100.0))
    if mean == 0.0:
        return float(first <= 0 <= last)
    logs = (k * math.log(mean) - mean - math.lgamma(k + 1.0) for k in range(first, last + 1))
    return math.fsum(math.exp(x) for x in logs)


def poisson_limit(mean: float, limit: int) -> int | None:
    """Return the least m with P(> m) < 1e-9, or None where it is above a limit.

    The tail is summed from 4 standard deviations upwards, to a relative 1e-10: close enough for
    a whole number that is written into the resolved recipe.

    Examples
    --------
    >>> poisson_limit(5.0, 100)
    23
    """
    start = int(mean + 4.0 * math.sqrt(mean))
    if mean == 0.0 or start > limit:
        return 0 if mean == 0.0 else None
    k = start + 1
    terms = [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1.0))]
    while terms[-1] > 1e-30:
        k += 1
        terms.append(terms[-1] * (mean / k))
    tail, most = 0.0, k
    while most > start and tail + terms[most - start - 1] < RARE:
        most -= 1
        tail += terms[most - start]
    return most if most <= limit else None


def largest(value: Any) -> float:
    """Return the greatest value that can be drawn, after `max`; infinite where nothing tells."""
    if isinstance(value, str):
        return math.inf
    if not isinstance(value, Mapping):
        return float(value)
    kind = kind_of(value)
    most = math.inf
    if kind == "choice":
        most = max(map(largest, value[kind]))
    elif kind in ("uniform", "log_uniform", "integers"):
        most = largest(value[kind][1])
    return min(most, largest(value.get("max", math.inf)))
