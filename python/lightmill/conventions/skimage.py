"""scikit-image: rows and columns counted from 0 at the first pixel's centre."""

from __future__ import annotations

import math

from lightmill.conventions.drawn import Drawn, Quantity, Said

_CORNERS = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))


def say(drawn: Drawn) -> Said | None:
    """Return a shape in the words of `skimage.draw`; None for what is no polygon."""
    if drawn.model != "rectangle":
        return None
    values, scale = drawn.values, drawn.pixels.scale
    angle = math.radians(values["angle"])
    sides = [(a * values["width"] / scale, b * values["height"] / scale) for a, b in _CORNERS]
    columns = [drawn.column + a * math.cos(angle) - b * math.sin(angle) for a, b in sides]
    rows = [drawn.row + a * math.sin(angle) + b * math.cos(angle) for a, b in sides]
    return Said("scikit-image", "draw.polygon(r, c)", {"r": Quantity(rows, "pixel"), "c": Quantity(columns, "pixel")})
