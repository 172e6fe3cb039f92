"""Files of tables: each kind gives the same numbers, and what is wrong with one is told."""

import csv
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest
from astropy import units
from astropy.io import fits
from astropy.table import MaskedColumn, QTable, Table

import lightmill as lm
from lightmill.recipe import RecipeError
from lightmill.table import csv as table_csv

FLUX = [100.0, 0.1 + 0.2, 1 / 3, 123456789.123456789, 5e-324, 2.0**53]
SIZE = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5]
COUNT = [0, 1, 2, 3, 2, 1]
SHOWN = [True, False, True, True, False, True]


def catalogue():
    return Table({"flux": FLUX, "size": np.float32(SIZE), "n": np.int16(COUNT), "seen": SHOWN, "name": list("abcdef")})


def write_csv(path):
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["flux", "size", "n", "seen", "name"])
        writer.writerows(zip(FLUX, SIZE, COUNT, SHOWN, ["a, b", *"bcdef"], strict=True))


def write_marked_csv(path):
    write_csv(path)
    path.write_bytes(b"\xef\xbb\xbf# from a spreadsheet\r\n" + path.read_bytes())


def write_parquet(path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = catalogue()
    parquet.write_table(pyarrow.table({name: np.asarray(table[name]) for name in table.colnames}), path)


def write_group(path):
    table = catalogue()
    with h5py.File(path, "w") as file:
        for name in ("flux", "size", "n", "seen"):
            file[f"deep/{name}"] = np.asarray(table[name])
        file["deep/name"] = list("abcdef")
        file["images"] = np.zeros((6, 2, 2))


KINDS = {
    "cat.csv": write_csv,
    "marked.csv": write_marked_csv,
    "cat.ecsv": lambda path: catalogue().write(path),
    "cat.fits": lambda path: catalogue().write(path),
    "cat.fits.gz": lambda path: catalogue().write(path),
    "cat.h5": lambda path: catalogue().write(path, path="a/b", serialize_meta=False),
    "group.hdf5": write_group,
    "cat.parquet": write_parquet,
}


def recipe(file, **definition):
    return {
        "image": {"size": 16},
        "tables": {"cat": {"file": str(file), **definition}},
        "let": {"flux": {"column": "cat.flux"}, "size": {"column": "cat.size"}, "n": {"column": "cat.n"}},
        "objects": [],
    }


def lets(source, **kwargs):
    loaded = lm.load(source, **kwargs)
    return lm.parameters(loaded, 0, loaded.count)


def one(file, unit_of="length", scale="0.2 arcsec", **column):
    """A recipe that reads a single column as a position or an angle."""
    name = "x" if unit_of == "length" else "angle"
    body = {"flux": 1, "fwhm": 2, name: {"column": "cat.a", **column}}
    body |= {"axis_ratio": 0.5} if name == "angle" else {}
    image = {"size": 16, "pixel_scale": scale}
    return {"image": image, "tables": {"cat": file} if file else {}, "objects": [{"gaussian": body}]}


def faults(source, **kwargs):
    with pytest.raises(RecipeError) as caught:
        lm.load(source, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_gives_the_numbers_bit_for_bit(tmp_path, name):
    KINDS[name](tmp_path / name)
    values = lets(recipe(tmp_path / name))
    assert values["flux"].tobytes() == np.array(FLUX).tobytes()
    assert values["size"].tolist() == SIZE
    assert values["n"].tolist() == COUNT
    flags = recipe(tmp_path / name)
    flags["let"]["seen"] = {"column": "cat.seen"}
    flags["let"]["name"] = {"column": "cat.name"}
    told = faults(flags)
    assert "let.seen.column: cat.seen is of true and false; seen takes numbers" in told
    assert "let.name.column: cat.name is text, not numbers" in told


def test_a_file_is_looked_for_beside_the_recipe(tmp_path, monkeypatch):
    (tmp_path / "recipes").mkdir()
    write_csv(tmp_path / "cat.csv")
    source = tmp_path / "recipes" / "a.yaml"
    text = "image: {size: 16}\ntables: {cat: ../cat.csv}\nlet: {a: {column: cat.flux}}\nobjects: []\n"
    source.write_text(text)
    assert lm.load(source).count == 6
    monkeypatch.chdir(tmp_path / "recipes")
    assert lm.load("a.yaml").resolved["tables"]["cat"]["file"] == "../cat.csv"
    assert lm.load(
        {"image": {"size": 16}, "tables": {"cat": "../cat.csv"}, "let": {"a": {"column": "cat.flux"}}, "objects": []}
    )
    monkeypatch.chdir(tmp_path)
    source.write_text(text.replace("../", ""))
    assert "a.yaml:2:15: tables.cat: there is no file cat.csv in the folder recipes" in faults("recipes/a.yaml")


def test_several_tables_in_a_fits_file(tmp_path):
    path = tmp_path / "two.fits"
    tables = [fits.BinTableHDU(catalogue()[:n], name=name) for n, name in ((2, "STARS"), (3, "GALAXIES"))]
    fits.HDUList([fits.PrimaryHDU(np.zeros((2, 2))), *tables]).writeto(path)
    assert "there are 2 tables in it; say which, as in `hdu: 1`: 1 (STARS), 2 (GALAXIES)" in faults(recipe(path))
    assert lm.load(recipe(path, hdu=2)).count == lm.load(recipe(path, hdu="galaxies")).count == 3
    for wrong in (0, 3, "star"):
        told = faults(recipe(path, hdu=wrong))
        assert "tables.cat.hdu: there is no such table in it; here are 1 (STARS), 2 (GALAXIES)" in told
    fits.PrimaryHDU(np.zeros((2, 2))).writeto(tmp_path / "image.fits")
    assert "tables.cat.file: there is no table in it" in faults(recipe(tmp_path / "image.fits"))
    columns = [fits.Column("flux", "D", array=[1.0]), fits.Column("size", "D", array=[1.0])]
    double = tmp_path / "double.fits"
    fits.BinTableHDU.from_columns(columns).writeto(double)
    double.write_bytes(double.read_bytes().replace(b"'size    '", b"'flux    '"))
    assert "two of its columns are called `flux`" in faults(recipe(double))


def test_several_tables_in_an_hdf5_file(tmp_path):
    path = tmp_path / "two.h5"
    catalogue()[:2].write(path, path="a/stars", serialize_meta=False)
    catalogue()[:3].write(path, path="galaxies", append=True, serialize_meta=False)
    assert "there are 2 tables in it; say which, as in `path: a/stars`: a/stars, galaxies" in faults(recipe(path))
    assert lm.load(recipe(path, path="galaxies")).count == 3
    assert lm.load(recipe(path, path="/a/stars")).count == 2
    told = faults(recipe(path, path="a"))
    assert "tables.cat.path: there is no table at this path; here are a/stars, galaxies" in told
    with h5py.File(tmp_path / "none.h5", "w") as file:
        file["images"] = np.zeros((3, 4, 4))
    assert "tables.cat.file: there is no table in it: no data set of records" in faults(recipe(tmp_path / "none.h5"))


def test_labels_of_a_data_set_are_a_table(tmp_path):
    made = lm.load({**one("", scale=1), "tables": {}, "count": 5}, {"gaussian.x": {"uniform": [-3, 3]}})
    lm.write(made, tmp_path / "out")
    again = one("", scale=1) | {"tables": {"cat": {"file": str(tmp_path / "out" / "dataset.h5"), "path": "labels"}}}
    again["objects"][0]["gaussian"]["x"] = {"column": "cat.gaussian.x"}
    assert lets(again)["gaussian.x"].tolist() == lm.parameters(made, 0, 5)["gaussian.x"].tolist()


def test_parquet_without_pyarrow(tmp_path, monkeypatch):
    (tmp_path / "cat.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "tables.cat.file: Parquet files are read by pyarrow: pip install pyarrow" in faults(
        recipe(tmp_path / "cat.parquet")
    )


def test_parquet_with_holes(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(
        pyarrow.table({"flux": [1.0, 2.0], "size": [1.5, None], "n": [3, None]}), tmp_path / "cat.parquet"
    )
    told = faults(recipe(tmp_path / "cat.parquet"))
    assert "row 1 of cat.size has no value" in told
    assert "row 1 of cat.n has no value" in told


@pytest.mark.parametrize("kind", ["ecsv", "fits", "h5"])
def test_units_are_converted(tmp_path, kind):
    path = tmp_path / f"cat.{kind}"
    table = QTable({"a": [1.0, 2.0] * units.arcmin, "b": [3.0, 4.0] * units.Jy})
    table.write(path, **({"path": "t", "serialize_meta": True} if kind == "h5" else {}))
    file = {"file": str(path), "path": "t"} if kind == "h5" else str(path)
    length = lm.load(one(file))
    assert length.resolved["objects"][0]["gaussian"]["x"] == {"column": "cat.a", "times": 60.0}
    assert lm.parameters(length, 0, 2)["gaussian.x"].tolist() == [60.0, 120.0]
    assert lm.load(length.resolved) == length
    assert np.allclose(lets(one(file, "angle"))["gaussian.angle"], [1 / 60, 2 / 60], rtol=1e-15)
    assert lets(one(file, times=2))["gaussian.x"].tolist() == [2.0, 4.0]
    assert lets(one(file, times=0))["gaussian.x"].tolist() == [0.0, 0.0]
    assert (
        "x.column: cat.a is in arcmin and needs a pixel scale with a unit; give one, as in `pixel_scale: 0.2 arcsec`"
        in faults(one(file, scale=0.2))
    )
    assert "x.column: cat.b is in Jy; x takes a number (of arcsec)" in faults(
        one(file) | {"objects": [{"gaussian": {"flux": 1, "fwhm": 2, "x": {"column": "cat.b"}}}]}
    )


def test_pixels_are_lengths(tmp_path):
    table = QTable({"a": [10.0] * units.pix})
    assert lets(one(None), tables={"cat": table})["gaussian.x"].tolist() == [2.0]


def in_memory():
    pandas = pytest.importorskip("pandas")
    plain = {"flux": FLUX, "size": np.array(SIZE), "n": np.array(COUNT)}
    masked = Table({"flux": MaskedColumn(FLUX), "size": SIZE, "n": COUNT})
    structured = np.rec.fromarrays(list(plain.values()), names=list(plain))
    frame = pandas.DataFrame(plain)
    return [
        plain,
        np.asarray(structured),
        structured,
        frame,
        frame.convert_dtypes(),
        catalogue(),
        masked,
        QTable(masked),
    ]


def test_tables_in_memory_of_all_kinds_are_the_same():
    checksums = set()
    for table in in_memory():
        source = recipe("") | {"tables": {}}
        values = lets(source, tables={"cat": table})
        assert values["flux"].tobytes() == np.array(FLUX).tobytes(), type(table)
        checksums.add(lm.load(source, tables={"cat": table}).checksum)
    assert len(checksums) == 1


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (3, "a int is no table; give a mapping of arrays"),
        ("cat.csv", "a str is no table"),
        (np.zeros((3, 2)), "a ndarray is no table"),
        ({}, "it has no rows"),
        ({"a": []}, "it has no rows"),
        ({"a": 3.0}, "it has no rows"),
        ({"a": [1.0], 3: [1.0]}, "the column 3 has no name"),
        ({"a": [1.0, 2.0], "b": [1.0]}, "its columns differ in length: `a` has 2 rows, `b` 1"),
        ({"b": [1.0]}, "the table `cat` has no column `a`; its columns are `b`"),
        ({"a": [[1.0, 2.0], [1.0, 2.0]]}, "cat.a has 2 numbers in each row"),
        ({"a": [1j]}, "cat.a is of type complex128, not numbers"),
        ({"a": ["x"]}, "cat.a is text, not numbers"),
        ({"a": [None]}, "cat.a is of type object, not numbers"),
        ({"a": np.array(["2020-01-01"], "M8[D]")}, "cat.a is of type datetime64[D], not numbers"),
        ({"a": [1.0, np.inf]}, "row 1 of cat.a is inf"),
        ({"a": [1, 2**53 + 1]}, "row 1 of cat.a is 9007199254740993, more than a float64 can hold exactly"),
        ({"a": np.array([2**64 - 1], np.uint64)}, "row 0 of cat.a is 18446744073709551615, more than"),
        ({"a": np.ma.masked_array([1.0, 2.0], [False, True])}, "row 1 of cat.a has no value"),
        (Table({"a": MaskedColumn([1, 2], mask=[True, False])}), "row 0 of cat.a has no value"),
    ],
)
def test_bad_tables_in_memory(table, told):
    assert told in faults(one(None), tables={"cat": table})


def test_data_frames_with_holes():
    pandas = pytest.importorskip("pandas")
    assert "row 1 of cat.a is nan" in faults(one(None), tables={"cat": pandas.DataFrame({"a": [1.0, None]})})
    whole = pandas.DataFrame({"a": pandas.array([1, None], "Int64")})
    assert "row 1 of cat.a has no value" in faults(one(None), tables={"cat": whole})
    twice = pandas.DataFrame([[1.0, 2.0]], columns=["a", "a"])
    assert "two of its columns are called `a`" in faults(one(None), tables={"cat": twice})


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path):
    write_csv(tmp_path / "cat.csv")
    (tmp_path / "cat.csv").chmod(0)
    assert "tables.cat.file: it cannot be read: Permission denied" in faults(recipe(tmp_path / "cat.csv"))


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "tables.cat.file: it is no regular file" in faults(recipe(tmp_path / "pipe.csv"))
    assert "tables.cat.file: " in faults(recipe("x" * 5000 + ".csv"))
    assert "tables.cat.file: there is no file x.csv in the folder" in faults(recipe("http://localhost/x.csv"))


def test_damage_is_told_in_a_line(tmp_path):
    for name in ("cat.csv", "cat.ecsv", "cat.fits", "cat.h5", "cat.parquet"):
        path = tmp_path / name
        KINDS[name](path)
        whole = path.read_bytes()
        for damaged in (whole[: len(whole) // 2], b"\0" * 300, bytes(reversed(whole))):
            path.write_bytes(damaged)
            try:
                lm.load(recipe(path))
            except RecipeError as error:
                assert all(line.isprintable() for line in str(error).splitlines())


@pytest.mark.parametrize("name", ["cat.csv", "cat.fits"])
def test_flags_take_columns_of_true_and_false(tmp_path, name):
    KINDS[name](tmp_path / name)
    body = {"width": 5, "height": 4, "line_width": 1, "fill": {"column": "cat.seen"}}
    source = {"image": {"size": 16}, "tables": {"cat": str(tmp_path / name)}, "objects": [{"rectangle": body}]}
    assert lets(source)["rectangle.fill"].tolist() == SHOWN
    body["fill"] = {"column": "cat.n"}
    assert "rectangle.fill: row 2 of cat.n is 2; fill must be" in faults(source)


def test_names_and_texts_of_a_csv_file_may_have_any_letters(tmp_path):
    path = tmp_path / "letters.csv"
    path.write_text("# Öpik\nflüx,name,flux\n1,Öpik ✨,2\n3,b,4\n", encoding="utf-8")
    recipe = {
        "image": {"size": 8},
        "tables": {"cat": str(path)},
        "objects": [{"gaussian": {"flux": {"column": "cat.flux"}, "fwhm": 2}}],
    }
    assert lm.parameters(lm.load(recipe), 0, 2)["gaussian.flux"].tolist() == [2.0, 4.0]
    recipe["objects"][0]["gaussian"]["flux"] = {"column": "cat.flüx"}
    assert lm.parameters(lm.load(recipe), 0, 2)["gaussian.flux"].tolist() == [1.0, 3.0]


PLAIN = {
    "plain": "a,b\n1,2.5\n-3,+4e-3\n",
    "spaces, comments, lines between": "# of May\n a , b\n\n 1 , .5 \n#2,3\n  3,4.\n",
    "whole numbers of any length": "a,b\n9007199254740993,1\n123456789012345678,007\n",
    "returns": "a,b\r\n1,2\r\n3,4\r\n",
    "a mark": "\ufeffa,b\n1,2\n3,4\n",
}
OTHER = {
    "quotes": 'a,b\n"1",2\n',
    "texts": "a,b\nx,2\ny,3\n",
    "flags": "a,b\nTrue,2\nFalse,3\n",
    "holes": "a,b\n1,\n2,3\n",
    "nan": "a,b\nnan,1\n2,3\n",
    "beyond int64": "a,b\n12345678901234567890,1\n2,3\n",
    "half a comment": "a,b\n1,2 # so\n",
    "underscores": "a,b\n1_0,2\n",
    "a short line": "a,b\n1\n",
    "no lines": "a,b\n",
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_plain_numbers_are_read_as_astropy_reads_them(tmp_path, text):
    path = tmp_path / "cat.csv"
    path.write_bytes(text.encode())
    mine, its = table_csv._plain(path, ["a", "b"], frozenset("ab")), table_csv._any(path, ["a", "b"])
    assert (mine.names, mine.length) == (its.names, its.length)
    for name in "ab":
        one, other = mine.get(name), its.get(name)
        assert one.values.dtype == other.values.dtype
        assert one.values.tolist() == other.values.tolist()


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_what_is_not_plain_is_left_to_astropy(tmp_path, text):
    path = tmp_path / "cat.csv"
    path.write_bytes(text.encode())
    assert table_csv._plain(path, ["a", "b"], frozenset("ab")) is None


def test_columns_that_are_not_used_need_not_be_plain(tmp_path):
    path = tmp_path / "cat.csv"
    path.write_text("a,b\n1,x\n2,\n")
    assert table_csv._plain(path, ["a", "b"], frozenset("a")).get("a").values.tolist() == [1, 2]


def test_a_plain_table_costs_no_import_of_astropy(tmp_path):
    path = tmp_path / "cat.csv"
    path.write_text("flux\n1\n2\n")
    galaxy = {"gaussian": {"flux": {"column": "cat.flux"}, "fwhm": 2}}
    source = {"image": {"size": 8}, "tables": {"cat": str(path)}, "objects": [galaxy]}
    code = f"import sys, lightmill as lm; lm.load({source!r}); sys.exit('astropy.table' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
