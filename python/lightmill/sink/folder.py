"""The folder of a data set: whose it is, who may write there now, and what of it is ours to remove."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lightmill import manifest
from lightmill.manifest import Manifest
from lightmill.sink import files, naming, shards
from lightmill.sink.errors import DataError, explain, shown
from lightmill.sink.target import Target

DATASET, RECIPE, STATISTICS, PREVIEW = "dataset.h5", "recipe.yaml", "statistics.json", "preview.png"
BESIDE = (DATASET, RECIPE, STATISTICS, PREVIEW)


@dataclass(frozen=True)
class Found:
    """What a folder holds before a run.

    Attributes
    ----------
    empty : bool
        It does not exist, or holds nothing but what killed runs may leave before they claim it.
    manifest : Manifest or None
        Its manifest, if that is whole.
    damage : str
        What is wrong with the manifest, if something is.
    """

    empty: bool
    manifest: Manifest | None = None
    damage: str = ""


def examine(out: Path) -> Found:
    """Look at a folder that a data set is to be written to; change nothing.

    Raises
    ------
    DataError
        If there can be no data set: a file or link has its name, or its parent is missing.
    """
    try:
        return _examine(out)
    except OSError as error:
        raise explain("look at", out, error) from None


def _examine(out: Path) -> Found:
    if out.is_symlink():
        raise DataError(f"{shown(out)} is a symbolic link: give the folder that it points to, {_target(out)}")
    if not out.exists():
        if not out.parent.is_dir():
            raise DataError(f"cannot make {shown(out)}: the folder {shown(out.parent)} does not exist; make it first")
        return Found(empty=True)
    if not out.is_dir():
        raise DataError(f"{shown(out)} is a file: a data set is a folder, choose another name")
    text = files.read_bytes(out / manifest.NAME)
    if text is None:
        return Found(empty=not _lasting(out))
    try:
        return Found(empty=False, manifest=manifest.parse(text))
    except ValueError as error:
        return Found(empty=False, damage=f"{manifest.NAME} {error}")


def check_free(out: Path, found: Found) -> None:
    """Refuse a folder that holds anything."""
    if found.manifest is not None:
        state = "a complete data set" if found.manifest.complete else "an unfinished data set"
        kind = f"{state}, {found.manifest.name!r}: resume goes on with it, overwrite replaces it"
    else:
        kind = f"{found.damage}: choose another folder" if found.damage else "files already: choose an empty folder"
    if not found.empty:
        raise DataError(f"{shown(out)} holds {kind}")


def check_same(target: Target, found: Found) -> None:
    """Refuse a folder that holds another data set, or something else."""
    if found.empty:
        return
    if found.manifest is not None:
        differences = found.manifest.differences(target.draft)
        if differences:
            raise DataError(
                f"{shown(target.out)} holds another data set: {'; '.join(differences)}. Choose another folder"
            )
    elif files.read_bytes(target.out / RECIPE) != target.identity.recipe.encode():
        # A manifest that is lost is made anew where the recipe proves whose folder it is.
        raise DataError(
            f"{shown(target.out)} holds {found.damage or 'no data set of this recipe'}: choose another folder"
        )


def check_removable(out: Path, found: Found) -> None:
    """Refuse to overwrite anything but a data set and nothing else."""
    if found.empty:
        return
    if found.manifest is None:
        reason = found.damage or f"there is no {manifest.NAME}"
        raise DataError(f"{shown(out)} cannot be overwritten, it may be no data set: {reason}. Remove it yourself")
    foreign = [name for name in files.names(out) if not _ours(out, name)]
    inside = out / shards.FOLDER
    if shards.FOLDER not in foreign:
        within = [name for name in files.names(inside) if not _is_shard(inside, name)]
        foreign += [f"{shards.FOLDER}/{name}" for name in within]
    if foreign:
        told = ", ".join(shown(name) for name in foreign[:3]) + (", ..." if len(foreign) > 3 else "")
        raise DataError(f"{shown(out)} is not overwritten: it also holds {told}, which is no part of a data set")


def remove_data_set(out: Path) -> None:
    """Remove a data set's files, the manifest last, so that a killed removal leaves what can be overwritten."""
    for name in BESIDE:
        files.remove(out / name)
    for name in files.names(out / shards.FOLDER):
        files.remove(out / shards.FOLDER / name)
    for name in files.names(out):
        if naming.is_temporary(name):
            files.remove(out / name)
    files.remove(out / manifest.NAME)


def claim(target: Target) -> None:
    """Make the folder this recipe's, unless it is already; of several at once, one wins and all others see it."""
    out, text = target.out, target.draft.text().encode()
    if not files.create(out / manifest.NAME, text):
        found = examine(out)
        check_same(target, found)
        if found.manifest is None:
            files.write_file(out / manifest.NAME, len(text), [(0, text)])
    recipe = target.identity.recipe.encode()
    if files.read_bytes(out / RECIPE) != recipe:
        files.write_file(out / RECIPE, len(recipe), [(0, recipe)])
    files.make_folder(out / shards.FOLDER)


@contextlib.contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = False) -> Iterator[None]:
    """Hold a folder against other runs; on file systems without locks, hold nothing.

    Without a lock runs cannot harm each other either (every file is renamed into place whole, and equal rows
    are equal bytes): the lock saves them from doing the same work twice. It goes with its process.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError as error:
        raise explain("open the folder", path, error) from None
    kind = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        try:
            fcntl.flock(descriptor, kind)
        except BlockingIOError:
            raise DataError(f"another run is writing to {shown(path)}: wait for it, or choose another folder") from None
        except OSError as error:
            if error.errno not in (errno.EBADF, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL):
                raise explain("lock", path, error) from None
        yield
    finally:
        os.close(descriptor)


def _lasting(out: Path) -> list[str]:
    """List what a run that was killed before its claim cannot have left."""
    return [name for name in files.names(out) if not naming.is_temporary(name)]


def _ours(out: Path, name: str) -> bool:
    path = out / name
    if name == shards.FOLDER:
        return path.is_dir() and not path.is_symlink()
    known = name == manifest.NAME or name in BESIDE or naming.is_temporary(name)
    return known and path.is_file() and not path.is_symlink()


def _is_shard(folder: Path, name: str) -> bool:
    known = shards.file_number(name) is not None or naming.is_temporary(name)
    return known and (folder / name).is_file() and not (folder / name).is_symlink()


def _target(link: Path) -> str:
    try:
        return shown(os.readlink(link))
    except OSError:
        return "wherever that is"
