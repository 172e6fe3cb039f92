"""Any call of the system may fail: one line, completed shards intact, and a rerun that finishes.

LIGHTMILL_FAULTS=1 lets each call fail in turn; by default it is each seventh.
"""

import errno
import os
import re
import threading

import numpy as np
import pytest
from sink_toy import Toy, expect, identity, make, python

from lightmill.sink import DataError, files, folder, shards, write
from lightmill.sink.verify import verify

COUNT, ROWS = 12, 10
STEP = int(os.environ.get("LIGHTMILL_FAULTS", "7"))
CALLS = [
    "open",
    "close",
    "ftruncate",
    "pwrite",
    "preadv",
    "fsync",
    "replace",
    "link",
    "mkdir",
    "unlink",
    "rmdir",
    "listdir",
    "statvfs",
    "fstat",
    "readlink",
]
TROUBLES = [
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EMFILE,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
    errno.ENOENT,
]


class Failing:
    """The module ``os``, whose n-th call of interest fails; it tells which that was."""

    def __init__(self, nth: int, trouble: int, only: tuple[str, ...] = tuple(CALLS)) -> None:
        self.left, self.trouble, self.only = nth, trouble, only
        self.failed: str | None = None
        self.lock = threading.Lock()

    def __getattr__(self, name: str):
        real = getattr(os, name)
        if name not in self.only:
            return real

        def call(*arguments, **options):
            with self.lock:
                self.left -= 1
                now = self.left == 0
            if now:
                self.failed = name
                if name == "close":
                    # Linux lets go of the descriptor whatever it says.
                    os.close(*arguments)
                raise OSError(self.trouble, os.strerror(self.trouble), str(arguments[0]))
            # The disk's own time is none of this test's business.
            return None if name == "fsync" else real(*arguments, **options)

        return call


@pytest.fixture
def install(monkeypatch):
    def put(system):
        for module in (files, folder, shards):
            monkeypatch.setattr(module, "os", system)
        return system

    return put


def _run(out, install, nth, trouble, **options):
    """Run with one failing call; returns the call that failed, or None if there are not so many."""
    system = install(Failing(nth, trouble))
    try:
        make(out, COUNT, shard_rows=ROWS, **options)
        told = None
    except DataError as error:
        told = str(error)
    finally:
        install(os)
    if told is not None:
        assert "\n" not in told
        # A folder that is said not to be there holds no names, so that its shards are missed.
        assert os.strerror(trouble) in told or (trouble == errno.ENOENT and "vanished" in told), told
        assert str(out.parent) in told, told
    assert threading.active_count() == 1
    return system.failed


def _descriptors():
    return len(os.listdir("/proc/self/fd"))


def test_any_call_may_fail(tmp_path, install):
    make(tmp_path / "warm", 1)
    failed, open_before = [], _descriptors()
    for nth in range(1, 1000, STEP):
        out = tmp_path / f"out{nth}"
        failed.append(_run(out, install, nth, TROUBLES[nth % len(TROUBLES)]))
        if failed[-1] is None:
            break
        install(Failing(0, 0))
        make(out, COUNT, shard_rows=ROWS, resume=True)
        install(os)
        assert verify(out) == []
        # What failed to be removed was the temporary file itself: it stays until its process is gone.
        assert failed[-1] in ("unlink", "replace", "link") or not list(out.rglob("*.tmp"))
    assert len(failed) * STEP > 80
    assert _descriptors() <= open_before


def test_any_call_of_a_resumed_run_may_fail(tmp_path, install):
    out = tmp_path / "out"
    make(out, COUNT, shard_rows=ROWS)
    whole = (out / "manifest.json").read_bytes()
    for nth in range(1, 1000, STEP):
        (out / "shards/00001.h5").unlink(missing_ok=True)
        if _run(out, install, nth, TROUBLES[nth % len(TROUBLES)], resume=True) is None:
            break
        assert (out / "shards/00000.h5").exists()
        assert (out / "manifest.json").read_bytes() == whole
    assert nth > 30
    assert verify(out) == []
    expect(out, COUNT)


def test_any_call_of_an_overwriting_run_may_fail(tmp_path, install):
    out = tmp_path / "out"
    make(out, COUNT, shard_rows=ROWS)
    for nth in range(1, 1000, STEP):
        if _run(out, install, nth, TROUBLES[nth % len(TROUBLES)], overwrite=True) is None:
            break
    assert nth > 40
    make(out, COUNT, shard_rows=ROWS, overwrite=True)
    expect(out, COUNT)


def test_disks_that_take_a_little_at_a_time(tmp_path, install, monkeypatch):
    class Short(Failing):
        def __getattr__(self, name):
            if name == "pwrite":
                return lambda descriptor, content, offset: os.pwrite(descriptor, bytes(content[:997]), offset)
            if name == "preadv":
                return lambda descriptor, views, offset: os.preadv(descriptor, [views[0][:1009]], offset)
            return super().__getattr__(name)

    install(Short(0, 0))
    make(tmp_path / "out", COUNT, shard_rows=ROWS)
    make(tmp_path / "out", COUNT, resume=True)
    install(os)
    expect(tmp_path / "out", COUNT)
    assert verify(tmp_path / "out") == []


@pytest.mark.parametrize("trouble", [errno.EPERM, errno.EOPNOTSUPP])
def test_disks_without_links_or_folder_sync(tmp_path, install, trouble):
    class Plain(Failing):
        def __getattr__(self, name):
            if name == "link":
                return self.refuse
            return super().__getattr__(name)

        def refuse(self, *arguments):
            raise OSError(trouble, os.strerror(trouble))

    install(Plain(0, 0))
    make(tmp_path / "out", COUNT, shard_rows=ROWS)
    with pytest.raises(DataError, match="complete data set"):
        make(tmp_path / "out", COUNT, shard_rows=ROWS)
    install(os)
    assert verify(tmp_path / "out") == []


def test_a_limit_on_the_size_of_files(tmp_path):
    script = """
import resource, signal, sys
from sink_toy import make
from pathlib import Path
from lightmill.sink import DataError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    make(Path(sys.argv[1]), 1000, shard_rows=int(sys.argv[2]))
except DataError as error:
    sys.exit(str(error))
"""
    out = tmp_path / "out"
    done = python(script, str(out), "500")
    assert done.returncode == 1
    wanted = re.escape(f"cannot write {out}/shards/") + r"0000[01]\.h5: File too large \(a shard is larger"
    assert re.match(wanted, done.stderr), done.stderr
    assert done.stderr.count("\n") == 1
    make(out, 1000, resume=True)
    assert verify(out) == []


def test_a_limit_on_open_files(tmp_path):
    script = """
import resource, sys
from sink_toy import make
from pathlib import Path
from lightmill.sink import DataError
make(Path(sys.argv[1] + "0"), 10)
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[2]), resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
try:
    make(Path(sys.argv[1]), 1000, shard_rows=50)
except DataError as error:
    sys.exit(str(error))
"""
    done = python(script, str(tmp_path / "out"), "4")
    assert done.returncode == 1
    assert "Too many open files" in done.stderr
    assert done.stderr.count("\n") == 1
    assert python(script, str(tmp_path / "other"), "12").returncode == 0


def test_no_memory_for_a_shard(tmp_path, monkeypatch):
    class Large(Toy):
        def __init__(self):
            super().__init__()
            self.fields = [one for one in self.fields if one.path != "/images"]
            self.fields.append(type(self.fields[0])("/images", np.dtype("f4"), (1 << 22, 1 << 22)))

        def arrays(self, start, stop, out=None):
            return {}

    monkeypatch.setattr(files, "free_space", lambda path: 1 << 60)
    with pytest.raises(DataError, match=r"no memory for a shard of 1 rows, 64\.0 TiB: choose fewer rows"):
        write(Large(), tmp_path / "out", identity(), count=1000)
