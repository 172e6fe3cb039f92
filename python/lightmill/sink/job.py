"""A run: from a source of rows to a data set on disk, or a part of one, or the rest of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path

import numpy as np

from lightmill.manifest import Identity, Manifest, Shard
from lightmill.sink import files, folder, shards
from lightmill.sink.errors import DataError, Interrupted, shown, size
from lightmill.sink.finish import finish
from lightmill.sink.frame import Layout
from lightmill.sink.pipeline import Pipeline
from lightmill.sink.render import Progress, Renderer
from lightmill.sink.shards import Division
from lightmill.sink.source import Array, Field, Source, stored
from lightmill.sink.statistics import Statistics
from lightmill.sink.target import Target

Preview = Callable[[], bytes]


@dataclass(frozen=True)
class Report:
    """What a run did.

    Parameters
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


def write(  # noqa: PLR0913 -- each is a choice of the user, by keyword
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
    preview: Preview | None = None,
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
        Makes the bytes of ``preview.png``; called once, when all rows are made.

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
    if not str(out):
        raise ValueError("the folder has no name: an empty one would be the folder that this runs in")
    mode = _mode(part, resume=resume, overwrite=overwrite)
    fields = stored(source.fields)
    target = Target(Path(out), identity, fields, _division(Path(out), fields, count, shard_rows, mode))
    try:
        return _Run(source, target, part, progress or _silent, preview).go(mode)
    except MemoryError:
        rows = target.division.largest
        told = f"a shard of {rows} rows takes {size(shards.array_bytes(fields, rows))} and a few are held at once"
        raise DataError(f"not enough memory: {told}; choose fewer rows a shard") from None
    except KeyboardInterrupt:
        raise Interrupted(f"stopped; completed shards in {shown(out)} are kept, resume goes on from them") from None


class Mode(Enum):
    """What to do about a folder that is in use already."""

    REFUSE = "refuse it"
    GO_ON = "go on with it"
    REPLACE = "replace it"


class _Run:
    """One call of `write`."""

    def __init__(
        self, source: Source, target: Target, part: tuple[int, int], progress: Progress, preview: Preview | None
    ) -> None:
        self.source, self.target, self.part, self.progress = source, target, part, progress
        self.preview = cache(preview) if preview else None
        self.statistics = Statistics(target.fields)
        self.known: dict[int, Shard] = {}
        self.layouts: list[Layout] = []

    def go(self, mode: Mode) -> Report:
        """Check all that can be checked, take the folder, make the shards, complete the data set."""
        self._admit(mode)
        self._probe()
        files.make_folder(self.target.out)
        with folder.locked(self.target.out, shared=self.part != (1, 1)):
            # Another run may have come first since.
            self._admit(mode)
            if mode is Mode.REPLACE and not self.found.empty:
                folder.replace_data_set(self.target)
            folder.claim(self.target)
            files.remove_stale(self.target.out)
            files.remove_stale(self.target.folder)
            mine = self.target.division.shards_of(self.part)
            self._check(mine)
            kept = len(self.known)
            made = self._make([number for number in mine if number not in self.known])
            return self._report(made, kept, complete=self._complete())

    def _report(self, made: list[int], kept: int, *, complete: bool) -> Report:
        written = [self.known[number] for number in made]
        return Report(
            self.target.out,
            made=len(made),
            kept=kept,
            rows=sum(one.stop - one.start for one in written),
            bytes=sum(one.bytes for one in written),
            missing=0 if complete else len(self._absent()),
            complete=complete,
        )

    def _admit(self, mode: Mode) -> None:
        """Refuse what cannot be done; change nothing."""
        self.found = folder.examine(self.target.out)
        if mode is Mode.GO_ON:
            folder.check_same(self.target, self.found)
        elif mode is Mode.REPLACE:
            folder.check_removable(self.target.out, self.found)
        else:
            folder.check_free(self.target.out, self.found)
        self._check_space()

    def _probe(self) -> None:
        # A source that cannot render at all must not cost the data set that is there.
        mine = self.target.division.shards_of(self.part)
        if mine:
            first, _ = self.target.division.rows_of(mine.start)
            self.source.arrays(first, first + 1)

    def _check_space(self) -> None:
        target, mine = self.target, self.target.division.shards_of(self.part)
        full = shards.estimated_bytes(target.fields, target.division.largest)
        need = len(mine) * full + shards.estimated_bytes(target.columns, target.division.count)
        free = files.free_space(target.out if target.out.exists() else target.out.parent)
        # What is there will be kept, replaced or removed: its room counts as free.
        free += files.disk_bytes([target.shard(number) for number in self._there() if number in mine])
        free += files.disk_bytes([target.out / folder.DATASET])
        if need > free:
            told = f"the data set needs {size(need)}, the disk of {shown(target.out)} has {size(free)} for it"
            raise DataError(f"{told}: make fewer rows (count) or choose another disk")

    def _check(self, numbers: Iterable[int]) -> None:
        """Read the shards that are there and keep what they are, if they are right."""
        there = sorted(set(self._there()).intersection(numbers))
        if not there:
            return
        target = self.target
        buffer: Array = np.empty(shards.estimated_bytes(target.fields, target.division.largest), np.uint8)
        for done, number in enumerate(there):
            self.progress("checking", done * target.division.largest, len(there) * target.division.largest)
            rows = target.division.rows_of(number)
            found = shards.inspect(target.shard(number), target.fields, target.identity, rows, buffer)
            if found and self._listed(number, found[0]):
                self.known[number] = self._shared(found[0])
                for path, array in found[1].items():
                    self.statistics.update(path, array)

    def _shared(self, shard: Shard) -> Shard:
        """Let shards of equal layouts hold one: a layout takes ten times the memory of the rest."""
        same = next((one for one in self.layouts if one == shard.layout), None)
        if same is None:
            self.layouts.append(shard.layout)
        return replace(shard, layout=same or shard.layout)

    def _listed(self, number: int, shard: Shard) -> bool:
        """Whether the manifest, if it is complete, agrees."""
        before = self.found.manifest
        return before is None or not before.complete or before.shards[number] == shard

    def _there(self) -> list[int]:
        numbers = (shards.file_number(name) for name in files.names(self.target.folder))
        return [number for number in numbers if number is not None]

    def _absent(self) -> list[int]:
        there = set(self._there())
        return [number for number in range(self.target.division.number) if number not in there]

    def _make(self, numbers: list[int]) -> list[int]:
        """Render and write shards; returns those written."""
        if not numbers:
            return []
        pipeline = Pipeline(self.target)
        total = sum(stop - start for start, stop in map(self.target.division.rows_of, numbers))
        try:
            pipeline.start()
            render = Renderer(self.source, self.progress, total, pipeline.check)
            for number in numbers:
                buffer = pipeline.buffer()
                render.fill(buffer, *self.target.division.rows_of(number))
                pipeline.submit(number, buffer)
            if self.preview and self.part == (1, 1):
                # While the disk takes the last shards the processor is free for the picture.
                self.preview()
            pipeline.finish()
        except BaseException:
            pipeline.abort()
            raise
        self.known.update(pipeline.made)
        self.statistics.join(pipeline.statistics)
        return numbers

    def _complete(self) -> bool:
        """Complete the data set if all shards are there; one run at a time."""
        with folder.locked(self.target.folder, wait=True):
            absent = self._absent()
            if absent and self.part == (1, 1):
                raise DataError(f"{shown(self.target.shard(absent[0]))} vanished during the run: resume makes it again")
            if absent:
                return False
            now = folder.examine(self.target.out).manifest
            if now and now.complete and self._is_whole(now):
                return True
            self._check(set(range(self.target.division.number)).difference(self.known))
            damaged = [number for number in range(self.target.division.number) if number not in self.known]
            if damaged:
                told = f"{shown(self.target.shard(damaged[0]))}, of another part, is damaged"
                raise DataError(f"{told}: run that part again, or resume without parts")
            self.progress("finishing", self.target.division.count, self.target.division.count)
            made = [self.known[number] for number in range(self.target.division.number)]
            finish(self.target, made, self.statistics.figures(), self.preview)
        return True

    def _is_whole(self, now: Manifest) -> bool:
        """Whether what stands beside the shards is what the manifest says, for the shards as they are."""
        if any(now.shards[number] != shard for number, shard in self.known.items()):
            return False
        paths = {name: self.target.out / name for name in now.files}
        return all(
            paths[name].is_file() and files.hash_file(paths[name]) == (stamp.bytes, stamp.xxh3)
            for name, stamp in now.files.items()
        )


def _mode(part: tuple[int, int], *, resume: bool, overwrite: bool) -> Mode:
    which, parts = part
    if not 1 <= which <= parts:
        raise ValueError(f"part {which}/{parts}: the first number goes from 1 to the second")
    if resume and overwrite:
        raise ValueError("resume keeps what is there, overwrite removes it: choose one")
    if overwrite and part != (1, 1):
        raise ValueError("parts write into one folder together and cannot overwrite it: remove it first")
    if overwrite:
        return Mode.REPLACE
    return Mode.GO_ON if resume or part != (1, 1) else Mode.REFUSE


def _division(out: Path, fields: Sequence[Field], count: int, shard_rows: int | None, mode: Mode) -> Division:
    if count < 1:
        raise ValueError(f"a data set has 1 row at least, not {count}")
    if shard_rows is not None and shard_rows < 1:
        raise ValueError(f"a shard has 1 row at least, not {shard_rows}")
    if "\0" in str(out):
        raise DataError(f"{shown(out)} cannot be the name of a folder")
    before = folder.examine(out).manifest if mode is Mode.GO_ON else None
    return Division(count, shard_rows or (before.shard_rows if before else shards.natural_rows(fields)))


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nothing."""
