"""Rows out of the shards of a data set: by plain reads at the offsets that HDF5 tells once a file.

Reads at an offset need no lock, no shared position and no HDF5, so that threads read at once and a forked
worker can go on with its parent's descriptors.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lightmill.manifest import Manifest
from lightmill.sink import shards
from lightmill.sink.errors import DataError, explain, shown
from lightmill.sink.files import read_at
from lightmill.sink.shards import Extent
from lightmill.sink.source import Array

if TYPE_CHECKING:
    import h5py

HANDLES = 16
"""Files held open at once, far from any limit on descriptors."""


class File:
    """One open file; it is closed when nobody uses it any more, so that a read never loses its descriptor."""

    def __init__(self, path: Path, size: int) -> None:
        try:
            self.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise DataError(f"{shown(path)} is missing: make it again with resume") from None
        except OSError as error:
            raise explain("read", path, error) from None
        self.path = path
        found = os.fstat(self.descriptor).st_size
        if found != size:
            raise DataError(f"{shown(path)} is damaged: {found} bytes, not {size}. Make it again with resume")

    def __del__(self) -> None:
        if hasattr(self, "descriptor"):
            os.close(self.descriptor)

    def read(self, extent: Extent, row: int, into: Array) -> None:
        """Read rows from ``row`` on into a C-contiguous array of as many."""
        view = into.reshape(-1).view(np.uint8).data
        row_bytes = extent.dtype.itemsize * int(np.prod(extent.shape[1:], dtype=np.int64))
        try:
            done = read_at(self.descriptor, extent.offset + row * row_bytes, view)
        except OSError as error:
            raise explain("read", self.path, error) from None
        if done != len(view):
            raise DataError(f"{shown(self.path)} ends too early: make it again with resume")


def layout(path: Path) -> dict[str, Extent]:
    """Where the arrays of a file lie, by path."""
    with _opened(path) as file:
        return shards.extents(file)


def attributes(path: Path, dataset: str) -> dict[str, Any]:
    """Read the attributes of one dataset of a file; lists of words as lists."""
    with _opened(path) as file:
        found = file[dataset].attrs.items()
        return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in found}


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[h5py.File]:
    import h5py

    if not path.is_file():
        raise DataError(f"{shown(path)} is missing: make it again with resume")
    # HDF5 reports a damaged file by whatever exception its reader stumbles into.
    try:
        with h5py.File(path, "r", locking=False) as file:
            yield file
    except (OSError, KeyError, ValueError, TypeError, RuntimeError, UnicodeError, AttributeError) as error:
        said = " ".join(str(error).split())
        raise DataError(f"{shown(path)} cannot be read: {said}. Make it again with resume") from None


class Shards:
    """The shards of a data set, the last used of them open."""

    def __init__(self, out: Path, manifest: Manifest) -> None:
        self._folder, self._manifest = out / shards.FOLDER, manifest
        self._lock, self._process = threading.Lock(), os.getpid()
        self._open: OrderedDict[int, File] = OrderedDict()
        # Shards of a set are laid out alike, but for the last: equal layouts are kept once.
        self._layouts: dict[int, dict[str, Extent]] = {}
        self._distinct: list[dict[str, Extent]] = []

    def read(self, path: str, start: int, into: Array) -> None:
        """Fill ``into`` with the rows from ``start`` on, from as many shards as that takes."""
        done = 0
        while done < len(into):
            number, row = divmod(start + done, self._manifest.shard_rows)
            until = min(len(into), done + self._manifest.shard_rows - row)
            file, extents = self._get(number)
            if path not in extents:
                raise DataError(f"{shown(file.path)} holds no {path}: make it again with resume")
            file.read(extents[path], row, into[done:until])
            done = until

    def close(self) -> None:
        """Let go of all files; further reads open them again."""
        with self._own_lock():
            self._open.clear()

    def _get(self, number: int) -> tuple[File, dict[str, Extent]]:
        with self._own_lock():
            file = self._open.pop(number, None) or self._enter(number)
            self._open[number] = file
            while len(self._open) > HANDLES:
                self._open.popitem(last=False)
            return file, self._layouts[number]

    def _enter(self, number: int) -> File:
        path = self._folder / shards.file_name(number)
        file = File(path, self._manifest.shards[number].bytes)
        if number not in self._layouts:
            found = layout(path)
            same = next((one for one in self._distinct if one == found), None)
            if same is None:
                self._distinct.append(found)
            self._layouts[number] = same or found
        return file

    def _own_lock(self) -> threading.Lock:
        # A lock that another thread held when the process forked stays held in the child for ever.
        if self._process != os.getpid():
            self._lock, self._process = threading.Lock(), os.getpid()
        return self._lock
