"""Arrays written past the system's cache, where the disk can be written so.

A write goes through the page cache: the bytes are copied there, and the system later hands the pages to the
disk one by one. For a shard that is synced at once this is all cost: 0.5 s of processor time a GB, where the
disk takes the same bytes straight from the arrays for 0.05. What such a write asks for is whole pages, at
page borders of the file and of memory. The rest, and disks that refuse (EINVAL), go through the cache.
"""

from __future__ import annotations

import errno
import fcntl
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from lightmill.sink import files
from lightmill.sink.errors import explain
from lightmill.sink.naming import final
from lightmill.sink.source import Array

PAGE = 4096
"""Memory pages, and what disks ask for at most."""

PAST_THE_CACHE = getattr(os, "O_DIRECT", 0)
"""The flag of a descriptor that does so; 0 where the system has none."""


def empty(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """Return an array, as NumPy's does, that begins at a page's border."""
    size = dtype.itemsize * math.prod(shape)
    room: Array = np.empty(size + PAGE, np.uint8)
    begin = -room.ctypes.data % PAGE
    return room[begin : begin + size].view(dtype).reshape(shape)


class Writer:
    """Writes arrays into an open temporary file.

    Parameters
    ----------
    descriptor : int
        The file.
    path : Path
        Its temporary name.
    stop : callable
        Asked between chunks; when it says true, `Stopped` is raised.
    """

    def __init__(self, descriptor: int, path: Path, stop: Callable[[], bool]) -> None:
        self._descriptor, self._path, self._stop = descriptor, path, stop
        self._may, self._is = bool(PAST_THE_CACHE), False

    def put(self, offset: int, content: Array) -> None:
        """Write the bytes of a C-contiguous array at an offset.

        Raises
        ------
        DataError
            If the system refuses.
        """
        whole = content.nbytes // PAGE * PAGE if (offset | content.ctypes.data) % PAGE == 0 else 0
        view = content.reshape(-1).view(np.uint8).data
        try:
            if whole and self._switch(on=True) and self._put_pages(offset, view[:whole]):
                offset, view = offset + whole, view[whole:]
            self._switch(on=False)
            files.write_at(self._descriptor, offset, view, self._stop)
        except OSError as error:
            raise explain("write", final(self._path), error) from None

    def _put_pages(self, offset: int, view: memoryview) -> bool:
        try:
            files.write_at(self._descriptor, offset, view, self._stop)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            self._may = False
        return self._may

    def _switch(self, *, on: bool) -> bool:
        """Turn the flag on or off; tell whether it is on."""
        if on != self._is and (self._may or not on):
            flags = fcntl.fcntl(self._descriptor, fcntl.F_GETFL) & ~PAST_THE_CACHE
            try:
                fcntl.fcntl(self._descriptor, fcntl.F_SETFL, flags | (PAST_THE_CACHE if on else 0))
                self._is = on
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                self._may = False
        return self._is
