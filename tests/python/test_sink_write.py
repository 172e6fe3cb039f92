"""Data sets written: the same arrays however they were divided, complete and plain files."""

import itertools
import json
import os
import signal
import threading
from dataclasses import replace

import h5py
import numpy as np
import pytest
import sink_toy
from sink_toy import Toy, expect, files_of, make

from lightmill.manifest import parse
from lightmill.sink import Field, Interrupted, finish, mould, write
from lightmill.sink.shards import LARGEST, Division, file_name, file_number, natural_rows, root_attributes
from lightmill.sink.skeleton import build
from lightmill.sink.source import stored
from lightmill.sink.verify import verify

COUNT = 530


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    out = tmp_path_factory.mktemp("reference") / "out"
    make(out, COUNT, shard_rows=512)
    return out


@pytest.mark.parametrize("rows", [1, 7, 512, None])
def test_arrays_do_not_depend_on_the_shard_size(tmp_path, reference, rows):
    out, count = tmp_path / "out", 60 if rows == 1 else COUNT
    report = make(out, count, shard_rows=rows)
    assert report.complete
    assert report.made == -(-count // (rows or COUNT))
    expect(out, count)
    assert verify(out) == []


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3)))[::2])
def test_parts_in_any_order_make_the_same_files(tmp_path, order):
    out, whole = tmp_path / "out", tmp_path / "whole"
    reports = [make(out, 100, shard_rows=9, part=(which, 3)) for which in order]
    make(whole, 100, shard_rows=9)
    assert [one.complete for one in reports] == [False, False, True]
    assert [one.missing for one in reports] == [12 - 4, 12 - 8, 0]
    assert files_of(out) == files_of(whole)


def test_more_parts_than_shards(tmp_path):
    out = tmp_path / "out"
    reports = [make(out, 10, shard_rows=9, part=(which, 4)) for which in (1, 2, 3, 4)]
    assert sum(one.made for one in reports) == 2
    assert reports[-1].complete
    assert verify(out) == []


@pytest.mark.parametrize("harm", ["delete", "truncate", "flip", "swap", "manifest", "dataset", "statistics", "recipe"])
def test_resume_mends(tmp_path, harm):
    out = tmp_path / "out"
    make(out, 100, shard_rows=9)
    before = files_of(out)
    first, second = out / "shards/00003.h5", out / "shards/00007.h5"
    content = bytearray(first.read_bytes())
    if harm == "delete":
        first.unlink()
    elif harm == "truncate":
        first.write_bytes(content[:-1])
    elif harm == "flip":
        content[len(content) // 2] ^= 16
        first.write_bytes(content)
    elif harm == "swap":
        first.write_bytes(second.read_bytes())
        second.write_bytes(content)
    else:
        damaged = {"manifest": "manifest.json", "dataset": "dataset.h5", "statistics": "statistics.json"}
        (out / damaged.get(harm, "recipe.yaml")).unlink()
    report = make(out, 100, shard_rows=9, resume=True)
    assert report.made == {"delete": 1, "truncate": 1, "flip": 1, "swap": 2}.get(harm, 0)
    assert report.kept == 12 - report.made
    assert files_of(out) == before


def test_resume_starts_when_there_is_nothing_and_changes_nothing_when_all_is_there(tmp_path):
    out = tmp_path / "out"
    assert make(out, 50, shard_rows=20, resume=True).made == 3
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    report = make(out, 50, resume=True)
    assert (report.made, report.kept, report.complete) == (0, 3, True)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == times


def test_shards_are_ordinary_files_complete_in_themselves(reference):
    path = reference / "shards/00001.h5"
    with h5py.File(path) as file:
        assert file["images"].shape == (COUNT - 512, sink_toy.SIDE, sink_toy.SIDE)
        assert file["images"].attrs["unit"] == "electron"
        assert file["labels/class"].attrs["classes"].tolist() == sink_toy.CLASSES
        assert file["objects/flux"].attrs["model"].tolist() == ["moffat", "moffat", "sersic"]
        assert file["objects/present"].dtype == bool
        assert file["sample"][:].tolist() == list(range(512, COUNT))
        told = dict(file.attrs)
    assert (told["start"], told["stop"], told["name"], told["stream_version"]) == (512, COUNT, "toy", 1)
    assert path.read_bytes()[8] == 0, "superblock version 0, which every HDF5 reads"


def test_the_collection_points_at_the_shards(tmp_path):
    out = tmp_path / "out"
    make(out, 40, shard_rows=9)
    wanted = Toy().arrays(0, 40)
    with h5py.File(out / "dataset.h5") as file:
        for path, array in wanted.items():
            np.testing.assert_array_equal(file[path][:], array)
            assert file[path].is_virtual == (path in ("/images", "/noiseless"))
        assert file["images"].attrs["unit"] == "electron"
    (out / "shards/00001.h5").unlink()
    with h5py.File(out / "dataset.h5") as file:
        assert np.isnan(file["images"][9:18]).all()


def test_no_virtual_images_over_more_files_than_may_be_open(tmp_path, monkeypatch):
    monkeypatch.setattr(finish, "VIRTUAL_FILES", 8)
    out = tmp_path / "out"
    make(out, 90, shard_rows=10)
    with h5py.File(out / "dataset.h5") as file:
        assert "images" not in file
        assert file["labels/class"].shape == (90,)
    expect(out, 90)


def test_statistics_are_those_of_numpy_and_of_every_shard_size(tmp_path, reference):
    arrays = Toy().arrays(0, COUNT)
    told = json.loads((reference / "statistics.json").read_text())
    make(tmp_path / "out", COUNT, shard_rows=7)
    other = json.loads((tmp_path / "out/statistics.json").read_text())
    images, flux = arrays["/images"].astype(np.float64), arrays["/labels/galaxy.flux"]
    snr = arrays["/measured/snr"]
    for found in (told, other):
        for column, values in ((found["images"][0], images), (found["labels"]["galaxy.flux"], flux)):
            wanted = [values.mean(), values.std(), values.min(), values.max()]
            np.testing.assert_allclose([column[key] for key in ("mean", "sd", "min", "max")], wanted, rtol=1e-12)
        assert found["measured"]["snr"]["not_finite"] == np.isinf(snr).sum()
        assert found["measured"]["snr"]["max"] == snr[np.isfinite(snr)].max()
    np.testing.assert_allclose(_numbers(told), _numbers(other), rtol=1e-12)


def _numbers(told):
    if isinstance(told, dict | list):
        return [number for one in (told.values() if isinstance(told, dict) else told) for number in _numbers(one)]
    return [told]


def test_statistics_by_band_survive_a_large_offset(tmp_path):
    class Bands:
        fields = (Field("/images", np.dtype("f4"), (2, 5, 5)),)

        def arrays(self, start, stop, out=None):
            rows = np.arange(start, stop, dtype=np.float32)[:, None, None, None]
            return {"/images": np.broadcast_to(np.float32([1e5, 7])[:, None, None] + rows % 3, (len(rows), 2, 5, 5))}

    write(Bands(), tmp_path / "out", sink_toy.identity(), count=300, shard_rows=70)
    high, low = json.loads((tmp_path / "out/statistics.json").read_text())["images"]
    assert high["sd"] == pytest.approx(np.sqrt(2 / 3), rel=1e-12)
    assert low["sd"] == pytest.approx(np.sqrt(2 / 3), rel=1e-12)
    assert (high["mean"], low["mean"]) == (1e5 + 1, 8)


def test_manifest_says_what_is_there(reference):
    manifest = parse((reference / "manifest.json").read_bytes())
    assert (manifest.count, manifest.shard_rows, manifest.complete) == (COUNT, 512, True)
    assert [(one.start, one.stop) for one in manifest.shards] == [(0, 512), (512, COUNT)]
    assert sorted(manifest.files) == ["dataset.h5", "recipe.yaml", "statistics.json"]
    text = (reference / "manifest.json").read_bytes()
    for position in range(0, len(text), 11):
        broken = bytearray(text)
        broken[position] ^= 1
        with pytest.raises(ValueError, match=r"damaged|format"):
            parse(bytes(broken))


@pytest.mark.parametrize("marks", [mould.MARKS, {"start": 1}])
def test_skeletons_are_as_if_each_was_built(monkeypatch, marks):
    # A mark that is found in many places is none: all are built.
    monkeypatch.setattr(mould, "MARKS", marks)
    moulds, fields = mould.Moulds(stored(sink_toy.FIELDS), sink_toy.identity()), stored(sink_toy.FIELDS)
    for start, stop in ((0, 9), (9, 18), (10**12, 10**12 + 9), (18, 20)):
        content = f"{start:032x}"
        wanted = build(fields, stop - start, root_attributes(sink_toy.identity(), start, stop, content))
        assert moulds.skeleton(start, stop, content) == wanted


def test_seeds_beyond_signed_integers_and_objects_without_slots(tmp_path):
    class Bare:
        fields = (Field("/images", np.dtype("f4"), (2, 2)), Field("/objects/present", np.dtype(bool), (0,)))

        def arrays(self, start, stop, out=None):
            return {path: np.zeros((stop - start, *shape), kind) for path, shape, kind in self.shapes()}

        def shapes(self):
            return [(one.path, one.shape, one.dtype) for one in self.fields]

    identity = replace(sink_toy.identity(), seed=2**64 - 1)
    for _ in range(2):
        report = write(Bare(), tmp_path / "out", identity, count=5, shard_rows=2, resume=True)
    assert report.kept == 3
    with h5py.File(tmp_path / "out/shards/00000.h5") as file:
        assert int(file.attrs["seed"]) == 2**64 - 1


def test_preview_and_progress(tmp_path):
    told = []
    make(tmp_path / "out", 50, shard_rows=20, preview=lambda: b"picture", progress=lambda *report: told.append(report))
    assert (tmp_path / "out/preview.png").read_bytes() == b"picture"
    assert [done for stage, done, _ in told if stage == "making"][-1] == 50
    assert {total for stage, _, total in told if stage == "making"} == {50}
    assert told[-1][0] == "finishing"
    assert verify(tmp_path / "out") == []


@pytest.fixture
def heeded():
    """Have Ctrl-C raise, also where whoever started the tests has it ignored, as shells do in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
def test_an_interrupt_keeps_what_is_complete(tmp_path):
    out = tmp_path / "out"

    def stop(stage, done, total):
        if stage == "making" and done >= 300:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Interrupted, match="completed shards"):
        make(out, 1000, shard_rows=50, progress=stop)
    assert threading.active_count() == 1
    assert not list(out.rglob("*.tmp"))
    assert len(list(out.glob("shards/*.h5"))) >= 1
    assert make(out, 1000, resume=True).kept >= 1
    expect(out, 1000)


def test_errors_of_the_source_end_the_run(tmp_path):
    class Broken(Toy):
        def arrays(self, start, stop, out=None):
            if stop > 200:
                raise ArithmeticError("no more")
            return super().arrays(start, stop, out)

    with pytest.raises(ArithmeticError, match="no more"):
        write(Broken(), tmp_path / "out", sink_toy.identity(), count=1000, shard_rows=50)
    assert threading.active_count() == 1
    assert len(list(tmp_path.glob("out/shards/*.h5"))) >= 1


def test_a_source_that_cannot_render_costs_nothing(tmp_path):
    class Broken(Toy):
        def arrays(self, start, stop, out=None):
            raise ArithmeticError("never")

    make(tmp_path / "out", 20)
    before = files_of(tmp_path / "out")
    with pytest.raises(ArithmeticError):
        write(Broken(), tmp_path / "out", sink_toy.identity(1), count=20, overwrite=True)
    with pytest.raises(ArithmeticError):
        write(Broken(), tmp_path / "new", sink_toy.identity(1), count=20)
    assert files_of(tmp_path / "out") == before
    assert not (tmp_path / "new").exists()


def test_division():
    assert [file_name(number) for number in (0, 99_999, 100_000)] == ["00000.h5", "99999.h5", "100000.h5"]
    wrong = ["000001.h5", "1.h5", "0000x.h5", "00001.hdf"]
    assert [file_number(name) for name in ("00012.h5", "123456.h5", *wrong)] == [12, 123_456, *[None] * 4]
    division = Division(1000, 9)
    parts = [list(division.shards_of((which, 5))) for which in range(1, 6)]
    assert [number for part in parts for number in part] == list(range(112))
    for side in (8, 28, 64, 512):
        fields = [Field("/images", np.dtype("f4"), (side, side))]
        assert LARGEST / 2 < natural_rows(fields) * fields[0].row_bytes <= LARGEST
    assert natural_rows([Field("/images", np.dtype("f4"), (9000, 9000))]) == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"count": 0}, "1 row at least, not 0"),
        ({"count": -3}, "1 row at least, not -3"),
        ({"shard_rows": 0}, "1 row at least"),
        ({"part": (0, 2)}, "part 0/2"),
        ({"part": (3, 2)}, "part 3/2"),
        ({"resume": True, "overwrite": True}, "choose one"),
        ({"part": (1, 2), "overwrite": True}, "cannot overwrite"),
    ],
)
def test_impossible_arguments(tmp_path, wrong, message):
    with pytest.raises(ValueError, match=message):
        make(tmp_path / "out", **wrong)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "field", [Field("/x", np.dtype("O")), Field("/x", np.dtype(">f4")), Field("x", np.dtype("f4"))]
)
def test_impossible_fields(tmp_path, field):
    class Odd(Toy):
        def __init__(self):
            self.salt, self.fields = 0, [field]

    with pytest.raises(ValueError, match="cannot be stored"):
        write(Odd(), tmp_path / "out", sink_toy.identity(), count=1)
