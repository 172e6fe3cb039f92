"""A data set as one file: every array, under names that measurements of galaxies know."""

import errno
import os
import zipfile

import numpy as np
import pytest

import lightmill as lm
from lightmill import formats
from lightmill.cli.app import run
from lightmill.sink import DataError

COUNT = 70
ALIASES = {
    "img": "images",
    "img_nonoise": "noiseless",
    "psf_img": "psf",
    "psf_r": "labels/psf.fwhm",
    "snr": "measured/snr",
    "sigma": "labels/noise.gaussian.sigma",
}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    place = tmp_path_factory.mktemp("data") / "galaxies"
    lm.write("measure-galaxies-3", place, count=COUNT, shard_rows=32)
    return place


def test_every_array_is_there_under_the_studys_names(out, tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "PIECE", 100_000)  # six rows of pixels at a time, across shards
    file = lm.export(out, "npz", tmp_path / "x.npz")
    with lm.open(out) as data, np.load(file) as found:
        wanted = {field.path.strip("/"): data.arrays(field.path)[:] for field in data.fields}
        for name, path in ALIASES.items():
            np.testing.assert_array_equal(found[name], wanted.pop(path))
        for path, values in wanted.items():
            assert found[path].dtype == values.dtype
            np.testing.assert_array_equal(found[path], values)
        assert set(found.files) == {*ALIASES, *wanted, "label", "label_names", "train_test"}
        assert found["label_names"].tolist() == list(data.target_names)
        np.testing.assert_array_equal(found["label"][:, 1], data.labels["galaxy.index"])
        np.testing.assert_array_equal(np.flatnonzero(found["train_test"]), data.rows("train"))
        assert 0 < found["train_test"].sum() < COUNT


def test_a_set_without_targets_and_splits_has_none(tmp_path):
    recipe = {"name": "stars", "image": {"size": 8}, "objects": [{"gaussian": {"flux": 1, "fwhm": 2}}]}
    lm.write(recipe, tmp_path / "plain", count=3)
    with np.load(lm.export(tmp_path / "plain")) as found:
        assert found["label"].shape == (3, 0)
        assert found["label_names"].shape == (0,)
        assert "train_test" not in found
        assert "sigma" not in found
        assert found["labels/gaussian.flux"].tolist() == [1.0] * 3


def test_the_same_set_gives_the_same_bytes(out, tmp_path):
    first, second = (lm.export(out, "npz", tmp_path / name) for name in ("a.npz", "b.npz"))
    assert first.read_bytes() == second.read_bytes()
    assert zipfile.ZipFile(first).testzip() is None


def test_what_is_there_is_replaced_only_when_asked(out, tmp_path, capsys):
    file = tmp_path / "mine.npz"
    file.write_text("mine")
    assert run(["export", str(out), "npz", str(file)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert run(["export", str(out), "npz", str(file), "--overwrite", "--quiet"]) == 0
    assert np.load(file)["img"].shape == (COUNT, 64, 64)


def test_the_file_lies_beside_the_set_by_default(out, capsys):
    assert run(["export", f"{out}/", "npz"]) == 0
    assert capsys.readouterr().out.startswith(f"{out}.npz: ")
    out.with_name("galaxies.npz").unlink()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["{out}", "fits"], 2, "allowed: npz"),
        (["{out}/shards", "npz", "{tmp}/x.npz"], 1, "is no data set"),
        (["{out}", "npz", "{tmp}/none/x.npz"], 1, "{tmp}/none"),
        (["{out}", "npz", "{tmp}"], 2, "is there already"),
    ],
)
def test_errors_are_a_line(arguments, code, told, out, tmp_path, capsys):  # noqa: PLR0917
    names = {"out": out, "tmp": tmp_path}
    assert run(["export", *(word.format(**names) for word in arguments)]) == code
    error = capsys.readouterr().err
    assert told.format(**names) in error
    assert error.count("\n") == 1


def test_a_full_disk_leaves_no_file(out, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(formats, "_head", full)
    with pytest.raises(DataError, match="No space left"):
        lm.export(out, "npz", tmp_path / "x.npz")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_too_small_is_told_first(out, tmp_path, monkeypatch):
    monkeypatch.setattr(formats.files, "free_space", lambda _: 1000)
    with pytest.raises(DataError, match="choose another disk"):
        lm.export(out, "npz", tmp_path / "x.npz")
