"""Temporary names: they tell the file, the machine and the process, so that leavings of dead ones are known."""

from __future__ import annotations

import itertools
import os
import re
import socket
from pathlib import Path

PATTERN = re.compile(r"^\.(?P<name>.+)\.(?P<host>[\w-]+)~(?P<process>\d+)~(?P<born>\d+)~\d+\.tmp$")
_numbers = itertools.count()


def is_temporary(name: str) -> bool:
    """Whether a name is one of ours."""
    return PATTERN.match(name) is not None


def is_stale(name: str) -> bool:
    """Whether a name is one of ours, of a process of this machine that is gone."""
    found = PATTERN.match(name)
    return found is not None and found["host"] == _host() and not _alive(int(found["process"]), int(found["born"]))


def temporary(name: str) -> str:
    """Make a temporary name for a file, which no other process and no other call makes."""
    return f".{name}.{_host()}~{os.getpid()}~{_born(os.getpid())}~{next(_numbers)}.tmp"


def final(path: Path) -> Path:
    """Tell the name that a temporary file is to have; other names are final."""
    found = PATTERN.match(path.name)
    return path.with_name(found["name"]) if found else path


def _host() -> str:
    return re.sub(r"[^\w-]", "-", socket.gethostname())[:40] or "host"


def _born(process: int) -> int:
    # The start in clock ticks tells a process from a later one of the same number; 0 where there is no /proc.
    try:
        return int(Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[19])
    except (OSError, IndexError, ValueError):
        return 0


def _alive(process: int, born: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return _born(process) == born
