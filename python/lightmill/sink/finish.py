"""The end of a data set: statistics, the labels of all rows in one file, and the manifest, in this order."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from lightmill import manifest
from lightmill.manifest import Identity, Manifest, Shard, Stamp
from lightmill.sink import files, folder, shards
from lightmill.sink.content import PLACEHOLDER, Content
from lightmill.sink.errors import DataError, explain
from lightmill.sink.skeleton import Skeleton, Virtual, build
from lightmill.sink.source import Array, Field

VIRTUAL_FILES = 256
"""Shards that a virtual dataset may span: each takes a descriptor, and one too many reads as NaN without an error."""


def finish(
    out: Path,
    draft: Manifest,
    identity: Identity,
    fields: Sequence[Field],
    made: Sequence[Shard],
    figures: dict[str, Any],
    preview: Callable[[], bytes] | None,
) -> Manifest:
    """Write what stands beside the shards, once all of them are there and checked.

    Parameters
    ----------
    out : Path
        The data set.
    draft : Manifest
        Its manifest so far.
    identity : Identity
        What it is.
    fields : sequence of Field
        What a shard holds.
    made : sequence of Shard
        All of them, in order.
    figures : dict
        Statistics of all rows.
    preview : callable or None
        Makes the bytes of ``preview.png``.

    Returns
    -------
    Manifest
        As written.
    """
    stamps = {folder.RECIPE: _put(out / folder.RECIPE, identity.recipe.encode())}
    told = json.dumps({"rows": draft.count, **figures}, indent=1) + "\n"
    stamps[folder.STATISTICS] = _put(out / folder.STATISTICS, told.encode())
    if preview is not None:
        stamps[folder.PREVIEW] = _put(out / folder.PREVIEW, preview())
    stamps[folder.DATASET] = _collect(out, draft, identity, fields, made)
    whole = replace(draft, complete=True, shards=tuple(made), files=stamps, lightmill=identity.lightmill)
    _put(out / manifest.NAME, whole.text().encode())
    return whole


def _put(path: Path, content: bytes) -> Stamp:
    if files.read_bytes(path) != content:
        files.write_file(path, len(content), [(0, content)])
    return Stamp(len(content), hashlib.sha256(content).hexdigest())


def _collect(out: Path, draft: Manifest, identity: Identity, fields: Sequence[Field], made: Sequence[Shard]) -> Stamp:
    """Write ``dataset.h5``: columns copied shard by shard, the rest virtual."""
    columns = [one for one in fields if one.is_column]
    # Only floats have a fill value, NaN, that cannot be taken for data when a shard is missing.
    far = [one for one in fields if not one.is_column and one.dtype.kind == "f"]
    parts = [(f"{shards.FOLDER}/{shards.file_name(n)}", one.stop - one.start) for n, one in enumerate(made)]
    virtual = [Virtual(one, parts) for one in far] if len(made) <= VIRTUAL_FILES else []

    def skeleton(content: str) -> Skeleton:
        return build(columns, draft.count, shards.root_attributes(identity, 0, draft.count, content), virtual)

    path = out / folder.DATASET
    plan = skeleton(PLACEHOLDER)
    with files.temporary(path) as (descriptor, name):
        files.fill(descriptor, name, plan.size, [])
        content = Content(columns)
        for number, shard in enumerate(made):
            for one, rows in _columns(out / parts[number][0], columns, shard):
                content.update(one.path, rows)
                _place(descriptor, name, plan, one, shard.start, rows)
        final = skeleton(content.hexdigest())
        if (final.size, final.offsets) != (plan.size, plan.offsets):
            raise DataError(f"this version of HDF5 lays {path} out differently each time: please report it")
        files.fill(descriptor, name, final.size, final.metadata)
        stamp = Stamp(*files.hash_file(name))
        files.commit(descriptor, name, path)
    return stamp


def _place(descriptor: int, name: Path, plan: Skeleton, one: Field, start: int, rows: Array) -> None:
    if one.path in plan.offsets:
        at = plan.offsets[one.path] + start * one.row_bytes
        files.fill(descriptor, name, plan.size, [(at, rows.reshape(-1).view(np.uint8).data)])


def _columns(path: Path, columns: Sequence[Field], shard: Shard) -> list[tuple[Field, Array]]:
    """Read the columns of a shard that was checked."""
    import h5py

    try:
        with h5py.File(path, "r", locking=False) as file:
            found = shards.extents(file)
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return [(one, _read(descriptor, found[one.path], one, shard.stop - shard.start)) for one in columns]
        finally:
            os.close(descriptor)
    except OSError as error:
        raise explain("read", path, error) from None


def _read(descriptor: int, extent: shards.Extent, one: Field, rows: int) -> Array:
    array: Array = np.empty((rows, *one.shape), one.dtype)
    view = array.reshape(-1).view(np.uint8).data
    if files.read_at(descriptor, extent.offset, view) != len(view):
        raise OSError(0, "it is shorter than it was")
    return array
