"""Whose a folder is: what is refused, what is overwritten, and that nothing else is touched."""

import fcntl
import os
import time

import pytest
from sink_toy import Toy, expect, files_of, forked, identity, make, wait

from lightmill.sink import DataError, folder, write
from lightmill.sink.naming import is_stale, temporary
from lightmill.sink.verify import info, verify


def refused(message, out, *arguments, **options):
    """The run ends in one line that says so, and nothing changes."""
    before = files_of(out.parent)
    with pytest.raises(DataError, match=message) as caught:
        make(out, *arguments, **options)
    assert "\n" not in str(caught.value)
    assert files_of(out.parent) == before


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def test_out_without_parent(out):
    refused("parent|does not exist; make it first", out / "deep")
    assert not out.exists()


def test_out_is_a_file(out):
    out.write_text("mine")
    refused("is a file", out)
    refused("is a file", out, resume=True)
    refused("is a file", out, overwrite=True)
    refused("Not a directory|does not exist", out / "below")


def test_out_is_a_link(out, tmp_path):
    (tmp_path / "there").mkdir()
    out.symlink_to(tmp_path / "there")
    refused("symbolic link.*there", out)
    out.unlink()
    out.symlink_to(tmp_path / "nowhere")
    refused("symbolic link", out)
    assert not (tmp_path / "nowhere").exists()


def test_out_with_an_impossible_name(tmp_path):
    refused("cannot be the name", tmp_path / "a\0b")
    refused("File name too long", tmp_path / ("x" * 300))


def test_out_in_use(out):
    make(out, 20)
    refused("a complete data set, 'toy': resume goes on with it, overwrite replaces it", out, 20)


def test_out_with_other_files(out):
    out.mkdir()
    (out / "recipe.yaml").write_text("my own\n")
    refused("files already", out)
    refused("no data set of this recipe", out, resume=True)
    refused("may be no data set", out, overwrite=True)


@pytest.mark.parametrize(
    ("count", "salt", "options", "message"),
    [
        (30, 0, {}, "count 20, not 30"),
        (20, 1, {}, "recipe .checksum. 000000000000, not 000000000000; seed 0, not 1"),
        (20, 0, {"shard_rows": 5}, "rows a shard 7, not 5"),
    ],
)
def test_resume_refuses_another_data_set(out, count, salt, options, message):
    make(out, 20, shard_rows=7)
    refused(message, out, count, salt, resume=True, **options)
    refused(message, out, count, salt, part=(1, 2), **options)


def test_resume_refuses_other_streams(out):
    make(out, 20)
    other = identity()
    object.__setattr__(other, "stream_version", 2)
    with pytest.raises(DataError, match="random streams 1, not 2"):
        write(Toy(), out, other, count=20, resume=True)


def test_resume_refuses_a_damaged_manifest_of_who_knows_what(out):
    make(out, 20)
    (out / "manifest.json").write_text("{}")
    make(out, 20, resume=True)
    assert verify(out) == []
    (out / "manifest.json").write_text("{}")
    refused("damaged", out, 20, 1, resume=True)


def test_foreign_files_survive_resume_and_stop_overwrite(out):
    make(out, 20, shard_rows=7)
    foreign = [out / "notes.txt", out / "shards/mine.h5", out / "shards/1.h5"]
    for path in foreign:
        path.write_text("mine")
    (out / "shards/00001.h5").unlink()
    refused("also holds .*mine.h5.* no part of a data set", out, 20, 1, overwrite=True)
    make(out, 20, resume=True)
    assert verify(out) == []
    assert all(path.read_text() == "mine" for path in foreign)


def test_overwrite_replaces_the_whole(out):
    make(out, 100, shard_rows=7)
    make(out, 20, 1, shard_rows=9, overwrite=True)
    expect(out, 20, 1)
    assert len(files_of(out)) == 4 + 3
    assert verify(out) == []


def test_overwrite_of_nothing(out):
    make(out, 20, overwrite=True)
    expect(out, 20)


def test_a_linked_shard_folder_is_not_followed(out, tmp_path):
    make(out, 20)
    elsewhere = tmp_path / "elsewhere"
    (out / "shards").rename(elsewhere)
    (out / "shards").symlink_to(elsewhere)
    refused("also holds shards", out, 20, overwrite=True)
    refused("something else has its name", out, 20, resume=True)


def test_what_does_not_fit_is_refused_before_anything_happens(out):
    refused("needs .* PiB, the disk of .* has .*make fewer rows", out, 10**13)
    refused("needs .* EiB", out, 10**17, shard_rows=1)
    assert not out.exists()


def test_a_folder_is_held_by_one_run_at_a_time(out):
    make(out, 20)
    held = os.open(out, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    refused("another run is writing", out, 20, resume=True)
    refused("another run is writing", out, 20, overwrite=True)
    refused("another run is writing", out, 20, part=(1, 2))
    os.close(held)
    make(out, 20, resume=True)


def _runs(out, **options):
    children = [forked(lambda: make(out, 300, shard_rows=20, **options)) for _ in range(8)]
    return [wait(child) for child in children]


# Runs that remove each other's work need the lock.
@pytest.mark.parametrize(
    ("options", "locks"),
    [
        ({}, True),
        ({}, False),
        ({"resume": True}, True),
        ({"resume": True}, False),
        ({"overwrite": True}, True),
    ],
)
def test_eight_runs_into_one_folder_do_no_harm(out, monkeypatch, options, locks):
    if not locks:
        monkeypatch.setattr(folder.fcntl, "flock", _no_locks)
    codes = _runs(out, **options)
    assert 0 in codes
    assert set(codes) <= {0, 1}
    expect(out, 300)
    assert verify(out) == []
    assert not list(out.rglob("*.tmp"))


def _no_locks(descriptor, kind):
    raise OSError(95, "Operation not supported")


def test_parts_at_once(out):
    children = [forked(lambda part=part: make(out, 300, shard_rows=20, part=(part, 3))) for part in (1, 2, 3)]
    assert [wait(child) for child in children] == [0, 0, 0]
    expect(out, 300)
    assert verify(out) == []


def test_a_damaged_shard_of_another_part_is_told(out):
    make(out, 60, shard_rows=10, part=(1, 2))
    (out / "shards/00001.h5").write_bytes(b"damage")
    with pytest.raises(DataError, match=r"00001\.h5, of another part, is damaged"):
        make(out, 60, part=(2, 2))
    assert make(out, 60, part=(1, 2)).complete
    assert verify(out) == []


def test_leavings_of_dead_processes_are_removed_and_no_others(out):
    make(out, 20)
    dead = forked(lambda: time.sleep(60))
    os.kill(dead, 9)
    wait(dead)
    mine, other = temporary("00000.h5"), ".00000.h5.elsewhere~1~5~0.tmp"
    stale = mine.replace(f"~{os.getpid()}~", f"~{dead}~")
    reused = mine.replace(f"~{os.getpid()}~", f"~{os.getpid()}~1")
    assert [is_stale(name) for name in (mine, other, stale, reused, ".x.tmp", "x")] == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]
    for name in (mine, other, stale, reused):
        (out / "shards" / name).write_text("")
    make(out, 20, resume=True)
    left = {path.name for path in (out / "shards").glob(".*")}
    assert left == {mine, other}
    assert info(out).shards == 1
    assert verify(out) == []
