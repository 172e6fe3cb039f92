"""Shapes as a recipe says them: against shapely, and each fault that DeepBench has."""

import math

import numpy as np
import pytest
import shapely
from shapely import affinity

import lightmill as lm

ROWS, COLUMNS, SCALE = 22, 30, 0.5
PIXELS = shapely.box(
    *[
        axis.ravel()
        for axis in (
            *np.meshgrid((np.arange(COLUMNS) - COLUMNS / 2) * SCALE, (np.arange(ROWS) - ROWS / 2) * SCALE),
            *np.meshgrid((np.arange(COLUMNS) + 1 - COLUMNS / 2) * SCALE, (np.arange(ROWS) + 1 - ROWS / 2) * SCALE),
        )
    ]
)


def draw(*objects, size=(ROWS, COLUMNS), scale=SCALE, **keys):
    """Return the one image of a recipe, in float64."""
    recipe = {"name": "shape", "image": {"size": list(size), "pixel_scale": scale}, "objects": list(objects)} | keys
    return lm.generate(recipe, 0, 1).images[0].astype(np.float64)


def covered(figure):
    """Return the fraction of each pixel within a figure of shapely's."""
    shapely.prepare(figure)
    return (shapely.area(shapely.intersection(PIXELS, figure)) / SCALE**2).reshape(ROWS, COLUMNS)


def centroid(image, scale=SCALE):
    rows, columns = image.shape
    x = (np.arange(columns) + 0.5 - columns / 2) * scale
    y = (np.arange(rows) + 0.5 - rows / 2) * scale
    return (image.sum(axis=0) @ x) / image.sum(), (image.sum(axis=1) @ y) / image.sum()


def outlined(figure, fill, line_width, join="mitre"):
    """Return a figure with its outline, or its outline alone."""
    band = figure.exterior.buffer(line_width / 2, quad_segs=64, join_style=join, mitre_limit=10)
    return figure.union(band) if fill else band


def random_style(rng):
    return {"fill": bool(rng.integers(2)), "line_width": float(rng.uniform(0.1, 1.5))}


def turned(figure, angle, x, y):
    return affinity.translate(affinity.rotate(figure, angle, origin=(0, 0)), x, y)


def placed(rng):
    return {"x": rng.uniform(-5, 5), "y": rng.uniform(-4, 4), "angle": rng.uniform(-400, 400)}


def rectangle(rng):
    sides = {"width": rng.uniform(0.5, 9), "height": rng.uniform(0.5, 9)}
    place, style = placed(rng), random_style(rng)
    half = sides["width"] / 2, sides["height"] / 2
    box = shapely.box(-half[0], -half[1], *half)
    figure = outlined(turned(box, place["angle"], place["x"], place["y"]), **style)
    return {"rectangle": sides | place | style}, figure


def polygon(rng):
    sides, radius = int(rng.integers(3, 9)), rng.uniform(0.5, 6)
    place, style = placed(rng), random_style(rng)
    angles = 2 * np.pi * np.arange(sides) / sides
    ring = shapely.Polygon(radius * np.stack([np.cos(angles), np.sin(angles)], axis=1))
    figure = outlined(turned(ring, place["angle"], place["x"], place["y"]), **style)
    return {"polygon": {"sides": sides, "radius": radius} | place | style}, figure


def star(rng):
    """A star of given vertices, none of whose corners is bevelled."""
    points, place, style = int(rng.integers(3, 8)), placed(rng), random_style(rng)
    angles = np.pi * np.arange(2 * points) / points
    radii = np.where(np.arange(2 * points) % 2, 3.0, rng.uniform(5, 6, 2 * points))
    vertices = radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    figure = outlined(turned(shapely.Polygon(vertices), place["angle"], place["x"], place["y"]), **style)
    return {"polygon": {"vertices": vertices.tolist()} | place | style}, figure


def ellipse(rng):
    sides = {"width": rng.uniform(0.5, 12), "height": rng.uniform(0.5, 12)}
    place, style = placed(rng), random_style(rng)
    t = 2 * np.pi * np.arange(1600) / 1600
    edge = np.stack([sides["width"] / 2 * np.cos(t), sides["height"] / 2 * np.sin(t)], axis=1)
    figure = outlined(turned(shapely.Polygon(edge), place["angle"], place["x"], place["y"]), **style, join="round")
    return {"ellipse": sides | place | style}, figure


def circle(rng):
    radius, place, style = rng.uniform(0.3, 6), placed(rng), random_style(rng)
    disc = shapely.Point(place["x"], place["y"]).buffer(radius, quad_segs=400)
    del place["angle"]
    return {"circle": {"radius": radius} | place | style}, outlined(disc, **style, join="round")


def line(rng):
    ends = {name: rng.uniform(-8, 8) for name in ("x1", "y1", "x2", "y2")}
    width = rng.uniform(0.1, 2)
    string = shapely.LineString([(ends["x1"], ends["y1"]), (ends["x2"], ends["y2"])])
    return {"line": ends | {"line_width": width}}, string.buffer(width / 2, cap_style="flat")


def arc(rng):
    radius, width = rng.uniform(1, 7), rng.uniform(0.1, 1.9)
    start, sweep = rng.uniform(-400, 400), rng.uniform(-360, 360)
    t = np.radians(start + sweep * np.arange(1601) / 1600)
    edge = np.stack([np.cos(t), np.sin(t)], axis=1)
    ring = np.concatenate([(radius + width / 2) * edge, (radius - width / 2) * edge[::-1]])
    figure = affinity.translate(shapely.Polygon(ring), 0.3, -0.7)
    keys = {"x": 0.3, "y": -0.7, "radius": radius, "start": start, "sweep": sweep, "line_width": width}
    return {"arc": keys}, figure


@pytest.mark.parametrize("kind", [rectangle, polygon, star, ellipse, circle, line, arc])
def test_coverage_is_that_of_shapely(kind):
    rng = np.random.default_rng(5)
    for _ in range(8):
        entry, figure = kind(rng)
        # Chords of the figures' curves are up to 4e-5 pixels off; buffers of ellipses more.
        np.testing.assert_allclose(
            draw(entry), covered(figure), atol=1e-4 if kind is not ellipse else 3e-4, err_msg=str(entry)
        )


@pytest.mark.parametrize("kind", [rectangle, polygon, star, circle, line, arc])
def test_binary_is_what_shapely_contains(kind):
    rng = np.random.default_rng(6)
    middles = shapely.centroid(PIXELS)
    for _ in range(8):
        entry, figure = kind(rng)
        shapely.prepare(figure)
        clear = shapely.distance(figure.boundary, middles).reshape(ROWS, COLUMNS) > 1e-3
        inside = shapely.contains(figure, middles).reshape(ROWS, COLUMNS)
        assert (draw(entry, edges="binary")[clear] == inside[clear]).all(), entry


def test_the_worked_figures_of_the_conventions():
    # Rows go up with y, columns with x, also where an image is not square.
    dot = draw({"circle": {"x": 4, "y": -2, "radius": 0.4}}, size=(10, 20), scale=1)
    assert np.argwhere(dot > 0.1).tolist() == [[2, 13], [2, 14], [3, 13], [3, 14]]


@pytest.mark.parametrize("angle", [0, 30, 90, 217])
def test_rectangles_turn_about_their_centre(angle):
    image = draw({"rectangle": {"width": 6, "height": 2, "angle": angle, "x": 1.2, "y": -0.7}})
    assert centroid(image) == pytest.approx((1.2, -0.7), abs=2e-3)
    assert image.sum() == pytest.approx(12 / SCALE**2, rel=1e-6)


@pytest.mark.parametrize("sides", [3, 5, 6])
def test_polygons_are_centred_and_their_angle_is_in_degrees(sides):
    image = draw({"polygon": {"sides": sides, "radius": 4, "angle": 90, "x": 1.1, "y": 0.4}})
    assert centroid(image) == pytest.approx((1.1, 0.4), abs=2e-3)
    rows, columns = np.nonzero(image)
    # The first vertex is right above the centre: y = 4.4, x = 1.1.
    assert rows.max() == int(4.4 / SCALE + ROWS / 2)
    assert columns[rows == rows.max()].mean() == pytest.approx(1.1 / SCALE + COLUMNS / 2 - 0.5, abs=0.5)


def test_a_line_with_falling_y_points_down():
    image = draw({"line": {"x1": -6, "y1": 4, "x2": 6, "y2": -4, "line_width": 0.5}})
    assert image[:10, :14].sum() == 0.0  # below and to the left
    assert image[12:, 16:].sum() == 0.0
    assert image[14, 8] > 0
    assert image.sum() == pytest.approx(0.5 * math.hypot(12, 8) / SCALE**2, rel=1e-6)


def test_arcs_start_and_sweep_in_degrees_towards_y():
    image = draw({"arc": {"radius": 4, "start": 0, "sweep": 90, "line_width": 1}})
    assert image[:11].sum() == 0.0
    assert image[:, :15].sum() == 0.0
    assert image.sum() == pytest.approx(2 * math.pi / SCALE**2, rel=1e-5)
    back = draw({"arc": {"radius": 4, "start": 90, "sweep": -90, "line_width": 1}})
    np.testing.assert_allclose(back, image, atol=1e-6)
    below = draw({"arc": {"radius": 4, "start": 180, "sweep": 90, "line_width": 1}})
    np.testing.assert_allclose(below, image[::-1, ::-1], atol=1e-6)


@pytest.mark.parametrize("kind", ["rectangle", "ellipse"])
def test_a_shift_of_a_part_of_a_pixel_moves_the_light_by_just_that(kind):
    for dx, dy in [(0.1, 0.0), (0.0, 0.17), (-0.23, 0.31)]:
        still = draw({kind: {"width": 7, "height": 5, "angle": 23}})
        moved = draw({kind: {"width": 7, "height": 5, "angle": 23, "x": dx, "y": dy}})
        shift = np.subtract(centroid(moved), centroid(still))
        assert shift == pytest.approx((dx, dy), abs=2e-3)


def test_an_outline_is_centred_on_the_edge():
    box = {"width": 6, "height": 4}
    band = draw({"rectangle": box | {"fill": False, "line_width": 1}})
    grown, hole = (draw({"rectangle": {"width": 6 + by, "height": 4 + by}}) for by in (1, -1))
    np.testing.assert_allclose(band, grown - hole, atol=1e-6)
    np.testing.assert_allclose(draw({"rectangle": box | {"line_width": 1}}), grown, atol=1e-6)
    wide = draw({"circle": {"radius": 1, "line_width": 5, "fill": False}})
    np.testing.assert_allclose(wide, draw({"circle": {"radius": 3.5}}), atol=1e-6)


def test_vertices_are_relative_turned_and_scaled():
    corners = [[-2, -1], [2, -1], [2, 1], [-2, 1]]
    image = draw({"polygon": {"vertices": corners, "angle": 30, "x": 0.7, "y": 0.2}})
    expected = draw({"rectangle": {"width": 4, "height": 2, "angle": 30, "x": 0.7, "y": 0.2}})
    np.testing.assert_allclose(image, expected, atol=1e-6)
    recipe = lm.load(
        {"image": {"size": [ROWS, COLUMNS], "pixel_scale": SCALE}, "objects": [{"polygon": {"vertices": corners}}]}
    )
    labels = lm.generate(recipe, 0, 1).labels
    assert labels["polygon.sides"][0] == 4
    assert labels["polygon.radius"][0] == pytest.approx(math.sqrt(5))
    twice = lm.render(recipe, {"polygon.radius": [2 * math.sqrt(5)]}, noise=False)[0]
    np.testing.assert_allclose(twice, draw({"rectangle": {"width": 8, "height": 4}}), atol=1e-6)


LOW = {"rectangle": {"name": "low", "width": 6, "height": 6, "intensity": 0.4, "angle": 10}}
HIGH = {"ellipse": {"name": "high", "width": 5, "height": 3, "x": 1.3, "intensity": 0.9}}


def each():
    return draw(LOW), draw(HIGH)


def test_later_shapes_cover_earlier_ones():
    low, high = each()
    c = high / 0.9
    np.testing.assert_allclose(draw(LOW, HIGH, overlap="over"), low * (1 - c) + high, atol=1e-6)
    c = low / 0.4
    np.testing.assert_allclose(draw(HIGH, LOW, overlap="over"), high * (1 - c) + low, atol=1e-6)
    np.testing.assert_allclose(draw(LOW, HIGH, overlap="max"), np.maximum(low, high), atol=1e-6)
    np.testing.assert_allclose(draw(LOW, HIGH), low + high, atol=1e-6)
    assert (draw(LOW, HIGH, overlap="max") == draw(HIGH, LOW, overlap="max")).all()


@pytest.mark.parametrize("overlap", ["add", "over", "max"])
def test_profiles_are_added_to_what_shapes_make(overlap):
    glow = {"gaussian": {"flux": 30, "fwhm": 3}}
    together = draw(LOW, HIGH, overlap=overlap)
    for objects in ([glow, LOW, HIGH], [LOW, glow, HIGH], [LOW, HIGH, glow]):
        np.testing.assert_allclose(draw(*objects, overlap=overlap), together + draw(glow), atol=1e-5)


def noisy(entry):
    return {key: body | {"noise": [{"gaussian": {"sigma": 0.3}}]} for key, body in entry.items()}


def moments(overlap):
    recipe = {
        "name": "noise",
        "image": {"size": [ROWS, COLUMNS], "pixel_scale": SCALE},
        "objects": [noisy(LOW), HIGH],
        "overlap": overlap,
        "realisations": 400,
        "save": ["noiseless", "variance"],
    }
    batch = lm.generate(recipe, 0, 400)
    assert (batch.noiseless[0] == draw(LOW, HIGH, overlap=overlap).astype(np.float32)).all()
    return batch.images.var(axis=0), batch.variance[0]


def test_a_shape_covers_the_noise_of_those_before_it():
    measured, variance = moments("over")
    left = 1 - draw(HIGH) / 0.9
    np.testing.assert_allclose(variance, 0.09 * left**2, atol=1e-6)
    np.testing.assert_allclose(measured, variance, atol=0.09 * 5.5 * math.sqrt(2 / 400))


@pytest.mark.parametrize("overlap", ["add", "max"])
def test_otherwise_all_noise_is_seen(overlap):
    measured, variance = moments(overlap)
    np.testing.assert_allclose(variance, 0.09, atol=1e-6)
    np.testing.assert_allclose(measured, variance, atol=0.09 * 5.5 * math.sqrt(2 / 400))


def test_rows_do_not_depend_on_their_neighbours():
    recipe = lm.load(
        {
            "name": "many",
            "image": {"size": 24},
            "objects": [{"polygon": {"random": True, "repeat": {"integers": [0, 4]}}}, {"arc": "random"}],
            "overlap": "over",
        }
    )
    whole = lm.generate(recipe, 0, 40, threads=2)
    for start in (0, 7, 33):
        assert (lm.generate(recipe, start, start + 1, threads=1).images[0] == whole.images[start]).all()
