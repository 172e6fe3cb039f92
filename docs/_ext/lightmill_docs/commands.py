"""The directive `commands`: a section for every command, from its own help."""

from collections.abc import Iterator

import click
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lightmill.cli.app import COMMANDS, cli


def options(command: click.Command, context: click.Context) -> Iterator[str]:
    """List the options of a command as definitions."""
    for parameter in command.get_params(context):
        told = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and parameter.name != "help" and told is not None:
            yield from (f"`{told[0]}`", f": {told[1]}", "")


def page(name: str) -> list[str]:
    """Return what `lightmill NAME --help` says, as Markdown."""
    root = click.Context(cli, info_name="lightmill")
    command = cli.get_command(root, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=root)
    usage = " ".join(["lightmill", name, *command.collect_usage_pieces(context)])
    text = [line.strip() for line in (command.help or "").splitlines()]
    return ["```sh", usage, "```", "", *text, "", *options(command, context)]


class CommandsDirective(SphinxDirective):
    """Describes every command of `lightmill`."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each command."""
        return [self._section(name) for name in COMMANDS]

    def _section(self, name: str) -> nodes.section:
        section = nodes.section("", nodes.title("", f"lightmill {name}"), ids=[name], names=[name])
        self.state.document.note_explicit_target(section)
        self.state.nested_parse(StringList(page(name), self.env.docname), self.content_offset, section)
        return section


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("commands", CommandsDirective)
