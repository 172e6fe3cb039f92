"""SIGKILL at any moment: a completed shard is never lost nor half visible, and a resumed run is as if never killed.

LIGHTMILL_KILLS sets the number of kills (25).
"""

import os
import signal
import time

import numpy as np
import pytest
from sink_toy import expect, files_of, forked, make, wait

from lightmill.sink.verify import verify

COUNT = 240
KILLS = int(os.environ.get("LIGHTMILL_KILLS", "25"))


def _run(out, rows, patience):
    """A run that is killed when patience ends; returns its exit code."""
    child = forked(lambda: make(out, COUNT, shard_rows=rows, resume=True))
    time.sleep(patience)
    os.kill(child, signal.SIGKILL)
    return wait(child)


def _visible(out):
    return {name: content for name, content in files_of(out).items() if not name.endswith(".tmp")}


# Images of 20 rows go through the system's cache, those of 80 past it.
@pytest.mark.parametrize("rows", [20, 80])
def test_killed_at_any_moment(tmp_path, rows):
    whole, out = tmp_path / "whole", tmp_path / "out"
    began = time.perf_counter()
    make(whole, COUNT, shard_rows=rows)
    longest = time.perf_counter() - began
    wanted, generator = files_of(whole), np.random.default_rng(20)
    kills = finished = 0
    while kills < KILLS:
        code = _run(out, rows, generator.uniform(0, 0.7) * longest)
        kills += code == -signal.SIGKILL
        visible = _visible(out)
        for name, content in visible.items():
            assert content == wanted[name] or name == "manifest.json", name
        if code == 0:
            finished += 1
            assert visible == wanted
            _lose(out, COUNT // rows, generator)
    make(out, COUNT, shard_rows=rows, resume=True)
    assert files_of(out) == wanted
    assert verify(out) == []
    expect(out, COUNT)


def _lose(out, shards, generator):
    """Take away what resumed runs then have to make again."""
    for number in generator.choice(shards, -(-2 * shards // 3), replace=False):
        (out / f"shards/{number:05d}.h5").unlink()
    (out / "dataset.h5").unlink()


def test_completed_shards_are_kept(tmp_path):
    out = tmp_path / "out"
    child = forked(lambda: make(out, 100_000, shard_rows=50))
    deadline = time.monotonic() + 30
    while len(list(out.glob("shards/0*.h5"))) < 4 and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    assert wait(child) == -signal.SIGKILL
    there = {path: path.stat().st_ino for path in out.glob("shards/0*.h5")}
    again = forked(lambda: make(out, 100_000, resume=True))
    while len(list(out.glob("shards/0*.h5"))) < len(there) + 2 and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(again, signal.SIGKILL)
    wait(again)
    assert len(there) >= 4
    assert {path: path.stat().st_ino for path in there} == there
