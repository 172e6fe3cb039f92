"""Words for messages: values shown short, spellings suggested, what belongs to a later version."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

LATER_TOP = frozenset(
    {
        *("collection", "masks"),
        *("grid", "series_of", "ladder", "artefacts", "bands", "class"),
    }
)
LATER_IMAGE = frozenset({"dtype", "bands"})
LATER_MODELS = frozenset(
    {
        *("spiral", "sie", "lens", "image"),
    }
)
LATER_OBJECT = frozenset({"keep", "class", "psf", "rows"})
LATER_OVERLAP = frozenset({"avoid"})
LATER_SYSTEM = frozenset({"mixture", "series_of", "grid", "ladder", "collection"})
OF_SYSTEMS = frozenset({"times", "observe", "on", "relative"})
"""Keys of recipes with a `system` alone."""
OF_IMAGES = frozenset({"image", "zero_point", "psf", "edges", "overlap", "objects", "sky"})
"""Keys of recipes of images alone."""
LATER_SAVE = frozenset({"isolated", "masks", "boxes"})

_LONGEST = 40
_SHOWN = 200


def later(word: str) -> str:
    """Return the sentence about a word of the language that a later version will read."""
    from importlib.metadata import version

    number = ".".join(version("lightmill").split(".")[:2])
    return f"{word} is not available yet in lightmill {number}"


def short(value: object) -> str:
    """Return a value as one short line of printable text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, str):
        return f'"{clean(value)}"'
    return clean(repr(value))


def clean(text: str, longest: int = _LONGEST) -> str:
    """Return text cut to a length that a message bears, control characters escaped."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)


def number(value: float) -> str:
    """Return a bound as a person writes it: ``0``, not ``0.0``, and ``1e12``."""
    rounded = f"{value:.9g}"
    return (rounded if float(rounded) == value else repr(float(value))).replace("e+", "e")


def quote(words: Iterable[str]) -> str:
    """Return words in backquotes, with commas."""
    return ", ".join(f"`{clean(word, _SHOWN)}`" for word in words)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a misspelt one most likely means, if any."""
    if len(word) > _LONGEST:
        return None
    found = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def suggest(word: str, known: Sequence[str]) -> str:
    """Return ``did you mean `flux`?``, or what is allowed where nothing is near."""
    near = nearest(word, known)
    if near is not None:
        return f"did you mean `{near}`?"
    return f"allowed: {quote(known)}" if known else "nothing is allowed here"
