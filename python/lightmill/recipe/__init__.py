"""Recipes: small YAML files or dicts that say what a data set contains.

`load` reads and checks one; the `Recipe` it returns is frozen and complete. Whatever is wrong
with a recipe is a `RecipeError` that lists every fault with its file, line and column.
"""

from lightmill.recipe.faults import Fault, Mark, RecipeError
from lightmill.recipe.load import load
from lightmill.recipe.recipe import Recipe

__all__ = ["Fault", "Mark", "Recipe", "RecipeError", "load"]
