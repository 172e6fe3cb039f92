"""Bodies by us and by REBOUND, which starts from the same draws."""

from collections.abc import Callable, Iterator

import numpy as np
from contest import Contest, Work, counter, installed, table

import lightmill as lm

BATCH = 64
NAMES = ("x", "y", "z", "vx", "vy", "vz")
SOFTENING = 0.1


def stars(bodies: int, stop: float, **said: object) -> lm.Recipe:
    """Stars of equal masses, 1 together, in a ball of radius 1; seen at the end alone."""
    place = {"position": {"ball": {"radius": 1}}, "velocity": {"normal": [0, 0.3]}}
    system = {"bodies": bodies, "mass": 1 / bodies, "softening": SOFTENING, **place, **said}
    times = {"start": 0, "at": [stop]}
    return lm.load({"name": "stars", "times": times, "system": {"n_body": system}, "observe": ["positions"]})


def ours(made: lm.Recipe) -> tuple[Work, int]:
    batch = counter()

    def generate() -> None:
        start = batch() * BATCH
        lm.generate(made, start, start + BATCH, threads=1)

    return generate, BATCH


def simulations(made: lm.Recipe, integrator: str, step: float | None) -> list[Callable[[], object]]:
    """What makes each of the first runs anew."""
    import rebound

    drawn = lm.parameters(made, 0, BATCH)
    places = np.stack([drawn[f"n_body.{name}"] for name in NAMES], axis=-1).tolist()

    def make(bodies: list[list[float]]) -> object:
        sim = rebound.Simulation()
        sim.integrator, sim.softening = integrator, SOFTENING
        if step:
            sim.dt = step
        for body in bodies:
            sim.add(m=1 / len(bodies), **dict(zip(NAMES, body, strict=True)))
        sim.move_to_com()
        return sim

    return [lambda bodies=bodies: make(bodies) for bodies in places]


def theirs(made: lm.Recipe, stop: float, integrator: str, step: float | None = None) -> Contest:
    """REBOUND from Python, all counted, and its C code alone, in runs that go on and on."""
    makers = simulations(made, integrator, step)
    running = [make() for make in makers]

    def all_counted() -> None:
        for make in makers:
            sim = make()
            sim.integrate(stop)
            _ = [(p.x, p.y, p.z) for p in sim.particles]

    def going_on() -> None:
        for sim in running:
            sim.integrate(sim.t + stop)

    return {"REBOUND": (all_counted, BATCH), "REBOUND's C code alone": (going_on, BATCH)}


def bodies(rounds: int) -> Iterator[str]:
    """Rows of the table."""
    if not installed("rebound"):
        return
    few = stars(3, 10.0)
    title = "3 stars to t = 10, Gauss-Radau of 15th order"
    yield from table(title, {"ours": ours(few), **theirs(few, 10.0, "ias15")}, rounds)
    many = stars(100, 0.1, integrator="leapfrog", step=0.001)
    title = "100 stars, 100 steps of leapfrog"
    yield from table(title, {"ours": ours(many), **theirs(many, 0.1, "leapfrog", 0.001)}, rounds)
