"""A run: from a source of rows to a data set on disk, or a part of one, or the rest of one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lightmill.manifest import Identity, Manifest, Shard
from lightmill.sink import files, folder, shards
from lightmill.sink.errors import DataError, Interrupted, shown, size
from lightmill.sink.finish import finish
from lightmill.sink.pipeline import Pipeline
from lightmill.sink.shards import Division
from lightmill.sink.source import SAMPLE, Array, Arrays, Source, stored
from lightmill.sink.statistics import Statistics

Progress = Callable[[str, int, int], None]
"""Called with the stage ("checking", "making", "finishing"), the rows done and the rows in all."""

PIECE_SECONDS = 0.06
"""Time of one call of the source: Ctrl-C and progress wait for it, and shorter ones cost more in calls."""


@dataclass(frozen=True)
class Report:
    """What a run did.

    Attributes
    ----------
    out : Path
        The data set.
    made, kept : int
        Shards written by this run, and shards of its part found whole.
    rows : int
        Rows written by this run.
    bytes : int
        Bytes of the shards written by this run.
    missing : int
        Shards of other parts that are not there yet.
    complete : bool
        Whether the data set is whole and has its manifest.
    """

    out: Path
    made: int
    kept: int
    rows: int
    bytes: int
    missing: int
    complete: bool


def write(
    source: Source,
    out: str | Path,
    identity: Identity,
    *,
    count: int,
    shard_rows: int | None = None,
    part: tuple[int, int] = (1, 1),
    resume: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
    preview: Callable[[], bytes] | None = None,
) -> Report:
    """Write a data set of a source's rows.

    Parameters
    ----------
    source : Source
        Gives the rows; row *k* must depend on *k* alone.
    out : str or Path
        The folder; its parent must exist, and nothing outside it is written.
    identity : Identity
        What the data set is: another one in the same folder is refused.
    count : int
        Rows of the data set, 1 at least.
    shard_rows : int, optional
        Rows a shard; by default the largest power of two within 128 MiB, or what an unfinished data set has.
    part : (int, int), optional
        Make part j of n (from 1) only; the run that finds all shards there completes the data set. Parts may run
        at once, in several processes, and go on with what they find.
    resume : bool, optional
        Go on with what is there: make what is missing or damaged. An empty or missing folder will do.
    overwrite : bool, optional
        Remove the data set that is there first; a folder that holds anything else is refused.
    progress : callable, optional
        See `Progress`.
    preview : callable, optional
        Makes the bytes of ``preview.png``; called once, at the end.

    Returns
    -------
    Report
        What was done.

    Raises
    ------
    DataError
        If the data set cannot be written; completed shards are kept.
    Interrupted
        If the user stopped the run; completed shards are kept.
    ValueError
        If an argument is impossible.
    """
    _check(count, shard_rows, part, resume=resume, overwrite=overwrite)
    run = _Run(source, Path(out), identity, count, part, progress or _silent)
    try:
        return run.go(shard_rows, resume=resume or part != (1, 1), overwrite=overwrite, preview=preview)
    except KeyboardInterrupt:
        raise Interrupted(f"stopped; completed shards in {shown(run.out)} are kept, resume goes on from them") from None


class _Run:
    """One call of `write`."""

    def __init__(
        self, source: Source, out: Path, identity: Identity, count: int, part: tuple[int, int], progress: Progress
    ) -> None:
        self.source, self.out, self.identity, self.count = source, out, identity, count
        self.part, self.progress = part, progress
        self.fields = stored(source.fields)
        self.statistics = Statistics(self.fields)
        self.known: dict[int, Shard] = {}

    def go(
        self, shard_rows: int | None, *, resume: bool, overwrite: bool, preview: Callable[[], bytes] | None
    ) -> Report:
        """Check all that can be checked, take the folder, make the shards, complete the data set."""
        self._admit(shard_rows, resume=resume, overwrite=overwrite)
        with ExitStack() as held:
            files.make_folder(self.out)
            held.enter_context(folder.locked(self.out, shared=self.part != (1, 1)))
            # Another run may have come first since.
            self._admit(shard_rows, resume=resume, overwrite=overwrite)
            if overwrite and not self.found.empty:
                folder.remove_data_set(self.out)
            folder.claim(self.out, self.draft, self.identity)
            files.remove_stale(self.out)
            files.remove_stale(self.shards)
            mine = self.division.shards_of(self.part)
            self._check(mine)
            kept = len(self.known)
            made = self._make([number for number in mine if number not in self.known])
            complete = self._complete(preview)
        written = [self.known[number] for number in made]
        return Report(
            self.out,
            made=len(made),
            kept=kept,
            rows=sum(one.stop - one.start for one in written),
            bytes=sum(one.bytes for one in written),
            missing=0 if complete else len(self._absent()),
            complete=complete,
        )

    @property
    def shards(self) -> Path:
        """The folder of the shards."""
        return self.out / shards.FOLDER

    def _admit(self, shard_rows: int | None, *, resume: bool, overwrite: bool) -> None:
        """Refuse what cannot be done; change nothing."""
        self.found = folder.examine(self.out)
        before = self.found.manifest if resume else None
        rows = shard_rows or (before.shard_rows if before else shards.natural_rows(self.fields))
        self.division = Division(self.count, rows)
        self.draft = Manifest.draft(self.identity, self.count, rows)
        if resume:
            folder.check_same(self.out, self.found, self.draft, self.identity.recipe)
        elif overwrite:
            folder.check_removable(self.out, self.found)
        else:
            folder.check_free(self.out, self.found)
        self._check_space()
        first = (
            self.division.rows_of(self.division.shards_of(self.part).start)[0]
            if self.division.shards_of(self.part)
            else 0
        )
        self.source.arrays(first, first + 1)

    def _check_space(self) -> None:
        mine = self.division.shards_of(self.part)
        full = shards.estimated_bytes(self.fields, min(self.division.rows, self.count))
        columns = [one for one in self.fields if one.is_column]
        need = len(mine) * full + shards.estimated_bytes(columns, self.count)
        free = files.free_space(self.out if self.out.exists() else self.out.parent)
        free += _bytes_in(self.shards) + _bytes_in(self.out)
        if need > free:
            told = f"the data set needs {size(need)}, the disk of {shown(self.out)} has {size(free)} for it"
            raise DataError(f"{told}: make fewer rows (count) or choose another disk")

    def _check(self, numbers: Iterable[int]) -> None:
        """Read the shards that are there and keep what they are, if they are right."""
        there = sorted(set(self._there()).intersection(numbers))
        if not there:
            return
        buffer: Array = np.empty(shards.estimated_bytes(self.fields, self.division.rows), np.uint8)
        for done, number in enumerate(there):
            self.progress("checking", done * self.division.rows, len(there) * self.division.rows)
            path = self.shards / shards.file_name(number)
            found = shards.inspect(path, self.fields, self.identity, self.division.rows_of(number), buffer)
            if found and self._listed(number, found[0]):
                self.known[number] = found[0]
                self.statistics.update(found[1])

    def _listed(self, number: int, shard: Shard) -> bool:
        """Whether the manifest, if it is complete, agrees."""
        before = self.found.manifest
        return before is None or not before.complete or before.shards[number] == shard

    def _there(self) -> list[int]:
        return [int(name[:-3]) for name in files.names(self.shards) if folder.SHARD.match(name)]

    def _absent(self) -> list[int]:
        there = set(self._there())
        return [number for number in range(self.division.number) if number not in there]

    def _make(self, numbers: list[int]) -> list[int]:
        """Render and write shards; returns those written."""
        if not numbers:
            return []
        pipeline = Pipeline(self.shards, self.fields, self.identity, self.division)
        try:
            render = _Renderer(
                self.source, self.progress, sum(self._rows(number) for number in numbers), pipeline.check
            )
            for number in numbers:
                buffer = pipeline.buffer()
                render.fill(buffer, *self.division.rows_of(number))
                pipeline.submit(number, buffer)
            pipeline.finish()
        except BaseException:
            pipeline.abort()
            raise
        self.known.update(pipeline.made)
        self.statistics.join(pipeline.statistics)
        return numbers

    def _rows(self, number: int) -> int:
        start, stop = self.division.rows_of(number)
        return stop - start

    def _complete(self, preview: Callable[[], bytes] | None) -> bool:
        """Complete the data set if all shards are there; one run at a time."""
        with folder.locked(self.shards, wait=True):
            if self._absent():
                return False
            now = folder.examine(self.out).manifest
            if now and now.complete and self._is_whole(now):
                return True
            self._check(set(range(self.division.number)).difference(self.known))
            damaged = [number for number in range(self.division.number) if number not in self.known]
            if damaged:
                name = f"{shards.FOLDER}/{shards.file_name(damaged[0])}"
                raise DataError(
                    f"{shown(self.out)}: {name}, of another part, is damaged: run that part again, or resume"
                )
            self.progress("finishing", self.count, self.count)
            made = [self.known[number] for number in range(self.division.number)]
            finish(self.out, self.draft, self.identity, self.fields, made, self.statistics.figures(), preview)
        return True

    def _is_whole(self, now: Manifest) -> bool:
        """Whether what stands beside the shards is what the manifest says, for the shards as they are."""
        if any(now.shards[number] != shard for number, shard in self.known.items()):
            return False
        paths = {name: self.out / name for name in now.files}
        return all(
            paths[name].is_file() and files.hash_file(paths[name]) == (stamp.bytes, stamp.sha256)
            for name, stamp in now.files.items()
        )


class _Renderer:
    """Fills buffers a piece at a time, a piece as large as `PIECE_SECONDS` allow."""

    def __init__(self, source: Source, progress: Progress, total: int, check: Callable[[], None]) -> None:
        self._source, self._progress, self._total, self._check = source, progress, total, check
        self._done, self._rows = 0, 16

    def fill(self, buffer: Arrays, start: int, stop: int) -> None:
        """Render rows ``start`` to ``stop`` into the head of a buffer."""
        buffer[SAMPLE.path][: stop - start] = np.arange(start, stop)
        at = start
        while at < stop:
            until = min(stop, at + self._rows)
            began = time.perf_counter()
            views = {path: rows[at - start : until - start] for path, rows in buffer.items() if path != SAMPLE.path}
            _place(self._source.arrays(at, until, views), views)
            self._pace(until - at, time.perf_counter() - began)
            self._check()
            self._done += until - at
            self._progress("making", self._done, self._total)
            at = until

    def _pace(self, rows: int, seconds: float) -> None:
        fitting = rows * PIECE_SECONDS / max(seconds, 1e-6)
        self._rows = int(min(max(fitting, self._rows / 4, 1), self._rows * 4, 1 << 24))


def _place(arrays: Arrays, views: Arrays) -> None:
    for path, view in views.items():
        given = arrays[path]
        if given is not view and not _is_same_memory(given, view):
            if given.shape != view.shape:
                raise ValueError(f"the source gave {path} of shape {given.shape} where {view.shape} was wanted")
            np.copyto(view, given, casting="equiv")


def _is_same_memory(one: Array, other: Array) -> bool:
    mine, its = one.__array_interface__, other.__array_interface__
    return all(mine[key] == its[key] for key in ("data", "shape", "typestr")) and one.flags.c_contiguous


def _check(count: int, shard_rows: int | None, part: tuple[int, int], *, resume: bool, overwrite: bool) -> None:
    which, parts = part
    if count < 1:
        raise ValueError(f"a data set has 1 row at least, not {count}")
    if shard_rows is not None and shard_rows < 1:
        raise ValueError(f"a shard has 1 row at least, not {shard_rows}")
    if not 1 <= which <= parts:
        raise ValueError(f"part {which}/{parts}: the first number goes from 1 to the second")
    if resume and overwrite:
        raise ValueError("resume keeps what is there, overwrite removes it: choose one")
    if overwrite and part != (1, 1):
        raise ValueError("parts write into one folder together and cannot overwrite it: remove it first")


def _bytes_in(path: Path) -> int:
    if not path.is_dir():
        return 0
    total = 0
    for name in files.names(path):
        found: Any = (path / name).lstat()
        total += found.st_blocks * 512
    return total


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nothing."""
