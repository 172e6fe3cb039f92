"""Lightmill and its peers in one run: a Markdown table of times and ratios.

Everything that is compared runs on one core, in turns, so that a change of the machine's mood meets
all alike; a time is the median over the rounds of the processor's time for a unit of work. Peers that
are not installed are left out and named. `benches/README.md` tells more.

    python benches/peers.py [--rounds 15] [--only draws,stamps,galaxies,...] [--folder FOLDER]
"""

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from bodies import bodies
from contest import Work, counter, installed, table
from galaxies import SIDE, galaxies, ours, parameters
from pendulums import pendulums
from plans import plans
from through_psf import behind_psf

import lightmill as lm
from lightmill import _core

PIXELS = SIDE * SIDE
STAR = {
    "x": {"uniform": [-2, 2]},
    "y": {"uniform": [-2, 2]},
    "flux": {"uniform": [1e3, 1e5]},
    "fwhm": {"uniform": [3, 6]},
    "beta": {"uniform": [2.5, 4]},
    "g1": {"uniform": [-0.2, 0.2]},
    "g2": {"uniform": [-0.2, 0.2]},
}


def star(noise: bool) -> lm.Recipe:
    layers = [{"gaussian": {"sigma": 3}}] if noise else []
    return lm.load({"name": "star", "image": {"size": SIDE}, "objects": [{"moffat": STAR}], "noise": layers})


def draws(rounds: int) -> Iterator[str]:
    rng, scene = np.random.default_rng(0), counter()
    normal = {
        "ours": (lambda: _core.standard_normal(1, "bench", scene(), PIXELS), 1),
        "NumPy": (lambda: rng.standard_normal(PIXELS, dtype=np.float32), 1),
    }
    yield from table("4,096 normals, float32", normal, rounds)
    for said, means in (("U(0, 5)", 5 * rng.random(PIXELS)), ("U(0, 100)", 100 * rng.random(PIXELS)), galaxy()):
        yield from table(f"4,096 Poisson counts, means {said}", counts(means, rng, scene), rounds)


def counts(means: np.ndarray, rng: np.random.Generator, scene: Callable[[], int]) -> dict[str, tuple[Work, int]]:
    single = means.astype(np.float32)
    double = single.astype(np.float64)
    return {
        "ours": (lambda: _core.poisson(1, "bench", scene(), single), 1),
        "NumPy": (lambda: rng.poisson(double), 1),
    }


def galaxy() -> tuple[str, np.ndarray]:
    """A Sérsic profile of index 2.5 and flux 1e5, as a telescope might see it."""
    from astropy.modeling.models import Sersic2D

    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    light = Sersic2D(amplitude=1, r_eff=5, n=2.5, x_0=31.6, y_0=31.4, ellip=0.3, theta=0.5)(x, y)
    return "of a galaxy stamp", (light * 1e5 / light.sum()).ravel()


def stamps(rounds: int) -> Iterator[str]:
    noisy, clean = star(True), star(False)
    peers = {name: make for name, make in (("galsim", galsim_star), ("deepbench", deepbench_star)) if installed(name)}
    clean_peers = {
        "astropy's Moffat2D, one for all, point-sampled": (astropy_star(made=False, noise=False), 1),
        "astropy's Moffat2D, one each": (astropy_star(made=True, noise=False), 1),
        "its bare formula": (astropy_formula(), 1),
    }
    noisy_peers = {"astropy and NumPy's normals": (astropy_star(made=True, noise=True), 1)}
    if "galsim" in peers:
        clean_peers["GalSim drawImage"] = (peers["galsim"](), 1)
    if "deepbench" in peers:
        noisy_peers = {"DeepBench": (peers["deepbench"](), 1)} | noisy_peers
    yield from table(f"{SIDE}×{SIDE} Moffat star, Gaussian noise", {"ours": ours(noisy)} | noisy_peers, rounds)
    yield from table(f"{SIDE}×{SIDE} Moffat star, noiseless", {"ours": ours(clean)} | clean_peers, rounds)


def centres() -> tuple[np.ndarray, np.ndarray]:
    x, y = np.meshgrid(np.arange(SIDE, dtype=float), np.arange(SIDE, dtype=float))
    return x, y


def moffat_2d(p: Mapping[str, float]) -> tuple[float, ...]:
    return p["flux"], p["x"] + 31.5, p["y"] + 31.5, p["fwhm"], p["beta"]


def astropy_star(made: bool, noise: bool) -> Work:
    """Sampled at pixel centres, circular; `made`: a model object for each star, or else one for all."""
    from astropy.modeling.models import Moffat2D

    x, y = centres()
    rng, rows = np.random.default_rng(0), parameters(star(False))
    kept = Moffat2D(*moffat_2d(next(rows)))

    def draw() -> np.ndarray:
        model = Moffat2D(*moffat_2d(next(rows))) if made else kept
        image = model(x, y)
        return image + rng.normal(0, 3, image.shape) if noise else image

    return draw


def astropy_formula() -> Work:
    from astropy.modeling.models import Moffat2D

    x, y = centres()
    rows = parameters(star(False))
    return lambda: Moffat2D.evaluate(x, y, *moffat_2d(next(rows)))


def galsim_star() -> Work:
    import galsim

    rows = parameters(star(False))

    def draw() -> object:
        p = next(rows)
        moffat = galsim.Moffat(beta=p["beta"], fwhm=p["fwhm"], flux=p["flux"])
        return moffat.shear(g1=p["g1"], g2=p["g2"]).shift(p["x"], p["y"]).drawImage(nx=SIDE, ny=SIDE, scale=1)

    return draw


def deepbench_star() -> Work:
    from deepbench.image import SkyImage

    rows = parameters(star(False))

    def draw() -> np.ndarray:
        p = next(rows)
        image = SkyImage((SIDE, SIDE), object_noise_level=3)
        place = {"center_x": p["x"] + 31.5, "center_y": p["y"] + 31.5, "alpha": p["beta"]}
        return image.combine_objects("star", {"radius": p["fwhm"], "amplitude": p["flux"]}, place, seed=1)

    return draw


def threads(rounds: int) -> Iterator[str]:
    """What a second thread gains us, and what it gains a loop of pure arithmetic."""
    recipe, block = star(True), bytes(1 << 20)
    rendering, hashing = [], []
    for _ in range(rounds):
        one, two = (wall(lambda n=n: lm.generate(recipe, 0, 4096, threads=n)) for n in (1, 2))
        rendering.append(one / two)
        with ThreadPoolExecutor(2) as pool:
            one = wall(lambda: [digest(block) for _ in range(2)])
            two = wall(lambda pool=pool: list(pool.map(digest, [block] * 2)))
        hashing.append(one / two)
    mine, loop = statistics.median(rendering), statistics.median(hashing)
    yield f"| second thread | {mine:.2f}× | SHA-256 in two threads | {loop:.2f}× | **{mine / loop:.2f}** of it |"


def digest(block: bytes) -> bytes:
    running = hashlib.sha256()
    for _ in range(60):
        running.update(block)
    return running.digest()


def wall(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def disk(folder: Path, rows: int = 131_072) -> Iterator[str]:
    """A data set end to end, against rendering alone and against the disk alone."""
    recipe = star(True).with_(count=rows)
    times: dict[str, list[float]] = {"rendering": [], "disk": [], "whole": []}
    spent: dict[str, list[float]] = {name: [] for name in times}
    out = {"/images": np.empty((2048, SIDE, SIDE), np.float32)}
    out["/images"].fill(0)
    # A shard of 4,096 rows has 132 bytes of labels a row beside the pixels.
    block = os.urandom(4096 * (PIXELS * 4 + 132))
    for _ in range(5):
        works: dict[str, Work] = {
            "rendering": lambda: [lm.generate(recipe, i, i + 2048, out=out) for i in range(0, rows, 2048)],
            "disk": lambda: raw(folder / "files", block, rows // 4096),
            "whole": lambda: lm.write(recipe, folder / "files"),
        }
        for name, work in works.items():
            began = time.process_time()
            times[name].append(wall(work))
            spent[name].append(time.process_time() - began)
            shutil.rmtree(folder / "files", ignore_errors=True)
    found = {name: statistics.median(each) for name, each in times.items()}
    slower = max(found["rendering"], found["disk"])
    peer = f"rendering alone {found['rendering']:.2f} s, disk alone {found['disk']:.2f} s"
    said = f"{rows:,} stars on disk, {rows * PIXELS * 4 / 1e6:.0f} MB"
    processor = statistics.median(spent["whole"]) / statistics.median(spent["rendering"])
    ratio = (
        f"**{found['whole'] / slower:.2f}** of the slower (load {os.getloadavg()[0]:.1f}; "
        f"{processor:.2f} of rendering's processor time)"
    )
    yield f"| {said} | {found['whole']:.2f} s | {peer} | {slower:.2f} s | {ratio} |"


def raw(path: Path, block: bytes, count: int) -> None:
    """Write and sync files of one block each, as plainly as can be."""
    path.mkdir()
    for number in range(count):
        with open(path / str(number), "wb") as file:
            file.write(block)
            file.flush()
            os.fsync(file.fileno())


def memory(folder: Path) -> Iterator[str]:
    """The peak of a process that writes few images, and of one that writes a hundred times as many."""
    small, large = (peak(folder / str(count), count) for count in (10_000, 1_000_000))
    yield f"| peak memory, 10⁶ images of 8×8 | {large:.0f} MB | 10⁴ images | {small:.0f} MB | **{large / small:.2f}** |"


def peak(out: Path, count: int) -> float:
    code = (
        "import sys, lightmill as lm; recipe = lm.load({'image': {'size': 8}, 'count': int(sys.argv[2]),"
        "'objects': [{'gaussian': {'flux': {'uniform': [1, 2]}, 'fwhm': 3}}]});"
        "lm.write(recipe, sys.argv[1], shard_rows=4096);"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    # Not the resource usage of a child: that counts what its parent held when it was born.
    done = subprocess.run([sys.executable, "-c", code, str(out), str(count)], capture_output=True, check=True)
    return int(done.stdout) / 1024


PARTS = {
    "draws": draws,
    "stamps": stamps,
    "galaxies": galaxies,
    "psf": behind_psf,
    "plans": plans,
    "pendulums": pendulums,
    "bodies": bodies,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="draws,stamps,galaxies,psf,plans,pendulums,bodies,threads,disk,memory")
    parser.add_argument("--folder", help="where data sets are written and removed again; a temporary one by default")
    chosen = parser.parse_args()
    only, cores = chosen.only.split(","), os.sched_getaffinity(0)
    print(f"{_core.isa()}, one core (of {len(cores)}), medians of {chosen.rounds} rounds; times in µs unless said")
    absent = [name for name in ("galsim", "deepbench", "rebound", "pyprofit") if not installed(name)]
    if absent:
        print(f"not installed, so left out: {', '.join(absent)}")
    print("\n| work | ours | peer | peer's | ratio |\n|---|---|---|---|---|")
    os.sched_setaffinity(0, {max(cores)})
    for name, part in PARTS.items():
        for row in part(chosen.rounds) if name in only else ():
            print(row, flush=True)
    os.sched_setaffinity(0, cores)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as scratch:
        for row in (*(threads(chosen.rounds) if "threads" in only else ()), *on_disk(only, Path(scratch))):
            print(row, flush=True)


def on_disk(only: list[str], folder: Path) -> Iterator[str]:
    if "disk" in only:
        yield from disk(folder)
    if "memory" in only:
        yield from memory(folder)


if __name__ == "__main__":
    main()
