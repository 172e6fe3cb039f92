"""What a recipe costs before its first pixel: reading and planning it, and drawing its parameters."""

import json
from collections.abc import Iterator

import numpy as np
from contest import counter, table

import lightmill as lm
from lightmill import _core

OBJECTS = 200
ROWS = 4096
AIM = 100_000.0
"""Microseconds that a recipe of 200 objects may take."""


def crowd() -> dict[str, object]:
    """A recipe of 200 objects, each but the first saying something of the one before it."""
    objects = [
        {
            "moffat": {
                "name": f"star{i}",
                "x": {"uniform": [-20, 20]},
                "y": {"uniform": [-20, 20]},
                "flux": f"= 0.9 * star{i - 1}.flux" if i else {"log_uniform": [100, 1e5]},
                "fwhm": {"normal": [4, 1], "min": 2},
                "beta": {"uniform": [2.5, 4]},
            }
        }
        for i in range(OBJECTS)
    ]
    return {"name": "crowd", "image": {"size": 64}, "objects": objects}


def plans(rounds: int) -> Iterator[str]:
    """Rows of the table."""
    said = crowd()
    spec = json.dumps(lm.load(said).spec)
    aim = {"the aim": AIM}
    yield from table(f"plan {OBJECTS} objects", {"ours": (lambda: _core.Plan(spec), 1)}, rounds, aim)
    yield from table(
        f"check and plan {OBJECTS} objects, from a dict", {"ours": (lambda: lm.load(said), 1)}, rounds, aim
    )
    yield from values(rounds)


def values(rounds: int) -> Iterator[str]:
    """What a drawn value costs: seven uniform ones an object, a row each."""
    star = {name: {"uniform": [2, 3]} for name in ("x", "y", "flux", "fwhm", "beta")}
    star |= {"g1": {"uniform": [-0.2, 0.2]}, "g2": {"uniform": [-0.2, 0.2]}}
    made = lm.load({"name": "star", "image": {"size": 64}, "objects": [{"moffat": star}]})
    rng, batch = np.random.default_rng(0), counter()

    def draw() -> None:
        start = batch() * ROWS
        lm.parameters(made, start, start + ROWS, threads=1)

    number = ROWS * len(star)
    contest = {"ours": (draw, number), "NumPy": (lambda: rng.uniform(2, 3, number), number)}
    yield from table("a drawn value, uniform", contest, rounds, {"the aim, 10 million a second": 0.1})
