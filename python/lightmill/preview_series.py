"""Contact sheets of time series: curves, phase portraits or paths, and how well energy is kept.

Each row has a colour of its own; of several bodies the first row is shown, and each body has a colour. Curves are as
recorded, with their noise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .preview import GAP, INK, LINE, MARGIN, PAPER, QUIET
from .series import curves

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from .recipe import Recipe

Array = NDArray[Any]

ROWS = 6
"""Rows that are shown, and bodies."""
CURVES = 6
"""Observables that are shown."""
WIDE, SQUARE, HEIGHT = 420, 200, 200
ACROSS = 2 * WIDE + GAP
COLOURS = ("#3366cc", "#cc3311", "#118844", "#aa4499", "#997700", "#008899")
PORTRAITS = (("angle", "angular_velocity"), ("q", "p"), ("position", "velocity"), ("angle1", "angle2"))
"""Pairs that make a phase portrait."""
PATHS = (("x", "y"), ("x2", "y2"))
"""Pairs that are where something is."""
FRAME, TICK = "#c8c8c4", 3


@dataclass(frozen=True)
class Panel:
    """Lines in a frame.

    Parameters
    ----------
    title : str
        What stands above it.
    lines : sequence of (x, y)
        Each a pair of (T,) arrays; what is not a number is left out.
    width : int
        In pixels, the frame and the numbers beside it.
    equal : bool
        Whether both axes have one scale.
    dots : bool
        Whether points are drawn, not lines.
    """

    title: str
    lines: Sequence[tuple[Array, Array]]
    width: int = WIDE
    equal: bool = False
    dots: bool = False


def sheet(recipe: Recipe, arrays: Mapping[str, Array], first: int = 0) -> Image:
    """Lay out the series of a data set's arrays.

    Parameters
    ----------
    recipe : Recipe
        What they were made from.
    arrays : mapping
        By path, as in a shard: `/series/x`, `/measured/energy_drift`.
    first : int
        The number of the first row.

    Returns
    -------
    PIL.Image.Image
        The picture.
    """
    series = {path.removeprefix("/series/"): rows for path, rows in arrays.items() if path.startswith("/series/")}
    times = arrays.get("/constants/times", arrays.get("/times", np.zeros(0)))
    panels = [*_curves(recipe, series, times), *_portraits(series), *_paths(series), _drift(arrays)]
    rows = len(next(iter(series.values())))
    shown = min(ROWS, rows)
    failed = int(np.count_nonzero(arrays["/measured/failed"]))
    title = f"{recipe.name} · seed {recipe.seed} · rows {first} to {first + shown - 1}"
    return _page(panels, title, f"{failed} of {rows} trajectories failed" if failed else "")


def _curves(recipe: Recipe, series: Mapping[str, Array], times: Array) -> Iterator[Panel]:
    units = curves(recipe).units
    for name, rows in [*series.items()][:CURVES]:
        if rows.ndim == 2:
            lines = [(times if times.ndim == 1 else times[i], row) for i, row in enumerate(rows[:ROWS])]
            yield Panel(f"{name} ({units[name]})", lines)
        elif rows.ndim == 3:
            when = times if times.ndim == 1 else times[0]
            yield Panel(f"{name} ({units[name]}), row 0", [(when, row) for row in rows[0].T[:ROWS]])


def _portraits(series: Mapping[str, Array]) -> Iterator[Panel]:
    for one, other in PORTRAITS:
        if one in series and other in series and series[one].ndim == 2 and series[other].ndim == 2:
            lines = [*zip(series[one][:ROWS], series[other][:ROWS], strict=True)]
            yield Panel(f"{other} over {one}", lines, SQUARE + 60)


def _paths(series: Mapping[str, Array]) -> Iterator[Panel]:
    """Yield where bodies go, in the plane of x and y: those of a row together."""
    for x, y in PATHS:
        if x in series and y in series:
            lines = [*zip(series[x][:ROWS], series[y][:ROWS], strict=True)]
            yield Panel(f"{y} over {x}", lines, SQUARE + 60, equal=True)
    for i, row in enumerate(series["positions"][:ROWS] if "positions" in series else ()):
        paths = [(row[:, body, 0], row[:, body, 1]) for body in range(min(ROWS, row.shape[1]))]
        yield Panel(f"y over x, row {i}", paths, SQUARE + 60, equal=True)


def _drift(arrays: Mapping[str, Array]) -> Panel:
    """Return how far energy moved, as a power of ten, row by row; below 1e-17 there is nothing to see."""
    drift = np.log10(np.maximum(arrays["/measured/energy_drift"], 1e-17))
    return Panel("log10 of the energy drift, row by row", [(np.arange(len(drift), dtype=float), drift)], dots=True)


def _page(panels: Sequence[Panel], title: str, note: str) -> Image:
    from PIL import Image, ImageDraw, ImageFont

    places, (x, y) = [], (MARGIN, MARGIN + 2 * LINE + GAP)
    for panel in panels:
        if x > MARGIN and x + panel.width > MARGIN + ACROSS:
            x, y = MARGIN, y + HEIGHT + LINE + GAP
        places.append((x, y))
        x += panel.width + GAP
    page = Image.new("RGB", (ACROSS + 2 * MARGIN, y + HEIGHT + LINE + MARGIN), PAPER)
    pen = ImageDraw.Draw(page)
    pen.text((MARGIN, MARGIN - 6), title, INK, ImageFont.load_default(16))
    pen.text((MARGIN, MARGIN + LINE), note, QUIET, ImageFont.load_default(12))
    for panel, place in zip(panels, places, strict=True):
        _draw(pen, panel, place)
    return page


def _draw(pen: ImageDraw, panel: Panel, place: tuple[int, int]) -> None:
    from PIL import ImageFont

    font = ImageFont.load_default(12)
    left, top = place[0] + 56, place[1] + LINE
    right, bottom = place[0] + panel.width, place[1] + HEIGHT - LINE
    pen.text((left, place[1] - 2), panel.title, INK, font)
    pen.rectangle((left, top, right, bottom), outline=FRAME)
    ends = _ends(panel, (right - left) / (bottom - top))
    if ends is None:
        return
    (x_low, x_high), (y_low, y_high) = ends
    for value, at in ((y_low, bottom - LINE + 4), (y_high, top)):
        text = _number(value)
        pen.text((left - 4 - font.getlength(text), at), text, QUIET, font)
    for value, across in ((x_low, left), (x_high, right - font.getlength(_number(x_high)))):
        pen.text((across, bottom + 2), _number(value), QUIET, font)
    for number, (x, y) in enumerate(panel.lines):
        columns = left + (x - x_low) / (x_high - x_low) * (right - left)
        rows = bottom - (y - y_low) / (y_high - y_low) * (bottom - top)
        _line(pen, columns, rows, COLOURS[number % len(COLOURS)], panel.dots)


def _line(pen: ImageDraw, x: Array, y: Array, colour: str, dots: bool) -> None:
    good = np.isfinite(x) & np.isfinite(y)
    if dots:
        for across, up in zip(x[good], y[good], strict=True):
            pen.ellipse((across - TICK, up - TICK, across + TICK, up + TICK), fill=colour)
        return
    # A failure ends the line; what comes before is drawn.
    for run in np.split(np.flatnonzero(good), np.flatnonzero(np.diff(np.flatnonzero(good)) > 1) + 1):
        if len(run) > 1:
            pen.line([*zip(x[run].tolist(), y[run].tolist(), strict=True)], fill=colour)


def _ends(panel: Panel, shape: float) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the least and greatest values of both axes with some room; None where nothing is to be seen."""
    found = []
    for axis in (0, 1):
        values = np.concatenate([line[axis] for line in panel.lines]) if panel.lines else np.zeros(0)
        finite = values[np.isfinite(values)]
        if not finite.size:
            return None
        low, high = float(finite.min()), float(finite.max())
        room = 0.05 * (high - low) or 0.5 * abs(low) or 0.5
        found.append((low - room, high + room))
    return _squared(found[0], found[1], shape) if panel.equal else (found[0], found[1])


def _squared(
    x: tuple[float, float], y: tuple[float, float], shape: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Widen one of two axes so that both have one scale in a frame of some width over height."""
    half = max((x[1] - x[0]) / shape, y[1] - y[0]) / 2
    x_middle, y_middle = (x[0] + x[1]) / 2, (y[0] + y[1]) / 2
    return (x_middle - half * shape, x_middle + half * shape), (y_middle - half, y_middle + half)


def _number(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else ""
