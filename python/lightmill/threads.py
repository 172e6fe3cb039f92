"""How many threads to use."""

import os
from collections.abc import Mapping
from pathlib import Path

MOST = 1024
"""More threads than this are a slip of the keyboard."""

VARIABLES = ("LIGHTMILL_THREADS", "RAYON_NUM_THREADS")
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def resolve(asked: int | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Choose the number of threads.

    Parameters
    ----------
    asked
        What the caller wants; ``None`` leaves the choice to the environment.
    environment
        Where the variables are looked up.

    Returns
    -------
    int
        `asked`, else ``LIGHTMILL_THREADS``, else ``RAYON_NUM_THREADS``, else the processors that
        this process may use. As rayon has it, 0 in a variable means that it says nothing.

    Raises
    ------
    ValueError
        If the number is not a whole one from 1 to 1024.
    """
    if asked is not None:
        return _checked(asked, f"threads={asked!r}")
    for variable in VARIABLES:
        text = environment.get(variable, "").strip()
        if text not in {"", "0"}:
            return _checked(text, f"{variable}={text}")
    return min(available(), MOST)


def available() -> int:
    """Count the processors that this process may use: its affinity, within its container's quota.

    Returns
    -------
    int
        At least 1.
    """
    return max(1, min(_affinity(), _quota() or MOST))


def _checked(value: int | str, said: str) -> int:
    try:
        threads = int(value)
    except ValueError:
        threads = 0
    if not 1 <= threads <= MOST:
        raise ValueError(f"{said}: the number of threads is a whole number from 1 to {MOST}")
    return threads


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quota() -> int | None:
    """Read what a container was given, rounded up ("max 100000" means no limit)."""
    try:
        quota, period = _QUOTA.read_text().split()[:2]
        return -(-int(quota) // int(period))
    except (OSError, ValueError):
        return None
