"""What can go wrong with a data set on disk, said in one line with the remedy."""

from __future__ import annotations

import errno
import os
from pathlib import Path

REMEDIES = {
    errno.ENOSPC: "free space on that disk; then --resume goes on where it stopped",
    errno.EDQUOT: "free space in your quota; then --resume goes on where it stopped",
    errno.EFBIG: "a shard is larger than files may be here: raise the limit (ulimit -f) or make smaller shards",
    errno.EMFILE: "this process may not open more files: raise the limit (ulimit -n); then --resume",
    errno.ENFILE: "the system may not open more files; close programs, then --resume",
    errno.EROFS: "the disk is mounted read-only: choose another folder",
    errno.EACCES: "you may not write there: choose another folder or change its permissions",
    errno.EPERM: "you may not do this there: choose another folder or change its permissions",
    errno.ENOENT: "it, or a folder on the way to it, does not exist; was it removed during the run?",
    errno.ENOTDIR: "something on the way to it is a file, not a folder",
    errno.EIO: "the disk failed: check it before you go on",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ESTALE: "the network disk forgot the file; --resume goes on where it stopped",
}


class DataError(Exception):
    """A data set cannot be written, read or trusted; the message is one line and says what to do."""


class Interrupted(KeyboardInterrupt):
    """The user stopped a run; completed shards are kept and ``resume=True`` goes on from them."""


def explain(doing: str, path: str | Path, error: OSError) -> DataError:
    """Turn an operating system's error into one line.

    Parameters
    ----------
    doing : str
        What was being done, as "cannot ..." continues ("write", "sync the folder").
    path : str or Path
        What it was done to.
    error : OSError
        What the system said.

    Returns
    -------
    DataError
        Ready to raise.
    """
    number = error.errno or 0
    said = os.strerror(number) if number else " ".join(str(error).split())
    remedy = REMEDIES.get(number, "")
    return DataError(f"cannot {doing} {shown(path)}: {said}" + (f" ({remedy})" if remedy else ""))


def shown(path: str | Path) -> str:
    """Tell a path on one line, whatever characters it holds."""
    text = str(path)
    return text if text.isprintable() else repr(text)


def size(count: float) -> str:
    """Tell a number of bytes to people."""
    units = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
    power = min(int(count).bit_length() // 10, len(units) - 1)
    return f"{count / 1024**power:.{min(power, 1)}f} {units[power]}"
