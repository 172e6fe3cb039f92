"""What a run writes, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lightmill.manifest import Identity, Manifest
from lightmill.sink.shards import FOLDER, Division, file_name
from lightmill.sink.source import Field


@dataclass(frozen=True)
class Target:
    """A data set to be.

    Attributes
    ----------
    out : Path
        Its folder.
    identity : Identity
        What it is.
    fields : tuple of Field
        What a shard holds, row numbers included.
    division : Division
        Which rows each shard holds.
    """

    out: Path
    identity: Identity
    fields: tuple[Field, ...]
    division: Division

    @property
    def draft(self) -> Manifest:
        """Its manifest before there is any shard."""
        return Manifest.draft(self.identity, self.division.count, self.division.rows)

    @property
    def folder(self) -> Path:
        """The folder of the shards."""
        return self.out / FOLDER

    @property
    def columns(self) -> tuple[Field, ...]:
        """What ``dataset.h5`` holds for all rows."""
        return tuple(one for one in self.fields if one.is_column)

    def shard(self, number: int) -> Path:
        """Name the file of a shard."""
        return self.folder / file_name(number)
