"""What a recipe makes and a data set holds, in words."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..recipe import Recipe
    from ..sink import Field
    from ..sink.shards import Division


def counted(shards: int) -> str:
    """Tell a number of shards.

    Examples
    --------
    >>> counted(1), counted(1200)
    ('1 shard', '1,200 shards')
    """
    return f"{shards:,} shard{'s' * (shards != 1)}"


def wanted(recipe: "Recipe", out: str, part: tuple[int, int]) -> str:
    """Tell what a run would write: rows, shards, bytes."""
    from ..progress import size
    from ..sink.shards import Division, estimated_bytes, natural_rows

    fields, count = _fields(recipe), recipe.count or 0
    division = Division(count, natural_rows(fields))
    numbers = division.shards_of(part)
    rows = _rows(division, numbers)
    # A shard's size is linear in its rows: shards need not be counted one by one, and there may be millions.
    empty = estimated_bytes(fields, 0)
    total = len(numbers) * empty + estimated_bytes(fields, rows) - empty
    share = "" if part == (1, 1) else f" (part {part[0]} of {part[1]})"
    said = f"{recipe.name}, seed {recipe.seed}: {rows:,} samples in {counted(len(numbers))}, {size(total)}{share}"
    return f"would write to {out}: {said}"


def _rows(division: "Division", numbers: range) -> int:
    return division.rows_of(numbers[-1])[1] - division.rows_of(numbers[0])[0] if numbers else 0


def made(recipe: "Recipe") -> str:
    """Tell what a sample is: the sides of an image, or the times of a series."""
    if not recipe.is_series:
        return "×".join(map(str, recipe.shape))
    from ..series import curves

    return f"{curves(recipe).count} times"


def summary(recipe: "Recipe") -> str:
    """Tell what a recipe makes, in a line."""
    from ..progress import size

    fields, shape = _fields(recipe), made(recipe)
    row = sum(field.row_bytes for field in fields)
    if recipe.count is None:
        return f"{recipe.name}: samples of {shape}, {len(fields)} columns, {size(row)} a sample (count is not given)"
    return f"{recipe.name}: {recipe.count:,} samples of {shape}, {len(fields)} columns, {size(row * recipe.count)}"


def columns(recipe: "Recipe") -> str:
    """List what a recipe's data set holds."""
    return listing(_fields(recipe))


def listing(fields: Iterable["Field"]) -> str:
    """List arrays: path, type, shape of a row, unit, description."""
    rows = [
        (
            f"{field.path}",
            str(field.dtype),
            "×".join(map(str, field.shape)),
            str(field.attributes.get("unit", "")),
            str(field.attributes.get("description", "")),
        )
        for field in fields
    ]
    return table(rows)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Align cells in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join("  " + line.rstrip() for line in lines)


def _fields(recipe: "Recipe") -> Sequence["Field"]:
    from ..sink.source import stored
    from ..source import source

    return stored(source(recipe).fields)
