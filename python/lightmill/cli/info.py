"""`lightmill info`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from . import options, output
from .describe import table

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GROUPS = ("series", "labels", "measured")


@click.command()
@click.argument("out", metavar="[OUT]", required=False)
@click.option("--cpu", is_flag=True, help="Describe this machine: instruction sets and threads.")
@options.threads
def info(out: str | None, cpu: bool, threads: int) -> None:
    """Describe the data set OUT, or with --cpu this machine."""
    if cpu == (out is not None):
        raise click.UsageError("what to describe? give a data set's folder, or --cpu")
    output.say(_data_set(out) if out is not None else _machine(threads))


def _machine(threads: int) -> str:
    from .. import _core
    from ..threads import available

    chosen = options.instructions()
    sets = ", ".join(f"{name} (in use)" if name == chosen else name for name in _core.cpu())
    return f"instruction sets: {sets}\nthreads: {threads} of {available()} available"


def _data_set(out: str) -> str:
    from ..progress import size
    from ..sink.verify import info as examine

    found = examine(out)
    known = found.manifest
    state = "complete" if known.complete else "not complete; --resume goes on"
    lines = [
        f"{found.out}: {known.name}, {known.count:,} samples, seed {known.seed}",
        f"{found.shards} of {found.wanted} shards, {size(found.bytes)}, {state}",
        f"recipe {known.recipe}, lightmill {known.lightmill}, stream version {known.stream_version}",
    ]
    return "\n".join([*lines, *_columns(out)] if known.complete else lines)


def _columns(out: str) -> list[str]:
    """Tell the ranges of images or series, labels and what was measured, and the acceptance."""
    from ..dataset import open as open_data

    with open_data(out) as data:
        figures = data.statistics
        found = {"images": figures["images"][0]} if "images" in figures else {}
        found |= {f"{group}/{name}": part for group in _GROUPS for name, part in figures.get(group, {}).items()}
        attributes = {path: data.attributes(path) for path in found}
        named = {path: part["classes"] for path, part in attributes.items() if "classes" in part}
        counted = [_counts(_short(path), names, data.arrays(path)[:]) for path, names in named.items()]
    head = ("", "unit", "mean", "sd", "min", "max")
    keys = head[2:]
    rows = [
        (_short(path), str(attributes[path].get("unit", "")), *(_number(part[key]) for key in keys))
        for path, part in found.items()
        if path not in named
    ]
    return [table([head, *rows]), *counted, *_accepted(figures)]


def _short(path: str) -> str:
    """Tell a column by its name, a series by its path: a column may be called like it."""
    return path if path.startswith("series/") else path.partition("/")[2] or path


def _accepted(figures: Mapping[str, Any]) -> list[str]:
    share = figures.get("acceptance")
    return [] if share is None else [f"  kept: {100 * share:.4g} % of the scenes drawn"]


def _counts(label: str, names: Sequence[str], numbers: "NDArray[Any]") -> str:
    """Tell how many samples each class has."""
    return f"  {label}: " + ", ".join(f"{name} {int((numbers == i).sum()):,}" for i, name in enumerate(names))


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"
