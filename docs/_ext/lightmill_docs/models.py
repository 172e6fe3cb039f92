"""The directive `model`: the parameters of a model, from the core's own table.

Every model has a page of its own, `models/<family>/<name>.md`, with a passage that somebody wrote:
`setup` refuses to build without it. A page whose model the core does not have yet is left out.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from lightmill import _core
from lightmill.recipe.names import number
from lightmill.recipe.tables import Model, Parameter, System, Ways, Word, tables
from lightmill.series import UNITS as SI

FOLDER = "models"
UNITS = {"one": "", "degree": "degrees", "magnitude": "magnitudes", "surface_brightness": "flux by area"}
UNITS |= SI
SHAPES = {
    "one": "one number",
    "per_body": "one a body",
    "vector": "a vector a body",
    "whole": "a vector",
    "rotation": "one number in two dimensions, a vector in three",
}
KINDS = {"integer": "whole numbers", "points": "a list of points"}
SCALES = {"one": "", "width": " of the width", "height": " of the height", "side": " of the shorter side"}
PRIORS = {"uniform": "uniform", "log_uniform": "log-uniform", "integers": "whole numbers"}


def pages() -> dict[str, Model]:
    """Return all models by the page that each must have, `models/profile/moffat`."""
    known = tables()
    systems = [system.own for system in known.systems.values()]
    every = [*known.objects.values(), *known.noise.values(), *known.psf.values(), *systems]
    return {f"{FOLDER}/{model.family}/{model.name}": model for model in every}


def missing(folder: Path) -> list[str]:
    """List the pages that are not written yet, as paths under the folder of the sources."""
    return [f"{page}.md" for page in pages() if not (folder / f"{page}.md").is_file()]


def early(folder: Path) -> list[str]:
    """List the pages whose model the core does not have."""
    written = (path.relative_to(folder).with_suffix("") for path in folder.glob(f"{FOLDER}/*/*.md"))
    return [f"{page}.md" for page in sorted(map(Path.as_posix, written)) if page not in pages()]


def prior(parameter: Parameter) -> str:
    """Say what `random` draws; nothing where the parameter has no prior."""
    if not parameter.random:
        return ""
    (kind, arguments), *_ = parameter.random.items()
    if kind == "choice":
        return "one of " + ", ".join(_written(parameter, one) for one in arguments)
    low, high = map(number, arguments)
    return f"{PRIORS[kind]}, {low} to {high}{SCALES[parameter.scale]}"


def default(parameter: Parameter) -> str:
    """Say what stands where nothing is given."""
    return "" if parameter.default is None else _written(parameter, parameter.default)


def _written(parameter: Parameter, value: float) -> str:
    if parameter.kind == "flag":
        return "`true`" if value else "`false`"
    return f"`{number(value)}`"


def _allowed(parameter: Parameter) -> str:
    if parameter.kind == "flag":
        return "`true`, `false`"
    unit = UNITS.get(parameter.unit, parameter.unit)
    whole = KINDS.get(parameter.kind, "")
    ends = re.sub(r"\d+\.\d{5,}", lambda found: f"{float(found[0]):.4f}", str(parameter.range))
    return ", ".join(part for part in (whole, ends, unit) if part) or "any number"


def _table(parameters: Mapping[str, Parameter]) -> Iterator[str]:
    yield "| parameter | meaning | allowed | default | `random` |"
    yield "|---|---|---|---|---|"
    for one in parameters.values():
        yield f"| `{one.name}` | {one.summary} | {_allowed(one)} | {default(one)} | {prior(one)} |"


def _way(keys: tuple[str, ...]) -> str:
    return " with ".join(f"`{key}`" for key in keys)


def _ways(ways: Ways) -> str:
    said = "; ".join(map(_way, ways.ways))
    return f"**{ways.of.capitalize()}** is said in exactly one of these ways: {said}."


def _page(model: Model) -> Iterator[str]:
    yield from _table(model.parameters)
    yield ""
    for ways in model.ways:
        yield from (_ways(ways), "")
    if model.family == "system":
        yield from _system(tables().systems[model.name])
    elif model.family != "noise":
        names = ", ".join(f"`{name}`" for name in (*model.canonical, *model.follows))
        yield f"Labels, however it is said: {names}."


def _system(system: System) -> Iterator[str]:
    """Tell what else a recipe says of a system, and what can be seen of it."""
    if system.body:
        yield from ("Of each body:", "", *_table(system.body.parameters), "")
    if system.choices:
        yield from ("Words, the first of each the default:", "", "| key | word | meaning |", "|---|---|---|")
        rows = ((choice.name, word) for choice in system.choices.values() for word in choice.words)
        yield from (f"| `{name}` | `{word.name}` | {word.summary}{_without(word)} |" for name, word in rows)
        yield ""
    if system.settings:
        yield from ("Numbers for the whole recipe:", "", *_table(system.settings), "")
    yield from ("What can be seen:", "", "| observable | meaning | unit | a time |", "|---|---|---|---|")
    seen = system.observables.values()
    yield from (
        f"| `{one.name}` | {one.summary} | {UNITS.get(one.unit, one.unit)} | {SHAPES[one.shape]} |" for one in seen
    )


def _without(word: Word) -> str:
    return f" Without {', '.join(f'`{name}`' for name in word.without)}." if word.without else ""


class ModelDirective(SphinxDirective):
    """Lists the parameters of the model that the page is about."""

    def run(self) -> list[nodes.Node]:
        """Return the table, and what it says of sizes and shapes."""
        self.env.note_dependency(_core.__file__)
        model = pages()[self.env.docname]
        holder = nodes.container(classes=["parameters"])
        self.state.nested_parse(StringList(list(_page(model)), self.env.docname), self.content_offset, holder)
        return [holder]


class SkyDirective(SphinxDirective):
    """Lists the parameters of what every image has: `image` and `sky`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        kind = directives.choice(self.arguments[0], ("image", "sky"))
        self.env.note_dependency(_core.__file__)
        holder = nodes.container(classes=["parameters"])
        lines = StringList(list(_table(getattr(tables(), kind))), self.env.docname)
        self.state.nested_parse(lines, self.content_offset, holder)
        return [holder]


def _check(app: Sphinx) -> None:
    lacking = missing(Path(app.srcdir))
    if lacking:
        raise ExtensionError(
            f"every model has a page with its formula and source: write docs/{', docs/'.join(lacking)}"
        )


def setup(app: Sphinx) -> None:
    """Add the directives, and refuse models without a page."""
    app.add_directive("model", ModelDirective)
    app.add_directive("frame", SkyDirective)
    app.connect("builder-inited", _check)
