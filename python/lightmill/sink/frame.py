"""The checksum of a file's bytes, which need not hash its arrays again.

The file is cut at the ends of its arrays. Its frame is the XXH3 over one JSON line a piece, in order of
offset: offset, length and the XXH3 of the bytes there. The pieces are the whole file, so that no bit of
it can change unseen; and the digests of those that are arrays are known already, from the checksum of the
content: a shard is hashed once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from lightmill.sink import files
from lightmill.sink.digest import Digest as Hash

Layout = Mapping[str, tuple[int, int]]
"""Offset and bytes of the arrays of a file, by path; those without bytes are left out."""

Digest = Callable[[str | None, int, int], str]
"""XXH3, hexadecimal, of a piece: its path (None between the arrays), offset and bytes."""


def pieces(size: int, layout: Layout) -> Iterator[tuple[str | None, int, int]]:
    """Cut a file at the ends of its arrays: path (None between them), offset and bytes, in order of offset."""
    position = 0
    for path, (offset, length) in sorted(layout.items(), key=lambda one: one[1]):
        if offset > position:
            yield None, position, offset - position
        yield path, offset, length
        position = max(position, offset + length)
    if size > position:
        yield None, position, size - position


def frame(size: int, layout: Layout, digest: Digest) -> str:
    """Put the checksum of a file together from those of its pieces."""
    total = Hash()
    for path, offset, length in pieces(size, layout):
        total.update(json.dumps([offset, length, digest(path, offset, length)]).encode() + b"\n")
    return total.hexdigest()


def frame_of(path: Path, size: int, layout: Layout) -> str:
    """Read a file once, in order of offset, and compute its frame.

    Raises
    ------
    DataError
        If the system refuses to read it.
    """
    with files.reading(path) as descriptor:
        return frame(size, layout, lambda _, offset, length: files.hash_at(descriptor, offset, length))
