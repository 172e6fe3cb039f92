"""Tables in Parquet files, where pyarrow is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lightmill.table.column import Raw
from lightmill.table.table import Found, Origin, TableFault


def find(path: Path, origin: Origin, used: frozenset[str]) -> Found:
    """Return what a Parquet file holds; only the columns that are used are read."""
    try:
        from pyarrow import parquet
    except ImportError:
        raise TableFault("Parquet files are read by pyarrow: pip install pyarrow", "file") from None
    with parquet.ParquetFile(path) as file:
        names = list(file.schema_arrow.names)
        table = file.read(columns=sorted(used.intersection(names)))
        return Found(names, file.metadata.num_rows, lambda name: _raw(table[name]))


def _raw(column: object) -> Raw:
    values = column.to_numpy(zero_copy_only=False)  # type: ignore[attr-defined]
    mask = np.asarray(column.is_null().to_numpy(), bool) if column.null_count else None  # type: ignore[attr-defined]
    return Raw(values, mask)
