"""A recipe that reads a small table in memory."""

from pathlib import Path

import numpy as np
import pytest

import lightmill as lm
from lightmill.recipe import RecipeError

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "from-table.yaml"
ROWS = 23
RNG = np.random.default_rng(4)
CATALOGUE = {
    "flux": RNG.uniform(100.0, 900.0, ROWS),
    "fwhm": RNG.uniform(2.0, 4.0, ROWS).astype(np.float32),
    "n": RNG.integers(0, 4, ROWS),
    "spare": ["text"] * ROWS,
}


def recipe(rows="in_order", repeat=1, **more):
    body = {"name": "star", "repeat": repeat, "x": {"uniform": [-3, 3]}, "flux": {"column": "cat.flux"}}
    body |= {"fwhm": {"column": "cat.fwhm"}}
    return {
        "name": "tables",
        "image": {"size": 16},
        "tables": {"cat": {"rows": rows}},
        "objects": [{"gaussian": body}],
        "noise": [{"gaussian": {"sigma": 1}}],
        **more,
    }


def load(*args, catalogue=CATALOGUE, **kwargs):
    return lm.load(recipe(*args, **kwargs), tables={"cat": catalogue})


def faults(source, **kwargs):
    with pytest.raises(RecipeError) as caught:
        lm.load(source, **kwargs)
    return str(caught.value)


def assert_joint(values, prefix="star."):
    """Every value is that of the row that is told."""
    rows = values[f"{prefix}cat.row"] if f"{prefix}cat.row" in values else values["cat.row"]
    there = ~np.isnan(rows)
    for name in ("flux", "fwhm"):
        wanted = np.asarray(CATALOGUE[name], np.float64)[rows[there].astype(int)]
        assert values[f"{prefix}{name}"][there].tobytes() == wanted.tobytes()
