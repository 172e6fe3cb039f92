"""Mean, standard deviation and range of the images by band, of each series and of every label, for all rows.

Rows of pixels are summed by themselves in float64, by the core; the rows' sums in extended precision, and
parts are joined by Chan, Golub & LeVeque's update (1979), so that the figures do not depend on the size of
the shards: to 12 digits and usually to the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lightmill import _core
from lightmill.sink.digest import Digest
from lightmill.sink.source import Array, Field

IMAGES = "/images"
SERIES = "/series/"
FAILED = "/measured/failed"
"""Why a trajectory ended early; 0 where it did not."""
BLOCK = 1 << 15
"""Numbers of series that are summed together, a quarter of a megabyte."""
GROUPS = ("/labels/", "/measured/")
ATTEMPT = "/labels/attempt"
"""How often a scene was drawn anew until it was kept."""
Real = np.longdouble


@dataclass
class Moments:
    """Count, mean, sum of squared deviations and range of finite values; others are counted apart."""

    count: int = 0
    not_finite: int = 0
    mean: Any = field(default_factory=lambda: Real(0))
    squares: Any = field(default_factory=lambda: Real(0))
    low: float = np.inf
    high: float = -np.inf

    def join(self, other: Moments) -> None:
        """Take in the values of another."""
        self.not_finite += other.not_finite
        if other.count == 0:
            return
        count = self.count + other.count
        delta, weight = other.mean - self.mean, Real(other.count) / count
        self.mean += delta * weight
        self.squares += other.squares + delta * delta * self.count * weight
        self.low, self.high = min(self.low, other.low), max(self.high, other.high)
        self.count = count

    def figures(self) -> dict[str, float | int | None]:
        """Tell the figures: ``sd`` is that of the values themselves (divided by their count)."""
        if self.count == 0:
            return {"count": 0, "not_finite": self.not_finite, "mean": None, "sd": None, "min": None, "max": None}
        return {
            "count": self.count,
            "not_finite": self.not_finite,
            "mean": float(self.mean),
            "sd": float(np.sqrt(self.squares / self.count)),
            "min": self.low,
            "max": self.high,
        }


class Statistics:
    """Moments of every column that has them, over rows fed in any order."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._columns = {one.path: Moments() for one in fields if one.path.startswith(GROUPS) and not one.shape}
        self._columns |= {one.path: Moments() for one in fields if one.path.startswith(SERIES)}
        self._failed = 0
        images = [one for one in fields if one.path == IMAGES and len(one.shape) in (2, 3)]
        self._bands = [Moments() for one in images for _ in range(one.shape[0] if len(one.shape) == 3 else 1)]
        self._pixels: list[Array] = []

    def update(self, path: str, rows: Array, digest: Digest | None = None) -> None:
        """Take in rows of one dataset, and feed a digest with them; of one that has no figures nothing is kept."""
        if path == IMAGES and self._bands:
            self._feed(rows, digest)
            return
        if digest is not None:
            # In this order: hashing hides the wait for memory, which summing does not.
            digest.update(rows)
        if path.startswith(SERIES):
            self._columns[path].join(_of_series(rows))
        elif path in self._columns:
            self._columns[path].join(_of_column(rows))
            self._failed += int(np.count_nonzero(rows)) if path == FAILED else 0

    def join(self, other: Statistics) -> None:
        """Take in the rows of another over the same fields."""
        for path, moments in self._columns.items():
            moments.join(other._columns[path])
        self._failed += other._failed
        self._fold()
        other._fold()
        for mine, its in zip(self._bands, other._bands, strict=True):
            mine.join(its)

    def figures(self) -> dict[str, Any]:
        """Gather what ``statistics.json`` says: ``images`` by band, the rest by group and name, failures."""
        self._fold()
        told: dict[str, Any] = {"images": [one.figures() for one in self._bands]} if self._bands else {}
        for path, moments in self._columns.items():
            _, group, name = path.split("/", 2)
            told.setdefault(group, {})[name] = moments.figures()
        told |= {"failed": self._failed} if FAILED in self._columns else {}
        drawn = self._columns.get(ATTEMPT)
        # Scenes kept over scenes drawn: each took its attempts and one more.
        return told | ({"acceptance": float(1 / (1 + drawn.mean))} if drawn is not None and drawn.count else {})

    def _feed(self, images: Array, digest: Digest | None) -> None:
        """Sum every row, and hash it in the same pass; the sums are joined later, for many rows at once."""
        pixels = images.reshape(len(images) * len(self._bands), -1)
        if pixels.dtype != np.float32 and digest is not None:
            digest.update(images)
            digest = None
        if not np.can_cast(pixels.dtype, np.float32):
            for number, row in enumerate(pixels):
                self._bands[number % len(self._bands)].join(_of_column(row))
            return
        self._width = pixels.shape[1]
        # A shard read from disk may hold its arrays at odd addresses.
        pixels = np.require(pixels, np.float32, ["C", "A"])
        self._pixels.append(_core.row_statistics(pixels, None if digest is None else digest.hasher))

    def _fold(self) -> None:
        if self._pixels:
            numbers, self._pixels = np.concatenate(self._pixels), []
            for band, moments in enumerate(self._bands):
                moments.join(_of_rows(numbers[band :: len(self._bands)], self._width))


def _of_column(values: Array) -> Moments:
    finite = np.isfinite(values)
    kept = values.astype(Real)[finite]
    if not kept.size:
        return Moments(not_finite=len(values))
    mean = kept.mean()
    away = kept - mean
    low, high = values[finite].min().item(), values[finite].max().item()
    return Moments(kept.size, len(values) - kept.size, mean, (away * away).sum(), low, high)


def _of_series(series: Array) -> Moments:
    """Sum every row about its first value, as the core does with pixels; bodies that are absent do not count."""
    rows, moments = series.reshape(len(series), -1), Moments()
    # A few rows at a time stay in the processor's cache: five times as fast.
    step = max(1, BLOCK // max(1, rows.shape[1]))
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        moments.join(_of_block(block) if np.isfinite(block.sum()) else _of_finite(block))
    return moments


def _of_block(rows: Array) -> Moments:
    away = rows - rows[:, :1]
    count = np.full(len(rows), float(rows.shape[1]))
    squares = np.einsum("ij,ij->i", away, away)
    sums = (count, rows.min(axis=1), rows.max(axis=1), rows[:, 0], away.sum(axis=1), squares)
    return _of_rows(np.stack(sums, axis=1), rows.shape[1])


def _of_finite(rows: Array) -> Moments:
    finite = np.isfinite(rows)
    here = finite.any(axis=1)
    shift = rows[np.arange(len(rows)), finite.argmax(axis=1)]
    away = np.where(finite, rows - shift[:, None], 0.0)[here]
    kept = rows[here] if finite.all() else np.where(finite, rows, shift[:, None])[here]
    ends = (kept.min(axis=1), kept.max(axis=1)) if len(kept) else (shift[here], shift[here])
    sums = finite.sum(axis=1)[here], *ends, shift[here], away.sum(axis=1), np.square(away).sum(axis=1)
    moments = _of_rows(np.stack(sums, axis=1), 0)
    moments.not_finite = int(rows.size - np.count_nonzero(finite))
    return moments


def _of_rows(numbers: Array, width: int) -> Moments:
    """Join the core's numbers of rows of ``width`` values."""
    # A row's own sums depend on that row alone, so that the order of joining hardly matters; taken about its
    # first value they do not cancel.
    some = numbers[numbers[:, 0] > 0]
    not_finite = len(numbers) * width - int(numbers[:, 0].sum())
    if not len(some):
        return Moments(not_finite=not_finite)
    count, _, _, shift, sums, squares = some.T.astype(Real)
    means, total = shift + sums / count, count.sum()
    mean = (means * count).sum() / total
    inner = (squares - sums * sums / count).clip(0).sum()
    outer = (count * (means - mean) ** 2).sum()
    return Moments(int(total), not_finite, mean, inner + outer, float(some[:, 1].min()), float(some[:, 2].max()))
