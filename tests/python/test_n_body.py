"""Bodies against REBOUND's IAS15 and leapfrog (Rein & Liu 2012; Rein & Spiegel 2015), and shipped set-ups against their periods."""

import numpy as np
import pytest
import rebound

import lightmill as lm

ROWS = 6
STARS = {
    "mass": {"log_uniform": [0.1, 1]},
    "position": {"ball": {"radius": 1}},
    "velocity": {"normal": [0, 0.3]},
    "gravitational_constant": {"uniform": [0.5, 1.5]},
    "frame": "as_drawn",
}


def recipe(system, stop=1.0, points=5, observe=("positions", "velocities"), **keys):
    times = {"start": 0, "stop": stop, "points": points}
    return lm.load({"name": "bodies", "times": times, "system": system, "observe": list(observe), **keys})


def simulated(made, row, integrator, step=None):
    """Positions and velocities of a row by REBOUND, which starts from the same draws."""
    batch = lm.parameters(made, row, row + 1)
    sim = rebound.Simulation()
    sim.integrator = integrator
    if step is not None:
        sim.dt = step
    sim.G = float(batch["n_body.gravitational_constant"][0])
    sim.softening = float(batch["n_body.softening"][0]) if "n_body.softening" in batch else made.resolved["system"]["n_body"]["softening"]
    names = ("mass", "x", "y", "z", "vx", "vy", "vz")
    bodies = np.stack([batch[f"n_body.{name}"][0] for name in names], axis=-1)
    for mass, x, y, z, vx, vy, vz in bodies[np.isfinite(bodies[:, 0])].tolist():
        sim.add(m=mass, x=x, y=y, z=z, vx=vx, vy=vy, vz=vz)
    seen = []
    for time in np.linspace(0, made.resolved["times"]["stop"], made.resolved["times"]["points"]):
        sim.integrate(time, exact_finish_time=1)
        seen.append([[[p.x, p.y, p.z], [p.vx, p.vy, p.vz]] for p in sim.particles])
    return np.array(seen)


def worst(made, integrator, step=None):
    """The largest difference of positions and velocities, over rows, times and bodies."""
    batch = lm.generate(made, 0, ROWS)
    found = 0.0
    for row in range(ROWS):
        theirs = simulated(made, row, integrator, step)
        for part, name in enumerate(("positions", "velocities")):
            ours = batch.series[name][row][:, : theirs.shape[1]]
            found = max(found, np.abs(ours - theirs[:, :, part]).max())
    return found


@pytest.mark.parametrize(("bodies", "softening"), [({"integers": [2, 6]}, 0.1), (20, 0.1)])
def test_stars_go_where_ias15_takes_them(bodies, softening):
    # One crossing time; without REBOUND's own error they would agree to 1e-13 or so.
    made = recipe({"n_body": {**STARS, "bodies": bodies, "softening": softening}})
    assert worst(made, "ias15") < 1e-10
