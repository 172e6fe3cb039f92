"""PSFs that are pictures: files and arrays, against the slow truth and GalSim."""

import pickle

import numpy as np
import pytest
from convolved import image

import lightmill as lm

SCALE = 0.2
GALAXY = {"flux": 1, "index": 1.5, "half_light_radius": 0.4, "g1": 0.2, "g2": -0.1, "x": 0.13, "y": -0.31}


def uneven(rows=17, columns=21):
    """Return a picture that is its own mirror image in no direction."""
    y, x = np.indices((rows, columns))
    u, v = x - 0.5 * columns + 0.2, y - 0.5 * rows + 0.9
    core = np.exp(-0.5 * ((u / 1.9) ** 2 + (v / 1.6) ** 2 - 0.5 * u * v / 3))
    return 7 * (core + 0.1 * np.exp(-0.5 * (((u - 4) / 1.5) ** 2 + ((v + 3) / 1.3) ** 2)))


def recipe(picture, objects=({"sersic": GALAXY},), size=(30, 36), **rest):
    frame = {"size": list(size), "pixel_scale": SCALE, "accuracy": rest.pop("accuracy", 1e-4)}
    psf = {"image": {"includes_pixel": False, **picture}}
    return lm.load({"image": frame, "psf": psf, "objects": list(objects), **rest})


def one(picture, *objects, **rest):
    return lm.generate(recipe(picture, objects or ({"sersic": GALAXY},), **rest), 0, 1).images[0].astype(float)


def kernel(name, u):
    s, c, x = np.sinc(u), np.cos(np.pi * u), np.pi * u
    quintic = s**5 * (s * (55 - 19 * x**2) + 2 * c * (x**2 - 27))
    return {"nearest": s, "linear": s**2, "cubic": s**3 * (3 * s - 2 * c), "quintic": quintic}[name]


def quintic(x):
    """Evaluate the kernel whose transform `kernel` has (Bernstein & Gruen 2014)."""
    x = np.abs(x)
    pieces = [
        1 + x**3 / 12 * (-95 + 138 * x - 55 * x**2),
        (x - 1) * (x - 2) / 24 * (-138 + 348 * x - 249 * x**2 + 55 * x**3),
        (x - 2) * (x - 3) ** 2 / 24 * (-54 + 50 * x - 11 * x**2),
    ]
    return np.select([x < 1, x < 2, x < 3], pieces, 0.0)


def transform(pixels, step, interpolation):
    """Return the transform of a picture, pixel by pixel."""
    rows, columns = pixels.shape

    def at(kx, ky):
        x, y = (np.arange(n) - 0.5 * (n - 1) for n in (columns, rows))
        along = np.exp(-1j * ky.ravel()[:, None] * step * y) @ pixels @ np.exp(-1j * kx.ravel()[:, None] * step * x).T
        made = along * kernel(interpolation, kx * step / (2 * np.pi)) * kernel(interpolation, ky * step / (2 * np.pi))
        return made / pixels.sum()

    return at


@pytest.mark.parametrize(
    ("interpolation", "step", "galaxy"),
    [("quintic", 0.1, GALAXY), ("quintic", 0.27, GALAXY), ("cubic", 0.15, GALAXY), ("linear", 0.2, GALAXY)],
)
def test_light_is_as_exact_as_was_asked_for(interpolation, step, galaxy):
    truth = image(30, 36, SCALE, galaxy, transform(uneven(), step, interpolation))
    picture = {"pixels": uneven(), "pixel_scale": step, "interpolation": interpolation}
    for accuracy in (1e-3, 1e-4):
        found = one(picture, {"sersic": galaxy}, accuracy=accuracy)
        assert np.abs(found - truth).max() < accuracy * truth.max()
        assert abs(found.sum() - truth.sum()) < 10 * accuracy


def test_an_effective_psf_has_the_pixel_in_it():
    star = {"flux": 1, "x": 0.13, "y": -0.31}
    x, y = (np.arange(36) - 17.5 - 0.13 / SCALE, np.arange(30) - 14.5 + 0.31 / SCALE)
    along_y, along_x = (quintic(at[:, None] - np.arange(n) + 0.5 * (n - 1)) for at, n in ((y, 17), (x, 21)))
    truth = along_y @ uneven() @ along_x.T / uneven().sum()
    picture = {"pixels": uneven(), "includes_pixel": True}
    found = one(picture, {"star": star})
    assert np.abs(found - truth).max() < 1e-4 * truth.max()
    # A star in the middle of a pixel is the picture itself.
    made = recipe(picture, [{"star": {"flux": 1}}], size=(17, 21), save=["psf"])
    assert lm.generate(made, 0, 1).psf[0] == pytest.approx(uneven() / uneven().sum(), abs=2e-5)


def test_a_galaxy_is_galsim_s():
    galsim = pytest.importorskip("galsim")
    best = galsim.GSParams(folding_threshold=1e-3, maxk_threshold=1e-4, kvalue_accuracy=1e-7)
    picture = galsim.InterpolatedImage(
        galsim.Image(uneven(), scale=0.1), x_interpolant="quintic", pad_factor=8, normalization="flux", gsparams=best
    ).withFlux(1)
    galaxy = galsim.Sersic(n=1.5, half_light_radius=0.4, gsparams=best).shear(g1=0.2, g2=-0.1)
    both = galsim.Convolve([galaxy, picture], gsparams=best)
    truth = both.drawImage(nx=36, ny=30, scale=SCALE, offset=(0.13 / SCALE, -0.31 / SCALE), dtype=float).array
    found = one({"pixels": uneven(), "pixel_scale": 0.1})
    assert np.abs(found - truth).max() < 3e-4 * truth.max()  # GalSim tabulates the transform.


def test_a_picture_in_a_sum():
    parts = [{"image": {"pixels": uneven(), "includes_pixel": False, "weight": 3}}, {"moffat": {"fwhm": 1, "beta": 3}}]
    objects = [{"sersic": GALAXY}]
    frame = {"size": [30, 36], "pixel_scale": SCALE}
    both = lm.load({"image": frame, "psf": {"sum": parts}, "objects": objects, "targets": ["psf.image.weight"]})
    other = lm.load({"image": frame, "psf": {"moffat": {"fwhm": 1, "beta": 3}}, "objects": objects})
    wanted = 0.75 * one({"pixels": uneven()}) + 0.25 * lm.generate(other, 0, 1).images[0]
    batch = lm.generate(both, 0, 1)
    assert np.abs(batch.images[0] - wanted).max() < 1.5e-4 * wanted.max()
    assert batch.targets.tolist() == [[3.0]]
    assert lm.load(both.resolved) == both


def test_files(tmp_path, monkeypatch):
    from astropy.io import fits

    pixels = uneven().astype(np.float32)
    np.save(tmp_path / "psf.npy", pixels)
    second = fits.ImageHDU(pixels.astype(">f4"), name="SLOW")
    fits.HDUList([fits.PrimaryHDU(np.eye(3)), second]).writeto(tmp_path / "psf.fits")
    wanted = one({"pixels": pixels, "pixel_scale": 0.1})
    monkeypatch.chdir(tmp_path)
    for said in ({"file": "psf.npy"}, {"file": "psf.fits", "hdu": 1}, {"file": "psf.fits", "hdu": "slow"}):
        made = recipe({**said, "pixel_scale": 0.1}, save=["psf"])
        again = pickle.loads(pickle.dumps(made))
        assert np.array_equal(lm.generate(again, 0, 1).images[0], wanted)
        assert len(made.resolved["psf"]["image"]["sha256"]) == 64
        assert lm.load(made.resolved) == made
        assert list(made.constants) == ["psf"]
    (tmp_path / "psf.npy").unlink()
    np.save(tmp_path / "psf.npy", pixels[::-1])
    made.with_(seed=3)  # What was read is not read again.
    resolved = recipe({"file": "psf.npy"}).resolved
    np.save(tmp_path / "psf.npy", pixels)
    with pytest.raises(lm.RecipeError, match=r"psf.image.file: it has changed since the recipe was resolved"):
        lm.load(resolved)


def test_the_centroid_is_the_centre():
    star = {"star": {"flux": 1}}
    shifted = np.zeros((19, 24))
    shifted[:17, :21] = uneven()
    one_way, other = (one({"pixels": p, "centre": "centroid"}, star) for p in (uneven(), shifted))
    assert one_way == pytest.approx(other, abs=1e-6)
    x = np.indices(one_way.shape)[1]
    assert (x * one_way).sum() / one_way.sum() == pytest.approx(17.5, abs=2e-3)


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        (np.full((3, 3), np.nan), "the pixel of row 0 and column 0 is nan; all must be finite"),
        (np.zeros((3, 3)), "its pixels sum to 0; a psf has light, above 0 in all"),
        (-uneven(), "a psf has light, above 0 in all"),
        (np.ones(4), "it has 1 axes of float64; a picture of a psf is a plane of numbers"),
        (np.ones((2, 600)), "2 x 600 pixels are not allowed; 1 to 512 a side are"),
        (np.ones((2, 2), complex), "complex128; a picture of a psf is a plane of numbers"),
    ],
)
def test_what_is_no_psf_is_refused(tmp_path, pixels, message):
    np.save(tmp_path / "psf.npy", pixels)
    with pytest.raises(lm.RecipeError, match=message):
        recipe({"file": str(tmp_path / "psf.npy")})


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("psf.npy", None, "there is no file"),
        ("psf.npy", b"no array", "it cannot be read"),
        ("psf.fits", b"no fits", "it cannot be read"),
        ("psf.png", b"", "a picture of a psf is FITS or NPY"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(lm.RecipeError, match=message):
        recipe({"file": str(tmp_path / name)})


def test_instruction_sets_agree(monkeypatch):
    from lightmill import _core

    images = []
    for isa in _core.cpu():
        monkeypatch.setenv("LIGHTMILL_ISA", isa)
        images.append(one({"pixels": uneven(), "pixel_scale": 0.13}))
    assert all(np.array_equal(images[0], other) for other in images)
