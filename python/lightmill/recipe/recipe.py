"""A checked recipe, frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lightmill.once import once
from lightmill.recipe.node import Node

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from lightmill import _core
    from lightmill.recipe.pictures import Picture
    from lightmill.table import Table


@dataclass(frozen=True)
class Recipe:
    """A recipe that is checked and complete; made by `load`.

    Two recipes are equal where their resolved forms are. It can be pickled; the plan is then
    made anew where it is needed.

    Parameters
    ----------
    text : str
        The resolved recipe as JSON, in the order of the language.
    origin : Node
        What was written, for the places of messages.
    tables : mapping
        The tables that it reads, by name.
    folder : str
        Where it looks for their files; empty for the working directory.
    pictures : mapping
        The pictures of PSFs that it reads, by file.
    """

    text: str
    origin: Node = field(default_factory=lambda: Node({}), repr=False, compare=False)
    tables: Mapping[str, Table] = field(default_factory=dict, repr=False, compare=False)
    folder: str = field(default="", repr=False, compare=False)
    pictures: Mapping[str, Picture] = field(default_factory=dict, repr=False, compare=False)

    @property
    def resolved(self) -> dict[str, Any]:
        """The recipe with every default and prior written out; it loads again to an equal recipe."""
        full: dict[str, Any] = json.loads(self.text)
        return full

    @once
    def _full(self) -> dict[str, Any]:
        # `resolved` is the caller's to change; this one is read for every batch.
        return self.resolved

    @once
    def spec(self) -> dict[str, Any]:
        """What the core's plan is made from: plain JSON types. Not to be changed."""
        from lightmill.recipe.lower import lower

        return lower(self._full, self.pictures)

    @once
    def plan(self) -> _core.Plan:
        """The core's plan, made once.

        Raises
        ------
        RecipeError
            Where the core finds fault with values that are legal one by one.
        """
        from lightmill.recipe.check import plan

        return plan(self.spec, self.origin, self.tables)

    @property
    def name(self) -> str:
        """The catalogue's name, part of every stream's key."""
        return str(self._full["name"])

    @property
    def seed(self) -> int:
        """The seed, from 0 to 2^64 - 1."""
        return int(self._full["seed"])

    @property
    def count(self) -> int | None:
        """How many rows to write; None where the recipe does not say."""
        count = self._full.get("count")
        return None if count is None else int(count)

    @property
    def is_series(self) -> bool:
        """Whether it makes time series of a `system`; if not, it makes images."""
        return "system" in self._full

    @once
    def constants(self) -> Mapping[str, npt.NDArray[np.float32]]:
        """What it saves that is the same for every row: ``"psf"`` (H, W) float32, not to be written to."""
        if "psf" not in self.save or not self.plan.has_fixed_psf:
            return {}
        import numpy as np

        plane = np.empty(self.shape, np.float32)
        self.plan.fixed_psf(plane)
        plane.flags.writeable = False
        return {"psf": plane}

    @once
    def shape(self) -> tuple[int, int]:
        """Rows and columns of an image; of time series, which have no pixels, 0 and 0."""
        rows, columns = self._full["image"]["size"] if not self.is_series else (0, 0)
        return rows, columns

    @property
    def unit(self) -> str | None:
        """The unit of lengths, such as arcsec; None where the pixel scale has none."""
        unit = self._full.get("image", {}).get("unit")
        return None if unit is None else str(unit)

    @property
    def targets(self) -> tuple[str, ...]:
        """The columns that a network is to predict, in order."""
        return tuple(self._full["targets"])

    @once
    def fisher(self) -> tuple[str, ...]:
        """The columns that Fisher information is asked about, in order; none where it is not asked for."""
        return tuple(self._full.get("fisher", ()))

    @once
    def save(self) -> tuple[str, ...]:
        """The arrays that are stored beside the images."""
        return tuple(self._full["save"])

    @property
    def splits(self) -> dict[str, float]:
        """The fraction of each split, in order; empty where there are none."""
        return dict(self._full["splits"])

    @once
    def classes(self) -> tuple[str, ...]:
        """The names of the classes of `mixture`, by number, in the order of first mention; or none."""
        from lightmill.recipe.branches import classes

        return tuple(classes(self._full))

    @once
    def checksum(self) -> str:
        """SHA-256 (hex) of the resolved recipe without `count`, as JSON without spaces."""
        full = {key: value for key, value in self._full.items() if key != "count"}
        return hashlib.sha256(_json(full).encode()).hexdigest()

    def yaml(self) -> str:
        """Return the resolved recipe as YAML.

        Returns
        -------
        str
            A file that loads to an equal recipe.
        """
        from lightmill.recipe.emit import emit

        return emit(self._full)

    def with_(self, count: int | None = None, seed: int | None = None) -> Recipe:
        """Return the same recipe with another count or seed; None leaves it as it is.

        Parameters
        ----------
        count : int, optional
            How many rows to write, from 1.
        seed : int, optional
            From 0 to 2^64 - 1.

        Returns
        -------
        Recipe
            Checked, as this one.

        Raises
        ------
        RecipeError
            For a count below 1, or a seed outside 0 to 2^64 - 1.
        """
        from lightmill.recipe.find import load

        changes = {"count": count, "seed": seed}
        settings = {key: value for key, value in changes.items() if value is not None}
        return replace(load(self, settings), origin=self.origin) if settings else self

    def __getstate__(self) -> dict[str, Any]:
        return {key: self.__dict__[key] for key in ("text", "origin", "tables", "folder", "pictures")}


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def freeze(
    resolved: dict[str, Any],
    origin: Node,
    tables: Mapping[str, Table] | None = None,
    folder: str = "",
    pictures: Mapping[str, Picture] | None = None,
) -> Recipe:
    """Return the recipe of a resolved form."""
    return Recipe(_json(resolved), origin, tables or {}, folder, pictures or {})
