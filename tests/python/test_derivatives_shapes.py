"""Derivatives of blurred shapes: against differences of integrals along their borders, in float64.

A shape through a Gaussian and over a pixel is an integral along its border, of the kernel integrated along x: nothing
is tabulated and nothing transformed.
"""

import numpy as np
import pytest
from scipy.special import ndtr
from test_derivatives import five_point, worst

import lightmill as lm

ROWS, COLUMNS, SCALE = 30, 34, 0.5
NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)
PARTS = 20
"""An edge is a sum of so many integrals, each of up to six pixels."""


def ramp(x):
    """Integrate the error integral of unit standard deviation."""
    return x * ndtr(x) + np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)


def blurred(border, sigma):
    """Sum what is at the left of x, y and dy of a border, all in pixels from the frame's middle."""
    x, y, dy = border
    along_y, along_x = (np.arange(n) - 0.5 * (n - 1) for n in (ROWS, COLUMNS))
    below, above = ((y - along_y[:, None] + half) / sigma for half in (-0.5, 0.5))
    left, right = ((x - along_x[:, None] + half) / sigma for half in (-0.5, 0.5))
    return ((ndtr(above) - ndtr(below)) * dy) @ (sigma * (ramp(right) - ramp(left))).T


def straight(corners):
    """Return the border of a polygon, which need not be closed."""
    corners = np.asarray(corners)
    t = ((np.arange(PARTS)[:, None] + 0.5 * (NODES + 1)) / PARTS).ravel()
    from_, way = corners[:-1, None], np.diff(corners, axis=0)[:, None]
    x, y = np.moveaxis(from_ + way * t[:, None], 2, 0)
    return x.ravel(), y.ravel(), (way[..., 1] * np.tile(0.5 * WEIGHTS / PARTS, PARTS)).ravel()


def ring(corners):
    corners = np.asarray(corners)
    area = np.sum(corners[:, 0] * np.roll(corners[:, 1], -1) - corners[:, 1] * np.roll(corners[:, 0], -1))
    closed = np.concatenate([corners, corners[:1]])
    return straight(closed if area > 0 else closed[::-1])


def joined(*borders):
    return tuple(np.concatenate(parts) for parts in zip(*borders, strict=True))


def hole(border):
    return (*border[:2], -border[2])


def oval(a, b, angle, offset):
    """All that is at a distance from an ellipse, the derivative of y by its Fourier series."""
    t = 2 * np.pi * np.arange(1024) / 1024
    normal = np.stack([b * np.cos(t), a * np.sin(t)]) / np.hypot(b * np.cos(t), a * np.sin(t))
    u, v = np.stack([a * np.cos(t), b * np.sin(t)]) + offset * normal
    x, y = turned((u, v), angle)
    slope = np.fft.irfft(1j * np.arange(513) * np.fft.rfft(y))
    return x, y, slope * 2 * np.pi / 1024


def turned(place, degrees):
    (u, v), a = place, np.radians(degrees)
    return u * np.cos(a) - v * np.sin(a), u * np.sin(a) + v * np.cos(a)


def band(border, fill, line_width):
    """Return an outline from the border at a distance."""
    outer = border(0.5 * line_width)
    return outer if fill else joined(outer, hole(border(-0.5 * line_width)))


def rectangle(width, height, angle, fill, line_width):
    def border(offset):
        u, v = 0.5 * width + offset, 0.5 * height + offset
        return ring([turned(corner, angle) for corner in [(-u, -v), (u, -v), (u, v), (-u, v)]])

    return band(border, fill, line_width)


def ellipse(width, height, angle, fill, line_width):
    return band(lambda offset: oval(0.5 * width, 0.5 * height, angle, offset), fill, line_width)


def circle(radius, fill, line_width):
    return band(lambda offset: oval(radius + offset, radius + offset, 0, 0), fill, line_width)


def polygon(sides, radius, angle, fill, line_width):
    def border(offset):
        reach = radius + offset / np.cos(np.pi / sides)
        return ring([turned((reach, 0), angle + 360 * i / sides) for i in range(sides)])

    return band(border, fill, line_width)


def arc(radius, start, sweep, line_width):
    first, last = np.radians([min(start, start + sweep), max(start, start + sweep)])
    inner, outer = radius - 0.5 * line_width, radius + 0.5 * line_width
    parts = np.linspace(first, last, PARTS + 1)
    step = 0.5 * (parts[1] - parts[0])
    angles = (parts[:-1, None] + step * (NODES + 1)).ravel()
    weights = np.tile(WEIGHTS, PARTS) * step

    def curve(r):
        return r * np.cos(angles), r * np.sin(angles), r * np.cos(angles) * weights

    def end(angle, from_, to):
        return straight([(r * np.cos(angle), r * np.sin(angle)) for r in (from_, to)])

    return joined(curve(outer), hole(curve(inner)), end(last, outer, inner), end(first, inner, outer))


def line(x1, y1, x2, y2, line_width):
    way = np.array([x2 - x1, y2 - y1])
    across = 0.5 * line_width * np.array([way[1], -way[0]]) / np.hypot(*way)
    ends = np.array([[x1, y1], [x2, y2]])
    return ring([*(ends + across), *(ends - across)[::-1]])


CASES = [
    ("rectangle", rectangle, {"width": 7.3, "height": 3.1, "angle": 33, "fill": True, "line_width": 0.4}),
    ("rectangle", rectangle, {"width": 6.1, "height": 5.0, "angle": 0, "fill": True, "line_width": 0}),
    ("rectangle", rectangle, {"width": 6.1, "height": 4.1, "angle": 90, "fill": False, "line_width": 1.3}),
    ("rectangle", rectangle, {"width": 60, "height": 4.1, "angle": 7, "fill": True, "line_width": 0}),
    ("ellipse", ellipse, {"width": 8.2, "height": 3.7, "angle": 71, "fill": True, "line_width": 0}),
    ("ellipse", ellipse, {"width": 3.3, "height": 7.7, "angle": 25, "fill": False, "line_width": 0.6}),
    ("circle", circle, {"radius": 4.4, "fill": True, "line_width": 0}),
    ("circle", circle, {"radius": 0.3, "fill": True, "line_width": 0}),
    ("circle", circle, {"radius": 3.9, "fill": False, "line_width": 0.7}),
    ("polygon", polygon, {"sides": 5, "radius": 4.9, "angle": 17, "fill": True, "line_width": 0}),
    ("polygon", polygon, {"sides": 4, "radius": 4.9, "angle": 45, "fill": False, "line_width": 0.9}),
    ("arc", arc, {"radius": 4.3, "start": 0, "sweep": 90, "line_width": 1.1}),
    ("arc", arc, {"radius": 3.6, "start": 200, "sweep": -250, "line_width": 0.8}),
    ("line", line, {"x1": -4.5, "y1": 2.0, "x2": 3.9, "y2": -2.7, "line_width": 0.9}),
    ("line", line, {"x1": -4.5, "y1": 1.0, "x2": 3.9, "y2": 1.0, "line_width": 0.5}),
]


def recipe(name, said, psf, **rest):
    return lm.load(
        {
            "image": {"size": [ROWS, COLUMNS], "pixel_scale": SCALE, "accuracy": 1e-5},
            "psf": psf,
            "objects": [{name: {**said, "blur": True}}],
            "noise": [{"gaussian": {"sigma": 1}}],
            **rest,
        }
    )


def image(border, place, said, sigma):
    lengths = {
        key: value if key in ("angle", "start", "sweep", "sides", "fill") else value / SCALE
        for key, value in said.items()
    }
    x, y, dy = border(**lengths)
    return place["intensity"] * blurred((x + place["x"] / SCALE, y + place["y"] / SCALE, dy), sigma / SCALE)


@pytest.mark.parametrize(("name", "border", "said"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_derivatives_are_differences_of_integrals_along_the_border(name, border, said):
    place, sigma = {"x": 0.63, "y": -1.1, "intensity": 2.5}, 0.7
    made = recipe(name, {**said, **place}, {"gaussian": {"sigma": sigma}})
    asked = [key for key in said if key not in ("fill", "sides") and (key, said[key]) != ("line_width", 0)]
    names = [*(f"{name}.{key}" for key in [*asked, *place]), "psf.sigma"]
    found = lm.derivatives(made, {}, names=names)[0]
    truth = {
        **{key: lambda value, key=key: image(border, place, {**said, key: value}, sigma) for key in asked},
        **{key: lambda value, key=key: image(border, {**place, key: value}, said, sigma) for key in place},
        "sigma": lambda value: image(border, place, said, value),
    }
    values = {**said, **place, "sigma": sigma}
    for slopes, (key, at) in zip(found, truth.items(), strict=True):
        h = 0.3 if key in ("angle", "start", "sweep") else 0.003
        difference = five_point(at, values[key], h)
        # What is outside the frame has no effect.
        floor = 1e-9 if np.abs(difference).max() < 1e-9 else 0
        assert np.abs(slopes - difference).max() <= 1e-5 * np.abs(difference).max() + floor, key


def test_the_ends_of_an_arc_part_from_where_it_is_whole():
    said = {"radius": 3.6, "start": 30, "line_width": 0.8, "x": 0.63, "y": -1.1}
    names = [f"arc.{key}" for key in ("start", "sweep", "radius", "line_width")]
    whole, nearly = (
        lm.derivatives(recipe("arc", {**said, "sweep": sweep}, {"gaussian": {"sigma": 0.7}}), {}, names=names)[0]
        for sweep in (-360, -359.9999)
    )
    assert np.abs(whole - nearly).max() < 1e-5
    assert np.abs(whole[1]).max() > 0.01


VERTICES = {
    # Concave, and one that crosses itself.
    "letter": [(-4, -4), (4, -4), (4, 4), (2, 4), (2, -2), (-4, -2)],
    "crossing": [(-4.5, -4), (5, 3.5), (-4.5, 3.5), (4, -4.5)],
}


@pytest.mark.parametrize(("fill", "line_width"), [(True, 0), (True, 0.8), (False, 0.8)])
@pytest.mark.parametrize("name", list(VERTICES))
def test_polygons_of_given_vertices(name, fill, line_width):
    shapely = pytest.importorskip("shapely")
    said = {"vertices": VERTICES[name], "angle": 11.0, "fill": fill, "line_width": line_width}
    place, sigma = {"x": 0.3, "y": -0.2, "intensity": 2.5}, 0.7

    def border(vertices, angle, fill, line_width):
        corners = [turned(corner, angle) for corner in vertices]
        edge = shapely.LinearRing(corners)
        parts = [shapely.make_valid(shapely.Polygon(corners))] if fill else []
        if line_width:
            parts.append(edge.buffer(0.5 * line_width, join_style="mitre", mitre_limit=4))
        whole = shapely.union_all(parts)
        polygons = whole.geoms if hasattr(whole, "geoms") else [whole]
        return joined(
            *(ring(one.exterior.coords[:-1]) for one in polygons),
            *(hole(ring(hollow.coords[:-1])) for one in polygons for hollow in one.interiors),
        )

    def at(**changed):
        now = {**said, **place, "sigma": sigma, **changed}
        vertices = np.asarray(now["vertices"]) / SCALE
        x, y, dy = border(vertices, now["angle"], fill, now["line_width"] / SCALE)
        return now["intensity"] * blurred((x + now["x"] / SCALE, y + now["y"] / SCALE, dy), now["sigma"] / SCALE)

    made = recipe("polygon", {**said, **place}, {"gaussian": {"sigma": sigma}})
    steps = {"x": 0.003, "y": 0.003, "intensity": 0.1, "angle": 0.3, "sigma": 0.003}
    if line_width:
        steps["line_width"] = 0.003
    names = [key if key != "sigma" else "psf.sigma" for key in steps]
    names = [key if "." in key else f"polygon.{key}" for key in names]
    for slopes, (key, h) in zip(lm.derivatives(made, {}, names=names)[0], steps.items(), strict=True):
        value = {**said, **place, "sigma": sigma}[key]
        truth = five_point(lambda value, key=key: at(**{key: value}), value, h)
        assert worst(slopes, truth) < 1e-5, key


def uneven():
    y, x = np.indices((15, 15)) - 7.0
    return np.exp(-0.5 * ((x / 2.2) ** 2 + (y / 1.7) ** 2 - 0.3 * x * y)) * (1 + 0.1 * x)


PSFS = {
    "moffat": ({"moffat": {"fwhm": 1.4, "beta": 3, "g1": 0.1}}, ["fwhm", "beta", "g1"]),
    "airy": ({"airy": {"fwhm": 1.3, "obscuration": 0.3}}, ["fwhm", "obscuration"]),
    "picture": ({"image": {"pixels": uneven(), "pixel_scale": 0.25, "includes_pixel": False}}, []),
    "sum": (
        {
            "sum": [
                {"image": {"pixels": uneven(), "includes_pixel": True, "weight": 2}},
                {"gaussian": {"fwhm": 1.5, "weight": 1}},
            ]
        },
        ["image.weight", "gaussian.weight", "gaussian.fwhm"],
    ),
}


@pytest.mark.parametrize("name", list(PSFS))
def test_through_every_kind_of_psf(name):
    psf, parameters = PSFS[name]
    said = {"width": 6.2, "height": 3.7, "angle": 33, "x": 0.63, "y": -1.1, "intensity": 2.5}
    made = recipe("ellipse", said, psf)
    names = [*(f"ellipse.{key}" for key in ("width", "angle", "x", "intensity")), *(f"psf.{key}" for key in parameters)]
    found, drawn = lm.derivatives(made, {}, names=names)[0], lm.parameters(made, 0, 1)
    for slopes, key in zip(found, names, strict=True):
        at = float(drawn[key][0])
        h = 0.02 * max(abs(at), 0.3)
        steps = at + h * np.array([-2, -1, 1, 2])
        images = lm.render(made, {key: steps}, samples=[0] * 4, noise=False).astype(float)
        truth = ((images[0] - images[3]) - 8 * (images[1] - images[2])) / (12 * h)
        assert np.abs(slopes - truth).max() < 2e-3 * np.abs(truth).max() + 1e-5 * images.max() / h, key


def test_a_disc_that_is_a_point_tells_what_a_star_tells():
    """Less than a star by its size: x and y by k^2 r^2/8 at the frequencies k of the PSF."""
    radius, flux = 0.004, 1000.0
    disc = {"radius": radius, "intensity": flux / (np.pi * (radius / SCALE) ** 2), "x": 0.1, "y": 0.23}
    psf, noise = {"moffat": {"fwhm": 1.2, "beta": 3}}, ["poisson", {"gaussian": {"sigma": 1}}]
    blurred_disc = lm.fisher(
        recipe("circle", disc, psf, noise=noise), 0, 1, names=[f"circle.{key}" for key in disc][1:]
    )
    frame = {"size": [ROWS, COLUMNS], "pixel_scale": SCALE, "accuracy": 1e-5}
    star = {"flux": flux, "x": 0.1, "y": 0.23}
    made = lm.load({"image": frame, "psf": psf, "objects": [{"star": star}], "noise": noise})
    point = lm.fisher(made, 0, 1, names=[f"star.{key}" for key in star])
    scale = np.array([disc["intensity"] / flux, 1, 1])
    assert blurred_disc.crb == pytest.approx(point.crb * scale, rel=5e-5)
    assert blurred_disc.fisher * np.outer(scale, scale) == pytest.approx(
        point.fisher, rel=1e-4, abs=1e-5 * point.fisher[0, 1, 1]
    )


def test_information_about_shapes_is_symmetric_and_positive():
    shapes = [
        ("circle", ["radius", "line_width"]),
        ("ellipse", ["width", "height", "angle"]),
        ("polygon", ["radius", "angle"]),
        ("arc", ["radius", "start", "sweep", "line_width"]),
        ("line", ["x1", "y1", "x2", "y2", "line_width"]),
    ]
    for name, own in shapes:
        made = recipe(name, {"random": True}, {"gaussian": {"fwhm": 1.3}}, seed=11)
        names = [f"{name}.{key}" for key in ["intensity", *own]]
        told = lm.fisher(made, 0, 8, names=names)
        assert (told.fisher == told.fisher.transpose(0, 2, 1)).all()
        scale = np.sqrt(np.maximum(np.einsum("nii->ni", told.fisher), 1e-300))
        assert np.linalg.eigvalsh(told.fisher / scale[:, :, None] / scale[:, None, :]).min() > -1e-12
        assert np.isfinite(told.crb).any(axis=0).all()


def test_values_of_shapes_follow_through_expressions_and_repeats():
    made = lm.load(
        {
            "image": {"size": 24, "accuracy": 1e-5},
            "let": {"size": {"uniform": [5, 6]}},
            "psf": {"gaussian": {"fwhm": "= 0.4 * size"}},
            "objects": [
                {
                    "rectangle": {
                        "width": "= size",
                        "height": "= 0.5 * size",
                        "position_angle": "= 7 * size",
                        "blur": True,
                    }
                },
                {"circle": {"repeat": 2, "radius": "= 0.3 * size", "x": {"uniform": [-8, 8]}, "y": 6, "blur": True}},
            ],
            "noise": [{"gaussian": {"sigma": 1}}],
        }
    )
    [found] = lm.derivatives(made, {}, names=["size"])[0]
    at = float(lm.parameters(made, 0, 1)["size"][0])
    steps = at + 0.1 * np.array([-2, -1, 1, 2])
    images = lm.render(made, {"size": steps}, samples=[0] * 4, noise=False).astype(float)
    truth = ((images[0] - images[3]) - 8 * (images[1] - images[2])) / 1.2
    assert np.abs(found - truth).max() < 2e-3 * np.abs(truth).max()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("circle.fill", "it is a whole number"),
        ("polygon.sides", "it is a whole number"),
        ("n", "polygon.sides follows from it, and the sides of a polygon has no derivative"),
        ("sharp.radius", "of a circle only that of the intensity is; write blur: true, with a psf"),
    ],
)
def test_what_has_no_derivative_is_refused(name, said):
    made = {
        "image": {"size": 24},
        "let": {"n": {"uniform": [3, 6]}},
        "psf": {"gaussian": {"fwhm": 2}},
        "objects": [
            {"circle": {"radius": 3, "blur": True}},
            {"circle": {"name": "sharp", "radius": 3}},
            {"polygon": {"sides": "= n" if name == "n" else 5, "radius": 3, "blur": True}},
        ],
        "noise": [{"gaussian": {"sigma": 1}}],
    }
    with pytest.raises(lm.RecipeError, match=said):
        lm.fisher(made, 0, 1, names=[name])
