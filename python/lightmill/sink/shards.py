"""One shard: which rows it holds, how it is built, and whether one on disk is what it must be."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lightmill.manifest import FORMAT, Identity, Shard
from lightmill.sink.content import content_of
from lightmill.sink.digest import digest_of
from lightmill.sink.errors import explain
from lightmill.sink.files import close, read_at
from lightmill.sink.frame import Layout, frame
from lightmill.sink.skeleton import Memory
from lightmill.sink.source import SAMPLE, Array, Arrays, Attribute, Field

if TYPE_CHECKING:
    import h5py

LARGEST = 128 << 20
"""Bytes of arrays in a shard, at most; at least half of that unless the data set is smaller."""

FOLDER = "shards"
OVERHEAD = 1 << 16
"""Bytes of metadata in a file of few datasets; every dataset adds at most `OVERHEAD` // 16 more and its padding."""


@dataclass(frozen=True)
class Division:
    """How rows are divided into shards."""

    count: int
    rows: int

    @property
    def number(self) -> int:
        """How many shards there are."""
        return -(-self.count // self.rows)

    @property
    def largest(self) -> int:
        """Rows of the largest shard."""
        return min(self.rows, self.count)

    def rows_of(self, shard: int) -> tuple[int, int]:
        """First row of a shard, and the row after its last."""
        return shard * self.rows, min(self.count, (shard + 1) * self.rows)

    def shards_of(self, part: tuple[int, int]) -> range:
        """Choose the shards of part j of n (from 1): neighbours, so that a part is one range of rows."""
        which, parts = part
        return range(self.number * (which - 1) // parts, self.number * which // parts)


def file_name(shard: int) -> str:
    """Name of a shard's file: five digits, more where there are more shards."""
    return f"{shard:05d}.h5"


def file_number(name: str) -> int | None:
    """Tell which shard has a name, or None if none has."""
    stem = name.removesuffix(".h5")
    return int(stem) if stem.isascii() and stem.isdigit() and file_name(int(stem)) == name else None


def array_bytes(fields: Sequence[Field], rows: int) -> int:
    """Bytes of the arrays of so many rows."""
    return sum(one.bytes(rows) for one in fields)


def natural_rows(fields: Sequence[Field]) -> int:
    """Rows a shard by default: the largest power of two that stays within `LARGEST`, but one at least."""
    constant = array_bytes(fields, 0)
    row_bytes = array_bytes(fields, 1) - constant
    return 1 << max(0, (max(LARGEST - constant, 0) // max(row_bytes, 1)).bit_length() - 1)


def estimated_bytes(fields: Sequence[Field], rows: int) -> int:
    """Bytes of a file with that many rows, metadata and padding included; never too low."""
    return array_bytes(fields, rows) + OVERHEAD + len(fields) * (OVERHEAD // 16 + 4096)


def root_attributes(identity: Identity, start: int, stop: int, content: str) -> dict[str, Attribute]:
    """Gather what a file says of itself, so that it is complete without a manifest."""
    return {
        "lightmill": identity.lightmill,
        "format": FORMAT,
        "stream_version": identity.stream_version,
        "recipe": identity.checksum,
        "name": identity.name,
        "seed": identity.seed,
        "start": start,
        "stop": stop,
        "content": content,
    }


@dataclass(frozen=True)
class Extent:
    """Where a dataset's bytes lie in its file."""

    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]


def extents(file: h5py.File) -> dict[str, Extent]:
    """All datasets of a file that lie in it in one piece, by path."""
    import h5py

    found: dict[str, Extent] = {}

    def visit(name: str, thing: object) -> None:
        if isinstance(thing, h5py.Dataset) and not thing.is_virtual and thing.chunks is None:
            found[f"/{name}"] = Extent(thing.id.get_offset() or 0, thing.dtype, thing.shape)

    file.visititems(visit)
    return found


def inspect(
    path: Path, fields: Sequence[Field], identity: Identity, rows: tuple[int, int], buffer: Array
) -> tuple[Shard, Arrays] | None:
    """Read a shard whole and compare it with what it must be.

    Parameters
    ----------
    path : Path
        The shard.
    fields : sequence of Field
        What it must hold.
    identity : Identity
        What data set it must belong to.
    rows : (int, int)
        Its rows.
    buffer : numpy.ndarray
        Bytes to read it into; a larger file is not that shard.

    Returns
    -------
    (Shard, dict of arrays) or None
        What it is and its arrays (views of ``buffer``), or None if it is missing, damaged or another.
    """
    size = _read(path, buffer)
    if size is None or size > len(buffer):
        return None
    image = buffer[:size].data
    parsed = _parse(image, fields, root_attributes(identity, *rows, ""), rows[1] - rows[0])
    if parsed is None:
        return None
    checksum, arrays, layout = parsed
    content, sample = content_of(fields, arrays), arrays[SAMPLE.path]
    if content.checksum() != checksum or not np.array_equal(sample, np.arange(*rows, dtype=SAMPLE.dtype)):
        return None

    def digest(path: str | None, offset: int, length: int) -> str:
        return content.digest(path) if path else digest_of(image[offset : offset + length])

    return Shard(*rows, size, checksum, frame(size, layout, digest), layout), arrays


def _read(path: Path, buffer: Array) -> int | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise explain("read", path, error) from None
    try:
        size = os.fstat(descriptor).st_size
        return size if size > len(buffer) or read_at(descriptor, 0, buffer[:size].data) == size else None
    except OSError as error:
        raise explain("read", path, error) from None
    finally:
        close(descriptor)


def _parse(
    image: memoryview, fields: Sequence[Field], root: Mapping[str, Attribute], rows: int
) -> tuple[str, Arrays, Layout] | None:
    import h5py

    # HDF5 reports a damaged file by whatever exception its reader stumbles into.
    try:
        with h5py.File(Memory(image), "r") as file:
            told = {name: value for name, value in file.attrs.items() if name not in ("lightmill", "content")}
            wanted = {name: value for name, value in root.items() if name not in ("lightmill", "content")}
            found = extents(file)
            if told != wanted or found.keys() != {one.path for one in fields}:
                return None
            if not all(_same(file[one.path].attrs, one.attributes) for one in fields):
                return None
            content = str(file.attrs["content"])
    except (OSError, KeyError, ValueError, TypeError, RuntimeError, UnicodeError, AttributeError):
        return None
    arrays: Arrays = {}
    layout: dict[str, tuple[int, int]] = {}
    for one in fields:
        extent = found[one.path]
        if extent.shape != one.whole(rows) or extent.dtype != one.dtype:
            return None
        if extent.offset + one.bytes(rows) > len(image):
            return None
        arrays[one.path] = np.ndarray(extent.shape, one.dtype, image, extent.offset)
        if arrays[one.path].nbytes:
            layout[one.path] = (extent.offset, arrays[one.path].nbytes)
    return content, arrays, layout


def _same(found: Mapping[str, Any], wanted: Mapping[str, Attribute]) -> bool:
    return found.keys() == wanted.keys() and all(np.array_equal(found[name], wanted[name]) for name in wanted)
