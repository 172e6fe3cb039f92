"""Bodies against REBOUND (Rein & Liu 2012, A&A 537, A128), which starts from the same draws."""

import numpy as np
import pytest
import rebound

import lightmill as lm

ROWS = 6
NAMES = ("mass", "x", "y", "z", "vx", "vy", "vz")
STARS = {
    "mass": {"log_uniform": [0.1, 1]},
    "position": {"ball": {"radius": 1}},
    "velocity": {"normal": [0, 0.3]},
    "gravitational_constant": 0.7,
    "softening": 0.1,
}
SEEN = ["positions", "velocities", "kinetic_energy", "potential_energy", "energy", "momentum", "angular_momentum"]


def stars(**said):
    times = {"start": 0, "stop": 1, "points": 5}
    return lm.load({"name": "stars", "times": times, "system": {"n_body": STARS | said}, "observe": SEEN})


def simulation(made, row, integrator, step=None):
    """The bodies of a row, as REBOUND takes them."""
    body = made.resolved["system"]["n_body"]
    drawn = lm.parameters(made, row, row + 1)
    sim = rebound.Simulation()
    sim.integrator = integrator
    if step:
        sim.dt = step
    sim.G, sim.softening = body["gravitational_constant"], body["softening"]
    bodies = np.stack([drawn[f"n_body.{name}"][0] for name in NAMES], axis=-1)
    for values in bodies[np.isfinite(bodies[:, 0])].tolist():
        sim.add(**dict(zip(("m", *NAMES[1:]), values, strict=True)))
    if body["frame"] == "centre_of_mass":
        sim.move_to_com()
    return sim


def worst(made, integrator, step=None):
    """The largest difference of positions and velocities, over rows, times, bodies and axes."""
    batch, found = lm.generate(made, 0, ROWS), []
    for row in range(ROWS):
        sim = simulation(made, row, integrator, step)
        for i, time in enumerate(batch.times if batch.times.ndim == 1 else batch.times[row]):
            sim.integrate(float(time))
            theirs = np.array([[p.x, p.y, p.z, p.vx, p.vy, p.vz] for p in sim.particles])
            ours = np.concatenate([batch.series[name][row, i] for name in SEEN[:2]], axis=-1)
            found.append(np.abs(ours[: len(theirs)] - theirs).max())
    return max(found)


# The window is a crossing time of the stars, in which an error of 1e-15 grows to some 1e-12.
@pytest.mark.parametrize("frame", ["centre_of_mass", "as_drawn"])
@pytest.mark.parametrize("bodies", [{"integers": [2, 6]}, 20])
def test_stars_are_where_ias15_has_them(bodies, frame):
    assert worst(stars(bodies=bodies, frame=frame), "ias15") < 1e-11


def test_dop853_comes_as_near_as_its_tolerance():
    assert worst(stars(bodies=5, integrator="dop853", tolerance=1e-12), "ias15") < 1e-9


# REBOUND's leapfrog drifts before it kicks, ours after: they differ by the error of both.
@pytest.mark.parametrize("integrator", ["leapfrog", "yoshida4"])
def test_even_steps_converge_to_the_same(integrator):
    coarse, fine = (worst(stars(bodies=5, integrator=integrator, step=step), "ias15") for step in (0.01, 0.005))
    order, most = {"leapfrog": (2, 5e-3), "yoshida4": (4, 1e-3)}[integrator]
    assert order - 0.3 < np.log2(coarse / fine) < order + 0.5
    assert fine < most


def test_energies_and_momenta_are_rebounds():
    made = stars(bodies=6, frame="as_drawn")
    batch = lm.generate(made, 0, ROWS)
    for row in range(ROWS):
        sim = simulation(made, row, "ias15")
        assert batch.series["energy"][row, 0] == pytest.approx(sim.energy(), rel=1e-13)
        np.testing.assert_allclose(batch.series["angular_momentum"][row, 0], sim.angular_momentum(), atol=1e-13)
        momentum = np.sum([np.array([p.vx, p.vy, p.vz]) * p.m for p in sim.particles], axis=0)
        np.testing.assert_allclose(batch.series["momentum"][row], np.tile(momentum, (5, 1)), atol=1e-13)
    total = batch.series["kinetic_energy"] + batch.series["potential_energy"]
    np.testing.assert_allclose(batch.series["energy"], total, rtol=1e-13)
    assert batch.measured["energy_drift"].max() < 1e-14
    assert not batch.measured["failed"].any()


@pytest.mark.parametrize("e", [0.0, 0.6, 0.95])
def test_two_bodies_come_back_after_a_period(e):
    period = 2 * np.pi * np.sqrt(1.5**3 / (2 * 4))
    orbit = {"eccentricity": e, "semi_major_axis": 1.5, "mass_1": 1, "mass_2": 3, "gravitational_constant": 2}
    made = lm.load({"name": "orbit", "times": [0, period / 2, period], "system": {"two_body": orbit}})
    positions = lm.generate(made, 0, 1).series["positions"][0]
    apart = np.linalg.norm(positions[:, 1] - positions[:, 0], axis=-1)
    np.testing.assert_allclose(apart, 1.5 * np.array([1 - e, 1 + e, 1 - e]), rtol=1e-11)
    np.testing.assert_allclose(positions[2], positions[0], atol=1e-11)
    np.testing.assert_allclose(positions[:, 0] + 3 * positions[:, 1], 0, atol=1e-13)


def test_the_figure_eight_closes():
    made = lm.load({"name": "eight", "times": [0, 6.325913982926211677589], "system": {"figure_eight": {}}})
    positions = lm.generate(made, 0, 1).series["positions"][0]
    np.testing.assert_allclose(positions[1], positions[0], atol=1e-13)
