"""Statistics of pixels are NumPy's, on every instruction set, whatever is not finite."""

import numpy as np
import pytest

from lightmill import _core
from lightmill.sink import Field
from lightmill.sink.statistics import Statistics

ROWS = np.random.default_rng(3).normal(1e3, 2, (50, 1021)).astype(np.float32)


def figures(images):
    statistics = Statistics([Field("/images", images.dtype, images.shape[1:])])
    statistics.update("/images", images)
    return statistics.figures()["images"]


def expect(found, values):
    wide = values.astype(np.longdouble)
    finite = wide[np.isfinite(wide)]
    assert (found["count"], found["not_finite"]) == (finite.size, values.size - finite.size)
    assert (found["min"], found["max"]) == (finite.min(), finite.max())
    np.testing.assert_allclose([found["mean"], found["sd"]], [finite.mean(), finite.std()], rtol=1e-13)


def test_rows_of_the_core_are_those_of_numpy():
    wide = ROWS.astype(np.longdouble)
    away = wide - wide[:, :1]
    wanted = [np.full(50, 1021), wide.min(1), wide.max(1), wide[:, 0], away.sum(1), (away * away).sum(1)]
    np.testing.assert_allclose(_core.row_statistics(ROWS), np.stack(wanted, 1).astype(float), rtol=1e-12)


def test_every_instruction_set_gives_the_same_bits(monkeypatch):
    found = []
    for isa in _core.cpu():
        monkeypatch.setenv("LIGHTMILL_ISA", isa)
        found.append(_core.row_statistics(ROWS).tobytes())
    assert found.count(found[0]) == len(found)


@pytest.mark.parametrize("dtype", ["f4", "f8", "u2", "u1", "f2", "i4"])
def test_all_kinds_of_images(dtype):
    images = (ROWS[:, :1020] - 900).astype(dtype).reshape(50, 30, 34)
    expect(figures(images)[0], images)


def test_what_is_not_finite_is_counted_apart():
    images = ROWS[:, :1020].reshape(50, 30, 34).copy()
    images[3, 0, 0], images[7, 4, 4], images[11] = np.nan, -np.inf, np.inf
    expect(figures(images)[0], images)
    empty = figures(np.full((4, 3, 3), np.nan, np.float32))[0]
    assert (empty["count"], empty["not_finite"], empty["mean"]) == (0, 36, None)


def test_bands_apart_and_at_odd_addresses():
    images = ROWS[:, :1020].reshape(50, 5, 12, 17)
    odd = np.ndarray(images.shape, images.dtype, bytearray(images.nbytes + 1), 1)
    odd[:] = images
    for band, found in enumerate(figures(odd)):
        expect(found, images[:, band])
