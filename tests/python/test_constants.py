"""What is the same for every row is stored once, and read as if it were not."""

import numpy as np
import pytest
from sink_toy import files_of

import lightmill as lm
from lightmill.sink.verify import verify

COUNT = 30


def recipe(**psf):
    return lm.load(
        {
            "name": "stars",
            "count": COUNT,
            "image": {"size": [12, 16]},
            "psf": {"moffat": {"fwhm": 3, "beta": 3, **psf}},
            "objects": [{"star": {"flux": {"uniform": [1, 9]}, "x": {"uniform": [-3, 3]}}}],
            "save": ["psf", "noiseless"],
        }
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    place = tmp_path_factory.mktemp("constants") / "out"
    lm.write(recipe(), place, shard_rows=7)
    return place


def test_one_psf_in_memory_is_that_of_every_row():
    batch, drawn = lm.generate(recipe(), 5, 9), lm.generate(recipe(fwhm={"choice": [3, 3.0000001]}), 5, 9)
    assert batch.psf.shape == (4, 12, 16)
    assert not batch.psf.flags.writeable
    assert batch.psf.strides[0] == 0
    assert np.array_equal(batch.psf[0], recipe().constants["psf"])
    assert drawn.psf.strides[0] > 0
    assert drawn.psf == pytest.approx(batch.psf, abs=1e-7)


@pytest.mark.parametrize(
    ("psf", "fixed"),
    [
        ({}, True),
        ({"axis_ratio": 0.5, "angle": 20}, True),
        ({"fwhm": "= 2 * 1.5"}, True),
        ({"fwhm": {"uniform": [2, 3], "per": "dataset"}}, True),
        ({"fwhm": {"uniform": [2, 3]}}, False),
        ({"shear": {"magnitude": 0.1, "angle": {"uniform": [0, 180]}}}, False),
    ],
)
def test_a_psf_is_fixed_where_all_that_it_is_written_with_is(psf, fixed):
    made = recipe(**psf)
    assert made.plan.has_fixed_psf == fixed
    assert list(made.constants) == (["psf"] if fixed else [])
    if fixed:
        labels = lm.generate(made, 0, 1).labels
        canonical = {name: float(labels[f"psf.{name}"][0]) for name in ("fwhm", "beta", "g1", "g2")}
        as_drawn = lm.generate(recipe(**canonical | {"beta": {"choice": [canonical["beta"], 99.0]}}), 0, 40)
        row = int(np.argmin(as_drawn.labels["psf.beta"]))
        assert np.array_equal(as_drawn.psf[row], made.constants["psf"])


def test_every_file_holds_it_once(out):
    import h5py

    wanted = recipe().constants["psf"]
    for path in (*sorted((out / "shards").iterdir()), out / "dataset.h5"):
        with h5py.File(path) as file:
            assert np.array_equal(file["constants/psf"], wanted)
            assert file["constants/psf"].attrs["unit"] == "intensity"
            assert "psf" not in file


def test_the_reader_gives_it_for_every_row(out):
    wanted = recipe().constants["psf"]
    with lm.open(out) as data:
        assert list(data.constants) == ["psf"]
        assert np.array_equal(data.constants["psf"], wanted)
        assert data.psf.shape == (COUNT, 12, 16)
        assert np.array_equal(data.psf[[3, 29]], [wanted, wanted])
        assert data.noiseless[4:6].shape == (2, 12, 16)
        assert "/constants/psf" not in {field.path for field in data.fields}
        assert "flux 1" in data.attributes("constants/psf")["description"]
        with pytest.raises(KeyError, match="no array /constants/psf"):
            data.arrays("constants/psf")


def test_a_drawn_psf_is_stored_by_row(tmp_path):
    made = recipe(fwhm={"uniform": [2, 4]})
    lm.write(made, tmp_path / "out")
    with lm.open(tmp_path / "out") as data:
        assert len(data.constants) == 0
        assert np.array_equal(data.psf[3:9], lm.generate(made, 3, 9).psf)


@pytest.mark.parametrize("file", ["shards/00002.h5", "dataset.h5"])
def test_verify_covers_it_and_resume_mends_it(tmp_path, out, file):
    place = tmp_path / "out"
    lm.write(recipe(), place, shard_rows=7)
    assert files_of(place) == files_of(out)
    content = bytearray((place / file).read_bytes())
    content[content.index(recipe().constants["psf"].tobytes()) + 77] ^= 4
    (place / file).write_bytes(content)
    assert [fault.split(":")[0] for fault in verify(place)] == [file]
    lm.write(recipe(), place, resume=True)
    assert verify(place) == []
    assert files_of(place) == files_of(out)
