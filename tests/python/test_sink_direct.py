"""Arrays past the system's cache: the same bytes, where the disk takes them so and where it refuses."""

import errno
import fcntl
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from sink_toy import expect, files_of, make

from lightmill.sink import DataError, direct, files
from lightmill.sink.verify import verify

COUNT, ROWS = 250, 100
"""Images of a shard are 100 KiB, so that they begin at a page, and of the last one 50 KiB."""


class Watched:
    """The module ``os``, which tells how every `pwrite` was done, and what it may answer."""

    def __init__(self, answer=None):
        self.answer, self.past, self.through = answer, 0, 0

    def __getattr__(self, name):
        return getattr(os, name)

    def pwrite(self, descriptor, content, offset):
        """Write as the system does, unless there is an answer to a write past the cache."""
        if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_DIRECT:
            self.past += 1
            address = np.frombuffer(content, np.uint8).ctypes.data
            assert (offset | len(content) | address) % direct.PAGE == 0
            if self.answer is not None:
                return self.answer(descriptor, content, offset)
        else:
            self.through += 1
        return os.pwrite(descriptor, content, offset)


@pytest.fixture
def watch(monkeypatch):
    def put(answer=None):
        watched = Watched(answer)
        monkeypatch.setattr(files, "os", watched)
        return watched

    return put


def _takes(folder):
    """Whether the disk of a folder can be written past the cache."""
    with files.temporary(folder / "probe") as (descriptor, _):
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_DIRECT)
            os.ftruncate(descriptor, direct.PAGE)
            return os.pwrite(descriptor, direct.empty((direct.PAGE,), np.dtype("u1")).data, 0) == direct.PAGE
        except OSError:
            return False


@pytest.fixture
def past(tmp_path):
    if not _takes(tmp_path):
        pytest.skip("the disk of temporary files goes through the cache")
    return tmp_path


def _through_the_cache(out, monkeypatch):
    """Files of the same data set, written through the cache."""
    with monkeypatch.context() as patch:
        patch.setattr(direct, "PAST_THE_CACHE", 0)
        make(out, COUNT, shard_rows=ROWS)
    return files_of(out)


def test_whole_pages_go_past_the_cache(past, watch, monkeypatch):
    wanted = _through_the_cache(past / "through", monkeypatch)
    watched = watch()
    make(past / "past", COUNT, shard_rows=ROWS)
    # Two planes of two shards; in the last one they are too small to begin at a page.
    assert watched.past == 4
    assert watched.through > 0
    assert files_of(past / "past") == wanted
    assert verify(past / "past") == []
    expect(past / "past", COUNT)


def _refuse(*_):
    raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


def test_disks_that_refuse_at_the_write(past, watch, monkeypatch):
    wanted = _through_the_cache(past / "through", monkeypatch)
    watched = watch(_refuse)
    make(past / "out", COUNT, shard_rows=ROWS)
    assert watched.past == 2  # once a file
    assert files_of(past / "out") == wanted


def test_disks_that_take_a_few_pages_at_a_time(past, watch, monkeypatch):
    wanted = _through_the_cache(past / "through", monkeypatch)
    watched = watch(lambda descriptor, content, offset: os.pwrite(descriptor, content[: 3 * direct.PAGE], offset))
    make(past / "out", COUNT, shard_rows=ROWS)
    assert watched.past == 4 * 9  # 25 pages each
    assert files_of(past / "out") == wanted


def test_disks_that_refuse_the_flag(tmp_path, monkeypatch):
    wanted = _through_the_cache(tmp_path / "through", monkeypatch)

    class Refusing:
        F_GETFL, F_SETFL = fcntl.F_GETFL, fcntl.F_SETFL

        def fcntl(self, descriptor, command, flags=0):
            if command == fcntl.F_SETFL and flags & direct.PAST_THE_CACHE:
                _refuse()
            return fcntl.fcntl(descriptor, command, flags)

    monkeypatch.setattr(direct, "fcntl", Refusing())
    make(tmp_path / "out", COUNT, shard_rows=ROWS)
    assert files_of(tmp_path / "out") == wanted


@pytest.mark.parametrize("trouble", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_disk_that_fills_up(past, watch, trouble):
    left = [2]

    def fails(descriptor, content, offset):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(trouble, os.strerror(trouble))
        return os.pwrite(descriptor, content, offset)

    watch(fails)
    with pytest.raises(DataError, match=os.strerror(trouble)):
        make(past / "out", COUNT, shard_rows=ROWS)
    assert not list((past / "out").rglob("*.tmp"))
    watch()
    make(past / "out", COUNT, resume=True)
    assert verify(past / "out") == []
    expect(past / "out", COUNT)


def test_disks_in_memory(monkeypatch):
    if not os.path.isdir("/dev/shm"):
        pytest.skip("no disk in memory")
    folder = Path("/dev/shm") / f"lightmill-{os.getpid()}"
    folder.mkdir()
    try:
        wanted = _through_the_cache(folder / "through", monkeypatch)
        make(folder / "out", COUNT, shard_rows=ROWS)
        assert files_of(folder / "out") == wanted
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("shape", [(), (0,), (3,), (4096,), (5, 7)])
def test_arrays_begin_at_a_page(shape):
    array = direct.empty(shape, np.dtype("f8"))
    assert (array.shape, array.dtype) == (shape, np.dtype("f8"))
    assert array.size == 0 or array.ctypes.data % direct.PAGE == 0
    array[...] = 1
