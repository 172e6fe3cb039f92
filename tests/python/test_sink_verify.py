"""`verify` finds every damage and names the file."""

import itertools
import json

import h5py
import numpy as np
import pytest
from sink_toy import FIELDS, files_of, make
from xxhash import xxh3_128

from lightmill.manifest import parse
from lightmill.sink import DataError
from lightmill.sink.verify import info, verify


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "out"
    make(out, 50, shard_rows=11, preview=lambda: b"a picture")
    return out


def test_whole(whole):
    assert verify(whole) == []
    found = info(whole)
    assert (found.shards, found.wanted, found.manifest.count) == (5, 5, 50)
    assert found.bytes == sum(map(len, files_of(whole).values()))


def test_flipped_bits(whole):
    generator = np.random.default_rng(1)
    for path in sorted(path for path in whole.rglob("*") if path.is_file()):
        content = path.read_bytes()
        ends = [0, len(content) - 1]
        for position in [*ends, *generator.integers(len(content), size=25)]:
            broken = bytearray(content)
            broken[position] ^= 1 << generator.integers(8)
            path.write_bytes(broken)
            assert [fault.split(":")[0] for fault in verify(whole)] == [str(path.relative_to(whole))], position
        path.write_bytes(content)
    assert verify(whole) == []


def test_truncated_extended_and_deleted(whole):
    for path in sorted(path for path in whole.rglob("*") if path.is_file() and path.name != "manifest.json"):
        content, name = path.read_bytes(), str(path.relative_to(whole))
        path.write_bytes(content[:-1])
        assert verify(whole) == [f"{name}: {len(content) - 1} bytes, not {len(content)}"]
        path.write_bytes(content + b"\0")
        assert verify(whole) == [f"{name}: {len(content) + 1} bytes, not {len(content)}"]
        path.unlink()
        assert verify(whole) == [f"{name}: missing"]
        path.write_bytes(content)
    assert verify(whole) == []


@pytest.mark.parametrize(("one", "other"), [("00001.h5", "00003.h5"), ("00000.h5", "00004.h5")])
def test_swapped(whole, one, other):
    first, second = whole / "shards" / one, whole / "shards" / other
    contents = first.read_bytes(), second.read_bytes()
    first.write_bytes(contents[1])
    second.write_bytes(contents[0])
    assert verify(whole) == [
        f"shards/{one}: it holds what belongs into {other}",
        f"shards/{other}: it holds what belongs into {one}",
    ]
    first.write_bytes(contents[0])
    second.write_bytes(contents[1])
    assert verify(whole) == []


def test_the_frame_is_that_of_all_bytes_and_the_content_that_of_the_arrays(whole):
    manifest = parse((whole / "manifest.json").read_bytes())
    for number, shard in enumerate(manifest.shards):
        data = (whole / f"shards/{number:05d}.h5").read_bytes()
        cuts = sorted({0, len(data)}.union(*((at, at + size) for at, size in shard.layout.values())))
        lines = [[start, stop - start, _xxh3(data[start:stop])] for start, stop in itertools.pairwise(cuts)]
        assert shard.frame == _xxh3("".join(json.dumps(line) + "\n" for line in lines).encode())
        with h5py.File(whole / f"shards/{number:05d}.h5") as file:
            arrays = {path: file[path][()] for path in sorted([*(one.path for one in FIELDS), "/sample"])}
            lines = [[path, one.dtype.str, one.shape, _xxh3(one.tobytes())] for path, one in arrays.items()]
            assert shard.content == file.attrs["content"]
            assert shard.content == _xxh3("".join(json.dumps(line) + "\n" for line in lines).encode())
            assert shard.layout == {path: (file[path].id.get_offset(), one.nbytes) for path, one in arrays.items()}


def _xxh3(content):
    return xxh3_128(content).hexdigest()


def test_progress(whole):
    told = []
    verify(whole, lambda *report: told.append(report))
    assert told[0] == ("checking", 11, 50)
    assert told[-1] == ("checking", 50, 50)


def test_no_data_set(tmp_path, whole):
    for place, message in ((tmp_path, "no manifest"), (tmp_path / "x", "no such"), (whole / "dataset.h5", "a file")):
        for question in (verify, info):
            with pytest.raises(DataError, match=message):
                question(place)


def test_unfinished(tmp_path):
    make(tmp_path / "out", 50, shard_rows=11, part=(1, 2))
    assert verify(tmp_path / "out") == [
        "manifest.json: the data set is not finished, 2 of 5 shards are there; resume goes on"
    ]


def test_later_formats_are_told(tmp_path):
    make(tmp_path / "out", 5)
    manifest = tmp_path / "out/manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 9'))
    with pytest.raises(DataError, match="is of format 9, this program reads up to 1: upgrade it"):
        info(tmp_path / "out")
