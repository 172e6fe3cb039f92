"""PSFs that are pictures: ``psf: {image: {file: psf.fits, pixel_scale: 0.05, includes_pixel: false}}``."""

from __future__ import annotations

import hashlib
import math
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightmill.recipe.faults import Fault
from lightmill.recipe.names import clean
from lightmill.recipe.node import Node, Step, locate

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

IMAGE = "image"
INTERPOLATIONS = ("nearest", "linear", "cubic", "quintic")
CENTRES = ("middle", "centroid")
MOST_SIDE = 512
_DEFAULTS = {"interpolation": "quintic", "centre": "middle"}
_KEYS = ("file", "pixels", "hdu", "sha256", "pixel_scale", "interpolation", "centre", "includes_pixel")
_FITS = (".fits", ".fit", ".fits.gz", ".fit.gz")


class PictureError(ValueError):
    """What is wrong with a picture, in words."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The pixels of a file.

    Parameters
    ----------
    pixels : (rows, columns) float64
        What it shows.
    sha256 : str
        Checksum of the file.
    """

    pixels: npt.NDArray[np.float64]
    sha256: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a recipe by file and part of it, and what is wrong with them."""

    found: Mapping[str, Picture] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def key_of(body: Mapping[str, Any]) -> str:
    """Return what tells the picture of a body from others."""
    return f"{body['file']}[{body.get('hdu', 0)}]"


def gather(root: Node, plain: Any, folder: str, known: Mapping[str, Picture]) -> Pictures:
    """Read the pictures of a recipe as it was written, whatever else is wrong with it.

    Parameters
    ----------
    root : Node
        The recipe.
    plain : object
        The same without positions.
    folder : str
        Where its files are.
    known : mapping
        Pictures that were read before, of the recipe that it is made from.
    """
    pictures = Pictures()
    assert isinstance(pictures.found, dict)
    for place, body in _bodies(plain):
        try:
            key = key_of(body)
            picture = known[key] if key in known else _read(Path(folder, body["file"]), body.get("hdu", 0))
            if body.get("sha256", picture.sha256) != picture.sha256:
                raise PictureError(f"it has changed since the recipe was resolved: SHA-256 {picture.sha256[:12]}…")
            pictures.found[key] = picture
        except PictureError as error:
            mark, where = locate(root, (*place, "file"))
            pictures.faults.append(Fault(mark, where, clean(str(error), 300)))
    return pictures


def _bodies(recipe: Any) -> Iterator[tuple[tuple[Step, ...], dict[str, Any]]]:
    """Yield the pictures that are in files, with their places."""
    psf = recipe.get("psf") if isinstance(recipe, dict) else None
    parts = psf.get("sum") if isinstance(psf, dict) else None
    found: list[tuple[tuple[Step, ...], Any]] = [(("psf",), psf)]
    found += [(("psf", "sum", i), part) for i, part in enumerate(parts if isinstance(parts, list) else [])]
    for place, item in found:
        body = item.get(IMAGE) if isinstance(item, dict) else None
        if isinstance(body, dict) and isinstance(body.get("file"), str) and isinstance(body.get("hdu", 0), (int, str)):
            yield (*place, IMAGE), body


def _read(path: Path, hdu: int | str) -> Picture:
    name = path.name.lower()
    if not name.endswith((".npy", *_FITS)):
        raise PictureError(f"{path.name} is of no kind that is read; a picture of a psf is FITS or NPY")
    try:
        if not path.is_file():
            raise PictureError(f"there is no file {path}" if not path.exists() else f"{path} is no file")
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of FITS headers that are not to the standard.
            pixels = _of_fits(path, hdu) if name.endswith(_FITS) else _of_npy(path)
    except (PictureError, MemoryError):
        raise
    except Exception as error:  # What readers raise for a damaged file has no common type.
        raise PictureError(f"it cannot be read: {' '.join(str(error).split()) or type(error).__name__}") from None
    return Picture(checked(pixels), sha256)


def _of_fits(path: Path, hdu: int | str) -> Any:
    import numpy as np
    from astropy.io import fits

    with fits.open(path, memmap=False) as units:
        listed = ", ".join(f"{i} ({unit.name})" if unit.name else str(i) for i, unit in enumerate(units))
        try:
            unit = units[hdu]
        except (KeyError, IndexError):
            raise PictureError(f"there is no HDU {hdu} in it; here are {listed}") from None
        if unit.data is None or not getattr(unit, "is_image", False):
            raise PictureError(f"its HDU {hdu} holds no image; choose one with `hdu`: {listed}")
        return np.array(unit.data, np.float64)


def _of_npy(path: Path) -> Any:
    import numpy as np

    return np.load(path, allow_pickle=False)


def checked(pixels: Any) -> npt.NDArray[np.float64]:
    """Return pixels as a plane of float64.

    Raises
    ------
    PictureError
        If they are no plane of numbers, too many, or not finite.
    """
    import numpy as np

    found = np.asarray(pixels)
    if found.dtype.kind not in "fiu" or found.ndim != 2:
        raise PictureError(f"it has {found.ndim} axes of {found.dtype}; a picture of a psf is a plane of numbers")
    if not (min(found.shape) > 0 and max(found.shape) <= MOST_SIDE):
        raise PictureError(f"{found.shape[0]} x {found.shape[1]} pixels are not allowed; 1 to {MOST_SIDE} a side are")
    plane = np.ascontiguousarray(found, np.float64)
    wrong = np.argwhere(~np.isfinite(plane))
    if len(wrong):
        row, column = map(int, wrong[0])
        raise PictureError(f"the pixel of row {row} and column {column} is {plane[row, column]}; all must be finite")
    return plane


def missing(body: Mapping[str, Any]) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Yield (place below the body, message) for what a picture lacks, or says twice."""
    if "file" in body and "pixels" in body:
        yield ("pixels",), "`file`, `pixels` are two pictures; give one of them"
    if "file" not in body and "pixels" not in body:
        yield (), "file must be given, a FITS or NPY file; or `pixels`, rows of numbers"
    if "includes_pixel" not in body:
        said = (
            "true where its pixels already have the response of the image's in them, as effective PSFs do; else false"
        )
        yield (), f"includes_pixel must be given: {said}"


def resolved(body: Mapping[str, Any], pixel_scale: float, pictures: Mapping[str, Picture]) -> dict[str, Any]:
    """Return a checked body with all defaults, and the file's checksum."""
    full = {"pixel_scale": pixel_scale, **_DEFAULTS, **body}
    if "file" in body:
        full["sha256"] = pictures[key_of(body)].sha256
    return {key: full[key] for key in _KEYS if key in full}


def lowered(body: Mapping[str, Any], pictures: Mapping[str, Picture]) -> dict[str, Any]:
    """Return a resolved body as the core takes it."""
    rows = pictures[key_of(body)].pixels.tolist() if "file" in body else body["pixels"]
    middle = [0.5 * (len(rows[0]) - 1), 0.5 * (len(rows) - 1)]
    return {
        "pixels": rows,
        "pixel_scale": body["pixel_scale"],
        "centre": middle if body["centre"] == "middle" else _centroid(rows) or middle,
        "interpolation": body["interpolation"],
        "includes_pixel": body["includes_pixel"],
    }


def _centroid(rows: list[list[float]]) -> list[float] | None:
    """Return the light's mean place; None without light. Sums are exact, the same on every machine."""
    flux = math.fsum(value for row in rows for value in row)
    if not flux > 0.0:
        return None
    x = math.fsum(i * value for row in rows for i, value in enumerate(row))
    return [x / flux, math.fsum(j * value for j, row in enumerate(rows) for value in row) / flux]
