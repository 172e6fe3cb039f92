"""A data set as one file of another kind.

`npz` is NumPy's own: what ``numpy.load`` reads. The arrays go to the disk a few rows at a time, so memory does not grow
with the data set.
"""

from __future__ import annotations

import contextlib
import math
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from lightmill.dataset import Dataset
from lightmill.sink import files
from lightmill.sink.errors import DataError, explain, shown, size
from lightmill.sink.rows import Rows
from lightmill.sink.source import Array

__all__ = ["FORMATS", "export"]

FORMATS = ("npz",)

STUDY = {
    "images": "img",
    "noiseless": "img_nonoise",
    "psf": "psf_img",
    "labels/psf.fwhm": "psf_r",
    "measured/snr": "snr",
    "labels/noise.gaussian.sigma": "sigma",
}
"""Arrays that measurements of galaxies know by other names."""

TRAIN = "train"
PIECE = 8 << 20
"""Bytes of an array that are in memory at a time."""

Report = Callable[[str, int, int], None]


def export(
    path: str | Path,
    kind: str = "npz",
    to: str | Path | None = None,
    *,
    overwrite: bool = False,
    progress: Report = lambda _stage, _done, _total: None,
) -> Path:
    """Copy a data set into one file of another kind.

    Parameters
    ----------
    path : str or Path
        The data set's folder.
    kind : {"npz"}
        What to make. ``npz`` has every array by its path, ``labels/galaxy.flux``, but for those that measurements of
        galaxies know otherwise: ``images`` is ``img``, ``noiseless`` ``img_nonoise``, ``psf`` ``psf_img``,
        ``labels/psf.fwhm`` ``psf_r``, ``measured/snr`` ``snr``, ``labels/noise.gaussian.sigma`` ``sigma``. ``label`` is
        (rows, targets) float64 with the names ``label_names``; ``train_test`` is True for rows of the split ``train``.
    to : str or Path, optional
        The file; by default the folder's name with the kind as its suffix, beside it.
    overwrite : bool, optional
        Replace a file of that name.
    progress : callable, optional
        Called with the stage ("exporting"), the rows done and the rows in all.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        If the data set cannot be read or the file not be written; then there is no file.
    FileExistsError
        If the file is there already.
    ValueError
        If there is no such kind.
    """
    if kind not in FORMATS:
        raise ValueError(f"no format is called {kind!r}; there is {', '.join(FORMATS)}")
    with Dataset(path) as data:
        target = data.path.with_name(f"{data.path.name}.{kind}") if to is None else Path(to).absolute()
        _check_free(target, overwrite)
        arrays = list(_arrays(data))
        _check_space(target, sum(array.bytes for array in arrays))
        with files.temporary(target) as (descriptor, name):
            with _telling(target), os.fdopen(os.dup(descriptor), "wb") as file:
                _write(file, arrays, lambda share: progress("exporting", int(share * len(data)), len(data)))
            _check_free(target, overwrite)
            files.commit(descriptor, name, target)
    return target


@dataclass(frozen=True)
class _Array:
    """An array of the file; its rows are read when they are written."""

    name: str
    rows: Rows | Array

    @property
    def bytes(self) -> int:
        return self.rows.dtype.itemsize * math.prod(self.rows.shape)

    def pieces(self) -> Iterator[Array]:
        """Read it a few rows at a time."""
        count = len(self.rows)
        step = max(1, PIECE * count // max(1, self.bytes))
        for start in range(0, count, step):
            yield self.rows[start : start + step]


def _arrays(data: Dataset) -> Iterator[_Array]:
    for path in (field.path.strip("/") for field in data.fields):
        yield _Array(STUDY.get(path, path), data.arrays(path))
    if "psf" in data.constants and data.psf is not None:
        yield _Array(STUDY["psf"], data.psf)
    yield _Array("label", data.targets)
    yield _Array("label_names", np.array(data.target_names, dtype=np.str_))
    if "split" in data.labels and TRAIN in data.attributes("labels/split")["classes"]:
        train = np.zeros(len(data), bool)
        train[data.rows(TRAIN)] = True
        yield _Array("train_test", train)


def _write(file: IO[bytes], arrays: list[_Array], report: Callable[[float], None]) -> None:
    total, done = sum(array.bytes for array in arrays), 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for array in arrays:
            # The date is that of the format's epoch: the same data set gives the same bytes.
            entry = zipfile.ZipInfo(f"{array.name}.npy")
            with archive.open(entry, "w", force_zip64=True) as member:
                _head(member, array)
                for piece in array.pieces():
                    member.write(piece.tobytes())
                    done += piece.nbytes
                    report(done / total)


def _head(member: IO[bytes], array: _Array) -> None:
    descr = np.lib.format.dtype_to_descr(array.rows.dtype)
    np.lib.format.write_array_header_1_0(member, {"descr": descr, "fortran_order": False, "shape": array.rows.shape})


def _check_free(target: Path, overwrite: bool) -> None:
    if not overwrite and os.path.lexists(target):
        raise FileExistsError(f"{shown(target)} is there already: choose another name, or ask to overwrite it")


def _check_space(target: Path, need: int) -> None:
    free = files.free_space(target.parent)
    if need > free:
        raise DataError(f"{shown(target)} needs {size(need)}, its disk has {size(free)}: choose another disk")


@contextlib.contextmanager
def _telling(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise explain("write", target, error) from None
