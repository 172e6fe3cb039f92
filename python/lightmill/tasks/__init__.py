"""Tasks: named, versioned recipes that are shipped with the package.

A task is a file ``name@version.yaml`` in this folder; its bytes do not change once released.
"""

from __future__ import annotations

import re
from pathlib import Path

_FOLDER = Path(__file__).parent
_FILE = re.compile(r"([a-z0-9-]+)@([0-9]+)\.yaml")


def _all() -> dict[str, dict[int, Path]]:
    found: dict[str, dict[int, Path]] = {}
    for path in sorted(_FOLDER.iterdir()):
        match = _FILE.fullmatch(path.name)
        if match:
            found.setdefault(match[1], {})[int(match[2])] = path
    return found


def names() -> list[str]:
    """Return the names of all tasks, in alphabetical order."""
    return list(_all())


def path(name: str) -> Path | None:
    """Return the file of a task, or None where there is none.

    Parameters
    ----------
    name : str
        With a version, ``sky-stars@1``, or without one for the newest.
    """
    stem, _, number = name.partition("@")
    versions = _all().get(stem, {})
    if number:
        return versions.get(int(number)) if re.fullmatch(r"[0-9]{1,9}", number) else None
    return versions[max(versions)] if versions and "@" not in name else None


def summary(path: Path) -> str:
    """Return what a task is, in a line: the comment that its file begins with."""
    with path.open(encoding="utf-8") as file:
        return file.readline().removeprefix("#").strip()
