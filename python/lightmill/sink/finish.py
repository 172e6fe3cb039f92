"""The end of a data set: statistics, the labels of all rows in one file, and the manifest, in this order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from lightmill import manifest
from lightmill.manifest import Shard, Stamp
from lightmill.sink import files, folder, shards
from lightmill.sink.content import PLACEHOLDER, Content
from lightmill.sink.digest import digest_of
from lightmill.sink.errors import DataError, shown
from lightmill.sink.skeleton import Skeleton, Virtual, build
from lightmill.sink.source import Array, Field
from lightmill.sink.target import Target

VIRTUAL_FILES = 256
"""Shards that a virtual dataset may span: each takes a descriptor, and one too many reads as NaN without an error."""


def finish(target: Target, made: Sequence[Shard], figures: dict[str, Any], preview: Callable[[], bytes] | None) -> None:
    """Write what stands beside the shards, once all of them are there and checked.

    Parameters
    ----------
    target : Target
        The data set.
    made : sequence of Shard
        All of them, in order.
    figures : dict
        Statistics of all rows.
    preview : callable or None
        Makes the bytes of ``preview.png``.
    """
    out, draft = target.out, target.draft
    stamps = {folder.RECIPE: _put(out / folder.RECIPE, target.identity.recipe.encode())}
    told = json.dumps({"rows": draft.count, **figures}, indent=1) + "\n"
    stamps[folder.STATISTICS] = _put(out / folder.STATISTICS, told.encode())
    if preview is not None:
        stamps[folder.PREVIEW] = _put(out / folder.PREVIEW, preview())
    stamps[folder.DATASET] = _collect(target, made)
    whole = replace(draft, complete=True, shards=tuple(made), files=stamps)
    _put(out / manifest.NAME, whole.text().encode())


def _put(path: Path, content: bytes) -> Stamp:
    if files.read_bytes(path) != content:
        files.write_file(path, len(content), [(0, content)])
    return Stamp(len(content), digest_of(content))


def _collect(target: Target, made: Sequence[Shard]) -> Stamp:
    """Write ``dataset.h5``: columns copied shard by shard, the rest virtual."""
    path, columns = target.out / folder.DATASET, target.columns
    plan = _skeleton(target, PLACEHOLDER)
    with files.temporary(path) as (descriptor, name):
        files.fill(descriptor, name, plan.size, [])
        content = Content(columns)
        for number, shard in enumerate(made):
            # What is the same for every row is the first shard's, once.
            wanted = [one for one in columns if number == 0 or not one.is_constant]
            for one, rows in _columns(target.shard(number), wanted, shard):
                content.update(one.path, rows)
                if one.path in plan.layout:
                    at = plan.layout[one.path][0] + shard.start * one.row_bytes
                    files.fill(descriptor, name, plan.size, [(at, rows.reshape(-1).view(np.uint8).data)])
        final = _skeleton(target, content.checksum())
        if (final.size, final.layout) != (plan.size, plan.layout):
            raise DataError(f"this version of HDF5 lays {path} out differently each time: please report it")
        files.fill(descriptor, name, final.size, list(final.bones.items()))
        stamp = Stamp(*files.hash_file(name))
        files.commit(descriptor, name, path)
    return stamp


def _skeleton(target: Target, content: str) -> Skeleton:
    division = target.division
    ranges = [division.rows_of(number) for number in range(division.number if division.number <= VIRTUAL_FILES else 0)]
    parts = [(f"{shards.FOLDER}/{shards.file_name(n)}", stop - start) for n, (start, stop) in enumerate(ranges)]
    # Only floats have a fill value, NaN, that cannot be taken for data when a shard is missing.
    far = [one for one in target.fields if not one.is_column and one.dtype.kind == "f"]
    virtual = [Virtual(one, parts) for one in far] if parts else []
    attributes = shards.root_attributes(target.identity, 0, division.count, content)
    return build(target.columns, division.count, attributes, virtual)


def _columns(path: Path, columns: Sequence[Field], shard: Shard) -> Iterator[tuple[Field, Array]]:
    """Read the columns of a shard that was checked."""
    with files.reading(path) as descriptor:
        for one in columns:
            array: Array = np.empty(one.whole(shard.stop - shard.start), one.dtype)
            view = array.reshape(-1).view(np.uint8).data
            if view and files.read_at(descriptor, shard.layout[one.path][0], view) != len(view):
                raise DataError(f"{shown(path)} is shorter than it was: resume makes it again")
            yield one, array
