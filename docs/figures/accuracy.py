"""Draw how accurate pixels behind a PSF are: ours and GalSim's, against GalSim at its best.

    python docs/figures/accuracy.py [--galaxies 200]

writes beside itself ``accuracy.csv``, a line for each galaxy, ``accuracy.png``, drawn from these lines, and
``accuracy.md``, their table. It needs galsim and matplotlib, and some seconds for each galaxy: GalSim at its best
works in transforms of up to 16384 x 16384.
"""

import argparse
import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import galsim
import numpy as np

import lightmill as lm

HERE = Path(__file__).parent
SIDE = 64
PROMISE = 1e-4
BEST = galsim.GSParams(
    folding_threshold=2e-4,
    maxk_threshold=2e-5,
    kvalue_accuracy=1e-8,
    xvalue_accuracy=1e-8,
    integration_relerr=1e-9,
    maximum_fft_size=16384,
    stepk_minimum_hlr=20,
)
USUAL = galsim.GSParams(maximum_fft_size=16384)
Values = dict[str, float]

PSFS: dict[str, Callable[[Values, galsim.GSParams], Any]] = {
    "moffat": lambda v, how: galsim.Moffat(beta=v["beta"], fwhm=v["fwhm"], gsparams=how),
    "gaussian": lambda v, how: galsim.Gaussian(fwhm=v["fwhm"], gsparams=how),
}
PANELS = {
    "index": ("Sérsic index", "linear"),
    "half_light_radius": ("half-light radius / pixel", "log"),
    "fwhm": ("FWHM of the PSF / pixel", "linear"),
    "phase": ("distance of the centre from a pixel's / pixel", "linear"),
}
CONTESTANTS = {"ours": ("Lightmill, accuracy 1e-4", "C0", "o"), "galsim": ("GalSim, its defaults", "C1", "x")}


def galaxy(number: int) -> tuple[str, Values]:
    """Draw a galaxy and the kind of its PSF; lengths are pixels."""
    rng = np.random.default_rng(number)
    shear, twice = rng.uniform(0, 0.67), rng.uniform(0, 2 * np.pi)
    values = {
        "index": rng.uniform(0.4, 6.1),
        "half_light_radius": np.exp(rng.uniform(np.log(0.4), np.log(5))),
        "g1": shear * np.cos(twice),
        "g2": shear * np.sin(twice),
        "x": rng.uniform(-1, 1),
        "y": rng.uniform(-1, 1),
        "fwhm": rng.uniform(2, 6),
        "beta": rng.uniform(2, 5),
    }
    return list(PSFS)[number % len(PSFS)], values


def by_galsim(kind: str, values: Values, how: galsim.GSParams) -> Any:
    """Render it with GalSim, as accurately as it is told."""
    profile = galsim.Sersic(n=values["index"], half_light_radius=values["half_light_radius"], gsparams=how)
    both = galsim.Convolve(profile.shear(g1=values["g1"], g2=values["g2"]), PSFS[kind](values, how), gsparams=how)
    return both.drawImage(nx=SIDE, ny=SIDE, scale=1, offset=(values["x"], values["y"]), dtype=float).array


def by_us(kind: str, values: Values) -> Any:
    """Render it with Lightmill at its default accuracy."""
    names = ("fwhm", "beta") if kind == "moffat" else ("fwhm",)
    profile = {name: value for name, value in values.items() if name not in ("fwhm", "beta")}
    psf = {kind: {name: values[name] for name in names}}
    recipe = {"image": {"size": SIDE}, "psf": psf, "objects": [{"sersic": {"flux": 1, **profile}}]}
    return lm.generate(recipe, 0, 1).images[0].astype(float)


def errors(number: int) -> dict[str, Any]:
    """Compare one galaxy: the worst pixel over the brightest, and the light in the frame."""
    kind, values = galaxy(number)
    truth = by_galsim(kind, values, BEST)
    found = {"ours": by_us(kind, values), "galsim": by_galsim(kind, values, USUAL)}
    line: dict[str, Any] = {"psf": kind, **values, "phase": np.hypot(*((values[at] % 1 - 0.5) for at in "xy"))}
    for name, image in found.items():
        line[name] = np.abs(image - truth).max() / truth.max()
        line[f"{name}_flux"] = abs(image.sum() - truth.sum())
    return line


def draw(lines: list[dict[str, Any]]) -> None:
    """Draw the error against each of the panels' values."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    figure, panels = plt.subplots(2, 2, figsize=(9, 6.5), sharey=True, layout="constrained")
    for panel, (name, (label, scale)) in zip(panels.flat, PANELS.items(), strict=True):
        for one, (said, colour, mark) in CONTESTANTS.items():
            across, up = ([line[key] for line in lines] for key in (name, one))
            panel.plot(across, up, mark, color=colour, label=said, markersize=4, alpha=0.8)
        panel.axhline(PROMISE, color="grey", linewidth=1)
        panel.set(xlabel=label, xscale=scale, yscale="log")
        if scale == "log":
            panel.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            panel.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
            panel.xaxis.set_minor_formatter(NullFormatter())
    for panel in panels[:, 0]:
        panel.set_ylabel("worst pixel / brightest")
    panels[0, 0].legend(fontsize=8)
    figure.savefig(HERE / "accuracy.png", dpi=130)


def table(lines: list[dict[str, Any]]) -> Iterator[str]:
    """Tell medians and worsts as Markdown."""
    yield f"| {len(lines)} galaxies | worst pixel: median | of all | light in the frame: median | of all |"
    yield "|---|---|---|---|---|"
    for name, (said, *_) in CONTESTANTS.items():
        pixel, flux = ([line[key] for line in lines] for key in (name, f"{name}_flux"))
        cells = (np.median(pixel), max(pixel), np.median(flux), max(flux))
        yield f"| {said} | " + " | ".join(f"{cell:.1e}" for cell in cells) + " |"


def main() -> None:
    """Compare, and write the three files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--galaxies", type=int, default=200, metavar="N")
    lines = [errors(number) for number in range(parser.parse_args().galaxies)]
    with (HERE / "accuracy.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        for line in lines:
            writer.writerow({name: value if name == "psf" else f"{value:.6g}" for name, value in line.items()})
    (HERE / "accuracy.md").write_text("\n".join(table(lines)) + "\n", encoding="utf-8")
    draw(lines)


if __name__ == "__main__":
    main()
