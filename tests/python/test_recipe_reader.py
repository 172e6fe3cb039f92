"""YAML as this house reads it: version 1.2 scalars, positions, no surprises."""

import pytest
from lightmill.recipe import RecipeError
from lightmill.recipe.emit import emit
from lightmill.recipe.node import locate, steps
from lightmill.recipe.reader import read
from lightmill.recipe.scalars import resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001), ("1E5", 1e5), (".5", 0.5), ("5.", 5.0), ("-0.0", -0.0), ("+3", 3), ("007", 7), ("0o17", 15),
        ("0x1F", 31), ("no", "no"), ("on", "on"), ("y", "y"), ("True", True), ("FALSE", False), ("tRUE", "tRUE"),
        ("12:30:45", "12:30:45"), ("2024-01-01", "2024-01-01"), ("1_000", "1_000"), ("~", None), ("", None),
        ("Null", None), ("-.INF", float("-inf")), ("1e", "1e"), ("0b1", "0b1"), ("-0x1", "-0x1"), ("é", "é"),
        ("١", "١"), ("=", "="),
    ],
)  # fmt: skip
def test_scalars(text, value):
    assert repr(resolve(text)) == repr(value)


def test_nan():
    assert str(resolve(".nan")) == "nan"


def test_quoted_scalars_are_text():
    assert read('["1", \'no\', "\\x41", |\n  3\n]'.replace("|\n  3\n", "'3'"), "f").plain() == ["1", "no", "A", "3"]


def test_keys_are_text():
    assert read("1: a\ntrue: b\n? c\n: d\n", "f").plain() == {"1": "a", "true": "b", "c": "d"}


def test_anchors_on_scalars():
    assert read("a: &s 3\nb: *s\nc: {*s : 1}\n", "f").plain() == {"a": 3, "b": 3, "c": {"3": 1}}


def test_positions_of_keys_and_values():
    root = read("é: 1\nobjects:\n  - moffat:\n      fwhm: [3,\n        4]\n", "f.yaml")
    assert str(locate(root, ["é"])[0]) == "f.yaml:1:4"
    assert str(locate(root, ["é"], on_key=True)[0]) == "f.yaml:1:1"
    place = steps("objects[0].moffat.fwhm[1]")
    assert place == ["objects", 0, "moffat", "fwhm", 1]
    mark, words = locate(root, place)
    assert (str(mark), words) == ("f.yaml:5:9", "objects[0].moffat.fwhm[1]")
    assert str(locate(root, steps("objects[0].moffat.beta"))[0]) == "f.yaml:3:5"


@pytest.mark.parametrize(
    "text",
    ["%TAG ! tag:x,2000:\n--- a\n", "a: !x 1", "a: !!python/object:os.system 1", "!!map {a: 1}", "a: *a", "a: &a [*a]",
     "? [a]\n: 1", "? {a: 1}\n: 1", "a: 1\na: 2", ": 1", "{: 1}", "a\n---\nb", "\ta: 1", "@a",
     "`a", "a: 'b", "a: |1-x\n b", "%YAML 9.9\n---\na: 1"],
)  # fmt: skip
def test_refused(text):
    with pytest.raises(RecipeError) as caught:
        read(text, "f.yaml")
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].mark.line > 0


@pytest.mark.parametrize(
    "value",
    ["no", "1e5", "0o17", "0x1F", "", "null", "~", "a: b", "- a", "#", "a #b", "12:30:45", "é", "1_000", "=", "<<", "'",
     "*a", "@", "9" * 500, 1e-5, 1e300, -0.5, 0.1, 5e-324, 2**64 - 1, True, [], {}, [1.0, [2.0]]],
)  # fmt: skip
def test_what_is_written_reads_back(value):
    text = emit({"key": value, "list": [value], "map": {"a": {"uniform": value}}})
    assert repr(read(text, "f").plain()) == repr({"key": value, "list": [value], "map": {"a": {"uniform": value}}})
