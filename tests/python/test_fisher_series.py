"""Fisher information of time series: derivatives against closed forms and differences, bounds against estimates."""

import h5py
import numpy as np
import pytest

import lightmill as lm

TIMES = {"start": 0, "stop": 5, "points": 41}


def recipe(system, body, noise=({"gaussian": {"sigma": 0.01}},), times=TIMES, **more):
    return lm.load({"name": "told", "times": times, "system": {system: body}, "noise": list(noise), **more})


def slope(function, point, name):
    """The derivative of a function of complex numbers, by a step that no difference is taken of."""
    moved = {key: complex(value, 1e-30 if key == name else 0) for key, value in point.items()}
    return function(**moved).imag / 1e-30


def test_derivatives_of_the_linear_pendulum_are_those_of_its_closed_form():
    point = {"length": 1.7, "angle": 12.0, "angular_velocity": -4.0, "gravity": 9.1}
    made = recipe("pendulum", {"form": "small_angle", **point}, observe=["angle"])
    times = lm.generate(made, 0, 1).times

    def angle(length, angle, angular_velocity, gravity):
        w = np.sqrt(gravity / length)
        return angle * np.cos(w * times) + angular_velocity / w * np.sin(w * times)

    names = [f"pendulum.{name}" for name in point]
    found = lm.derivatives(made, {}, samples=[0], names=names)["angle"][0]
    for name, curve in zip(point, found, strict=True):
        wanted = slope(angle, point, name)
        assert curve == pytest.approx(wanted, abs=1e-9 * np.abs(wanted).max())


@pytest.mark.parametrize("damping", [0.3, 7.0])
def test_derivatives_of_the_driven_spring_are_those_of_its_closed_form(damping):
    point = {"stiffness": 6.0, "position": 0.4, "velocity": -0.7, "mass": 1.3, "damping": damping}
    drive = {"amplitude": 0.8, "angular_frequency": 1.9, "phase": 35.0}
    made = recipe("spring", {**point, "drive": drive}, observe=["position", "energy"])
    times = lm.generate(made, 0, 1).times

    def position(*, stiffness, position, velocity, mass, damping, amplitude, angular_frequency, phase):
        w, c, phase = angular_frequency, damping, phase * np.pi / 180
        off = stiffness / mass - w**2
        a, b = amplitude * off / (off**2 + (c * w) ** 2), amplitude * c * w / (off**2 + (c * w) ** 2)
        x = position - (a * np.cos(phase) + b * np.sin(phase))
        v = velocity - w * (b * np.cos(phase) - a * np.sin(phase))
        # cosh and sinh of t s, with s real where it creeps
        square = c**2 / 4 - stiffness / mass
        s = np.sqrt(square) if square.real > 0 else np.sqrt(-square)
        cos, sin = (
            (np.cosh(s * times), np.sinh(s * times)) if square.real > 0 else (np.cos(s * times), np.sin(s * times))
        )
        own = np.exp(-c / 2 * times) * (x * cos + (v + c / 2 * x) / s * sin)
        return own + a * np.cos(w * times + phase) + b * np.sin(w * times + phase)

    point |= drive
    names = [f"spring.{'drive.' if name in drive else ''}{name}" for name in point]
    found = lm.derivatives(made, {}, samples=[0], names=names)["position"][0]
    for name, curve in zip(point, found, strict=True):
        wanted = slope(position, point, name)
        assert curve == pytest.approx(wanted, abs=1e-9 * np.abs(wanted).max()), name


BODIES = {
    "bodies": 3,
    "mass": {"uniform": [0.5, 2]},
    "position": {"ball": {"radius": 2}},
    "velocity": {"normal": [0, 0.3]},
}
SYSTEMS = {
    "newtonian": ("pendulum", {"length": 1.2, "angle": 130, "angular_velocity": 20}, ["length", "angle", "gravity"], 5),
    "driven": (
        "pendulum",
        {"length": 1.2, "angle": 50, "damping": 0.2, "drive": {"amplitude": 1, "angular_frequency": 2, "phase": 20}},
        ["length", "damping", "mass", "drive.amplitude", "drive.angular_frequency", "drive.phase"],
        5,
    ),
    "hamiltonian": ("pendulum", {"form": "hamiltonian", "length": 0.7, "angle": 100}, ["length", "mass", "angle"], 5),
    "double": (
        "double_pendulum",
        {"angle1": 80, "angle2": -30, "mass2": 0.6, "length2": 1.4},
        ["angle1", "angular_velocity2", "mass1", "mass2", "length1", "length2", "gravity"],
        3,
    ),
    "kepler": (
        "two_body",
        {"eccentricity": 0.7, "mass_2": 0.4},
        ["eccentricity", "semi_major_axis", "mass_1", "mass_2", "gravitational_constant"],
        9,
    ),
    "faded": ("two_body", {"softening": 0.3, "damping": 0.1, "eccentricity": 0.2}, ["softening", "damping"], 9),
    "leapfrog": (
        "two_body",
        {"integrator": "leapfrog", "step": 0.07, "eccentricity": 0.3, "damping": 0.1},
        ["eccentricity", "mass_1", "damping"],
        5,
    ),
    "yoshida4": (
        "two_body",
        {"integrator": "yoshida4", "step": 0.15, "eccentricity": 0.3, "damping": 0.1},
        ["eccentricity", "mass_1", "damping"],
        5,
    ),
    "eight": ("figure_eight", {"size": 1.3}, ["size", "mass", "gravitational_constant"], 3),
    "bodies": ("n_body", {**BODIES, "softening": 0.2, "damping": 0.05}, ["softening", "damping"], 3),
    "plane": (
        "n_body",
        {**BODIES, "position": {"disc": {"radius": 2}}, "dimensions": 2, "frame": "as_drawn", "softening": 0.2},
        ["softening", "gravitational_constant"],
        3,
    ),
}
EXACT = {"pendulum": 1e-13, "double_pendulum": 1e-13}


@pytest.mark.parametrize("case", SYSTEMS)
def test_derivatives_are_the_limits_of_differences(case):
    system, body, names, stop = SYSTEMS[case]
    exact = {} if "step" in body else {"tolerance": EXACT.get(system, 1e-12)}
    made = recipe(system, body | exact, times={"start": 0, "stop": stop, "points": 24})
    drawn = lm.parameters(made, 0, 1)
    found = lm.derivatives(made, {}, samples=[0], names=[f"{system}.{name}" for name in names])

    def moved(name, by):
        return lm.render(made, {name: drawn[name] + by}, samples=[0], noise=False)

    for i, name in enumerate(f"{system}.{name}" for name in names):
        value = abs(float(drawn[name][0]))
        # Two steps, of which what is of second order is taken out.
        h = 2e-4 * max(value, 0.05)
        steps = [{key: moved(name, k * h)[key] - moved(name, -k * h)[key] for key in found} for k in (1, 2)]
        for key, curves in found.items():
            wanted = (8 * steps[0][key] - steps[1][key])[0] / (12 * h)
            assert curves[0, i] == pytest.approx(wanted, abs=1e-6 * np.abs(wanted).max() + 1e-8), (key, name)


def test_a_body_has_derivatives_of_its_own():
    made = recipe("n_body", {**BODIES, "softening": 0.2}, times={"start": 0, "stop": 2, "points": 9})
    drawn = lm.parameters(made, 0, 1)
    for name in ("mass", "y", "vz"):
        found = lm.derivatives(made, {}, samples=[0], names=[f"n_body.{name}[1]"])["positions"][0, 0]
        values = drawn[f"n_body.{name}"]

        def moved(by, name=name, values=values):
            given = {f"n_body.{name}": values + by * np.array([[0, 1, 0]])}
            return lm.render(made, given, samples=[0], noise=False)["positions"][0]

        h = 1e-3
        wanted = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
        assert found == pytest.approx(wanted, abs=1e-7 * np.abs(wanted).max())


def test_expressions_lead_on():
    body = {"length": "= 0.5 * size", "angle": 60, "gravity": "= 9 + size"}
    made = recipe("pendulum", body, let={"size": {"uniform": [1.9, 2.1]}}, observe=["x"])
    names = ["size", "pendulum.length", "pendulum.gravity"]
    size, length, gravity = lm.derivatives(made, {}, samples=[0], names=names)["x"][0]
    assert size == pytest.approx(0.5 * length + gravity, abs=1e-11)


def test_the_strength_of_noise_has_the_bound_of_normal_numbers():
    made = recipe("pendulum", {"length": 1, "angle": 40}, [{"gaussian": {"sigma": 0.3}}], observe=["x"])
    told = lm.fisher(made, 0, 1, names=["noise.gaussian.sigma", "pendulum.length"])
    assert told.crb[0, 0] == pytest.approx(0.3 / np.sqrt(2 * 41))
    assert told.fisher[0, 0, 1] == 0


def swing(noise):
    body = {"length": 1.3, "angle": 100, "damping": 0.1}
    return recipe("pendulum", body, noise, seed=8, realisations=400, observe=["x", "angular_velocity"])


def test_the_score_scatters_as_the_information_says():
    """Of widths that follow from the signal: the score's covariance is the information."""
    layers = [{"gaussian": {"relative": 0.2}}, {"gaussian": {"sigma": 0.05, "on": ["x"]}}]
    made, names = swing(layers), ["pendulum.length", "pendulum.damping"]
    told = lm.fisher(made, 0, 1, names=names)
    slopes = lm.derivatives(made, {}, samples=[0], names=names)
    mean = lm.render(made, {}, samples=[0], noise=False)
    seen = lm.generate(made, 0, 400).series
    score = np.zeros((400, 2))
    for name, constant in (("x", 0.05), ("angular_velocity", 0.0)):
        m, d, spread = mean[name][0], slopes[name][0], mean[name][0].std()
        variance = (0.2 * spread) ** 2 + constant**2
        # half the derivative of the variance
        widening = 0.2**2 * (d * (m - m.mean())).mean(axis=1)
        rest = seen[name] - m
        score += rest @ d.T / variance
        score += ((rest**2 / variance - 1).sum(axis=1)[:, None] * widening) / variance
    scatter = np.cov(score.T)
    error = np.sqrt(np.diag(told.fisher[0]))
    assert scatter / np.outer(error, error) == pytest.approx(told.fisher[0] / np.outer(error, error), abs=0.25)
    # Without the second term the information would be as much less as this shows to be too little.
    assert np.diag(scatter) / np.diag(told.fisher[0]) == pytest.approx(1, abs=0.25)


def test_estimates_scatter_as_the_bounds_say():
    made = swing([{"gaussian": {"sigma": 0.02, "on": ["x"]}}, {"gaussian": {"sigma": 3, "on": ["angular_velocity"]}}])
    names = ["pendulum.length", "pendulum.angle", "pendulum.damping"]
    truth = np.array([1.3, 100, 0.1])
    told, seen = lm.fisher(made, 0, 1, names=names), lm.generate(made, 0, 400).series
    sigma = {"x": 0.02, "angular_velocity": 3.0}
    slopes = lm.derivatives(made, {}, samples=[0], names=names)
    values = np.tile(truth, (400, 1))
    for _ in range(3):
        mean = lm.render(made, dict(zip(names, values.T, strict=True)), samples=range(400), noise=False)
        score = sum((seen[key] - mean[key]) @ slopes[key][0].T / sigma[key] ** 2 for key in sigma)
        values += np.linalg.solve(told.fisher[0], score.T).T
    # The standard deviation of 400 numbers is known within 3.5 %.
    assert values.std(axis=0) / told.crb[0] == pytest.approx(1, abs=0.12)
    assert np.all(np.abs(values.mean(axis=0) - truth) < told.crb[0] * 4 / 20)


def test_a_data_set_stores_it(tmp_path):
    body = {"length": {"uniform": [1, 2]}, "angle": {"uniform": [10, 170]}}
    made = recipe("pendulum", body, save=["fisher", "crb"], targets=["pendulum.length", "pendulum.angle"])
    lm.write(made, tmp_path / "out", count=5)
    told = lm.fisher(made, 0, 5)
    with h5py.File(next((tmp_path / "out" / "shards").iterdir())) as shard:
        assert list(shard["crb"].attrs["parameters"]) == list(told.names) == ["pendulum.length", "pendulum.angle"]
        assert np.array_equal(shard["crb"][:], told.crb)
        assert np.array_equal(shard["fisher"][:], told.fisher)
    assert np.isfinite(told.crb).all()
    assert np.array_equal(lm.generate(made, 0, 5).information.crb, told.crb)


def test_threads_and_batches_do_not_change_a_bit():
    made = recipe(
        "n_body", {**BODIES, "bodies": {"integers": [2, 3]}, "softening": 0.2}, times={"stop": 1, "points": 5}
    )
    names = ["n_body.softening", "n_body.x[0]"]
    wanted = lm.fisher(made, 0, 6, names=names, threads=1)
    for threads in (2, 3):
        assert np.array_equal(lm.fisher(made, 0, 6, names=names, threads=threads).fisher, wanted.fisher)
    assert np.array_equal(lm.fisher(made, 4, 5, names=names).crb, wanted.crb[4:5])


def test_what_cannot_be_told_has_a_reason():
    made = recipe("pendulum", {"length": 1, "angle": 30}, observe=["x"])
    told = lm.fisher(made, 0, 1, names=["pendulum.mass", "pendulum.angle"])
    assert np.array_equal(np.isfinite(told.crb[0]), [False, True])
    assert told.reasons == ("pendulum.mass: no effect on what is seen",)
    still = recipe("pendulum", {"length": 1, "angle": 30}, [{"gaussian": {"relative": 0.1}}], observe=["energy"])
    told = lm.fisher(still, 0, 1, names=["pendulum.mass"])
    assert told.crb[0, 0] == np.inf
    assert "without any noise" in told.reasons[0]


def test_a_body_that_is_absent_tells_nothing():
    made = recipe(
        "n_body", {**BODIES, "bodies": {"integers": [2, 3]}, "softening": 0.2}, times={"stop": 1, "points": 5}
    )
    rows = lm.parameters(made, 0, 8)["n_body.bodies"]
    told = lm.fisher(made, 0, 8, names=["n_body.mass[0]", "n_body.x[2]"])
    assert np.array_equal(np.isfinite(told.crb[:, 1]), rows == 3)
    assert np.isfinite(told.crb[:, 0]).all()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["n_body.bodies"], "whole number"),
        (["n_body.x"], r"a number of each body.* \"n_body.x\[0\]\""),
        (["n_body.x[3]"], "bodies are 0 to 2"),
        (["n_body.y[-1]"], "no column"),
        (["n_body.q[0]"], "no column"),
    ],
)
def test_what_has_no_derivative_is_refused(names, said):
    with pytest.raises(lm.RecipeError, match=said):
        lm.fisher(recipe("n_body", BODIES), 0, 1, names=names)


def test_noise_is_needed():
    made = recipe("pendulum", {"length": 1, "angle": 30}, [{"gaussian": {"sigma": 1, "on": ["x"]}}], observe=["x", "y"])
    with pytest.raises(lm.RecipeError, match="without noise y tells all"):
        lm.fisher(made, 0, 1, names=["pendulum.length"])
    with pytest.raises(ValueError, match="pendulum.length"):
        lm.fisher(made, 0, 1)
