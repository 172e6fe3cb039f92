"""Rows of `peers.py` for pendulums: 100 outputs over 10 s, to 1e-10, fresh parameters for each run."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator

import numpy as np
from contest import Work, installed, table

import lightmill as lm

RUNS = 10_000
TIMES = {"start": 0, "stop": 10, "points": 100}
LENGTH, ANGLE = {"normal": [2.0, 0.2]}, {"uniform": [10, 170]}
OBSERVED = ["angle", "angular_velocity"]


def recipe(**more: object) -> lm.Recipe:
    system = {"pendulum": {"length": LENGTH, "angle": ANGLE, "tolerance": 1e-10, **more}}
    return lm.load({"name": "pendulums", "count": 10**9, "times": TIMES, "system": system, "observe": OBSERVED})


def ours(**more: object) -> tuple[Work, int]:
    loaded, starts = recipe(**more), iter(range(0, 10**9, RUNS))

    def batch() -> object:
        start = next(starts)
        return lm.generate(loaded, start, start + RUNS, threads=1)

    return batch, RUNS


def scipy_peer(damping: float) -> Callable[[], object]:
    from scipy.integrate import solve_ivp

    rng, times = np.random.default_rng(0), np.linspace(0, 10, 100)

    def run() -> object:
        length, angle = rng.normal(2.0, 0.2), np.radians(rng.uniform(10, 170))
        rate = lambda _, y: [y[1], -9.80665 / length * np.sin(y[0]) - damping * y[1]]  # noqa: E731
        return solve_ivp(rate, (0, 10), [angle, 0], "DOP853", t_eval=times, rtol=1e-10, atol=1e-10)

    return run


def deepbench_peer() -> Callable[[], object]:
    from deepbench.physics_object import HamiltonianPendulum

    rng, times = np.random.default_rng(0), np.linspace(0, 10, 100)
    scratch = tempfile.TemporaryDirectory()

    def run() -> object:
        # It leaves a log in the working directory.
        with contextlib.chdir(scratch.name):
            made = HamiltonianPendulum(rng.normal(2.0, 0.2), np.radians(rng.uniform(10, 170)), 9.80665, 1.0)
            return made.simulate_pendulum_dynamics(times)

    return run


def pendulums(rounds: int) -> Iterator[str]:
    """Undamped in closed form, integrated, and damped."""
    peers: dict[str, tuple[Work, int]] = {}
    if installed("scipy"):
        peers["SciPy's DOP853"] = (scipy_peer(0.0), 1)
    if installed("deepbench"):
        peers["DeepBench's Hamiltonian"] = (deepbench_peer(), 1)
    yield from table("pendulum, 100 outputs", {"ours": ours(), **peers}, rounds)
    yield from table("the same, integrated", {"ours": ours(solution="integrated"), **peers}, rounds)
    if installed("scipy"):
        damped = {"ours": ours(damping=0.1), "SciPy's DOP853": (scipy_peer(0.1), 1)}
        yield from table("the same, damped", damped, rounds)
