"""Tell whether a data set is whole, and what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lightmill import manifest
from lightmill.manifest import Manifest
from lightmill.sink import files, folder, shards
from lightmill.sink.errors import DataError, shown


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
    owners = {one.sha256: shards.file_name(number) for number, one in enumerate(known.shards)}
    faults = []
    for number, one in enumerate(known.shards):
        if progress:
            progress("checking", one.start, known.count)
        name = f"{shards.FOLDER}/{shards.file_name(number)}"
        faults += _compare(place, name, one.bytes, one.sha256, owners)
    for name, stamp in known.files.items():
        faults += _compare(place, name, stamp.bytes, stamp.sha256, {})
    return faults


def _compare(place: Path, name: str, size: int, sha256: str, owners: dict[str, str]) -> list[str]:
    path = place / name
    if not path.is_file():
        return [f"{name}: missing"]
    try:
        found, digest = files.hash_file(path)
    except DataError as error:
        return [f"{name}: {error}"]
    if digest in owners and digest != sha256:
        return [f"{name}: it holds what belongs into {owners[digest]}"]
    if found != size:
        return [f"{name}: {found} bytes, not {size}"]
    if digest != sha256:
        return [f"{name}: damaged (its bytes are not what its checksum says)"]
    return []
