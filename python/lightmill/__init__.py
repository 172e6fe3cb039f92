"""Right, addressable and fast simulated images and time series for machine learning.

>>> import lightmill as lm
>>> recipe = lm.load({"name": "stars", "image": {"size": 32}, "count": 10,
...                   "objects": [{"moffat": {"flux": 1000, "fwhm": 3, "beta": 2.5}}],
...                   "noise": [{"gaussian": {"sigma": 1}}]})
>>> batch = lm.generate(recipe, 0, 10)
>>> batch.images.shape
(10, 32, 32)
>>> float(batch.labels["moffat.flux"][0])
1000.0
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .batch import Batch, generate, parameters, render, stream
    from .conventions import explain
    from .dataset import Dataset, open
    from .deepbench import DeepBenchWarning
    from .formats import export
    from .information import Fisher, derivatives, fisher
    from .recipe import Recipe, RecipeError, load
    from .recipe.schema import schema
    from .reference.crosscheck import crosscheck
    from .sink import DataError
    from .writer import write

__all__ = [
    "Batch",
    "DataError",
    "Dataset",
    "DeepBenchWarning",
    "Fisher",
    "Recipe",
    "RecipeError",
    "crosscheck",
    "derivatives",
    "explain",
    "export",
    "fisher",
    "generate",
    "load",
    "open",
    "parameters",
    "render",
    "schema",
    "stream",
    "write",
]

# Imported at first use: `lightmill --help` and a worker that only reads need little of it.
_HOMES = {
    "crosscheck": "reference.crosscheck",
    "Dataset": "dataset",
    "open": "dataset",
    "DeepBenchWarning": "deepbench",
    "Batch": "batch",
    "generate": "batch",
    "parameters": "batch",
    "render": "batch",
    "stream": "batch",
    "explain": "conventions",
    "Fisher": "information",
    "derivatives": "information",
    "fisher": "information",
    "export": "formats",
    "Recipe": "recipe",
    "RecipeError": "recipe",
    "load": "recipe",
    "schema": "recipe.schema",
    "DataError": "sink",
    "write": "writer",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("._core", __name__).__VERSION__
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
