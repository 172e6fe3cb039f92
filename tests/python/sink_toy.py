"""A source whose rows are a cheap pure function of their number, and the data sets made of it."""

from __future__ import annotations

from collections.abc import Mapping
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
