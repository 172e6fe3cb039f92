"""The core against an independent evaluation, on the machine where it runs.

Random parameters of every model, half from the model's own priors and half from the whole range that
is allowed, said in every way there is. Profiles are compared with astropy's, integrated over each
pixel; shapes with polygons clipped to each pixel, or with the intervals in which lines cut them (see
:mod:`lightmill.reference`).
"""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import BEHIND, BINARY, COVERAGE, Evaluate, Frame
from .behind import promised
from .brightness import ZERO_POINT, with_flux
from .bulge_disk import with_fluxes
from .draw import Table, Values, draw

PIXEL, FLUX = 1e-4, 1e-3
"""What is promised: the worst pixel as a fraction of the peak, the worst sum as one of the flux."""
FRAME = Frame(rows=28, columns=36, pixel_scale=0.7)
"""The frame is small, for speed, and neither square nor of unit pixels."""


class CrosscheckError(RuntimeError):
    """The core breaks a promise of accuracy.

    Parameters
    ----------
    report : Report
        What was found.
    """

    def __init__(self, report: "Report") -> None:
        broken = [check.said for check in report.checks if not check.kept]
        super().__init__(f"promises of accuracy are broken by {', '.join(broken)}")
        self.report = report


@dataclass(frozen=True)
class Check:
    """What one model, said in one way, came to.

    Parameters
    ----------
    said : str
        The model and the parameters in which it was said.
    number : int
        Random images compared.
    pixel : float
        Worst difference of a pixel, as a fraction of the peak.
    flux : float
        Worst difference of the sum over the frame, as a fraction of the flux; of a shape, of the
        light in the frame or in ten wholly covered pixels, whichever is more.
    parameters : dict of float
        Those of the image with the worst pixel.
    """

    said: str
    number: int
    pixel: float
    flux: float
    parameters: Mapping[str, float]

    @property
    def kept(self) -> bool:
        """Whether the promises hold (false for what is not a number)."""
        return self.pixel <= PIXEL and self.flux <= FLUX


@dataclass(frozen=True)
class Report:
    """All that was compared.

    Parameters
    ----------
    checks : tuple of Check
        One for every model and way of saying it.
    seconds : float
        What it took.
    """

    checks: tuple[Check, ...]
    seconds: float

    def __str__(self) -> str:
        width = max((len(check.said) for check in self.checks), default=0)
        head = f"{'model':{width}}  images  worst pixel / peak  worst sum / flux"
        rows = [
            f"{check.said:{width}}  {check.number:6}  {check.pixel:18.1e}  {check.flux:16.1e}"
            + ("" if check.kept else f"  BROKEN at {_written(check.parameters)}")
            for check in self.checks
        ]
        images = sum(check.number for check in self.checks)
        foot = f"promised: {PIXEL:.0e} of the peak, {FLUX:.0e} of the flux; {images} images in {self.seconds:.1f} s"
        return "\n".join([head, *rows, foot])


def crosscheck(
    models: Sequence[str] | str | None = None, n: int = 40, seed: int = 0, echo: Callable[[str], None] = print
) -> Report:
    """Compare the core with independent evaluations, and print a table.

    Parameters
    ----------
    models : sequence of str or str, optional
        Names of models, or one name; all by default.
    n : int
        Random images of every model and every way of saying it.
    seed : int
        Of the random parameters.
    echo : callable
        Prints the table.

    Returns
    -------
    Report
        What was compared.

    Raises
    ------
    CrosscheckError
        If a pixel is off by more than 1e-4 of the peak, or a sum by more than 1e-3 of the flux.
    ValueError
        If a model is not known, or `n` is below 1.
    """
    tables = _tables(models)
    if n < 1:
        raise ValueError(f"n={n}: the number of images is a whole number from 1")
    began = time.perf_counter()
    rng = np.random.default_rng(seed)
    checks = tuple(check for table in tables for check in _check(table, n, rng))
    report = Report(checks, time.perf_counter() - began)
    echo(str(report))
    if not all(check.kept for check in checks):
        raise CrosscheckError(report)
    return report


def _tables(models: Sequence[str] | str | None) -> list[Table]:
    from .._core import tables

    known = {table["name"]: table for table in json.loads(tables())["objects"]}
    models = [models] if isinstance(models, str) else models
    unknown = [name for name in models or () if name not in known]
    if unknown:
        raise ValueError(f"no model is called {', '.join(unknown)}; there are {', '.join(known)}")
    return [known[name] for name in models or known]


def _check(table: Table, n: int, rng: np.random.Generator) -> Iterator[Check]:
    if table["needs_psf"]:
        yield from _check_behind(table, n, rng)
        return
    for keys in _sayings(table):
        drawn = draw(table, keys, n, FRAME, rng)
        for edges, evaluate in (("coverage", COVERAGE), ("binary", BINARY)):
            if table["name"] in evaluate:
                said = f"{table['name']} ({_saying(table, keys, edges)})"
                known = with_fluxes(drawn) if table["parts"] else with_flux(table["name"], drawn)
                yield _compare(said, _images(table, drawn, edges), known, evaluate[table["name"]])


def _check_behind(table: Table, n: int, rng: np.random.Generator) -> Iterator[Check]:
    """Compare a point of light behind every PSF with the PSF itself."""
    from .._core import tables

    for psf in json.loads(tables())["psf"]:
        for keys, star in zip(_sayings(psf), itertools.cycle(_sayings(table)), strict=False):
            light = draw(table, star, n, FRAME, rng)
            spread = promised(draw(psf, keys, n, FRAME, rng), FRAME)
            said = f"{table['name']} ({_saying(table, star, '')}, {psf['name']}: {_saying(psf, keys, '')})"
            images = _images(table, light, "coverage", (psf, spread))
            yield _compare(said, images, with_flux(psf["name"], light | spread), BEHIND[psf["name"]])


def _sayings(table: Table) -> Iterator[tuple[str, ...]]:
    """List the sets of keys in which a model can be said."""
    in_ways = {key for ways in table["ways"] for way in ways["ways"] for key in way}
    alone = [parameter["name"] for parameter in table["parameters"] if parameter["name"] not in in_ways]
    light = [ways for of, ways in _ways(table) if of == "light"]
    rest = [ways for of, ways in _ways(table) if of != "light"]
    apart = [[ways for ways in rest if _part(ways) == part] for part in dict.fromkeys(map(_part, rest))]
    said = [[[*itertools.chain(*one)] for one in itertools.product(*ways)] for ways in apart] or [[[]]]
    # The flux has nothing to do with where the light falls, nor one part with another: each of their ways in turn
    # will do.
    most = max(map(len, [*said, *(light if table["parts"] else [])]))
    turns = [itertools.cycle(ways) for ways in [*light, *said]]
    if table["parts"]:
        next(turns[-1])  # The last part's ways come with other ways of the first's.
    for chosen in itertools.islice(zip(*turns, strict=True), most):
        yield (*alone, *itertools.chain(*chosen))


def _part(ways: Sequence[Sequence[str]]) -> str:
    """Return the part of a model that some ways are about; none for those of the whole."""
    return ways[0][0].rpartition(".")[0]


def _ways(table: Table) -> list[tuple[str, list[list[str]]]]:
    """List the ways to say each thing, without those that take a constant list."""
    lists = {parameter["name"] for parameter in table["parameters"] if parameter["kind"] == "points"}
    return [(ways["of"], [way for way in ways["ways"] if lists.isdisjoint(way)]) for ways in table["ways"]]


def _saying(table: Table, keys: Sequence[str], edges: str) -> str:
    in_ways = {key for _, ways in _ways(table) if len(ways) > 1 for way in ways for key in way}
    shape = [edges] if table["family"] == "shape" else []
    return ", ".join([*(key for key in keys if key in in_ways), *shape])


def _images(table: Table, drawn: Values, edges: str, psf: tuple[Table, Values] | None = None) -> NDArray[np.float32]:
    from ..batch import render

    recipe = {
        "name": "crosscheck",
        "count": len(next(iter(drawn.values()))),
        "zero_point": ZERO_POINT,
        "image": {"size": [FRAME.rows, FRAME.columns], "pixel_scale": FRAME.pixel_scale},
        "edges": edges,
        "objects": [_written_as(table, drawn)],
    }
    parameters = {f"{table['name']}.{key}": values for key, values in drawn.items()}
    if psf is not None:
        recipe["psf"] = _written_as(*psf)
        parameters |= {f"psf.{key}": values for key, values in psf[1].items()}
    images: NDArray[np.float32] = render(recipe, parameters, noise=False)
    return images


def _written_as(table: Table, drawn: Values) -> dict[str, Any]:
    """Write a model as a recipe does, with the first of the numbers drawn."""
    from ..recipe.nested import put

    model: dict[str, Any] = {}
    kinds = {parameter["name"]: parameter["kind"] for parameter in table["parameters"]}
    for key, values in drawn.items():
        put(model, key, _constant(kinds[key], float(values[0])))
    return {table["name"]: model}


def _constant(kind: str, value: float) -> bool | int | float:
    return bool(value) if kind == "flag" else int(value) if kind == "integer" else value


def _compare(said: str, images: NDArray[np.float32], drawn: Values, evaluate: Evaluate) -> Check:
    pixel, flux = np.empty(len(images)), np.empty(len(images))
    rows = [{key: float(values[i]) for key, values in drawn.items()} for i in range(len(images))]
    for i, (image, parameters) in enumerate(zip(images, rows, strict=True)):
        expected, peak = evaluate(parameters, FRAME)
        peak = max(abs(peak), float(abs(expected).max()))
        difference = image.astype(np.float64) - expected
        light = parameters.get("flux") or max(abs(expected.sum()), 10 * peak)
        pixel[i], flux[i] = abs(difference).max() / peak, abs(difference.sum() / light)
    # A NaN must not hide behind a comparison: argmax and max both give it back.
    worst = int(np.argmax(pixel))
    return Check(said, len(images), float(pixel.max()), float(flux.max()), rows[worst])


def _written(parameters: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in parameters.items())
