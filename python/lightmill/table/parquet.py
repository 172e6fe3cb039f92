"""Tables in Parquet files, where pyarrow is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from lightmill.table.column import Raw
from lightmill.table.table import Found, Origin, TableError


def find(path: Path, origin: Origin, used: frozenset[str]) -> Found:
    """Return what a Parquet file holds; only the columns that are used are read."""
    try:
        from pyarrow import parquet
    except ImportError:
        raise TableError("Parquet files are read by pyarrow: pip install pyarrow", "file") from None
    with parquet.ParquetFile(path) as file:
        names = list(file.schema_arrow.names)
        table = file.read(columns=sorted(used.intersection(names)))
        return Found(names, file.metadata.num_rows, lambda name: _raw(table[name]))


def _raw(column: Any) -> Raw:
    values = column.to_numpy(zero_copy_only=False)
    mask = np.asarray(column.is_null().to_numpy(), bool) if column.null_count else None
    return Raw(values, mask)
