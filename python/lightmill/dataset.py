"""Read a data set from disk: rows of images or series by number, labels as arrays.

The shards are read after the manifest, never through virtual datasets: a missing shard is an error here,
where HDF5 gives fill values.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from lightmill.once import once
from lightmill.sink import folder, shards
from lightmill.sink.errors import DataError, shown
from lightmill.sink.files import read_bytes
from lightmill.sink.reader import File, Shards, attributes, layout
from lightmill.sink.rows import RowGroup, Rows
from lightmill.sink.shards import Extent
from lightmill.sink.source import CONSTANTS, Array, Field
from lightmill.sink.verify import load_manifest


class Columns(Mapping[str, Array]):
    """The arrays of one group, whole, by name; each is read once and not to be written to."""

    def __init__(self, group: str, read: Any, extents: Mapping[str, Any]) -> None:
        prefix = f"/{group}/"
        self._read, self._prefix = read, prefix
        self._names = [path.removeprefix(prefix) for path in extents if path.startswith(prefix)]

    def __getitem__(self, name: str) -> Array:
        if name not in self._names:
            close = difflib.get_close_matches(name, self._names, 3)
            raise KeyError(f"no column {name!r} in {self._prefix.strip('/')}; " + _choices(close, self._names))
        column: Array = self._read(self._prefix + name)
        return column

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<columns {', '.join(self._names)}>"


def _choices(close: list[str], names: list[str]) -> str:
    return f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(names) or 'none'}"


class Dataset:
    """A complete data set on disk; `open` makes one.

    It may be shared by threads, survives a fork, and pickles as its path, so that the workers of a
    PyTorch DataLoader need no care. At most 16 files are open at once.

    Parameters
    ----------
    path : str or Path
        Its folder.

    Attributes
    ----------
    path : Path
        Its folder, absolute.
    manifest : Manifest
        What it says of itself: name, seed, versions, shards.
    """

    def __init__(self, path: str | Path) -> None:
        self.path, self.manifest = Path(path).absolute(), load_manifest(path)
        if not self.manifest.complete:
            raise DataError(f"{shown(path)} is not finished: complete it with resume")
        self._shards = Shards(self.path, self.manifest)
        self._columns: dict[str, Array] = {}

    def __len__(self) -> int:
        return self.manifest.count

    def __repr__(self) -> str:
        return f"<Dataset {self.manifest.name!r}, {len(self)} rows, in {self.path}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[type[Dataset], tuple[Path]]:
        return Dataset, (self.path,)

    def close(self) -> None:
        """Let go of open files and of columns in memory; using the data set again opens them again."""
        self._shards.close()
        self._columns.clear()

    @property
    def images(self) -> Rows:
        """Images, (rows, H, W) or (rows, band, H, W), in the image's unit."""
        return self.arrays("images")

    @property
    def noiseless(self) -> Rows | None:
        """Images without noise, if the recipe saves them."""
        return self.arrays("noiseless") if "/noiseless" in self._rows else None

    @property
    def variance(self) -> Rows | None:
        """True variance of every pixel, if the recipe saves it."""
        return self.arrays("variance") if "/variance" in self._rows else None

    @property
    def series(self) -> RowGroup:
        """What is seen of a recipe's `system`, by observable: (rows, times, ...) each."""
        return RowGroup("series", self.arrays, self._rows)

    @property
    def noiseless_series(self) -> RowGroup:
        """The series without noise, if the recipe saves them."""
        return RowGroup("noiseless", self.arrays, self._rows)

    @property
    def times(self) -> Rows | Array:
        """When a system is seen: (times,) where all rows have the same, else (rows, times)."""
        return self.constants["times"] if "times" in self.constants else self.arrays("times")

    @property
    def psf(self) -> Rows | Array | None:
        """The PSF of each row at the image's centre, of flux 1, if the recipe saves it.

        Where it is the same for every row it is stored once: this is then one plane, seen as (rows, H, W).
        """
        if "psf" in self.constants:
            plane = self.constants["psf"]
            return np.broadcast_to(plane, (len(self), *plane.shape))
        return self.arrays("psf") if "/psf" in self._rows else None

    @property
    def labels(self) -> Columns:
        """What was drawn, by column: (rows,) each."""
        return Columns("labels", self._column, self._extents)

    @property
    def objects(self) -> Columns:
        """Parameters of all object slots: (rows, slots) each, NaN where an object is absent (see ``present``)."""
        return Columns("objects", self._column, self._extents)

    @property
    def measured(self) -> Columns:
        """What was measured on the noiseless images or trajectories, by column: (rows,) each."""
        return Columns("measured", self._column, self._extents)

    @once
    def target_names(self) -> tuple[str, ...]:
        """What a network is to predict, in the recipe's order: columns of ``labels``."""
        from lightmill.recipe.reader import read

        return tuple(read(self.recipe, folder.RECIPE, lines=False).plain().get("targets") or ())

    @property
    def targets(self) -> Array:
        """The values of `target_names`, (rows, targets) float64."""
        columns = [self.labels[name].astype(np.float64) for name in self.target_names]
        return np.stack(columns, axis=1) if columns else np.empty((len(self), 0))

    @property
    def constants(self) -> Columns:
        """What is the same for every row, by name: ``"psf"`` (H, W), ``"times"`` (T,)."""
        return Columns("constants", self._column, self._extents)

    @property
    def recipe(self) -> str:
        """The recipe as resolved: YAML that makes this data set again."""
        return self._beside(folder.RECIPE).decode()

    @property
    def statistics(self) -> dict[str, Any]:
        """Count, mean, standard deviation and range of the images by band, of each series and of every label."""
        told: dict[str, Any] = json.loads(self._beside(folder.STATISTICS))
        return told

    def arrays(self, name: str) -> Rows:
        """Read any array of the shards, row by row.

        Parameters
        ----------
        name : str
            Its path: "images", "objects/flux", "sample".

        Returns
        -------
        Rows
            Takes an index, a slice or a list of row numbers, and reads only what these need.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        path = "/" + name.strip("/")
        if path not in self._rows:
            raise KeyError(f"no array {path}; there are {', '.join(self._rows)}")
        extent = self._rows[path]
        return Rows(self._shards, path, (len(self), *extent.shape[1:]), extent.dtype)

    @property
    def fields(self) -> list[Field]:
        """What every row consists of: path, dtype, shape of a row and attributes of each array."""
        return [
            Field(path, one.dtype, one.shape[1:], attributes(self._first, path)) for path, one in self._rows.items()
        ]

    def attributes(self, name: str) -> dict[str, Any]:
        """Tell unit, description, classes and the like of an array.

        Parameters
        ----------
        name : str
            Its path: "images", "labels/galaxy.flux".

        Returns
        -------
        dict
            The attributes by name.

        Raises
        ------
        KeyError
            If there is no array of that name.
        """
        path = "/" + name.strip("/")
        if path not in self._extents or not path.startswith(CONSTANTS):
            self.arrays(name)
        return attributes(self._first, path)

    def rows(self, split: str) -> Array:
        """Find the rows of a split.

        Parameters
        ----------
        split : str
            Its name, such as "train".

        Returns
        -------
        (rows,) int64
            Their numbers, in order.

        Raises
        ------
        KeyError
            If the data set has no splits, or none of that name.
        """
        if "split" not in self.labels:
            raise KeyError("the data set has no splits: its recipe names none")
        names = [str(one) for one in self.attributes("labels/split").get("classes", [])]
        if split not in names:
            raise KeyError(f"no split {split!r}; there are {', '.join(names)}")
        return np.flatnonzero(self.labels["split"] == names.index(split))

    @property
    def _first(self) -> Path:
        return self.path / shards.FOLDER / shards.file_name(0)

    @once
    def _rows(self) -> dict[str, Extent]:
        return {path: extent for path, extent in layout(self._first).items() if not path.startswith(CONSTANTS)}

    @once
    def _extents(self) -> dict[str, Extent]:
        return layout(self.path / folder.DATASET)

    def _column(self, path: str) -> Array:
        if path not in self._columns:
            extent = self._extents[path]
            column: Array = np.empty(extent.shape, extent.dtype)
            File(self.path / folder.DATASET, self.manifest.files[folder.DATASET].bytes).read(extent, 0, column)
            column.flags.writeable = False
            self._columns[path] = column
        return self._columns[path]

    def _beside(self, name: str) -> bytes:
        content = read_bytes(self.path / name)
        if content is None:
            raise DataError(f"{shown(self.path / name)} is missing: make it again with resume")
        return content


def open(path: str | Path) -> Dataset:
    """Open a data set.

    Parameters
    ----------
    path : str or Path
        Its folder.

    Returns
    -------
    Dataset
        Its rows and labels.

    Raises
    ------
    DataError
        If the folder holds none, or one that is not finished.
    """
    return Dataset(path)
