"""Good recipes: all of the language in small files, in `good/`, and the tasks; and how to damage their text."""

import re
from pathlib import Path

from lightmill import tasks

FOLDER = Path(__file__).parent / "good"
TABLE = (FOLDER / "cat.csv").read_text()
FILES = {path.stem: path.read_text() for path in sorted(FOLDER.glob("*.yaml"))}
TASKS = [tasks.path(name).read_text() for name in tasks.names()]

WORDS = (
    *("{", "}", "[", "]", ":", "-", ",", "'", '"', "&a", "*a", "!", "|", ">", "?", "#", "%", "@", "\t", "\n", " "),
    *("null", "true", "1e999", "-1", "0", "random", ".nan", "9" * 30, "uniform", "choice", "poisson", "moffat", "min"),
    *("<<", "---", "...", "\0", "\x85", "é", "\ufeff", "\u2028", "psf", "repeat", "name", "noise", "sky", "{a: b}"),
    *("let", "per", "sample", "object", "log_normal", "= a", "= 1 /", "'= flux'", "= fwhm ** 2", "3 arcsec", "2 pixel"),
    *("mixture", "class", "weight", "objects", "position", "disc", "annulus", "magnitude", "zero_point", "column"),
    *("21 mag/arcsec2", "cat.a", "cat.n", "over", "fill", "false", "vertices", "sersic", "polygon", "object_type"),
    *("system", "times", "observe", "pendulum", "{at: [0, 1]}", "jitter", "relative", "hamiltonian"),
)
NUMBERS = (0, 1, 2, 3, 5, 7, 0.5, 1.5, 12, 99, 400, -1, -0.5, 1e-9, 1e9, 65536, 1e30)


def any_of(rng):
    """Return a good recipe; a task, which is long, one time in ten."""
    return rng.choice(TASKS if rng.random() < 0.1 else list(FILES.values()))


def damaged(rng, text):
    """Return a recipe with up to four tokens or characters deleted, doubled, replaced or moved."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        tokens = re.findall(r"\w+|\s+|.", text) if rng.random() < 0.7 else list(text)
        at = rng.randrange(len(tokens))
        change = rng.choice(["delete", "double", "replace", "insert", "move", "cut", "number", "number", "number"])
        if change == "delete":
            del tokens[at]
        elif change == "double":
            tokens.insert(at, tokens[at])
        elif change == "replace":
            tokens[at] = rng.choice(WORDS)
        elif change == "number":
            numbers = [i for i, token in enumerate(tokens) if token.isdigit()]
            tokens[rng.choice(numbers or [at])] = str(rng.choice(NUMBERS))
        elif change == "insert":
            tokens.insert(at, rng.choice(WORDS))
        elif change == "move":
            tokens.insert(rng.randrange(len(tokens)), tokens.pop(at))
        else:
            del tokens[at : at + rng.randint(1, 10)]
        text = "".join(tokens) or "x"
    data = bytearray(text.encode("utf-8"))
    if rng.random() < 0.1:
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)
