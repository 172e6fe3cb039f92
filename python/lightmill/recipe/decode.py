"""From bytes to text: what is not a text file is said so in one line."""

from __future__ import annotations

import codecs

from lightmill.recipe.faults import Mark, refuse

MAX_BYTES = 128 * 1024
"""Size of a recipe that is still read: PyYAML takes a second for the costliest text of this size."""

_MARKS = {
    codecs.BOM_UTF8: "starts with a byte order mark; save it as UTF-8 without one",
    codecs.BOM_UTF32_LE: "is UTF-32; save it as UTF-8",
    codecs.BOM_UTF16_LE: "is UTF-16; save it as UTF-8",
    codecs.BOM_UTF16_BE: "is UTF-16; save it as UTF-8",
}


def decode(data: bytes, source: str) -> str:
    """Return the text of a file.

    Raises
    ------
    RecipeError
        Where it is too large, binary, not UTF-8 or empty.
    """
    start = Mark(source, 1, 1)
    if len(data) > MAX_BYTES:
        raise refuse(f"the file is larger than {MAX_BYTES // 1024} KiB; a recipe is a small text file", start)
    for mark, said in _MARKS.items():
        if data.startswith(mark):
            raise refuse(f"the file {said}", start)
    if b"\0" in data:
        raise refuse("the file is binary (it has NUL bytes); a recipe is YAML text", _mark(data, data.index(0), source))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        message = f"the byte 0x{byte:02x} is not UTF-8; a recipe is YAML text in UTF-8"
        raise refuse(message, _mark(data, error.start, source)) from None


def _mark(data: bytes, index: int, source: str) -> Mark:
    line = data.rfind(b"\n", 0, index) + 1
    column = len(data[line:index].decode("utf-8", "replace"))
    return Mark(source, data.count(b"\n", 0, index) + 1, column + 1)
