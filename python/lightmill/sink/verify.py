"""Tell whether a data set is whole, and what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lightmill import manifest
from lightmill.manifest import Manifest, Shard, Stamp
from lightmill.sink import files, folder, shards
from lightmill.sink.errors import DataError, shown
from lightmill.sink.frame import frame_of


@dataclass(frozen=True)
class Info:
    """What a data set is.

    Attributes
    ----------
    out : Path
        Its folder.
    manifest : Manifest
        What it says of itself.
    shards, wanted : int
        Shards that are there, and shards that it has when complete.
    bytes : int
        Bytes of all its files that are there.
    """

    out: Path
    manifest: Manifest
    shards: int
    wanted: int
    bytes: int


def load_manifest(out: str | Path) -> Manifest:
    """Read the manifest of a data set, complete or not.

    Raises
    ------
    DataError
        If the folder holds no data set, or the manifest is damaged.
    """
    place = Path(out)
    if not place.is_dir():
        raise DataError(
            f"{shown(place)} is no data set: " + ("a file" if place.exists() else "there is no such folder")
        )
    text = files.read_bytes(place / manifest.NAME)
    if text is None:
        raise DataError(f"{shown(place)} is no data set: it has no {manifest.NAME}")
    try:
        return manifest.parse(text)
    except ValueError as error:
        raise DataError(f"{shown(place / manifest.NAME)} {error}") from None


def info(out: str | Path) -> Info:
    """Tell what a data set is, without reading its shards."""
    place, known = Path(out), load_manifest(out)
    wanted = -(-known.count // known.shard_rows)
    found = files.names(place / shards.FOLDER)
    inside = [place / shards.FOLDER / name for name in found if shards.file_number(name) is not None]
    beside = [place / name for name in (*folder.BESIDE, manifest.NAME)]
    total = sum(path.stat().st_size for path in (*inside, *beside) if path.is_file())
    return Info(place, known, len(inside), wanted, total)


def verify(out: str | Path, progress: Callable[[str, int, int], None] | None = None) -> list[str]:
    """Prove a data set whole: every byte of every file is what the manifest says.

    Parameters
    ----------
    out : str or Path
        The data set.
    progress : callable, optional
        Called with "checking", the rows done and the rows in all.

    Returns
    -------
    list of str
        One line a fault, which names the file; empty if there is none.

    Raises
    ------
    DataError
        If the folder is no data set at all.
    """
    place = Path(out)
    try:
        known = load_manifest(place)
    except DataError:
        if not (place / manifest.NAME).is_file():
            raise
        return [f"{manifest.NAME}: damaged, so that nothing can be checked; resume makes it again"]
    if not known.complete:
        there, wanted = info(place).shards, -(-known.count // known.shard_rows)
        return [f"{manifest.NAME}: the data set is not finished, {there} of {wanted} shards are there; resume goes on"]
    faults = []
    for number, one in enumerate(known.shards):
        faults += _told(place, f"{shards.FOLDER}/{shards.file_name(number)}", partial(_shard, known, one))
        if progress:
            progress("checking", one.stop, known.count)
    for name, stamp in known.files.items():
        faults += _told(place, name, partial(_file, stamp))
    return faults


def _told(place: Path, name: str, fault: Callable[[Path], str]) -> list[str]:
    path = place / name
    try:
        found = fault(path) if path.is_file() else "missing"
    except DataError as error:
        found = str(error)
    return [f"{name}: {found}"] if found else []


def _shard(known: Manifest, wanted: Shard, path: Path) -> str:
    """Say what is wrong with a shard, which may be another one of the data set."""
    size = files.size_of(path)
    alike = wanted if size == wanted.bytes else next((one for one in known.shards if one.bytes == size), None)
    found = frame_of(path, size, alike.layout) if alike else ""
    if found == wanted.frame:
        return ""
    owner = next((number for number, one in enumerate(known.shards) if one.frame == found), None)
    if owner is not None:
        return f"it holds what belongs into {shards.file_name(owner)}"
    return _damage(size, wanted.bytes)


def _file(wanted: Stamp, path: Path) -> str:
    size, digest = files.hash_file(path)
    return "" if (size, digest) == (wanted.bytes, wanted.xxh3) else _damage(size, wanted.bytes)


def _damage(found: int, wanted: int) -> str:
    return f"{found} bytes, not {wanted}" if found != wanted else "damaged (its bytes are not what its checksum says)"
