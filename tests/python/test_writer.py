"""`lightmill.write`: a recipe's rows on disk are those of `lightmill.generate`, however they got there."""

import h5py
import numpy as np
import pytest

import lightmill as lm
from lightmill import _core
from lightmill.manifest import parse
from lightmill.sink.verify import verify

COUNT = 60
RECIPE = {
    "name": "field",
    "seed": 11,
    "count": COUNT,
    "image": {"size": [10, 14]},
    "objects": [
        {"gaussian": {"name": "galaxy", "x": {"uniform": [-4, 4]}, "flux": {"log_uniform": [50, 900]}, "fwhm": 3}},
        {"rectangle": {"name": "box", "repeat": {"integers": [0, 3]}, "width": 2, "height": {"uniform": [1, 4]}}},
    ],
    "sky": {"level": 5},
    "noise": ["poisson", {"gaussian": {"sigma": 2}}],
    "save": ["noiseless", "variance"],
    "splits": {"train": 0.7, "test": 0.3},
    "targets": ["galaxy.flux"],
}


@pytest.fixture(scope="module")
def batch():
    return lm.generate(RECIPE, 0, COUNT)


def expect(out, batch, count=COUNT):
    """Compare a data set with rows in memory, byte for byte."""
    with lm.open(out) as data:
        assert len(data) == count
        for name in ("images", "noiseless", "variance"):
            assert getattr(data, name)[:].tobytes() == getattr(batch, name)[:count].tobytes()
        for group in ("labels", "objects"):
            found, wanted = getattr(data, group), getattr(batch, group)
            assert found.keys() == wanted.keys()
            for name, column in wanted.items():
                assert found[name].dtype == column.dtype
                assert found[name].tobytes() == np.ascontiguousarray(column[:count]).tobytes(), name
    assert verify(out) == []


@pytest.mark.parametrize("rows", [1, 7, 512])
def test_what_is_written_is_what_is_generated(tmp_path, batch, rows):
    out, count = tmp_path / "out", 12 if rows == 1 else COUNT
    report = lm.write(RECIPE, out, count=count, shard_rows=rows)
    assert (report.made, report.rows, report.complete) == (-(-count // rows), count, True)
    expect(out, batch, count)


def test_labels_objects_and_splits_are_described(tmp_path, batch):
    out = tmp_path / "out"
    lm.write(RECIPE, out)
    with lm.open(out) as data:
        assert data.attributes("labels/split")["classes"] == ["train", "test"]
        assert sorted([*data.rows("train"), *data.rows("test")]) == list(range(COUNT))
        assert data.attributes("objects/present")["entry"] == ["galaxy", "box", "box", "box"]
        assert data.attributes("objects/flux")["model"] == ["gaussian"] + ["rectangle"] * 3
        assert data.attributes("labels/galaxy.fwhm")["unit"]
        present = data.objects["present"]
        assert set(present.sum(axis=1)) == {1, 2, 3, 4}
        assert np.array_equal(np.isnan(data.objects["height"]), ~present | (np.arange(4) == 0))
        assert data.statistics["labels"]["galaxy.flux"]["max"] == batch.labels["galaxy.flux"].max()
    with h5py.File(out / "dataset.h5") as file:
        assert np.array_equal(file["images"][:], batch.images)


def test_what_the_manifest_says(tmp_path):
    out = tmp_path / "out"
    lm.write(RECIPE, out, count=9, seed=4)
    manifest, recipe = parse((out / "manifest.json").read_bytes()), lm.load(RECIPE).with_(count=9, seed=4)
    assert (manifest.name, manifest.seed, manifest.count, manifest.recipe) == ("field", 4, 9, recipe.checksum)
    assert (manifest.stream_version, manifest.lightmill) == (_core.STREAM_VERSION, lm.__version__)
    assert lm.load(str(out / "recipe.yaml")) == recipe
    again = lm.generate(str(out / "recipe.yaml"), 0, 9)
    with lm.open(out) as data:
        assert data.images[:].tobytes() == again.images.tobytes()


def test_resumed_after_a_shard_was_cut_short(tmp_path, batch):
    out = tmp_path / "out"
    lm.write(RECIPE, out, shard_rows=9)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    shard = out / "shards/00002.h5"
    shard.write_bytes(shard.read_bytes()[:-100])
    assert [fault.split(":")[0] for fault in verify(out)] == ["shards/00002.h5"]
    report = lm.write(RECIPE, out, resume=True)
    assert (report.made, report.kept) == (1, 6)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    expect(out, batch)


def test_parts_by_two_runs(tmp_path, batch):
    out, whole = tmp_path / "out", tmp_path / "whole"
    first = lm.write(RECIPE, out, shard_rows=7, part=(2, 2), threads=1)
    assert (first.complete, first.missing) == (False, 4)
    assert not (out / "dataset.h5").exists()
    assert lm.write(RECIPE, out, shard_rows=7, part=(1, 2), threads=2).complete
    lm.write(RECIPE, whole, shard_rows=7)
    assert all(path.read_bytes() == (out / path.relative_to(whole)).read_bytes() for path in whole.glob("*.*"))
    expect(out, batch)


def test_pictures(tmp_path):
    lm.write(RECIPE, tmp_path / "one", count=3)
    assert (tmp_path / "one/preview.png").read_bytes().startswith(b"\x89PNG")
    lm.write(RECIPE, tmp_path / "other", count=3, preview=lambda: b"mine")
    assert (tmp_path / "other/preview.png").read_bytes() == b"mine"


def test_a_recipe_without_a_count(tmp_path):
    recipe = {name: value for name, value in RECIPE.items() if name != "count"}
    with pytest.raises(ValueError, match=r"'field' has no count: give count"):
        lm.write(recipe, tmp_path / "out")
    assert not (tmp_path / "out").exists()
