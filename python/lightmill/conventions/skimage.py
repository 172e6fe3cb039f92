"""scikit-image: rows and columns counted from 0 at the first pixel's centre."""

from __future__ import annotations

import math

from lightmill.conventions.drawn import Drawn, Quantity, Said

_CORNERS = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))


def say(drawn: Drawn) -> Said | None:
    """Return a filled rectangle, to its outline's outer edge, in the words of `skimage.draw`; None for all else."""
    if drawn.model != "rectangle" or not drawn.values["fill"]:
        return None
    values, scale = drawn.values, drawn.pixels.scale
    angle, line = math.radians(values["angle"]), values["line_width"]
    sides = [(a * (values["width"] + line) / scale, b * (values["height"] + line) / scale) for a, b in _CORNERS]
    columns = [drawn.column + a * math.cos(angle) - b * math.sin(angle) for a, b in sides]
    rows = [drawn.row + a * math.sin(angle) + b * math.cos(angle) for a, b in sides]
    return Said("scikit-image", "draw.polygon(r, c)", {"r": Quantity(rows, "pixel"), "c": Quantity(columns, "pixel")})
