"""Tables that recipes read columns from: files, and what is in memory."""

from lightmill.table.table import Table, TableError

__all__ = ["Table", "TableError"]
