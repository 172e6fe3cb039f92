"""DeepBench's vocabulary: its files and dicts, read as its documentation means them.

A file with `object_type` or `object_name` at the top is DeepBench's. It is checked in its own words,
and translated into a recipe; `lightmill convert` prints that recipe. What DeepBench's code does
wrong is not copied: a `DeepBenchWarning` says where the meaning differs.
"""

from lightmill.deepbench.convert import convert
from lightmill.deepbench.notes import DeepBenchWarning, Note
from lightmill.deepbench.translate import Translation, recognise, translate

__all__ = ["DeepBenchWarning", "Note", "Translation", "convert", "recognise", "translate"]
