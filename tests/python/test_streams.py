"""Random streams against an independent implementation: Philox in plain Python, and SciPy."""

import hashlib
import struct

import numpy as np
import pytest
from lightmill import _core

stats = pytest.importorskip("scipy.stats")
special = pytest.importorskip("scipy.special")

MASK = 0xFFFFFFFF


def key(seed: int, catalogue: str, path: str) -> tuple[int, int]:
    digest = hashlib.sha256(f"lightmill/1\0{seed}\0{catalogue}\0{path}".encode()).digest()
    return struct.unpack("<2I", digest[:8])


def philox(key: tuple[int, int], counter: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    (k0, k1), (c0, c1, c2, c3) = key, counter
    for _ in range(10):
        p0, p1 = c0 * 0xD2511F53, c2 * 0xCD9E8D57
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK, (p0 >> 32) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def uniform(seed: int, slot: str, scene: int, count: int) -> np.ndarray:
    """U of the first pixels, as pairs of (nearer tail's probability, whether it is the upper one)."""
    words = key(seed, "", slot)
    pairs = []
    for pixel in range(count):
        chunk, q = divmod(pixel, 64)
        block, word = 16 * chunk + q % 32 // 2, q % 2 + 2 * (q // 32)
        high, low = (philox(words, (block | mark, 0, scene & MASK, scene >> 32))[word] for mark in (0, 1 << 31))
        bits = high << 32 | low
        upper = bits >> 63
        pairs.append(((2**64 - 1 - bits if upper else bits) + 0.5, upper))
    return np.array(pairs) / [2.0**64, 1.0]


def test_normals_are_the_quantiles_of_their_pixels() -> None:
    scene = (1 << 33) + 7
    p, upper = uniform(11, "noise.gaussian", scene, 8192).T
    expected = np.where(upper == 1, -1, 1) * special.ndtri(p)
    z = _core.standard_normal(11, "noise.gaussian", scene, 8192)
    assert z.dtype == np.float32
    assert abs(z).max() > 3.49
    np.testing.assert_allclose(z, expected, rtol=2e-7, atol=2.2e-6)


def test_counts_are_the_quantiles_of_their_pixels() -> None:
    means = np.concatenate([np.geomspace(1e-3, 1e6, 4096), np.linspace(0, 12, 4096)]).astype(np.float32)
    p, upper = uniform(12, "noise.poisson", 3, means.size).T
    exact = means.astype(float)
    expected = np.where(upper == 1, stats.poisson.isf(p, exact), stats.poisson.ppf(p, exact))
    counts = _core.poisson(12, "noise.poisson", 3, means)
    np.testing.assert_array_equal(counts, expected.astype(np.float32))


def test_the_head_of_a_plane_does_not_depend_on_its_length() -> None:
    np.testing.assert_array_equal(
        _core.standard_normal(1, "a", 2, 1000)[:77],
        _core.standard_normal(1, "a", 2, 77),
    )


def test_seeds_slots_and_scenes_differ() -> None:
    planes = [_core.standard_normal(*address, 100) for address in [(1, "a", 2), (2, "a", 2), (1, "b", 2), (1, "a", 3)]]
    assert len({plane.tobytes() for plane in planes}) == 4


def test_odd_means_have_their_answers() -> None:
    means = np.array([np.nan, -1, -np.inf, 0, np.inf], dtype=np.float32)
    np.testing.assert_array_equal(_core.poisson(1, "a", 2, means), [np.nan, 0, 0, 0, np.inf])


def test_a_set_of_instructions_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIGHTMILL_ISA", "sse9")
    with pytest.raises(ValueError, match="sse9"):
        _core.standard_normal(1, "a", 2, 3)
