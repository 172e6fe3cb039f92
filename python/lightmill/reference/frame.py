"""Where the pixels of an image lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """An image's grid. The origin is its centre, +x to higher columns, +y to higher rows.

    Parameters
    ----------
    rows, columns
        The image's shape.
    pixel_scale
        Side of a pixel in the unit of length.
    """

    rows: int
    columns: int
    pixel_scale: float = 1.0

    def centres(self) -> tuple[Array, Array]:
        """Return x (columns,) and y (rows,) of the pixels' centres, in the unit of length."""
        return self._along(self.columns), self._along(self.rows)

    def _along(self, number: int) -> Array:
        return np.asarray((np.arange(number) + 0.5 - number / 2) * self.pixel_scale, dtype=np.float64)
