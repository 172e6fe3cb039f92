"""Contact sheets: samples side by side, with the labels that tell the most.

Pictures are for people: row 0 is at the bottom. Where every value of the sheet lies in [0, 1], as
those of shapes do, grey is linear from 0 (black) to 1 (white). Otherwise each image has an asinh
stretch of its own (Lupton et al. 2004, PASP 116, 133): black lies 2 sigma under the median, sigma
from the median absolute deviation; white is the value that 0.1 % of the pixels exceed, at least
8 sigma above the median; between them asinh turns from linear to logarithmic at 3 sigma, or 1/2000 of the range.
"""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont, ImageFont

    from .recipe import Recipe

Labels = Mapping[str, NDArray[Any]]

SAMPLES = 16
LABELS = 3
"""The most lines under an image, when the recipe names no targets."""
MANY = 3
"""From so many entries on, those that an image holds are told in one line."""
SMALLEST, LARGEST = 144, 256
"""Sides in pixels between which a picture's longer side is brought."""
GAP, MARGIN, LINE = 12, 20, 17
PAPER, INK, QUIET = "#fafaf8", "#1c1c1c", "#666662"


@dataclass(frozen=True)
class Stretch:
    """How values become grey.

    Parameters
    ----------
    low, high
        The values that are black and white.
    knee
        Distance above `low` at which asinh turns from linear to logarithmic; infinite for linear.
    """

    low: float
    high: float
    knee: float = math.inf

    @classmethod
    def of(cls, image: NDArray[Any]) -> "Stretch":
        """Choose the asinh stretch of an image, from its finite values."""
        values = image[np.isfinite(image)].astype(np.float64)
        if values.size == 0 or values.min() == values.max():
            return cls(*(values[:1].tolist() or [0.0]) * 2)
        middle = float(np.median(values))
        sigma = 1.4826 * float(np.median(abs(values - middle)))
        high = max(float(np.quantile(values, 0.999)), middle + 8 * sigma)
        low = max(float(values.min()), middle - 2 * sigma)
        if high <= low:
            low, high = float(values.min()), float(values.max())
        return cls(low, high, max(3 * sigma, 5e-4 * (high - low)))

    def __call__(self, image: NDArray[Any]) -> NDArray[np.uint8]:
        """Turn values into grey, 0 to 255; what is not a number is black, and so is an even image."""
        span = self.high - self.low
        if span <= 0:
            return np.zeros(image.shape, np.uint8)
        above = np.clip(np.nan_to_num(image.astype(np.float64) - self.low, nan=0.0), 0.0, span)
        grey = above / span if math.isinf(self.knee) else np.arcsinh(above / self.knee) / np.arcsinh(span / self.knee)
        return np.asarray(np.rint(grey * 255), dtype=np.uint8)


def sheet(images: NDArray[Any], captions: Sequence[Sequence[str]], title: str) -> "Image":
    """Lay images out as a contact sheet.

    Parameters
    ----------
    images
        (N, rows, columns), of any size.
    captions
        The lines under each image.
    title
        The line above them all.

    Returns
    -------
    PIL.Image.Image
        Small images enlarged by a whole factor, large ones averaged over areas.

    Raises
    ------
    ValueError
        If there is nothing to show.
    """
    if images.ndim != 3 or 0 in images.shape:
        raise ValueError(f"a contact sheet shows images (N, rows, columns), not an array of shape {images.shape}")
    plain = _linear(images)
    note = "grey linear from 0 to 1" if plain else "asinh stretch, each image its own"
    tiles = [_tile(image, Stretch(0.0, 1.0) if plain else None) for image in images]
    return _Layout(tiles, captions, title, note).draw()


def _linear(images: NDArray[Any]) -> bool:
    """Tell images of shapes: all in [0, 1], and not so faint that they would be black."""
    return bool(np.all((images >= 0) & (images <= 1)) and images.max() > 0.2)


def _tile(image: NDArray[Any], stretch: Stretch | None) -> "Image":
    from PIL import Image

    upright, longest = np.ascontiguousarray(image[::-1], dtype=np.float32), max(image.shape)
    stretch = stretch or Stretch.of(upright)
    if longest > LARGEST:
        rows, columns = (max(1, round(side * LARGEST / longest)) for side in image.shape)
        averaged = Image.fromarray(upright).resize((columns, rows), Image.Resampling.BOX)
        return Image.fromarray(stretch(np.asarray(averaged)))
    factor = max(1, -(-SMALLEST // longest))
    return Image.fromarray(np.kron(stretch(upright), np.ones((factor, factor), np.uint8)))


class _Layout:
    """The places of tiles, captions and title."""

    def __init__(self, tiles: Sequence["Image"], captions: Sequence[Sequence[str]], title: str, note: str) -> None:
        from PIL import ImageFont

        self.tiles, self.captions, self.title, self.note = tiles, captions, title, note
        self.font = ImageFont.load_default(12)
        self.bold = ImageFont.load_default(16)
        self.across = math.ceil(math.sqrt(len(tiles)))
        self.lines = max((len(lines) for lines in captions), default=0)
        self.tile_width = max([tiles[0].width] + [self._width(line) for lines in captions for line in lines])
        self.tile_height = tiles[0].height + 4 + self.lines * LINE

    def _width(self, text: str, font: "FreeTypeFont | ImageFont | None" = None) -> int:
        return math.ceil((font or self.font).getlength(text))

    def draw(self) -> "Image":
        from PIL import Image, ImageDraw

        down = -(-len(self.tiles) // self.across)
        head = MARGIN + 2 * LINE + GAP
        across = self.across * (self.tile_width + GAP) - GAP
        across = max(across, self._width(self.title, self.bold), self._width(self.note))
        page = Image.new("RGB", (across + 2 * MARGIN, head + down * (self.tile_height + GAP) - GAP + MARGIN), PAPER)
        pen = ImageDraw.Draw(page)
        pen.text((MARGIN, MARGIN - 6), self.title, INK, self.bold)
        pen.text((MARGIN, MARGIN + LINE), self.note, QUIET, self.font)
        for number, tile in enumerate(self.tiles):
            row, column = divmod(number, self.across)
            x, y = MARGIN + column * (self.tile_width + GAP), head + row * (self.tile_height + GAP)
            page.paste(tile, (x, y))
            for line, text in enumerate(self.captions[number] if number < len(self.captions) else ()):
                pen.text((x, y + tile.height + 4 + line * LINE), text, INK, self.font)
        return page


def captions(
    labels: Labels, targets: Sequence[str] = (), numbers: Labels | None = None, classes: Sequence[str] = ()
) -> list[list[str]]:
    """Choose and write the lines under each image.

    Parameters
    ----------
    labels
        By name (`galaxy.flux`), one value an image.
    targets
        The labels to show; without any, up to three that differ between the images, positions last.
    numbers
        By entry, how many of its objects each image holds; written `star: 3`, and of three entries or more in one
        line, `circle, arc ×2`. NaN where it cannot hold any.
    classes
        What each image shows, as the first line.

    Returns
    -------
    list of list of str
        The object's name is left out where there is one object.

    Examples
    --------
    >>> captions({"star.flux": np.array([250.0, 1e6]), "star.beta": np.array([3.0, 3.0])})
    [['flux 250'], ['flux 1,000,000']]
    """
    numbers = numbers or {}
    total = len(next(iter((*labels.values(), *numbers.values())), ()))
    heads = [[*classes[i : i + 1], *_counted(numbers, i)] for i in range(total)]
    names = list(targets) or _telling(labels)[: max(1, LABELS - max(map(len, heads), default=0))]
    shown = {name: labels[name] for name in names if name in labels and not (classes and name == "class")}
    owners = {name.rpartition(".")[0] for name in shown}
    plain = len(owners) == 1 and not numbers
    lines = {name.rpartition(".")[2] if plain else name: values for name, values in shown.items()}
    return [head + [f"{name} {_number(values[i])}" for name, values in lines.items()] for i, head in enumerate(heads)]


def _counted(numbers: Labels, image: int) -> list[str]:
    held = {entry: int(values[image]) for entry, values in numbers.items() if not np.isnan(values[image])}
    if len(held) < MANY:
        return [f"{entry}: {number}" for entry, number in held.items()]
    seen = {entry: number for entry, number in held.items() if number > 0}
    return [", ".join(entry if number == 1 else f"{entry} ×{number}" for entry, number in seen.items()) or "nothing"]


def _number(value: float) -> str:
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e7 else f"{value:.4g}"


def _telling(labels: Labels) -> list[str]:
    # How many objects there are stands beside their name already, and the class is told by name.
    told = ("class", "mixture")
    named = {name: values for name, values in labels.items() if not name.endswith(".repeat") and name not in told}
    varied = [name for name, values in named.items() if values.ndim == 1 and np.any(values != values[0])]
    return sorted(varied, key=lambda name: name.rpartition(".")[2] in {"x", "y"})


def from_arrays(recipe: "Recipe", arrays: Labels, first: int = 0) -> "Image":
    """Make the contact sheet of a data set's arrays.

    Parameters
    ----------
    recipe
        What they were made from.
    arrays
        By path, as in a shard: `/images`, `/labels/galaxy.flux`, `/objects/present`.
    first
        The number of the first row.

    Returns
    -------
    PIL.Image.Image
    """
    if recipe.is_series:
        from .preview_series import sheet as series_sheet

        return series_sheet(recipe, arrays, first)
    images = arrays["/images"]
    labels = {path.removeprefix("/labels/"): values for path, values in arrays.items() if path.startswith("/labels/")}
    drawn = labels.get("mixture", labels.get("class"))
    classes = [recipe.classes[number] for number in labels["class"]] if "class" in labels else []
    lines = captions(labels, recipe.targets, _numbers(recipe, arrays.get("/objects/present"), drawn), classes)
    title = f"{recipe.name} · seed {recipe.seed} · rows {first} to {first + len(images) - 1}"
    return sheet(images, lines, title)


def _numbers(
    recipe: "Recipe", present: NDArray[Any] | None, drawn: NDArray[Any] | None = None
) -> dict[str, NDArray[Any]]:
    """Count the objects of every entry that need not occur exactly once; of a branch, in the images that have it."""
    numbers, slot = {}, 0
    for entry in recipe.spec["objects"] if present is not None else ():
        here = slice(slot, slot := slot + entry["slots"])
        if entry["repeat"] != 1 and present is not None:
            here_only = drawn is None or "branch" not in entry or drawn == entry["branch"]
            numbers[entry["name"]] = np.where(here_only, present[:, here].sum(axis=1), np.nan)
    return numbers


def preview(recipe: "Recipe", samples: int = SAMPLES) -> "Image":
    """Generate the first rows of a recipe and lay them out as a contact sheet.

    Parameters
    ----------
    recipe
        What to show.
    samples
        How many rows, from 0.

    Returns
    -------
    PIL.Image.Image
    """
    from .source import source

    return from_arrays(recipe, source(recipe).arrays(0, samples))


def png(recipe: "Recipe", samples: int = SAMPLES) -> bytes:
    """Make :func:`preview`'s picture as the bytes of a PNG file: the data set writer's ``preview.png``."""
    buffer = io.BytesIO()
    # The noise of pictures hardly compresses: the default level takes twice the time for files smaller by a tenth.
    preview(recipe, samples).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
