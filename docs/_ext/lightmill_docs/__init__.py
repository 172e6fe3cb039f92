"""What the pages are made from besides their text: recipes that run, the core's tables, the commands' help."""

from typing import Any

from sphinx.application import Sphinx

from . import commands, mathml, models, recipes


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives and the renderer of formulae."""
    for part in (commands, mathml, models, recipes):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
