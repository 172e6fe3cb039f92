"""Random parameters of a model, from its table."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .frame import Array, Frame

SMALLEST, LARGEST = 0.1, 2.0
"""The least length tried, in pixels (there the promise of accuracy starts); the greatest, in widths of the frame."""

HUGE = 1e12
"""A range that ends beyond is drawn from as if it had no end."""

Table = Mapping[str, Any]
Values = dict[str, Array]


def draw(table: Table, keys: Sequence[str], n: int, frame: Frame, rng: np.random.Generator) -> Values:
    """Draw parameters: the first half from their priors, the rest from all that is allowed.

    Parameters
    ----------
    table
        The model's.
    keys
        The parameters to draw, one way of saying each thing.
    n
        How many of each.
    frame
        What lengths are measured by.
    rng
        Where randomness comes from.

    Returns
    -------
    dict of (n,) float64
    """
    known, half = {parameter["name"]: parameter for parameter in table["parameters"]}, n - n // 2
    parts = [(_prior(known[key], half, frame, rng), _allowed(known[key], n - half, frame, rng)) for key in keys]
    drawn = {key: np.concatenate(part) for key, part in zip(keys, parts, strict=True)}
    for g1 in [key for key in keys if key.endswith("g1")]:
        # Each is allowed alone where both together are not: back to the edge, in the same direction.
        g2 = f"{g1[:-1]}2"
        shrink = np.minimum(1.0, known[g1]["range"]["high"] / np.maximum(np.hypot(drawn[g1], drawn[g2]), 1e-300))
        drawn |= {g1: drawn[g1] * shrink, g2: drawn[g2] * shrink}
    return drawn


def _prior(parameter: Table, n: int, frame: Frame, rng: np.random.Generator) -> Array:
    width, height = frame.columns * frame.pixel_scale, frame.rows * frame.pixel_scale
    unit = {"one": 1.0, "width": width, "height": height, "side": min(width, height)}[parameter["scale"]]
    ((kind, numbers),) = parameter["random"].items()
    if kind == "uniform":
        return unit * rng.uniform(numbers[0], numbers[1], n)
    if kind == "log_uniform":
        return unit * _log_uniform(numbers[0], numbers[1], n, rng)
    if kind == "integers":
        return unit * rng.integers(numbers[0], numbers[1], n, endpoint=True).astype(np.float64)
    return unit * rng.choice(np.asarray(numbers, np.float64), n)


def _allowed(parameter: Table, n: int, frame: Frame, rng: np.random.Generator) -> Array:
    low, high = parameter["range"]["low"], parameter["range"]["high"]
    if parameter["kind"] != "real":
        return rng.integers(low, high, n, endpoint=True).astype(np.float64)
    width = frame.columns * frame.pixel_scale
    if parameter["unit"] == "length" and low is None:
        return rng.uniform(-0.6, 0.6, n) * width
    if parameter["unit"] == "length":
        return _log_uniform(SMALLEST * frame.pixel_scale, LARGEST * width, n, rng)
    if parameter["unit"] == "degree":
        return _angles(720.0 if high is None else high, n, rng)
    if low is None or high is None or high > HUGE:
        sign = 1.0 if low is not None and low >= 0 else rng.choice([-1.0, 1.0], n)
        return np.asarray(sign * 10 ** rng.uniform(-3, 6, n), np.float64)
    return _bounded(low, high, n, rng)


def _angles(most: float, n: int, rng: np.random.Generator) -> Array:
    """Draw angles, every other one a sixteenth of the whole, where sides lie along or across the pixels."""
    return np.where(np.arange(n) % 2, rng.uniform(-most, most, n), most / 16 * rng.integers(-16, 16, n))


def _bounded(low: float, high: float, n: int, rng: np.random.Generator) -> Array:
    if low > 0 and high > 10 * low:
        return np.clip(_log_uniform(low, high, n, rng), low, high)
    return rng.uniform(low, high, n)


def _log_uniform(low: float, high: float, n: int, rng: np.random.Generator) -> Array:
    return np.asarray(np.exp(rng.uniform(math.log(low), math.log(high), n)), np.float64)
