"""What DeepBench gets wrong in shapes, skies, pendulums and collections, right here: each test fails on its behaviour.

Where another file has the test already, it is named; the rest are below.

==================================================  =====================================================
what DeepBench does                                 what shows that it is right here
==================================================  =====================================================
runs of a collection share one noise seed, so that  `test_no_two_images_share_noise`;
images repeat                                       test_deepbench `test_runs_of_fixed_parameters_have_...`
the recorded seed is not the one used               `test_the_recorded_seed_makes_the_same_data_set`;
                                                    test_deepbench `test_the_seed_that_is_recorded_is_...`
`seed: 0` means no seed                             `test_seed_0_is_a_seed_like_any_other`;
                                                    test_deepbench `test_zero_is_a_seed`
random defaults are drawn once, at import           `test_defaults_are_drawn_for_each_sample`,
                                                    `test_nothing_is_drawn_at_import`;
                                                    test_deepbench `test_defaults_are_drawn_for_each_...`
a collection ignores the parameters of a shape      `test_every_parameter_of_a_shape_is_heeded`
the spiral ignores its centre                       `test_every_model_is_where_its_centre_is` (of all models
                                                    that there are)
non-square sky images crash                         `test_a_sky_need_not_be_square`;
                                                    test_deepbench `test_images_need_not_be_square`
noise is added before the PSF blur                  `test_noise_is_not_blurred`
each object is min-max scaled, so flux is lost      `test_flux_is_kept`;
                                                    test_scene `test_pixels_sum_to_flux_and_rectangles_to_area`
a constant object gives NaN                         `test_a_constant_object_is_itself`
Sérsic profiles are sampled at pixel centres: 46    `test_the_centre_of_a_galaxy`,
times too much light in the central pixel, 5.4      `test_a_shift_of_half_a_pixel_keeps_the_flux`;
times the flux for a half-pixel shift               test_crosscheck `test_every_model_keeps_its_promises`
rotated rectangles turn about a corner              test_shapes `test_rectangles_turn_about_their_centre`;
                                                    test_deepbench `test_a_rectangle_turns_about_its_centre`
polygons are off-centre, with the angle in radians  test_shapes `test_polygons_are_centred_and_their_...`;
                                                    test_deepbench `test_a_polygon_is_centred_and_turned_...`
lines with falling y point the wrong way            test_shapes `test_a_line_with_falling_y_points_down`;
                                                    test_deepbench `test_a_line_goes_from_start_to_end_...`
the Hamiltonian pendulum's kinetic term is          `test_a_pendulum_swings_at_the_root_of_g_over_l`
L^2 p^2 / 2m: omega^2 = g L^3
it ignores its starting angle                       `test_a_pendulum_starts_where_it_is_told`
and adds unseeded noise when asked for none         `test_a_pendulum_has_noise_only_where_it_is_asked_for`
the Newtonian pendulum is small-angle at every      `test_a_wide_swing_takes_longer`
angle
and ignores friction                                `test_friction_slows_a_pendulum_down`
parameter noise is drawn at every time              `test_scatter_is_one_draw_a_run`
hierarchical noise is applied twice                 `test_the_scatter_of_a_product_is_that_of_its_parts`
integer times give zeros                            `test_whole_numbers_are_times`
HDF5 files hold no labels                           `test_a_sky_on_disk_has_its_labels`;
                                                    test_deepbench `test_a_data_set_holds_the_labels`
==================================================  =====================================================
"""

import json
import subprocess
import sys

import numpy as np
import pytest
from astropy.modeling.models import Sersic2D
from deepbench_files import SAID, shape_file

import lightmill as lm
from lightmill.recipe.tables import tables
from lightmill.reference import COVERAGE, Frame

pytestmark = pytest.mark.filterwarnings("ignore::lightmill.DeepBenchWarning")

STAR = {"moffat": {"name": "star", "flux": 900, "fwhm": 3, "beta": 3}}
WHOLE = {name: model for name, model in tables().objects.items() if not model.parts}
"""Models that are one thing: those of parts are the sum of these."""
GALAXY = {"sersic": {"name": "galaxy", "flux": 500, "index": 4, "half_light_radius": 5}}
NOISE = [{"gaussian": {"sigma": 2}}]
PSF = {"moffat": {"fwhm": 2, "beta": 4}}


def sky(*objects, size=33, **keys):
    psf = {"psf": PSF} if any("star" in entry for entry in objects) else {}
    return lm.load({"name": "sky", "image": {"size": size}, "objects": list(objects), **psf, **keys})


def first(recipe):
    return lm.generate(recipe, 0, 1).images[0].astype(float)


def with_(entry, **parameters):
    [(model, body)] = entry.items()
    return {model: body | parameters}


# Collections.


def test_no_two_images_share_noise():
    images = lm.generate(sky(STAR, size=12, noise=NOISE), 0, 200).images
    assert len({image.tobytes() for image in images}) == 200
    noise = (images - images.mean(axis=0)).reshape(200, -1)
    assert np.abs(np.corrcoef(noise) - np.eye(200)).max() < 0.5  # of 20,000 pairs, the largest by chance is 0.35


@pytest.mark.parametrize("seed", [0, 7, 2**64 - 1])
def test_the_recorded_seed_makes_the_same_data_set(seed, tmp_path):
    made = sky(with_(STAR, flux="random"), size=9, noise=NOISE, count=5).with_(seed=seed)
    lm.write(made, tmp_path / "out")
    recorded = json.loads((tmp_path / "out" / "manifest.json").read_text())["seed"]
    again = lm.load(tmp_path / "out" / "recipe.yaml")
    assert recorded == again.seed == seed
    with lm.open(tmp_path / "out") as data:
        np.testing.assert_array_equal(data.images[:], lm.generate(again, 0, 5).images)


def test_seed_0_is_a_seed_like_any_other():
    made = sky(with_(STAR, flux="random"), size=9, noise=NOISE)
    runs = [lm.generate(made.with_(seed=seed), 0, 3).images for seed in (0, 0, 1, 2)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert len({run.tobytes() for run in runs}) == 3


@pytest.mark.parametrize("name", tables().objects)
def test_defaults_are_drawn_for_each_sample(name):
    recipe = sky({name: "random"}, size=64)
    [entry] = recipe.resolved["objects"]
    drawn = [key for key, value in entry[name].items() if isinstance(value, dict) and "choice" not in value]
    assert len(drawn) >= 3
    labels = lm.parameters(recipe, 0, 100)
    for key in set(drawn) - {"sides", "shear", *tables().objects[name].parts}:
        assert len(set(labels[f"{name}.{key}"])) == 100


def test_nothing_is_drawn_at_import():
    code = "import lightmill as lm; print(lm.parameters('sersic', 0, 3)['sersic.flux'].tolist())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert json.loads(other) == lm.parameters("sersic", 0, 3)["sersic.flux"].tolist()


@pytest.mark.parametrize("word", SAID)
def test_every_parameter_of_a_shape_is_heeded(word):
    said = SAID[word][0] | {"line_width": 2}
    plain = first(lm.load(shape_file({word: said})))
    assert plain.any()
    for key, value in said.items():
        other = not value if isinstance(value, bool) else np.add(value, 5).tolist()
        assert (first(lm.load(shape_file({word: said | {key: other}}))) != plain).any(), key


# Skies.


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "line"])
def test_every_model_is_where_its_centre_is(name):
    drawn = sky({name: "random"}, size=64)
    [entry] = drawn.resolved["objects"]
    values = {key.partition(".")[2]: value[0] for key, value in lm.parameters(drawn, 0, 1).items()}
    body = {key: bool(values[key]) if key == "fill" else values[key] for key in entry[name] if key in values}
    middle = first(sky({name: body | {"x": 0.3, "y": -0.2}}, size=31))
    moved = first(sky({name: body | {"x": 4.3, "y": -6.2}}, size=31))
    np.testing.assert_allclose(moved[:-6, 4:], middle[6:, :-4], rtol=1e-4, atol=1e-4 * middle.max())
    assert middle[6:, :-4].max() > 0


@pytest.mark.parametrize("size", [[20, 50], [50, 20]])
def test_a_sky_need_not_be_square(size):
    rows, columns = size
    x, y = columns / 2 - 6.5, 6.5 - rows / 2
    made = sky(with_(STAR, x=x, y=y), with_(GALAXY, x=-x, y=-y, half_light_radius=1), size=size, noise=NOISE)
    image = first(made)
    assert image.shape == (rows, columns)
    for column, row in ((columns - 7, 6), (6, rows - 7)):
        around = image[row - 3 : row + 4, column - 3 : column + 4]
        assert np.unravel_index(np.argmax(around), around.shape) == (3, 3)


def test_noise_is_not_blurred():
    star = with_(STAR, noise=[{"gaussian": {"sigma": 3}}, "poisson"])
    save = ["noiseless", "variance"]
    batch = lm.generate(sky(star, psf=PSF, sky=50, noise=["poisson"], save=save), 0, 400)
    noise = (batch.images - batch.noiseless) / np.sqrt(batch.variance)
    assert noise.std() == pytest.approx(1, abs=0.005)
    for rows, columns in ((0, 1), (1, 0), (1, 1)):
        shifted = np.roll(noise, (rows, columns), (1, 2))
        assert abs((noise * shifted).mean()) < 0.008  # 435,600 pairs: 5 standard errors; a blur of 0.7 pixels: 0.6


@pytest.mark.parametrize("name", [name for name, model in WHOLE.items() if model.family == "profile"])
def test_flux_is_kept(name):
    sizes = {"moffat": {"fwhm": 2, "beta": 4}, "gaussian": {"fwhm": 2}, "star": {}}
    body = sizes.get(name, {"half_light_radius": 1.5})
    body |= {"index": 1.5} if name == "sersic" else {}
    faint, bright = (first(sky({name: body | {"flux": flux}}, size=129)) for flux in (3, 3e6))
    assert faint.sum() == pytest.approx(3, rel=2e-3)
    limits = {"rtol": 1e-5, "atol": 1e-7 * bright.max()}
    np.testing.assert_allclose(bright, 1e6 * faint, **limits)
    both = first(sky({name: {"name": "a", **body, "flux": 3}}, {name: {"name": "b", **body, "flux": 3e6}}, size=129))
    np.testing.assert_allclose(both, faint + bright, **limits)


def test_a_constant_object_is_itself():
    assert (first(sky({"rectangle": {"width": 99, "height": 99, "intensity": 0.25}})) == 0.25).all()
    assert (first(sky(with_(GALAXY, flux=0))) == 0).all()
    assert (first(sky(with_(STAR, x=500, flux=0))) == 0).all()
    flat = first(sky({"gaussian": {"flux": 1e8, "fwhm": 1e4}}))
    assert np.isfinite(flat).all()
    np.testing.assert_allclose(flat, flat[16, 16], rtol=1e-4)
    assert (flat > 0).all()


def sampled(**centre):
    """Return the galaxy as DeepBench draws it, sampled at pixel centres; its flux to infinity is 500."""
    x, y = np.meshgrid(np.arange(33.0) - 16, np.arange(33.0) - 16)
    amplitude = lm.parameters(sky(GALAXY), 0, 1)["galaxy.flux"][0] / 22.6652 / 25  # 2 pi n b^(-2n) e^b gamma(2n), n = 4
    return Sersic2D(amplitude=amplitude, r_eff=5, n=4, x_0=centre["x"], y_0=centre["y"])(x, y)


def test_the_centre_of_a_galaxy():
    image = first(sky(GALAXY))
    truth, _ = COVERAGE["sersic"]({"x": 0, "y": 0, **GALAXY["sersic"], "g1": 0, "g2": 0}, Frame(33, 33, 1.0))
    assert image[16, 16] == pytest.approx(truth[16, 16], rel=1e-4)
    np.testing.assert_allclose(image, truth, atol=1e-4 * truth.max())
    assert sampled(x=0, y=0)[16, 16] / image[16, 16] == pytest.approx(46, rel=0.05)


def test_a_shift_of_half_a_pixel_keeps_the_flux():
    sums = [first(sky(with_(GALAXY, x=shift, y=shift))).sum() for shift in (0, 0.25, 0.5)]
    np.testing.assert_allclose(sums, sums[0], rtol=1e-3)
    wrong = [sampled(x=shift, y=shift).sum() for shift in (0, 0.5)]
    assert wrong[0] / wrong[1] == pytest.approx(5.4, rel=0.1)


# Pendulums.


def swing(name="Pendulum", time=(0, 1, 2, 3), noise=None, **parameters):
    said = {"pendulum_arm_length": 2, "starting_angle_radians": 0.2, "acceleration_due_to_gravity": 9.8, **parameters}
    said |= {"noise_std_percent": noise} if noise else {}
    time = {"time": list(time)}
    head = {"object_type": "physics", "object_name": name, "total_runs": 400}
    return lm.load({**head, "image_parameters": said, "object_parameters": time}, name="swing")


def angles(recipe, rows=1):
    made = lm.load({**recipe.resolved, "observe": ["q"]})
    return lm.generate(made, 0, rows).series["q"]


PENDULUMS = pytest.mark.parametrize("name", ["Pendulum", "HamiltonianPendulum"])


@PENDULUMS
@pytest.mark.parametrize("length", [0.5, 2, 10])
def test_a_pendulum_swings_at_the_root_of_g_over_l(name, length):
    time = np.linspace(0, 5, 101)
    made = swing(name, time, pendulum_arm_length=length, starting_angle_radians=1e-4)
    np.testing.assert_allclose(angles(made)[0], 1e-4 * np.cos(np.sqrt(9.8 / length) * time), atol=1e-9)


@PENDULUMS
@pytest.mark.parametrize("start", [-1.0, 0.25, 2.5])
def test_a_pendulum_starts_where_it_is_told(name, start):
    made = swing(name, starting_angle_radians=start)
    assert angles(made)[0, 0] == pytest.approx(start, abs=1e-12)
    assert abs(angles(made)[0]).max() == pytest.approx(abs(start), rel=1e-9)


@PENDULUMS
def test_a_pendulum_has_noise_only_where_it_is_asked_for(name):
    batch = lm.generate(swing(name), 0, 3)
    for values in batch.series.values():
        np.testing.assert_array_equal(values[0], values[1])
    made = lm.load(swing(name), {"noise": [{"gaussian": {"sigma": 0.1}}]})
    once, again = lm.generate(made, 0, 3).series, lm.generate(made, 0, 3).series
    for key, values in once.items():
        np.testing.assert_array_equal(values, again[key])
        assert (values[0] != values[1]).all()


def test_a_wide_swing_takes_longer():
    time = np.linspace(0, 10, 2001)
    quarter = [time[np.argmax(angles(swing(time=time, starting_angle_radians=start))[0] < 0)] for start in (0.01, 2.9)]
    assert quarter[0] == pytest.approx(np.pi / 2 * np.sqrt(2 / 9.8), abs=0.006)
    assert quarter[1] > 2 * quarter[0]


def test_friction_slows_a_pendulum_down():
    time = np.linspace(0, 20, 401)
    ends = abs(angles(swing(time=time, coefficient_friction=0.5))[0][-80:]).max()
    assert ends < 0.2 * np.exp(-0.25 * 15)
    assert abs(angles(swing(time=time))[0][-80:]).max() > 0.19


def test_scatter_is_one_draw_a_run():
    made = swing(time=np.linspace(0, 5, 51), noise={"pendulum_arm_length": 0.1})
    batch = lm.generate(made, 0, 400)
    arm = batch.labels["pendulum.length"]
    assert arm.std() == pytest.approx(0.2, rel=0.1)
    bob = np.hypot(batch.series["x"], batch.series["y"])
    np.testing.assert_allclose(bob, np.broadcast_to(arm[:, None], bob.shape), rtol=1e-12)


def test_the_scatter_of_a_product_is_that_of_its_parts():
    parts = {"acceleration_due_to_gravity": None, "big_G_newton": 10.0, "phi_planet": 0.98}
    noise = {"big_G_newton": 0.03, "phi_planet": 0.04, "acceleration_due_to_gravity": None}
    drawn = lm.parameters(swing(noise=noise, **parts), 0, 20_000)
    gravity = drawn["pendulum.gravity"]
    np.testing.assert_array_equal(gravity, drawn["big_G_newton"] * drawn["phi_planet"])
    assert gravity.std() / gravity.mean() == pytest.approx(0.05, rel=0.02)


def test_whole_numbers_are_times():
    whole, real = swing(time=[0, 1, 2, 3]), swing(time=[0.0, 1.0, 2.0, 3.0])
    np.testing.assert_array_equal(angles(whole), angles(real))
    assert (angles(whole) != 0).all()
    assert lm.generate(whole, 0, 1).times.tolist() == [0, 1, 2, 3]


def test_a_sky_on_disk_has_its_labels(tmp_path):
    made = sky(with_(STAR, flux="random", x="random"), with_(GALAXY, repeat={"integers": [0, 2]}), size=9, count=20)
    lm.write(made, tmp_path / "out")
    known = lm.generate(made, 0, 20)
    with lm.open(tmp_path / "out") as data:
        assert {"star.flux", "star.x", "star.y", "star.fwhm", "star.beta", "galaxy.repeat"} <= set(data.labels)
        for key, values in known.labels.items():
            np.testing.assert_array_equal(data.labels[key][:], values)
        for key, values in known.objects.items():
            np.testing.assert_array_equal(data.objects[key][:], values)
