"""The caller's side of the pipeline: rows rendered into a shard's arrays, a piece at a time."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from lightmill.sink.source import CONSTANTS, SAMPLE, Array, Arrays, Source

Progress = Callable[[str, int, int], None]
"""Called with the stage ("checking", "making", "finishing"), the rows done and the rows in all."""

PIECE_SECONDS = 0.06
"""Time of one call of the source: Ctrl-C and progress wait for it, and shorter ones cost more in calls."""

FIRST_ROWS = 16

ASKING = 1 << 16
"""Bytes from which on it is worth asking whether the source wrote them where they belong."""


class Renderer:
    """Fills buffers a piece at a time, a piece as large as `PIECE_SECONDS` allow."""

    def __init__(self, source: Source, progress: Progress, total: int, check: Callable[[], None]) -> None:
        self._source, self._progress, self._total, self._check = source, progress, total, check
        self._done, self._rows = 0, FIRST_ROWS

    def fill(self, buffer: Arrays, start: int, stop: int) -> None:
        """Render rows ``start`` to ``stop`` into the head of a buffer."""
        buffer[SAMPLE.path][: stop - start] = np.arange(start, stop, dtype=SAMPLE.dtype)
        at = start
        while at < stop:
            until = min(stop, at + self._rows)
            began = time.perf_counter()
            views = {path: _part(path, rows, at - start, until - start) for path, rows in buffer.items()}
            del views[SAMPLE.path]
            _place(self._source.arrays(at, until, views), views)
            self._pace(until - at, time.perf_counter() - began)
            self._check()
            self._done += until - at
            self._progress("making", self._done, self._total)
            at = until

    def _pace(self, rows: int, seconds: float) -> None:
        fitting = rows * PIECE_SECONDS / max(seconds, 1e-6)
        self._rows = int(min(max(fitting, self._rows / 4, 1), self._rows * 4, 1 << 24))


def _part(path: str, array: Array, start: int, stop: int) -> Array:
    return array if path.startswith(CONSTANTS) else array[start:stop]


def _place(arrays: Arrays, views: Arrays) -> None:
    for path, view in views.items():
        given = arrays[path]
        # A column is copied onto itself in less time than it takes to ask.
        if given is not view and not (view.nbytes > ASKING and _is_same_memory(given, view)):
            if given.shape != view.shape:
                raise ValueError(f"the source gave {path} of shape {given.shape} where {view.shape} was wanted")
            np.copyto(view, given, casting="equiv")


def _is_same_memory(one: Array, other: Array) -> bool:
    mine, its = one.__array_interface__, other.__array_interface__
    return all(mine[key] == its[key] for key in ("data", "shape", "typestr")) and one.flags.c_contiguous
