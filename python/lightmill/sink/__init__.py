"""Data sets on disk: rows in, checked and complete files out. What gives the rows is a `Source`."""

from lightmill.manifest import Identity
from lightmill.sink.errors import DataError, Interrupted
from lightmill.sink.job import Report, write
from lightmill.sink.render import Progress
from lightmill.sink.source import Field, Source

__all__ = ["DataError", "Field", "Identity", "Interrupted", "Progress", "Report", "Source", "write"]
