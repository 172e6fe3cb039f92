"""A source whose rows are a cheap pure function of their number, and the data sets made of it."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from lightmill.sink import Field, Identity, Report, write

SIDE = 16
F4, F8, I8, BOOL = (np.dtype(kind) for kind in ("f4", "f8", "i8", "?"))
CLASSES = ["star", "galaxy"]
FIELDS = (
    Field("/images", F4, (SIDE, SIDE), {"unit": "electron"}),
    Field("/noiseless", F4, (SIDE, SIDE), {"unit": "electron"}),
    Field("/labels/galaxy.flux", F8, (), {"unit": "electron", "description": "total to infinity"}),
    Field("/labels/class", I8, (), {"classes": CLASSES}),
    Field("/labels/split", I8, (), {"classes": ["train", "test"]}),
    Field("/objects/present", BOOL, (3,), {"entry": ["a", "a", "b"]}),
    Field("/objects/flux", F8, (3,), {"unit": "electron", "model": ["moffat", "moffat", "sersic"]}),
    Field("/measured/snr", F8, (), {}),
)


def mixed(rows: np.ndarray[Any, Any], salt: int) -> np.ndarray[Any, Any]:
    """Uniform numbers in [0, 1) from row numbers."""
    with np.errstate(over="ignore"):
        x = (rows.astype(np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return ((x ^ (x >> np.uint64(32))) >> np.uint64(11)).astype(np.float64) / 2.0**53


class Toy:
    """The source; ``salt`` stands for the recipe and seed."""

    def __init__(self, salt: int = 0) -> None:
        self.salt, self.fields = salt, FIELDS

    def arrays(
        self, start: int, stop: int, out: Mapping[str, np.ndarray[Any, Any]] | None = None
    ) -> dict[str, np.ndarray[Any, Any]]:
        """Rows by number; the images are written into ``out``."""
        rows = np.arange(start, stop, dtype=np.int64)
        base, pixels = mixed(rows, self.salt), np.arange(SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)
        images = out["/images"] if out else np.empty((len(rows), SIDE, SIDE), np.float32)
        np.multiply(base.astype(np.float32)[:, None, None], pixels, out=images)
        flux = np.stack([mixed(rows, self.salt + slot) for slot in (1, 2, 3)], axis=1)
        present = flux > 0.3
        return {
            "/images": images,
            "/noiseless": images * np.float32(0.5),
            "/labels/galaxy.flux": base,
            "/labels/class": (base > 0.5).astype(np.int64),
            "/labels/split": (rows % 5 == 4).astype(np.int64),
            "/objects/present": present,
            "/objects/flux": np.where(present, flux, np.nan),
            "/measured/snr": np.where(base > 0.9, np.inf, base * 10),
        }


def identity(salt: int = 0) -> Identity:
    """What the toy's data sets are."""
    return Identity("toy", salt, f"name: toy\nseed: {salt}\n", f"{salt:064x}", 1, "0.1.0")


def make(out: Path, count: int = 1000, salt: int = 0, **options: Any) -> Report:
    """Write a data set of the toy."""
    return write(Toy(salt), out, identity(salt), count=count, **options)


def expect(out: Path, count: int, salt: int = 0) -> None:
    """Compare a data set with the source's rows, byte for byte."""
    import lightmill.dataset

    data = lightmill.dataset.open(out)
    for path, wanted in Toy(salt).arrays(0, count).items():
        found = data.arrays(path)[:]
        assert found.dtype == wanted.dtype
        assert found.tobytes() == wanted.tobytes(), path
    assert data.arrays("sample")[:].tolist() == list(range(count))


def files_of(out: Path) -> dict[str, bytes]:
    """All files under a folder, by name."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def forked(work: Callable[[], object]) -> int:
    """Run something in a forked child, silently; returns its process id. The child exits with 0, or 1 if it raised."""
    with warnings.catch_warnings():
        # Python >= 3.12 warns of forks beside other libraries' threads; the child here needs none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 -- the exit code is all that a child tells
        code = 1
    finally:
        os._exit(code)


def wait(child: int) -> int:
    """Exit code of a child, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def python(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a fresh interpreter that can import what this one can."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)
