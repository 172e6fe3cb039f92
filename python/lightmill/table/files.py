"""Tables in files; each kind has its reader, and what fails in one is told in a line."""

from __future__ import annotations

import hashlib
import os
import stat
import warnings
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from lightmill.recipe.names import nearest
from lightmill.table import csv, fits, hdf5, parquet
from lightmill.table.table import Found, Origin, TableError

Reader = Callable[[Path, Origin, frozenset[str]], Found]

_READERS: dict[str, tuple[str, Reader]] = {
    **dict.fromkeys((".csv",), ("CSV", csv.find)),
    **dict.fromkeys((".ecsv",), ("ECSV", csv.find_extended)),
    **dict.fromkeys((".fits", ".fit", ".fits.gz", ".fit.gz"), ("FITS", fits.find)),
    **dict.fromkeys((".h5", ".hdf5", ".hdf"), ("HDF5", hdf5.find)),
    **dict.fromkeys((".parquet", ".pq"), ("Parquet", parquet.find)),
}
_KEYS = {"path": "HDF5", "hdu": "FITS"}


def read(path: Path, origin: Origin, used: frozenset[str]) -> tuple[Found, str]:
    """Return what a file holds, and the SHA-256 of its bytes.

    Raises
    ------
    TableError
        Where there is no such file, or it cannot be read.
    """
    kind, reader = _reader(path, origin)
    _check_file(path)
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        with warnings.catch_warnings():
            # Of units that it does not know, astropy warns; they matter only in a column that is used.
            warnings.simplefilter("ignore")
            return reader(path, origin, used), sha256
    except (TableError, MemoryError):
        raise
    except OSError as error:
        raise TableError(f"it cannot be read: {error.strerror or _line(error)}", "file") from None
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise TableError(f"it is no text in UTF-8: byte {error.start} is {byte:#04x}; is it {kind}?", "file") from None
    except Exception as error:  # What readers raise for a damaged file has no common type.
        raise TableError(f"it cannot be read as {kind}: {_line(error)}", "file") from None


def _line(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 160 else text[:159] + "…"


def _reader(path: Path, origin: Origin) -> tuple[str, Reader]:
    name = path.name.lower()
    found = next((reader for suffix, reader in _READERS.items() if name.endswith(suffix)), None)
    if found is None:
        raise TableError(f"what kind of file is this? its name ends in one of {', '.join(_READERS)}", "file")
    for key, kind in _KEYS.items():
        if getattr(origin, key) is not None and found[0] != kind:
            raise TableError(f"`{key}` is for {kind} files; this is {found[0]}", key)
    return found


def _check_file(path: Path) -> None:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        raise TableError(_absent(path), "file") from None
    except OSError as error:
        raise TableError(f"it cannot be read: {error.strerror}", "file") from None
    except ValueError:
        raise TableError("this cannot be a file's name", "file") from None
    if stat.S_ISDIR(status.st_mode):
        raise TableError("it is a folder; a table is a file", "file")
    if not stat.S_ISREG(status.st_mode):
        raise TableError("it is no regular file", "file")
    if not status.st_size:
        raise TableError("the file is empty", "file")


def _absent(path: Path) -> str:
    where = f"the folder {path.parent}" if path.parent != Path() else "the working directory"
    try:
        names = [entry.name for entry in islice(path.parent.iterdir(), 1000)]
    except OSError:
        names = []
    near = nearest(path.name, [name for name in names if name.lower().endswith(tuple(_READERS))])
    return f"there is no file {path.name} in {where}" + (f"; did you mean `{near}`?" if near else "")
