"""The slow and independent truth about profiles behind a PSF, in float64: no table, no bound, no shortcut.

The transform of a Sersic profile is Hankel's integral along a ray in the complex plane, where nothing oscillates;
that of a Moffat profile is scipy's K. The image is a sum over a lattice whose period is many frames long, up to three
Nyquist frequencies.
"""

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import gammaincinv, gammaln, hankel1, kve

PERIOD = 640
"""Pixels; what is further than that from the frame is to be dark."""
NYQUISTS = 3
GALSIM_AT_ITS_BEST = {
    "folding_threshold": 2e-4,
    "maxk_threshold": 2e-5,
    "kvalue_accuracy": 1e-8,
    "xvalue_accuracy": 1e-8,
    "integration_relerr": 1e-9,
    "maximum_fft_size": 16384,
    "stepk_minimum_hlr": 20,
}
"""What it takes to be compared with."""


def sersic(n, q):
    """Transform of a Sersic profile of index n, flux 1 and half-light radius 1 at each q above 0.

    F = 1/Gamma(2n) times the integral of x^(2n-1) e^-x J_0(q (x/b)^n), J_0 the real part of H_0. On x = z e^(i a) the
    Hankel function falls exponentially where n a is under pi.
    """
    angle = min(0.45 * np.pi, 0.5 * np.pi / n)
    b = gammaincinv(2 * n, 0.5)
    z = np.exp(np.linspace(-40 / (2 * n), np.log(60 / np.cos(angle) + 12 * n), 1600) + 1j * angle)
    step = np.log(z[1] / z[0]).real
    weight = np.exp(2 * n * np.log(z) - z - gammaln(2 * n)) * step
    return np.array([(weight * hankel1(0, one * np.exp(n * np.log(z / b)))).sum().real for one in q])


def moffat(beta, q):
    """Transform of a Moffat profile of flux 1 and full width at half maximum 1."""
    x = q * 0.5 / np.sqrt(2 ** (1 / beta) - 1)
    order = beta - 1
    log = order * np.log(x / 2) - gammaln(order) - x
    return 2 * np.exp(log) * kve(order, x)


def airy(lam_over_diam, obscuration):
    """Return the transform of an Airy PSF as a function of kx and ky: circles that overlap."""

    def common(a, b, d):
        touching = np.clip(d, abs(a - b) + 1e-15, a + b)
        x, y = ((touching**2 + s * (a**2 - b**2)) / (2 * touching) for s in (1, -1))
        segments = (
            r**2 * np.arccos(np.clip(u / r, -1, 1)) - u * np.sqrt(np.clip(r**2 - u**2, 0, None))
            for r, u in ((a, x), (b, y))
        )
        return np.where(d <= abs(a - b), np.pi * min(a, b) ** 2, sum(segments))

    def transform(kx, ky):
        d = lam_over_diam * np.hypot(kx, ky) / np.pi
        parts = common(1, 1, d) - (
            2 * common(1, obscuration, d) - common(obscuration, obscuration, d) if obscuration else 0
        )
        return parts / (np.pi * (1 - obscuration**2))

    return transform


def tabulated(transform, argument, q):
    """Evaluate a smooth transform by splines in ln q."""
    nodes = np.exp(np.linspace(np.log(q.min() * 0.99), np.log(q.max() * 1.01), 700))
    return CubicSpline(np.log(nodes), transform(argument, nodes))(np.log(q))


def sheared(kx, ky, g1, g2):
    """Length of the sheared frequency."""
    u, v = (1 + g1) * kx + g2 * ky, g2 * kx + (1 - g1) * ky
    return np.sqrt((u * u + v * v) / (1 - g1 * g1 - g2 * g2))


def image(rows, columns, scale, galaxy, psf):
    """Render a galaxy through a PSF.

    Parameters
    ----------
    rows, columns : int
        The frame.
    scale : float
        Length of a pixel.
    galaxy : dict
        flux, index, half_light_radius, x, y, g1, g2; without a radius it is a point.
    psf : dict or callable
        fwhm and beta of a Moffat PSF, or the transform of another as a function of kx and ky.
    """
    half = NYQUISTS * PERIOD // 2
    m = np.arange(-half, half) + 0.5
    kx, ky = (2 * np.pi / (PERIOD * scale) * m)[None, :], (2 * np.pi / (PERIOD * scale) * m[half:])[:, None]
    product = np.sinc(kx * scale / (2 * np.pi)) * np.sinc(ky * scale / (2 * np.pi))
    if "half_light_radius" in galaxy:
        q = galaxy["half_light_radius"] * sheared(kx, ky, galaxy["g1"], galaxy["g2"])
        product = product * tabulated(sersic, galaxy["index"], q)
    if callable(psf):
        product = product * psf(kx, ky)
    else:
        product = product * tabulated(moffat, psf["beta"], psf["fwhm"] * np.sqrt(kx * kx + ky * ky))
    x = (np.arange(columns) + 0.5 - columns / 2) * scale - galaxy["x"]
    y = (np.arange(rows) + 0.5 - rows / 2) * scale - galaxy["y"]
    along_x = product @ np.exp(1j * kx[0][:, None] * x[None, :])
    return galaxy["flux"] * 2 / PERIOD**2 * (np.exp(1j * y[:, None] * ky[:, 0][None, :]) @ along_x).real
