"""Skeletons of the shards of a data set: HDF5 lays one out, the others differ by three attributes.

Building a skeleton costs 7-20 ms, which a shard of 64 MiB can spare nowhere. Shards of equal length differ in
``start``, ``stop`` and ``content`` alone, whose values have a fixed size: one is built with marks in their
place, and the marks are overwritten. Where a mark is not found just once, every skeleton is built.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lightmill.manifest import Identity
from lightmill.sink.digest import digest_of
from lightmill.sink.shards import root_attributes
from lightmill.sink.skeleton import Skeleton, build
from lightmill.sink.source import Attribute, Field

MARK = digest_of(b"lightmill")
MARKS: dict[str, Attribute] = {"start": int(MARK[:15], 16), "stop": int(MARK[15:30], 16), "content": MARK}


@dataclass(frozen=True)
class Mould:
    """A skeleton with marks.

    Attributes
    ----------
    skeleton : Skeleton
        As HDF5 laid it out.
    places : dict of (int, int)
        For every mark the bone that it is in, by offset, and its position there.
    """

    skeleton: Skeleton
    places: Mapping[str, tuple[int, int]]

    def cast(self, attributes: Mapping[str, Attribute]) -> Skeleton:
        """Put the attributes of a shard in the place of the marks."""
        bones = {offset: bytearray(bone) for offset, bone in self.skeleton.bones.items()}
        for name, (offset, position) in self.places.items():
            told = _told(attributes[name])
            bones[offset][position : position + len(told)] = told
        return replace(self.skeleton, bones={offset: bytes(bone) for offset, bone in bones.items()})


class Moulds:
    """Makes the skeletons of a data set's shards.

    Parameters
    ----------
    fields : sequence of Field
        What a shard holds.
    identity : Identity
        The data set.
    """

    def __init__(self, fields: Sequence[Field], identity: Identity) -> None:
        self._fields, self._identity = fields, identity
        self._known: dict[int, Mould | None] = {}
        self._lock = threading.Lock()

    def skeleton(self, start: int, stop: int, content: str) -> Skeleton:
        """Lay out the shard of some rows, whose checksum is known, or as long as one."""
        rows, attributes = stop - start, root_attributes(self._identity, start, stop, content)
        with self._lock:
            if rows not in self._known:
                self._known[rows] = _mould(self._fields, rows, attributes)
        mould = self._known[rows]
        return mould.cast(attributes) if mould else build(self._fields, rows, attributes)


def _mould(fields: Sequence[Field], rows: int, attributes: Mapping[str, Attribute]) -> Mould | None:
    skeleton = build(fields, rows, {**attributes, **MARKS})
    places = {}
    for name, mark in MARKS.items():
        sought = _told(mark)
        found = [(offset, bone.find(sought)) for offset, bone in skeleton.bones.items() if sought in bone]
        if len(found) != 1 or skeleton.bones[found[0][0]].count(sought) != 1:
            return None
        places[name] = found[0]
    return Mould(skeleton, places)


def _told(value: Attribute) -> bytes:
    return value.to_bytes(8, "little") if isinstance(value, int) else str(value).encode()
