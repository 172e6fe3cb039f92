"""`keep`: the range, both ends in, that a drawn or measured value of a scene must have for the scene to stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lightmill.recipe import checks
from lightmill.recipe.branches import Found, all_columns, not_one
from lightmill.recipe.checks import fault
from lightmill.recipe.names import clean, nearest, quote, short
from lightmill.recipe.says import Schema, says, takes
from lightmill.recipe.strict import before, map_of
from lightmill.recipe.tables import Range, tables

EXAMPLE = "keep: {snr: [10, 100]}"
_PAIR: Schema = {"type": "array", "minItems": 2, "maxItems": 2}
_RANGE = "write [low, high]; one of them may be null"
_end = checks.numeric("real", Range(), "each end is a number, or null for none")
_UNDRAWN = {
    "split": "the split of a scene goes by its number",
    "attempt": "the number of attempts is what `keep` itself gives",
}


def conditions() -> Any:
    """Return the type of `keep`."""
    ranges = map_of(before(checks.text), before(ends))
    return before(_given, before(checks.mapping(EXAMPLE), ranges))


def _given(value: Any) -> Any:
    if value == {}:
        raise fault("there is no condition", f"write {EXAMPLE}, or leave keep out")
    return value


def ends(value: Any) -> list[float | None]:
    """Check a range: two numbers, both ends in, either of them null."""
    if not isinstance(value, list):
        raise fault("there is no value" if value is None else f"{short(value)} is not a range", _RANGE)
    if len(value) != 2:
        raise fault(f"a list of {len(value)} is not a range", _RANGE)
    if value == [None, None]:
        raise fault("neither end is given", "give one of them, or leave the condition out")
    low, high = (None if end is None else float(_end(end)) for end in value)
    if low is not None and high is not None and low > high:
        raise fault(f"[{short(value[0])}, {short(value[1])}] runs backwards", "the lower end comes first")
    return [low, high]


says(_given, lambda inner, _book: {**inner, "minProperties": 1})
takes(ends, {**_PAIR, "items": {"type": ["number", "null"]}, "contains": {"type": "number"}})


def wrong_conditions(recipe: Mapping[str, Any]) -> Iterator[Found]:
    """Yield (place, message) for conditions on what no sample has exactly once."""
    keep = recipe.get("keep")
    if not isinstance(keep, Mapping) or (found := all_columns(recipe)) is None:
        return
    drawn, several = found
    known = [*tables().measured, *drawn]
    for name in keep:
        if name not in known:
            yield ("keep", name), _no_value(name, known, several)


def _no_value(label: str, known: list[str], several: set[str]) -> str:
    if label in _UNDRAWN:
        return f"`{label}` cannot be a condition; {_UNDRAWN[label]}"
    name = label.partition(".")[0]
    if name in several:
        return not_one(label)
    own = [column for column in known if column.startswith(f"{name}.")]
    near = nearest(label, own or known[:500])
    rest = f"did you mean `{clean(near)}`?" if near else f"conditions can be on {quote(known[:12])}"
    return f"no value is called `{clean(label)}`; {rest}"


def lowered(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return the conditions as the core's specification has them; nothing where there are none."""
    found = [{"label": label, "low": low, "high": high} for label, (low, high) in recipe.get("keep", {}).items()]
    return {"keep": found} if found else {}
