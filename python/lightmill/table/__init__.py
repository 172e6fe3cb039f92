"""Tables that recipes read columns from: files, and what is in memory."""

from lightmill.table.table import Table, TableFault

__all__ = ["Table", "TableFault"]
