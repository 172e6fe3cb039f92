"""Every touch of the file system: whole files under temporary names, synced, then renamed.

A reader never sees half a file: the bytes go to a temporary name in the same folder, are synced, get
their name in one step, and the folder is synced. All errors of the system leave here as `DataError`.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from lightmill.sink import naming
from lightmill.sink.digest import Bytes, Digest
from lightmill.sink.errors import DataError, explain

Segment = tuple[int, Bytes]
"""An offset in a file and the bytes that lie there."""

CHUNK = 8 << 20
"""Bytes a system call: small enough that a stop is obeyed in some 20 ms, large enough to cost nothing."""

PIECE = 1 << 20
"""Bytes read and hashed at a time: they stay in the second-level cache between the two."""


class Stopped(Exception):  # noqa: N818 -- no error: the run was told to stop
    """A write was given up because the run stops."""


def write_file(path: Path, size: int, segments: Sequence[Segment], stop: Callable[[], bool] = lambda: False) -> None:
    """Put a file in place, whole or not at all.

    Parameters
    ----------
    path : Path
        Its name; what has it already is replaced.
    size : int
        Bytes of the file; what no segment covers is zero.
    segments : sequence of (int, buffer)
        Offsets and C-contiguous bytes.
    stop : callable
        Asked between chunks; when it says true, `Stopped` is raised and nothing remains.

    Raises
    ------
    DataError
        If the system refuses any step.
    """
    with temporary(path) as (descriptor, name):
        fill(descriptor, name, size, segments, stop)
        commit(descriptor, name, path)


@contextlib.contextmanager
def temporary(path: Path) -> Iterator[tuple[int, Path]]:
    """Open a new file under a temporary name beside ``path``; it is gone at the end unless renamed."""
    name = path.with_name(naming.temporary(path.name))
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = -1
    try:
        try:
            descriptor = os.open(name, flags, 0o666)
        except OSError as error:
            raise explain("write", path, error) from None
        yield descriptor, name
    finally:
        if descriptor >= 0:
            close(descriptor)
        with contextlib.suppress(OSError):
            os.unlink(name)


def fill(
    descriptor: int, path: Path, size: int, segments: Sequence[Segment], stop: Callable[[], bool] = lambda: False
) -> None:
    """Give an open file its size and its bytes."""
    try:
        os.ftruncate(descriptor, size)
        for offset, content in segments:
            write_at(descriptor, offset, memoryview(content).cast("B"), stop)
    except OSError as error:
        raise explain("write", naming.final(path), error) from None


def write_at(descriptor: int, offset: int, content: memoryview, stop: Callable[[], bool]) -> None:
    """Write bytes at an offset, a chunk at a time; errors of the system are left as they are."""
    while content:
        if stop():
            raise Stopped
        # A disk that fills up, or a file at its limit, first takes less than it was given and then says why.
        done = os.pwrite(descriptor, content[:CHUNK], offset)
        if done <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        offset, content = offset + done, content[done:]


def commit(descriptor: int, name: Path, path: Path) -> None:
    """Sync a temporary file, give it its name and sync the folder."""
    try:
        os.fsync(descriptor)
        os.replace(name, path)
    except OSError as error:
        raise explain("write", path, error) from None
    sync_folder(path.parent)


def create(path: Path, content: bytes) -> bool:
    """Put a file in place only if nothing has its name; say whether it was put."""
    with temporary(path) as (descriptor, name):
        fill(descriptor, name, len(content), [(0, content)])
        try:
            os.fsync(descriptor)
            os.link(name, path)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
                raise explain("write", path, error) from None
            return _create_without_links(path, content)
    sync_folder(path.parent)
    return True


def _create_without_links(path: Path, content: bytes) -> bool:
    # FAT, exFAT and some network disks know no hard links; a kill in here leaves a damaged claim that says so.
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    except FileExistsError:
        return False
    except OSError as error:
        raise explain("write", path, error) from None
    try:
        fill(descriptor, path, len(content), [(0, content)])
        os.fsync(descriptor)
    except OSError as error:
        raise explain("write", path, error) from None
    finally:
        close(descriptor)
    sync_folder(path.parent)
    return True


def close(descriptor: int) -> None:
    """Let go of a file that was only read, was synced, or is given up: nothing is lost if that fails."""
    with contextlib.suppress(OSError):
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Make the names in a folder last, where the file system can be asked to."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise explain("sync the folder", path, error) from None
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP, errno.EBADF):
            raise explain("sync the folder", path, error) from None
    finally:
        close(descriptor)


def make_folder(path: Path) -> None:
    """Make one folder (not its parents); one that is there already will do."""
    try:
        os.mkdir(path)
        sync_folder(path.parent)
    except FileExistsError:
        if path.is_symlink() or not path.is_dir():
            raise DataError(f"cannot make the folder {path}: something else has its name") from None
    except OSError as error:
        raise explain("make the folder", path, error) from None


def remove(path: Path) -> None:
    """Remove a file or an empty folder, if it is there."""
    try:
        if path.is_dir() and not path.is_symlink():
            os.rmdir(path)
        else:
            os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise explain("remove", path, error) from None


def remove_stale(folder: Path) -> None:
    """Remove temporary files of processes of this machine that are gone."""
    for entry in names(folder):
        if naming.is_stale(entry):
            remove(folder / entry)


def names(folder: Path) -> list[str]:
    """List the names in a folder, in order; none if there is no such folder."""
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise explain("list", folder, error) from None


def read_bytes(path: Path) -> bytes | None:
    """Content of a small file, or None if it is not there."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise explain("read", path, error) from None


def read_at(descriptor: int, offset: int, into: memoryview) -> int:
    """Fill a byte buffer from an offset; returns the bytes read, fewer only at the end of the file."""
    done = 0
    while done < len(into):
        step = os.preadv(descriptor, [into[done : done + CHUNK]], offset + done)
        if step == 0:
            break
        done += step
    return done


@contextlib.contextmanager
def reading(path: Path) -> Iterator[int]:
    """Open a file to read; errors of the system inside are told as errors of reading it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield descriptor
        finally:
            close(descriptor)
    except OSError as error:
        raise explain("read", path, error) from None


def hash_at(descriptor: int, offset: int, length: int) -> str:
    """XXH3 of some bytes of a file, or of as many of them as it has."""
    digest, buffer = Digest(), memoryview(bytearray(min(length, PIECE)))
    for at in range(offset, offset + length, PIECE):
        part = buffer[: min(PIECE, offset + length - at)]
        digest.update(part[: read_at(descriptor, at, part)])
    return digest.hexdigest()


def size_of(path: Path) -> int:
    """Tell the bytes of a file."""
    with reading(path) as descriptor:
        return os.fstat(descriptor).st_size


def hash_file(path: Path) -> tuple[int, str]:
    """Size and XXH3 of a file."""
    with reading(path) as descriptor:
        size = os.fstat(descriptor).st_size
        return size, hash_at(descriptor, 0, size)


def disk_bytes(paths: Iterable[Path]) -> int:
    """Bytes that files take on their disk; none for those that are not there."""
    total = 0
    for path in paths:
        with contextlib.suppress(OSError):
            total += os.lstat(path).st_blocks * 512
    return total


def free_space(path: Path) -> int:
    """Bytes that this user may still write on the disk of ``path``."""
    try:
        disk = os.statvfs(path)
    except OSError as error:
        raise explain("ask for the free space of", path, error) from None
    return disk.f_bavail * disk.f_frsize
