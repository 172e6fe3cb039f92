"""DeepBench's shapes as objects of a recipe."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from lightmill.deepbench import notes
from lightmill.deepbench.body import Body, ends, mapped

POINTS_UP = 90.0
"""Direction of the first vertex of a polygon that is not turned."""
TURN = 360.0


def rectangle(body: Body) -> None:
    """Translate a rectangle."""
    _box(body)
    if body.words["angle"].value != 0.0:
        body.note("angle", notes.RECTANGLE_ANGLE)


def ellipse(body: Body) -> None:
    """Translate an ellipse."""
    _box(body)
    body.note("line_width", notes.ELLIPSE)


def _box(body: Body) -> None:
    body.place("center", "x", "y")
    for word in ("width", "height", "angle", "fill", "line_width"):
        body.copy(word)


def polygon(body: Body) -> None:
    """Translate a regular polygon, whose first vertex points up where it is not turned."""
    body.place("center", "x", "y")
    body.copy("vertices", "sides")
    body.copy("radius")
    body.put("angle", mapped(body.words["angle"].value, lambda angle: angle + POINTS_UP), body.words["angle"])
    body.copy("fill")
    body.copy("line_width")
    body.note("center", notes.POLYGON, "x")
    body.note("angle", notes.POLYGON_ANGLE)


def arc(body: Body) -> None:
    """Translate an arc, counter-clockwise from theta1 to theta2."""
    body.place("center", "x", "y")
    body.copy("radius")
    body.copy("theta1", "start")
    _sweep(body)
    body.copy("line_width")
    body.note("line_width", notes.ARC_WIDTH)


def _sweep(body: Body) -> None:
    """Write how far the arc goes: up to a whole turn, as its documentation's angles do."""
    start, stop = body.words["theta1"], body.words["theta2"]
    first, last = ends(start.value), ends(stop.value)
    turns = _turns(first[0], last[0])
    least, most = last[0] + turns - first[1], last[1] + turns - first[0]
    if least < 0.0 or most > TURN:
        told = f"theta2 comes {least:g} to {most:g} degrees after theta1; it must be 0 to 360"
        body.reader.wrong(stop.node, stop.place, told if start.said and stop.said else f"{told}: give both")
        return
    end = mapped(stop.value, lambda angle: angle + turns)
    if isinstance(start.value, dict) or isinstance(end, dict):
        body.define("theta2", end, stop)
        body.put("sweep", "= theta2 - start", stop)
    else:
        body.put("sweep", end - start.value, stop)


def _turns(start: float, stop: float) -> float:
    """Return the whole turns, in degrees, that bring `stop` within one turn after `start`."""
    sweep = math.fmod(stop - start, TURN)
    if sweep < 0.0 or (sweep == 0.0 and stop != start):
        sweep += TURN
    return sweep - (stop - start)


def line(body: Body) -> None:
    """Translate a line."""
    body.place("start", "x1", "y1", "start_")
    body.place("end", "x2", "y2", "end_")
    body.copy("line_width")
    start, end = body.words["start"], body.words["end"]
    if start.value == end.value:
        body.reader.wrong(end.node, end.place, "start and end are one point; give two")
    body.note("start", notes.LINE, "x1")


MODELS: Mapping[str, tuple[str, Callable[[Body], None]]] = {
    "rectangle": ("rectangle", rectangle),
    "regular_polygon": ("polygon", polygon),
    "polygon": ("polygon", polygon),
    "arc": ("arc", arc),
    "line": ("line", line),
    "ellipse": ("ellipse", ellipse),
}
"""The model of each shape, and what writes its parameters."""
