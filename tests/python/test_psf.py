"""Light behind a PSF: against GalSim, against the slow truth, and what a recipe says of it."""

import sys
from pathlib import Path

import numpy as np
import pytest
from convolved import GALSIM_AT_ITS_BEST, image, moffat, sersic

import lightmill as lm

REFERENCES = Path(__file__).parents[1] / "golden" / "galsim-galaxies.npz"
"""Galaxies of 64 x 64 pixels by GalSim, some pixels of each: made by `python tests/python/test_psf.py`."""
SCALE, BETA = 0.23, 2.0
COUNT = 300
COLUMNS = ("index", "half_light_radius", "g1", "g2", "x", "y", "fwhm")
MIDDLE = np.arange(26, 38)
WIDE = np.arange(0, 64, 7)


def galaxy(seed):
    """Draw a galaxy of the measurement study, up to a pixel and a half off the centre."""
    rng = np.random.default_rng(seed)
    index, radius, shear, angle = rng.uniform(0.5, 6), rng.uniform(0.1, 0.6), rng.uniform(0, 0.67), rng.uniform(0, 180)
    fwhm = rng.uniform(0.5, 1.0)
    x, y = rng.uniform(-0.5, 0.5, 2) * SCALE * 8
    twice = 2 * np.radians(angle)
    values = (index, radius, shear * np.cos(twice), shear * np.sin(twice), x, y, fwhm)
    return dict(zip(COLUMNS, values, strict=True))


def by_galsim(values):
    galsim = pytest.importorskip("galsim")
    best = galsim.GSParams(**GALSIM_AT_ITS_BEST)
    psf = galsim.Moffat(beta=BETA, fwhm=values["fwhm"], gsparams=best)
    profile = galsim.Sersic(n=values["index"], half_light_radius=values["half_light_radius"], gsparams=best)
    both = galsim.Convolve([profile.shear(g1=values["g1"], g2=values["g2"]), psf], gsparams=best)
    offset = (values["x"] / SCALE, values["y"] / SCALE)
    return both.drawImage(nx=64, ny=64, scale=SCALE, offset=offset, dtype=float).array


def some(pixels):
    """The pixels that are stored: those about the centre, and every seventh."""
    return np.concatenate([pixels[np.ix_(rows, rows)].ravel() for rows in (MIDDLE, WIDE)])


def recipe(accuracy=1e-4, **rest):
    profile = {"flux": 1, "index": 1, "half_light_radius": 1, "g1": 0, "g2": 0}
    return lm.load(
        {
            "image": {"size": 64, "pixel_scale": SCALE, "accuracy": accuracy},
            "psf": {"moffat": {"fwhm": 0.7, "beta": BETA}},
            "objects": [{"sersic": {"name": "galaxy", **profile}}],
            **rest,
        }
    )


def ours(values, accuracy=1e-4):
    given = {"psf.fwhm" if name == "fwhm" else f"galaxy.{name}": column for name, column in values.items()}
    return lm.render(recipe(accuracy), given, noise=False).astype(float)


@pytest.mark.parametrize("accuracy", [1e-3, 1e-4, 1e-5])
def test_galaxies_are_as_exact_as_was_asked_for(accuracy):
    stored = np.load(REFERENCES)
    images = ours(dict(zip(COLUMNS, stored["parameters"].T, strict=True)), accuracy)
    apart = np.abs([some(one) for one in images] - stored["pixels"]).max(axis=1) / stored["pixels"].max(axis=1)
    flux = np.abs(images.sum(axis=(1, 2)) - stored["flux"])
    assert len(images) == COUNT
    assert apart.max() < accuracy
    assert flux.max() < 10 * accuracy


@pytest.mark.parametrize("seed", [2, 3])
def test_the_references_are_galsim_s(seed):
    stored = np.load(REFERENCES)
    values = galaxy(seed)
    assert stored["parameters"][seed] == pytest.approx(list(values.values()))
    assert some(by_galsim(values)) == pytest.approx(stored["pixels"][seed], rel=1e-6)


def test_the_slow_transforms_are_those_known_in_closed_form():
    q = np.array([0.001, 0.03, 1, 3, 10, 100])
    b = 1.6783469900166607
    assert sersic(1, q) == pytest.approx((1 + (q / b) ** 2) ** -1.5, abs=1e-11)
    assert sersic(0.5, q) == pytest.approx(np.exp(-q * q / (4 * np.log(2))), abs=1e-11)
    assert moffat(1.5, q) == pytest.approx(np.exp(-q * 0.5 / np.sqrt(2 ** (2 / 3) - 1)), abs=1e-14)


def test_the_slow_truth_is_galsim_s_too():
    """GalSim's own tables of the transform are 2.5e-6 off."""
    stored = np.load(REFERENCES)
    values = galaxy(0)
    truth = image(64, 64, SCALE, {"flux": 1, **values}, {"fwhm": values["fwhm"], "beta": BETA})
    assert np.abs(some(truth) - stored["pixels"][0]).max() < 1e-5 * truth.max()


@pytest.mark.parametrize(
    ("extreme", "fwhm", "beta"),
    [
        ({"index": 8, "half_light_radius": 0.5, "g1": -0.3, "g2": 0.5}, 0.6, 3.5),
        ({"index": 0.3, "half_light_radius": 1.0, "g1": 0.6, "g2": 0.1}, 1.2, 1.7),
    ],
)
def test_the_ends_of_the_range_against_the_slow_truth(extreme, fwhm, beta):
    profile = {"flux": 1, "x": 0.4, "y": -0.7, **extreme}
    truth = image(33, 48, SCALE, profile, {"fwhm": fwhm, "beta": beta})
    made = lm.load(
        {
            "image": {"size": [33, 48], "pixel_scale": SCALE},
            "psf": {"moffat": {"fwhm": fwhm, "beta": beta}},
            "objects": [{"sersic": profile}],
        }
    )
    [found] = lm.generate(made, 0, 1).images
    assert np.abs(found - truth).max() < 1e-4 * truth.max()
    assert abs(float(found.sum()) - truth.sum()) < 1e-3


def test_stars_and_the_stored_psf_are_the_psf():
    galsim = pytest.importorskip("galsim")
    psf = {"moffat": {"gamma": {"uniform": [0.3, 0.5]}, "beta": {"uniform": [1.5, 5]}, "axis_ratio": 0.8, "angle": 30}}
    star = {"flux": 50, "x": {"uniform": [-2, 2]}, "y": 0.37}
    batch = lm.generate(recipe(psf=psf, objects=[{"star": star}], save=["psf"]), 0, 4)
    for i in range(4):
        labels = {name: float(values[i]) for name, values in batch.labels.items()}
        model = galsim.Moffat(beta=labels["psf.beta"], scale_radius=labels["psf.gamma"])
        model = model.shear(g1=labels["psf.g1"], g2=labels["psf.g2"])
        for found, flux, offset in (
            (batch.psf[i], 1, (0, 0)),
            (batch.images[i], 50, (labels["star.x"] / SCALE, labels["star.y"] / SCALE)),
        ):
            drawn = model.drawImage(nx=64, ny=64, scale=SCALE, offset=offset, dtype=float).array * flux
            assert np.abs(found - drawn).max() < 3e-4 * drawn.max()  # GalSim's default accuracy
            assert abs(found.sum() - drawn.sum()) < 1e-3 * flux


def test_profiles_go_through_and_shapes_do_not():
    sharp = {"rectangle": {"width": 2, "height": 1, "angle": 20}}
    with_both = lm.generate(recipe(objects=[{"star": {"flux": 9}}, sharp]), 0, 1).images
    star = lm.generate(recipe(objects=[{"star": {"flux": 9}}]), 0, 1).images
    bare = lm.load({"image": {"size": 64, "pixel_scale": SCALE}, "objects": [sharp]})
    assert with_both == pytest.approx(star + lm.generate(bare, 0, 1).images, abs=1e-6)


def test_noise_of_an_object_falls_on_its_own_plane():
    star = {"flux": 1e4, "noise": ["poisson"]}
    body = {"objects": [{"star": star}, {"exponential": {"flux": 1e6, "half_light_radius": 1}}]}
    made = recipe(**body, save=["noiseless", "variance"], realisations=200)
    batch = lm.generate(made, 0, 200)
    alone = lm.generate(recipe(objects=[{"star": {"flux": 1e4}}]), 0, 1).images[0]
    assert batch.variance[0] == pytest.approx(alone, rel=1e-5)
    scatter = (batch.images - batch.noiseless).var(axis=0)[28:36, 28:36].sum()
    assert scatter == pytest.approx(alone[28:36, 28:36].sum(), rel=0.1)


def test_parameters_in_give_the_same_pixels():
    fwhm = {"uniform": [0.5, 1.0]}
    made = recipe(psf={"moffat": {"fwhm": fwhm, "beta": 2}}, noise=["poisson"], save=["psf"])
    batch = lm.generate(made, 3, 9)
    assert list(batch.labels)[:4] == ["psf.fwhm", "psf.beta", "psf.g1", "psf.g2"]
    assert len(set(batch.labels["psf.fwhm"])) == 6
    again = lm.render(made, lm.parameters(made, 3, 9), samples=range(3, 9))
    assert (again == batch.images).all()
    with pytest.raises(ValueError, match="fwhm = -1 is not allowed; it must be above 0"):
        lm.render(made, {"psf.fwhm": -1})


def test_objects_know_the_psf():
    psf = {"gaussian": {"sigma": {"uniform": [0.3, 0.5]}, "shear": {"magnitude": 0.1, "angle": 45}}}
    galaxy = {"flux": 1, "half_light_radius": "= 2 * psf.sigma"}
    labels = lm.generate(recipe(psf=psf, objects=[{"exponential": galaxy}]), 0, 5).labels
    assert labels["exponential.half_light_radius"] == pytest.approx(2 * labels["psf.sigma"])
    assert labels["psf.fwhm"] == pytest.approx(2.3548200450309493 * labels["psf.sigma"])
    assert labels["psf.g2"] == pytest.approx(0.1)


def test_the_study_s_recipe_runs():
    made = lm.load(
        {
            "name": "measure-galaxies-3",
            "seed": 1314662,
            "count": 200000,
            "image": {"size": 64, "pixel_scale": SCALE},
            "psf": {"moffat": {"fwhm": {"uniform": [0.5, 1.0]}, "beta": 2.0}},
            "objects": [
                {
                    "sersic": {
                        "name": "galaxy",
                        "flux": {"uniform": [3.0e4, 4.0e5]},
                        "index": {"uniform": [0.5, 6.0]},
                        "half_light_radius": {"uniform": [0.1, 0.6]},
                        "shear": {"magnitude": {"uniform": [0, 0.67]}, "angle": {"uniform": [0, 180]}},
                    }
                }
            ],
            "noise": ["poisson", {"gaussian": {"sigma": {"integers": [200, 400]}}}],
            "targets": ["galaxy.flux", "galaxy.index", "galaxy.half_light_radius", "galaxy.g1", "galaxy.g2"],
            "save": ["noiseless", "psf"],
            "splits": {"train": 0.9, "validation": 0.1},
        }
    )
    batch = lm.generate(made, 1000, 1020)
    within = batch.noiseless.sum(axis=(1, 2)) / batch.labels["galaxy.flux"]
    assert ((within > 0.85) & (within < 1)).all()
    assert lm.load(made.resolved) == made


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ({"image": {"size": 16}, "objects": [{"star": {"flux": 1}}]}, "a star is a point: it needs the image's psf"),
        ({"image": {"size": [16, 4000]}, "objects": [], "psf": {"gaussian": "random"}}, "up to 2048 pixels a side"),
    ],
)
def test_what_cannot_be_drawn_is_refused(rest, message):
    with pytest.raises(lm.RecipeError, match=message):
        lm.generate(rest, 0, 1)


def make():
    """Write the references: half an hour."""
    values = [galaxy(seed) for seed in range(COUNT)]
    images = [by_galsim(one) for one in values]
    np.savez_compressed(
        REFERENCES,
        parameters=np.array([list(one.values()) for one in values]),
        pixels=np.array([some(one) for one in images], np.float32),
        flux=np.array([one.sum() for one in images]),
    )


if __name__ == "__main__":
    sys.exit(make())
