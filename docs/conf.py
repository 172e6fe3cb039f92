"""How Sphinx makes the pages: `make docs`, or `python -m sphinx -E -n -W --keep-going docs docs/_build/html`."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

from lightmill_docs.models import early  # noqa: E402 -- found by the line above

import lightmill  # noqa: E402

project = "Lightmill"
author = "the authors of Lightmill"
project_copyright = "the authors of Lightmill, Apache-2.0"
version = release = lightmill.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "lightmill_docs"]
exclude_patterns = ["_build", "figures", *early(HERE)]
nitpicky = True
# Docstrings write names as they write code.
default_role = "code"

myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3
# `--part` is not a dash.
smartquotes = False

autodoc_member_order = "bysource"
# numpydoc's sections say the types, in words.
autodoc_typehints = "none"
numpydoc_show_class_members = False
# All checks but these: the summary stands on the line of the quotes (GL01, GL02, as ruff asks), and a function
# needs no further paragraph (ES01), "See Also" (SA01) or example (EX01) where its summary says all.
numpydoc_validation_checks = {"all", "GL01", "GL02", "GL03", "ES01", "SA01", "EX01"}

html_theme = "furo"
html_title = f"Lightmill {release}"
html_static_path = ["_static"]
html_css_files = ["lightmill.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
