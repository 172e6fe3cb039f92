"""Data sets read: NumPy's indexing, and errors where HDF5 would give fill values."""

import os
import pickle
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from sink_toy import CLASSES, Toy, forked, make, wait

import lightmill.dataset
from lightmill.sink import DataError
from lightmill.sink.reader import HANDLES

COUNT, ROWS = 200, 9
WANTED = Toy().arrays(0, COUNT)
IMAGES = WANTED["/images"]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    place = tmp_path_factory.mktemp("data") / "out"
    make(place, COUNT, shard_rows=ROWS)
    return place


@pytest.fixture
def data(out):
    with lightmill.dataset.open(out) as opened:
        yield opened


@pytest.mark.parametrize(
    "key",
    [
        5,
        -1,
        np.int64(17),
        slice(None),
        slice(5, 31),
        slice(-3, None),
        slice(31, 5),
        slice(None, None, -7),
        slice(3, 190, 11),
        [3, 180, 3, -200],
        [],
        np.array([[1, 2], [3, 199]]),
        np.arange(COUNT)[::-1],
        np.arange(COUNT) % 3 == 1,
        ...,
        (...,),
        (5, 3),
        (-5, slice(2, 4), -1),
        (slice(5, 40), 3, slice(None, None, 2)),
        (..., 2),
        (slice(0, 20), ..., 2),
        ([1, 20], [3, 4]),
        ([5, 60], slice(2, 4)),
        (),
    ],
    ids=str,
)
def test_indexing_is_that_of_numpy(data, key):
    found, wanted = data.images[key], IMAGES[key]
    assert found.shape == wanted.shape
    assert found.dtype == wanted.dtype
    np.testing.assert_array_equal(found, wanted)
    assert not isinstance(found, np.ndarray) or found.flags.writeable


@pytest.mark.parametrize("key", [COUNT, -COUNT - 1, [0, COUNT], np.zeros(3, bool), [0.5]], ids=str)
def test_rows_that_are_not_there(data, key):
    with pytest.raises(IndexError, match=f"{COUNT}|integers"):
        data.images[key]


def test_what_is_no_index(data):
    with pytest.raises(TypeError):
        data.images["5"]


def test_labels_objects_measured(data):
    for group, columns in (("labels", data.labels), ("objects", data.objects), ("measured", data.measured)):
        assert {f"/{group}/{name}" for name in columns} == {path for path in WANTED if path.startswith(f"/{group}/")}
        for name, column in columns.items():
            np.testing.assert_array_equal(column, WANTED[f"/{group}/{name}"])
    assert data.labels["class"] is data.labels["class"], "read once"
    with pytest.raises(KeyError, match="did you mean galaxy"):
        data.labels["galaxy.fluxx"]
    with pytest.raises(ValueError, match="read-only"):
        data.labels["class"][0] = 3


def test_the_rest_of_the_face(data, out):
    assert len(data) == len(data.images) == COUNT
    assert data.images.shape == IMAGES.shape
    assert data.variance is None
    np.testing.assert_array_equal(np.asarray(data.noiseless), WANTED["/noiseless"])
    assert data.attributes("labels/class") == {"classes": CLASSES}
    assert data.recipe == "name: toy\nseed: 0\n"
    assert data.statistics["rows"] == COUNT
    np.testing.assert_array_equal(data.rows("test"), np.arange(4, COUNT, 5))
    assert len(data.rows("train")) == COUNT * 4 // 5
    assert [one.path for one in data.fields] == sorted([*WANTED, "/sample"])
    assert sum(1 for _ in data.images) == COUNT
    for wrong in (lambda: data.rows("valid"), lambda: data.arrays("psf"), lambda: data.attributes("psf")):
        with pytest.raises(KeyError, match=r"there are|no split"):
            wrong()
    assert str(out) in repr(data)


def test_a_missing_or_short_shard_is_an_error(tmp_path):
    out = tmp_path / "out"
    make(out, 40, shard_rows=9)
    path = out / "shards/00002.h5"
    content = path.read_bytes()
    path.unlink()
    with lightmill.dataset.open(out) as data:
        assert data.images[:18].shape == (18, *IMAGES.shape[1:])
        for key in (18, slice(10, 30), [0, 20]):
            with pytest.raises(DataError, match=r"00002\.h5 is missing: make it again with resume"):
                data.images[key]
    path.write_bytes(content[:-5])
    with lightmill.dataset.open(out) as data, pytest.raises(DataError, match=r"00002\.h5 is damaged"):
        data.images[20]
    path.write_bytes(b"\0" * len(content))
    with lightmill.dataset.open(out) as data, pytest.raises(DataError, match=r"00002\.h5 cannot be read"):
        data.images[20]


def test_what_is_no_finished_data_set(tmp_path):
    with pytest.raises(DataError, match="no manifest"):
        lightmill.dataset.open(tmp_path)
    make(tmp_path / "out", 40, shard_rows=9, part=(1, 2))
    with pytest.raises(DataError, match="is not finished"):
        lightmill.dataset.open(tmp_path / "out")


def test_few_files_are_open(data):
    before = len(os.listdir("/proc/self/fd"))
    for row in range(0, COUNT, 3):
        data.images[row]
    assert HANDLES - 1 <= len(os.listdir("/proc/self/fd")) - before <= HANDLES
    data.close()
    assert len(os.listdir("/proc/self/fd")) <= before
    np.testing.assert_array_equal(data.images[7], IMAGES[7])


def _check(data, seed):
    rows = np.random.default_rng(seed).integers(COUNT, size=60)
    for row in rows:
        np.testing.assert_array_equal(data.images[int(row)], IMAGES[row])
    np.testing.assert_array_equal(data.images[rows], IMAGES[rows])


def test_threads(data):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda seed: _check(data, seed), range(16)))


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_pickled_into_workers(data, method):
    data.images[3]
    with ProcessPoolExecutor(1, get_context(method)) as pool:
        np.testing.assert_array_equal(pool.submit(_image, data, 17).result(), IMAGES[17])
    assert pickle.loads(pickle.dumps(data)).path == data.path


def _image(data, row):
    return data.images[row]


def test_forked_while_other_threads_read(out):
    stop, shared = threading.Event(), [lightmill.dataset.open(out)]

    def read():
        while not stop.is_set():
            shared[0].images[5]
            shared[0] = lightmill.dataset.open(out)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for one in readers:
        one.start()
    try:
        children = [forked(lambda seed=seed: _check(shared[0], seed)) for seed in range(30)]
        assert [wait(child) for child in children] == [0] * 30
    finally:
        stop.set()
        for one in readers:
            one.join()
