"""The checksum of a file's content: of its arrays, not of its bytes, so that it survives a new HDF5.

It is the XXH3 over one JSON line a dataset, in order of path: path, dtype, shape and the XXH3 of the
dataset's bytes in C order. Rows can therefore be fed a few at a time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from lightmill.sink.digest import Digest
from lightmill.sink.source import Array, Field

PLACEHOLDER = "0" * 32
"""Holds the place of a checksum that is not known yet: as long as one."""


class Content:
    """Checksum in the making; rows of every field are fed in order."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = sorted(fields, key=lambda one: one.path)
        self._hashes = {one.path: Digest() for one in fields}
        self._rows = dict.fromkeys(self._hashes, 0)

    def update(self, path: str, rows: Array) -> None:
        """Feed further rows of one dataset."""
        self.hasher(path, len(rows)).update(rows)

    def hasher(self, path: str, rows: int) -> Digest:
        """Return what must be fed so many further rows of one dataset."""
        self._rows[path] += rows
        return self._hashes[path]

    def digest(self, path: str) -> str:
        """Tell the XXH3 of one dataset's rows so far."""
        return self._hashes[path].hexdigest()

    def checksum(self) -> str:
        """Tell the checksum of all rows so far."""
        total = Digest()
        for one in self._fields:
            shape = list(one.whole(self._rows[one.path]))
            line = json.dumps([one.path, one.dtype.str, shape, self.digest(one.path)])
            total.update(line.encode() + b"\n")
        return total.hexdigest()


def content_of(fields: Sequence[Field], arrays: Mapping[str, Array]) -> Content:
    """Hash whole arrays."""
    content = Content(fields)
    for one in fields:
        content.update(one.path, arrays[one.path])
    return content
