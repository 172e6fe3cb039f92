"""Recipes of time series: what is drawn, when it is seen, its noise, and all faces in agreement."""

import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import lightmill as lm
from lightmill.recipe.tables import tables

TIMES = {"start": 0, "stop": 6, "points": 13}
PENDULUM = {"length": {"uniform": [0.5, 3]}, "angle": {"uniform": [-150, 150]}, "mass": {"uniform": [1, 2]}}


def recipe(times=None, pendulum=None, **keys):
    said = {"name": "swing", "seed": 5, "times": times or TIMES, "system": {"pendulum": pendulum or PENDULUM}, **keys}
    return lm.load(said)


def test_a_trajectory_is_that_of_its_parameters():
    made = recipe(pendulum=PENDULUM | {"damping": 0.2, "angular_velocity": {"uniform": [-50, 50]}})
    batch = lm.generate(made, 0, 4)
    for row in range(4):
        value = {name.partition(".")[2]: values[row] for name, values in batch.labels.items()}
        start = np.radians([value["angle"], value["angular_velocity"]])
        pull = value["gravity"] / value["length"]

        def moves(_time, state, pull=pull):
            return [state[1], -pull * np.sin(state[0]) - 0.2 * state[1]]

        found = solve_ivp(moves, (0, 6), start, "DOP853", batch.times, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(batch.series["q"][row], found.y[0], atol=1e-9)
        np.testing.assert_allclose(batch.series["x"][row], value["length"] * np.sin(found.y[0]), atol=1e-8)


def test_times_are_those_of_linspace_and_the_parameters_hold_at_the_start():
    times = {"start": 2.5, "stop": 9.1, "points": 37}
    batch = lm.generate(recipe(times), 0, 3)
    np.testing.assert_array_equal(batch.times, np.linspace(2.5, 9.1, 37))
    np.testing.assert_allclose(batch.series["angle"][:, 0], batch.labels["pendulum.angle"], rtol=1e-13)


def test_listed_times_may_begin_after_the_start():
    even, listed = recipe(observe=["x"]), recipe({"start": 0, "at": [1.5, 3, 6]}, observe=["x"])
    np.testing.assert_allclose(
        lm.generate(listed, 0, 5).series["x"], lm.generate(even, 0, 5).series["x"][:, [3, 6, 12]], atol=1e-9
    )
    assert lm.generate(recipe([0, 0.5, 6]), 0, 1).times.tolist() == [0, 0.5, 6]


def test_uneven_times_are_each_rows_own():
    made = recipe(TIMES | {"points": 50, "jitter": 0.6, "gaps": {"number": 1, "length": 2}}, realisations=2)
    batch = lm.generate(made, 0, 8)
    assert batch.times.shape == (8, 50)
    assert (np.diff(batch.times) > 0).all()
    assert np.diff(batch.times).max(axis=1).min() > 2
    np.testing.assert_array_equal(batch.times[:, [0, -1]], [[0, 6]] * 8)
    np.testing.assert_array_equal(batch.times[0], batch.times[1])  # of one scene
    assert len({times.tobytes() for times in batch.times}) == 4
    alone = {name: values[2] for name, values in lm.parameters(made, 0, 8).items() if name.startswith("pendulum")}
    fixed = recipe(
        {"at": batch.times[2].tolist()},
        {key.partition(".")[2]: float(v) for key, v in alone.items() if "drive" not in key},
    )
    np.testing.assert_allclose(lm.generate(fixed, 0, 1).series["x"][0], batch.series["x"][2], atol=1e-9)


def test_all_faces_agree(tmp_path):
    made = recipe(
        noise=[{"gaussian": {"sigma": 0.1, "on": ["x"]}}],
        observe=["x", "energy"],
        save=["noiseless"],
        splits={"a": 0.5, "b": 0.5},
        targets=["pendulum.length"],
        realisations=2,
        count=50,
    )
    batch = lm.generate(made, 0, 50)
    drawn = lm.parameters(made, 0, 50)
    again = lm.render(made, drawn, samples=range(50))
    plain = lm.render(made, drawn, samples=range(50), noise=False)
    lm.write(made, tmp_path / "out", shard_rows=16, preview=lambda: b"")
    with lm.open(tmp_path / "out") as data:
        np.testing.assert_array_equal(data.times, batch.times)
        assert sorted(data.series) == ["energy", "x"]
        for name in batch.series:
            np.testing.assert_array_equal(again[name], batch.series[name])
            np.testing.assert_array_equal(plain[name], batch.noiseless_series[name])
            np.testing.assert_array_equal(data.series[name][:], batch.series[name])
            np.testing.assert_array_equal(data.noiseless_series[name][:], batch.noiseless_series[name])
        np.testing.assert_array_equal(data.labels["pendulum.length"], batch.targets[:, 0])
        np.testing.assert_array_equal(data.measured["energy_drift"], batch.measured["energy_drift"])
        assert data.attributes("measured/failed")["classes"][0] == "no"
        assert data.attributes("series/x")["unit"] == "m"
        figures = data.statistics
    assert figures["failed"] == 0
    assert figures["series"]["x"]["mean"] == pytest.approx(batch.series["x"].mean())
    assert figures["series"]["x"]["sd"] == pytest.approx(batch.series["x"].std())
    assert "images" not in figures
    assert batch.images.shape == (50, 0, 0)
    assert batch.objects == {}


def test_realisations_are_fresh_noise_on_one_trajectory():
    batch = lm.generate(recipe(noise=[{"gaussian": {"sigma": 0.1}}], save=["noiseless"], realisations=3), 0, 6)
    np.testing.assert_array_equal(batch.noiseless_series["x"][0], batch.noiseless_series["x"][2])
    assert (batch.series["x"][0] != batch.series["x"][1]).all()
    assert (batch.noiseless_series["x"][0] != batch.noiseless_series["x"][3]).any()


def test_noise_is_where_it_is_asked_for_and_as_wide():
    noise = [{"gaussian": {"sigma": 0.3, "on": ["x"]}}, {"gaussian": {"relative": 0.1, "on": ["y", "angle"]}}]
    made = recipe(TIMES | {"points": 500}, noise=noise, save=["noiseless"], observe=["x", "y", "angle", "q"])
    batch = lm.generate(made, 0, 200)
    added = {name: batch.series[name] - batch.noiseless_series[name] for name in batch.series}
    assert added["x"].std() == pytest.approx(0.3, rel=0.02)
    for name in ("y", "angle"):
        spread = batch.noiseless_series[name].std(axis=1)
        np.testing.assert_allclose(added[name].std(axis=1) / spread, 0.1, rtol=0.2)
    assert (added["q"] == 0).all()
    assert abs(np.corrcoef(added["y"].ravel(), added["angle"].ravel())[0, 1]) < 0.02
    assert (batch.labels["noise.gaussian.2.relative"] == 0.1).all()


def test_noise_belongs_to_its_observable_and_layer():
    layers = [{"gaussian": {"sigma": 0.1, "on": ["x", "y"]}}, {"gaussian": {"sigma": 0.2, "on": ["x"]}}]
    both = lm.generate(recipe(noise=layers, observe=["x", "y"]), 0, 3).series
    turned = lm.generate(recipe(noise=layers[:1], observe=["energy", "y", "x"]), 0, 3).series
    np.testing.assert_array_equal(both["y"], turned["y"])
    assert (both["x"] != turned["x"]).all()


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_and_batches_change_nothing(threads):
    made = recipe(TIMES | {"jitter": 0.5}, noise=[{"gaussian": {"relative": 0.1}}])
    whole = lm.generate(made, 0, 300, threads=threads)
    for start, stop in ((0, 1), (7, 8), (123, 300)):
        part = lm.generate(made, start, stop, threads=1)
        np.testing.assert_array_equal(part.times, whole.times[start:stop])
        for name, values in part.series.items():
            np.testing.assert_array_equal(values, whole.series[name][start:stop])


def test_instruction_sets_change_nothing():
    code = (
        "import lightmill as lm, hashlib; b = lm.generate('deepbench-pendulum', 5, 40, threads=1); "
        "print(hashlib.sha256(b.series['x'].tobytes() + b.series['y'].tobytes()).hexdigest())"
    )
    from lightmill import _core

    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"LIGHTMILL_ISA": isa, "PATH": "", **_paths()},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for isa in _core.cpu()
    }
    assert len(found) == 1


def _paths():
    return {"PYTHONPATH": ":".join(filter(None, sys.path))}


def test_a_constant_made_a_prior_moves_nothing_else():
    fixed = recipe(pendulum=PENDULUM | {"damping": 0.1})
    drawn = recipe(pendulum=PENDULUM | {"damping": {"uniform": [0, 1]}}, noise=[{"gaussian": {"sigma": 1}}])
    one, other = (lm.parameters(made, 0, 9) for made in (fixed, drawn))
    for name in ("pendulum.length", "pendulum.angle", "pendulum.mass"):
        np.testing.assert_array_equal(one[name], other[name])


def test_values_are_like_those_of_objects():
    said = {
        "length": {"normal": [1, 0.6]},
        "gravity": "= G * phi",
        "angle": {"normal": ["= 10 * length", "1 deg"]},
        "damping": {"choice": [0, 0.1]},
    }
    let = {"G": {"normal": [2, 0.1], "per": "dataset"}, "phi": {"uniform": [4, 5]}}
    drawn = lm.parameters(recipe(pendulum=said, let=let, keep={"pendulum.length": [0.5, None]}), 0, 2000)
    assert len(set(drawn["G"])) == 1
    np.testing.assert_array_equal(drawn["pendulum.gravity"], drawn["G"] * drawn["phi"])
    assert drawn["pendulum.length"].min() >= 0.5
    assert drawn["attempt"].max() > 0
    assert (drawn["pendulum.angle"] - 10 * drawn["pendulum.length"]).std() == pytest.approx(1, rel=0.1)
    assert set(drawn["pendulum.damping"]) == {0, 0.1}


def test_a_table_gives_parameters():
    said = {"times": TIMES, "system": {"pendulum": {"length": {"column": "arms.length"}, "angle": 30}}}
    made = lm.load(said, tables={"arms": {"length": np.array([1.0, 2.0, 4.0])}})
    assert made.count == 3
    np.testing.assert_array_equal(lm.parameters(made, 0, 3)["pendulum.length"], [1, 2, 4])


@pytest.mark.parametrize("name", tables().systems)
def test_the_name_of_a_system_alone_is_a_recipe(name):
    made = lm.load(name)
    again = lm.load(made.resolved)
    assert again == made
    assert lm.load(made.yaml() and made) == made
    batch = lm.generate(made, 0, 6)
    assert list(batch.series) == list(tables().systems[name].observables)
    assert all(np.isfinite(values).any() for values in batch.series.values())


def test_an_illegal_parameter_is_refused():
    with pytest.raises(ValueError, match=r"length = -1 is not allowed; it must be above 0"):
        lm.render(recipe(), {"pendulum.length": -1.0})


def test_settings_reach_the_system():
    made = lm.load(recipe(), ["pendulum.length=2", "system.pendulum.mass=3", "times.points=5"])
    assert made.resolved["system"]["pendulum"]["length"] == 2
    assert made.resolved["system"]["pendulum"]["mass"] == 3
    assert lm.load("pendulum", ["pendulum.form=hamiltonian"]).spec["series"]["choices"]["form"] == "hamiltonian"


def test_a_stream_of_series():
    batches = lm.stream(recipe(), 4)
    assert [int(next(batches).samples[0]) for _ in range(3)] == [0, 4, 8]


def test_parts_and_resume_make_the_same(tmp_path):
    made = recipe(count=40, observe=["x"], noise=[{"gaussian": {"sigma": 0.1}}])
    lm.write(made, tmp_path / "whole", shard_rows=8, preview=lambda: b"")
    for part in (2, 1):
        lm.write(made, tmp_path / "parts", shard_rows=8, part=(part, 2), preview=lambda: b"")
    (tmp_path / "parts" / "shards" / "00003.h5").unlink()
    lm.write(made, tmp_path / "parts", resume=True, preview=lambda: b"")
    sums = [json.loads((tmp_path / name / "manifest.json").read_text())["shards"] for name in ("whole", "parts")]
    assert sums[0] == sums[1]
    names = ("whole", "parts")
    digests = {hashlib.sha256(lm.open(tmp_path / name).series["x"][:].tobytes()).hexdigest() for name in names}
    assert len(digests) == 1


BODIES = {
    "bodies": {"integers": [2, 5]},
    "mass": {"uniform": [1, 2]},
    "position": {"ball": {"radius": 1}},
    "velocity": {"normal": [0, 0.3]},
    "softening": 0.1,
    "integrator": "leapfrog",
    "step": 0.01,
}


def bodies(observe=("positions", "kinetic_energy"), body=None, **keys):
    times = {"start": 0, "stop": 1, "points": 5}
    system = {"n_body": BODIES | (body or {})}
    return lm.load({"name": "few", "times": times, "system": system, "observe": list(observe), **keys})


def test_bodies_that_are_absent_are_nan_everywhere(tmp_path):
    made = bodies(noise=[{"gaussian": {"sigma": 0.1}}], count=40)
    batch = lm.generate(made, 0, 40)
    assert batch.series["positions"].shape == (40, 5, 5, 3)
    present = batch.objects["present"]
    np.testing.assert_array_equal(present.sum(axis=1), batch.labels["n_body.bodies"])
    assert set(batch.labels["n_body.bodies"]) == {2, 3, 4, 5}
    here = np.isfinite(batch.series["positions"])
    np.testing.assert_array_equal(here, np.broadcast_to(present[:, None, :, None], here.shape))
    np.testing.assert_array_equal(np.isfinite(batch.objects["mass"]), present)
    lm.write(made, tmp_path / "out", preview=lambda: b"")
    with lm.open(tmp_path / "out") as data:
        np.testing.assert_array_equal(data.series["positions"][:], batch.series["positions"])
        np.testing.assert_array_equal(data.objects["vz"], batch.objects["vz"])


def test_bodies_begin_where_they_are_drawn():
    made = bodies(body={"frame": "as_drawn", "bodies": 4}, observe=["positions", "velocities"])
    batch = lm.generate(made, 0, 300)
    for axis, names in enumerate(zip(("x", "y", "z"), ("vx", "vy", "vz"), strict=True)):
        for name, seen in zip(names, ("positions", "velocities"), strict=True):
            np.testing.assert_allclose(batch.series[seen][:, 0, :, axis], batch.objects[name], atol=1e-15)
    radius = np.linalg.norm(batch.series["positions"][:, 0], axis=-1)
    assert radius.max() < 1
    assert (radius**3).mean() == pytest.approx(0.5, abs=0.03)  # uniform in volume
    velocity = np.stack([batch.objects[name] for name in ("vx", "vy", "vz")])
    assert velocity.std() == pytest.approx(0.3, rel=0.05)
    assert abs(np.corrcoef(velocity.reshape(3, -1)) - np.eye(3)).max() < 0.1


def test_in_the_plane_there_is_no_z():
    made = bodies(body={"dimensions": 2, "position": {"disc": {"radius": 1}}})
    batch = lm.generate(made, 0, 20)
    assert batch.series["positions"].shape == (20, 5, 5, 2)
    assert np.nanmax(abs(batch.objects["z"])) == np.nanmax(abs(batch.objects["vz"])) == 0


def test_more_bodies_do_not_move_those_that_are_there():
    few, many = (
        lm.generate(
            bodies(
                body={"bodies": number, "mass": 1e-9, "gravitational_constant": 1e-9, "frame": "as_drawn"},
                noise=[{"gaussian": {"sigma": 0.1}}],
                observe=["positions"],
            ),
            0,
            9,
        )
        for number in (2, {"choice": [2, 4], "weights": [1, 1e9]})
    )
    np.testing.assert_allclose(few.series["positions"], many.series["positions"][:, :, :2], atol=1e-12)


def test_bodies_must_come_first():
    made = bodies()
    drawn = lm.parameters(made, 0, 3)
    drawn["n_body.mass"][0, 0] = np.nan
    with pytest.raises(ValueError, match=r"body 1 of row 0 is there and body 0 is not"):
        lm.render(made, drawn)


@pytest.mark.filterwarnings("ignore::lightmill.DeepBenchWarning")
def test_a_body_of_deepbench_runs():
    file = {
        "object_type": "astro",
        "object_name": "NBodyObject",
        "total_runs": 3,
        "object_parameters": {},
        "image_parameters": {"image_dimensions": [28, 28], "t_duration": 0.5, "dt": 0.05, "noise_level": 0.01},
    }
    made = lm.load(file)
    batch = lm.generate(made, 0, 3)
    assert batch.series["positions"].shape == (3, 11, 3, 2)
    assert np.isfinite(batch.series["kinetic_energy"]).all()


UNITS = {
    "length": ("50 cm", 0.5),
    "angle": ("0.5 rad", np.degrees(0.5)),
    "mass": ("200 g", 0.2),
    "gravity": ("981 cm/s2", 9.81),
    "angular_velocity": ("90 deg/min", 1.5),
    "damping": ("6 min-1", 0.1),
}


def test_parameters_come_in_any_unit():
    said = {key: text for key, (text, _) in UNITS.items()}
    drive = {"amplitude": "180 deg/s^2", "angular_frequency": "120 rad/min"}
    made = recipe(pendulum={**said, "drive": drive})
    drawn = made.resolved["system"]["pendulum"]
    for key, (_, number) in UNITS.items():
        assert drawn[key] == pytest.approx(number, rel=2e-15), key
    assert drawn["drive"]["amplitude"] == np.pi
    assert drawn["drive"]["angular_frequency"] == 2
    with pytest.raises(lm.RecipeError, match="-0.5 is not allowed; length must be above 0"):
        recipe(pendulum=PENDULUM | {"length": "-50 cm"})
    spring = lm.load(
        {"times": TIMES, "system": {"spring": {"stiffness": "2 N/cm", "position": {"uniform": [0, "3 mm"]}}}}
    )
    assert spring.resolved["system"]["spring"]["stiffness"] == 200
    assert spring.resolved["system"]["spring"]["position"] == {"uniform": [0, 0.003]}


def test_columns_of_tables_come_in_any_unit():
    from astropy.table import Table
    from astropy.units import cm

    said = {"times": TIMES, "system": {"pendulum": {"length": {"column": "arms.length"}, "angle": 30}}}
    made = lm.load(said, tables={"arms": Table({"length": [50.0, 200.0] * cm})})
    assert lm.parameters(made, 0, 2)["pendulum.length"].tolist() == [0.5, 2.0]
