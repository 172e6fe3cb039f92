"""Shapes behind a PSF: against exact convolutions, and against themselves drawn sharp."""

import numpy as np
import pytest
from convolved import image, moffat, tabulated
from scipy.special import j1, ndtr

import lightmill as lm

SIGMA = 1.3


def recipe(shapes, psf=None, size=(40, 44), **rest):
    objects = [{key: {"blur": True, **body}} for shape in shapes for key, body in shape.items()]
    frame = {"size": list(size), "accuracy": rest.pop("accuracy", 1e-4)}
    return lm.load({"image": frame, "psf": psf or {"gaussian": {"sigma": SIGMA}}, "objects": objects, **rest})


def one(*shapes, **rest):
    return lm.generate(recipe(shapes, **rest), 0, 1).images[0].astype(float)


def ramp(x):
    """Integrate the error integral of unit standard deviation."""
    return x * ndtr(x) + np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)


def edge(at, low, high):
    """Integrate a blurred bar over unit pixels around places."""
    ends = [SIGMA * (ramp((at + 0.5 - end) / SIGMA) - ramp((at - 0.5 - end) / SIGMA)) for end in (low, high)]
    return ends[0] - ends[1]


def places(n):
    return np.arange(n) - 0.5 * (n - 1)


@pytest.mark.parametrize("accuracy", [1e-3, 1e-4, 1e-5])
@pytest.mark.parametrize(("x", "y", "width", "height"), [(0.3, -1.2, 9.7, 5.2), (15, -9.1, 14, 300), (0, 0, 0.3, 20)])
def test_upright_rectangles_through_a_gaussian_are_exact(accuracy, x, y, width, height):
    truth = np.outer(edge(places(40), y - height / 2, y + height / 2), edge(places(44), x - width / 2, x + width / 2))
    found = one({"rectangle": {"x": x, "y": y, "width": width, "height": height, "intensity": 3}}, accuracy=accuracy)
    assert np.abs(found - 3 * truth).max() < accuracy * 3 * truth.max()


def test_a_frame_that_is_wholly_covered_is_flat():
    for shape in ({"rectangle": {"width": 1e5, "height": 1e5, "angle": 20}}, {"circle": {"radius": 4000}}):
        assert one(shape) == pytest.approx(1, abs=1e-4)


def disc(radius, inner=0.0):
    def transform(kx, ky):
        k = np.hypot(kx, ky)
        rings = 2 * np.pi * (radius * j1(k * radius) - (inner * j1(k * inner) if inner else 0)) / k
        return rings * tabulated(moffat, 3.0, 4 * k)

    return transform


def test_circles_rings_and_arcs_are_exact():
    psf = {"moffat": {"fwhm": 4, "beta": 3}}
    place = {"x": 3.3, "y": -2.7}
    star = {"flux": 1, **place}
    truth = image(40, 44, 1.0, star, disc(9.4))
    assert np.abs(one({"circle": {"radius": 9.4, **place}}, psf=psf) - truth).max() < 1e-4 * truth.max()
    truth = image(40, 44, 1.0, star, disc(9.4, 6.4))
    ring = {"radius": 7.9, "line_width": 3, **place}
    for found in (
        one({"circle": {"fill": False, **ring}}, psf=psf),
        one({"arc": {"start": 10, "sweep": 360, **ring}}, psf=psf),
        one(
            {"arc": {"start": 10, "sweep": 130, **ring}},
            {"arc": {"name": "b", "start": 140, "sweep": 230, **ring}},
            psf=psf,
        ),
    ):
        assert np.abs(found - truth).max() < 1e-4 * truth.max()


SHAPES = [
    {"polygon": {"sides": 5, "radius": 11, "angle": 17}},
    {"polygon": {"vertices": [[-9, -8], [10, 7], [-9, 7], [8, -9]], "line_width": 1.5}},
    {"ellipse": {"width": 21, "height": 8, "angle": 33, "fill": False, "line_width": 2.2}},
    {"line": {"x1": -13, "y1": 4, "x2": 12, "y2": -6, "line_width": 2.5}},
    {"rectangle": {"width": 17, "height": 9, "angle": 71, "fill": False, "line_width": 1}},
    {"arc": {"radius": 12, "start": 200, "sweep": 100, "line_width": 3}},
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: next(iter(shape)))
def test_shapes_are_those_drawn_sharp_and_finely(shape):
    """Coverage of pixels 24 times finer, convolved with the Gaussian and the pixel: error 2e-5."""
    fine, rows, columns = 24, 40, 44
    ((key, body),) = shape.items()
    place = {"x": 2.13, "y": -1.7}
    frame = {"size": [rows * fine, columns * fine], "pixel_scale": 1 / fine}
    sharp = lm.generate(lm.load({"image": frame, "objects": [{key: {**body, **place}}]}), 0, 1).images[0]
    along_y, along_x = (
        edge(places(n)[:, None] - (np.arange(n * fine) + 0.5) / fine + 0.5 * n, -0.5 / fine, 0.5 / fine)
        for n in (rows, columns)
    )
    truth = along_y @ sharp @ along_x.T
    assert np.abs(one({key: {**body, **place}}) - truth).max() < 1e-4 * truth.max()


def test_blurred_ones_are_added_to_all_other_light():
    box = {"rectangle": {"width": 9, "height": 5, "x": 3}}
    sharp = {"circle": {"radius": 4, "intensity": 2}}
    star = {"star": {"flux": 50, "x": -4}}
    frame = {"image": {"size": [40, 44]}, "psf": {"gaussian": {"sigma": SIGMA}}}
    alone = lm.generate(lm.load({**frame, "objects": [sharp, star]}), 0, 1).images[0]
    made = lm.load({**frame, "objects": [sharp, {"rectangle": {**box["rectangle"], "blur": True}}, star]})
    [together] = lm.generate(made, 0, 1).images
    assert together == pytest.approx(alone + one(box), abs=2e-4)
    assert made.resolved["objects"][1]["rectangle"]["blur"] is True
    assert "blur" not in made.resolved["objects"][0]["circle"]
    assert lm.load(made.resolved) == made


def test_through_sums_and_pictures_and_with_noise_of_its_own():
    psf = {"sum": [{"gaussian": {"sigma": SIGMA}}, {"moffat": {"fwhm": 4, "beta": 3, "weight": 3}}]}
    shape = {"polygon": {"sides": 3, "radius": 9, "angle": 12}}
    wanted = 0.25 * one(shape) + 0.75 * one(shape, psf={"moffat": {"fwhm": 4, "beta": 3}})
    assert np.abs(one(shape, psf=psf) - wanted).max() < 2e-4
    y, x = np.indices((41, 41)) - 20
    pixels = np.exp(-0.5 * (x**2 + y**2) / (4 * SIGMA) ** 2)
    picture = {"image": {"pixels": pixels, "pixel_scale": 0.25, "includes_pixel": False}}
    assert np.abs(one(shape, psf=picture) - one(shape)).max() < 1e-3  # The picture ends at 3.8 standard deviations.
    noisy = {"polygon": {**shape["polygon"], "noise": ["poisson"]}}
    batch = lm.generate(recipe([noisy], save=["noiseless", "variance"]), 0, 1)
    assert batch.noiseless[0] == pytest.approx(one(shape), abs=1e-6)
    assert batch.variance[0] == pytest.approx(batch.noiseless[0], abs=1e-4)


def test_instruction_sets_agree(monkeypatch):
    from lightmill import _core

    images = []
    for isa in _core.cpu():
        monkeypatch.setenv("LIGHTMILL_ISA", isa)
        images.append(
            one(*({key: {"name": f"n{i}", **body}} for i, one in enumerate(SHAPES) for key, body in one.items()))
        )
    assert all(np.array_equal(images[0], other) for other in images)


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ({}, "objects.0..circle.blur: there is no psf to blur by"),
        ({"psf": {"gaussian": {"sigma": 1}}, "overlap": "max"}, "a blurred shape adds its light"),
    ],
)
def test_what_cannot_be_blurred_is_refused(rest, message):
    with pytest.raises(lm.RecipeError, match=message):
        lm.load({"image": {"size": 16}, "objects": [{"circle": {"radius": 3, "blur": True}}], **rest})
