"""The directive `recipe`: a recipe, and beside it the contact sheet that it makes.

The text in the page is what runs. A picture is kept under a name made from the recipe and from all
of the package, so that a build makes those that are new, and no others.
"""

import hashlib
import tempfile
from functools import cache
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger

import lightmill as lm
from lightmill import _core
from lightmill.preview import png

PICTURES = "_build/pictures"
"""Under the folder of the sources, since Sphinx looks for pictures nowhere else."""
SAMPLES = 4

_log = getLogger(__name__)


class RecipeDirective(SphinxDirective):
    """Shows a recipe and its first samples.

    The recipe is the content, or the file that is named. `samples` says how many images, `below` puts the picture
    under the recipe instead of beside it.
    """

    has_content = True
    optional_arguments = 1
    option_spec = {"samples": directives.positive_int, "below": directives.flag}  # noqa: RUF012 -- docutils's own way

    def run(self) -> list[nodes.Node]:
        """Return the recipe as text and its picture."""
        text = self._text()
        shown = nodes.literal_block(text, text, language="yaml")
        self.set_source_info(shown)
        try:
            picture = self._picture(text)
        except lm.RecipeError as error:
            self._tell(error)
            return [shown]
        image = nodes.image(uri=f"/{picture}", alt="Contact sheet of the first samples of this recipe")
        shape = "recipe-below" if "below" in self.options else "recipe-beside"
        return [nodes.container("", shown, image, classes=["recipe", shape])]

    def _text(self) -> str:
        self.env.note_dependency(_core.__file__)
        if not self.arguments:
            return "\n".join(self.content)
        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        return Path(path).read_text(encoding="utf-8").rstrip()

    def _picture(self, text: str) -> str:
        samples = self.options.get("samples", SAMPLES)
        key = hashlib.sha256(f"{package()}\0{samples}\0{text}".encode()).hexdigest()[:24]
        picture = Path(self.env.srcdir) / PICTURES / f"{key}.png"
        if not picture.exists():
            made = png(load(text), samples)
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(made)
        return f"{PICTURES}/{key}.png"

    def _tell(self, error: lm.RecipeError) -> None:
        for fault in error.faults:
            # MyST counts the content's lines from the fence.
            line = self.lineno + (0 if self.arguments else self.content_offset + fault.mark.line)
            where = fault.place or "recipe"
            _log.warning("%s: %s", where, fault.message, location=(self.env.docname, line), type="lightmill")


def load(text: str) -> lm.Recipe:
    """Read a recipe from text, as from a file called `recipe.yaml`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recipe.yaml"
        path.write_text(text, encoding="utf-8")
        return lm.load(path)


@cache
def package() -> str:
    """Return a checksum of the package: its Python files and its core."""
    digest = hashlib.sha256()
    home = Path(_core.__file__).parent
    for path in sorted(home.rglob("*")):
        if path.suffix in {".py", ".so", ".pyd"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _trim(_app: Sphinx, doctree: nodes.document) -> None:
    """Drop the empty line that ends the output of a doctest."""
    for block in doctree.findall(nodes.literal_block):
        text = block.astext().rstrip()
        block.rawsource, block.children = text, [nodes.Text(text)]


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("recipe", RecipeDirective)
    app.connect("doctree-read", _trim)
